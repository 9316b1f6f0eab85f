package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// flagsByCommand are all flags, those of every command under "".
func flagsByCommand(t *testing.T) map[string][]*kong.Flag {
	t.Helper()
	parser, err := kong.New(&commands{}, kong.Name("videoteca"), kong.DefaultEnvars("VIDEOTECA"))
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string][]*kong.Flag{"": parser.Model.Flags}
	for _, node := range parser.Model.Leaves(true) {
		flags[node.Name] = node.Flags
	}
	return flags
}

// section is the part of the help that is on one command; "" is the first.
func section(t *testing.T, help, name string) string {
	t.Helper()
	if name == "" {
		text, _, _ := strings.Cut(help, "\nvideoteca ")
		return text
	}
	_, text, ok := strings.Cut(help, "\nvideoteca "+name)
	if !ok {
		t.Fatalf("%s has no section", name)
	}
	text, _, _ = strings.Cut(text, "\nvideoteca ")
	return text
}

func TestEveryChoiceOfAFlagIsInTheHelpAndNoOtherIsTaken(t *testing.T) {
	help := command(t, "help")
	needed := map[string][]string{"snippet": {"7k3mzq9x0abd"}}
	enums := 0
	for name, flags := range flagsByCommand(t) {
		for _, f := range flags {
			if f.Enum == "" {
				continue
			}
			enums++
			line := regexp.MustCompile(`(?m)^    --` + f.Name + `[ ,].*$`).FindString(section(t, help, name))
			for choice := range f.EnumMap() {
				if !regexp.MustCompile(`\b` + choice + `\b`).MatchString(line) {
					t.Errorf("%q does not name %s", line, choice)
				}
			}
			verb := name
			if verb == "" {
				verb = "list"
			}
			got := try(t, "", append(append([]string{verb}, needed[verb]...), "--"+f.Name, "nothing-of-it")...)
			if got.code != exitUsage || !strings.Contains(got.errs, "--"+f.Name+" must be one of") {
				t.Errorf("--%s: %+v", f.Name, got)
			}
		}
	}
	if enums < 4 {
		t.Errorf("only %d flags have choices", enums)
	}
}

func TestTheHelpNamesWhatTurnsAFlagOff(t *testing.T) {
	help := command(t, "help")
	for _, want := range []string{"--audit, --no-audit ", "--archived-pages, --no-archived-pages ", "--lang, --language "} {
		if !strings.Contains(help, want) {
			t.Errorf("the help lacks %s", want)
		}
	}
	for _, variable := range []string{"AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL,"} {
		if !strings.Contains(help, variable) {
			t.Errorf("the help lacks %s", variable)
		}
	}
}

func TestNoTwoFlagsOfACommandReadOneVariable(t *testing.T) {
	all := flagsByCommand(t)
	for name, flags := range all {
		taken := map[string]string{}
		for _, f := range append(flags, all[""]...) {
			for _, variable := range f.Envs {
				if other, ok := taken[variable]; ok && other != f.Name {
					t.Errorf("%s: --%s and --%s both read %s", name, other, f.Name, variable)
				}
				taken[variable] = f.Name
			}
		}
	}
}

func TestEveryFlagIsExplainedByASentenceOfItsOwn(t *testing.T) {
	for name, flags := range flagsByCommand(t) {
		said := map[string]string{}
		for _, f := range flags {
			if other, ok := said[f.Help]; ok {
				t.Errorf("%s: --%s and --%s are explained alike", name, other, f.Name)
			}
			said[f.Help] = f.Name
			if f.Name != "help" && !strings.HasSuffix(strings.TrimRight(f.Help, `"`), ".") {
				t.Errorf("%s: --%s is explained by no sentence: %s", name, f.Name, f.Help)
			}
		}
	}
}

func TestHelpOfOneCommand(t *testing.T) {
	got := try(t, "", "snippet", "--help")
	for _, want := range []string{"Usage: videoteca snippet <id>", "--form", "$VIDEOTECA_FORM", "--ratio"} {
		if got.code != exitOK || !strings.Contains(got.out, want) || got.errs != "" {
			t.Errorf("no %q in %+v", want, got)
		}
	}
	if strings.Contains(got.out, "--publish-to") {
		t.Errorf("it has another command's flags:\n%s", got.out)
	}
}

func TestFlagsComeFromTheEnvironmentToo(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	t.Setenv("VIDEOTECA_STORE", s.store)
	t.Setenv("VIDEOTECA_CACHE", s.cache)
	t.Setenv("VIDEOTECA_FORM", "static")
	if out := command(t, "snippet", v.ID); !strings.Contains(out, "<figure") || strings.Contains(out, "<script") { // which the default has
		t.Errorf("VIDEOTECA_FORM is not read: %s", out)
	}
	if out := command(t, "snippet", v.ID, "--form", "markdown"); !strings.Contains(out, "[![") {
		t.Errorf("the flag does not win: %s", out)
	}
	t.Setenv("VIDEOTECA_JSON", "true")
	if out := command(t, "show", v.ID); !strings.HasPrefix(out, "{") {
		t.Errorf("VIDEOTECA_JSON is not read: %s", out)
	}
	if out := command(t, "show", v.ID, "--json=false"); strings.HasPrefix(out, "{") {
		t.Errorf("the flag does not win: %s", out)
	}
	for variable, value := range map[string]string{"VIDEOTECA_LIMIT": "many", "VIDEOTECA_LOG_LEVEL": "loud", "VIDEOTECA_JSON": "perhaps"} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv(variable, value)
			if got := try(t, "", "list"); got.code != exitUsage || !strings.Contains(got.errs, value) {
				t.Errorf("%+v", got)
			}
		})
	}
}
