package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// commandLine is a line of a document that runs the program, indented or in a fence.
var commandLine = regexp.MustCompile(`(?m)^\s*(?:videoteca|go run \./cmd/videoteca)((?: .*)?)$`)

// words splits a command line as a shell does, as far as documents need: quotes, and comments.
func words(t *testing.T, line string) []string {
	t.Helper()
	var list []string
	for line = strings.TrimSpace(line); line != "" && line[0] != '#'; line = strings.TrimSpace(line) {
		var word strings.Builder
		for line != "" && line[0] != ' ' {
			if quote := line[:1]; quote == "'" || quote == `"` {
				inside, rest, closed := strings.Cut(line[1:], quote)
				if !closed {
					t.Fatalf("a quote is open in %s", line)
				}
				word.WriteString(inside)
				line = rest
				continue
			}
			n := strings.IndexAny(line, ` '"`)
			if n < 0 {
				n = len(line)
			}
			word.WriteString(line[:n])
			line = line[n:]
		}
		list = append(list, word.String())
	}
	return list
}

// fileName is an argument that stands for a file of the reader's.
var fileName = regexp.MustCompile(`^[a-z]+\.[a-z0-9]+$`)

// inFolder makes the files that a command line names, since some must be there to be read.
func inFolder(t *testing.T, folder string, args []string) {
	t.Helper()
	for _, arg := range args {
		if !fileName.MatchString(arg) {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, arg), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryCommandLineOfTheDocumentsIsOne(t *testing.T) {
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	texts, folder := map[string]string{}, t.TempDir()
	for _, name := range append(documents, "../../README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(name)] = strings.ReplaceAll(string(text), "\\\n", " ")
	}
	t.Chdir(folder)
	seen := map[string]int{}
	for name, text := range texts {
		for _, found := range commandLine.FindAllStringSubmatch(text, -1) {
			seen[name]++
			args := words(t, found[1])
			if pipe := slices.Index(args, "|"); pipe >= 0 {
				args = args[:pipe]
			}
			inFolder(t, folder, args)
			// Each is parsed by a parser of its own, since a parser keeps what it has read.
			parser, err := kong.New(&commands{}, kong.Name("videoteca"), kong.DefaultEnvars("VIDEOTECA"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parser.Parse(args); err != nil {
				t.Errorf("%s: videoteca%s: %v", name, found[1], err)
			}
		}
	}
	if seen["README.md"] < 10 || len(seen) < 3 {
		t.Errorf("command lines were found in %v", seen)
	}
}

func TestALanguageIsNamedAlikeInEveryCommand(t *testing.T) {
	for name, flags := range flagsByCommand(t) {
		for _, f := range flags {
			if f.Name == "language" || f.Name == "lang" && (len(f.Aliases) != 1 || f.Aliases[0] != "language") {
				t.Errorf("%s: --%s beside %v", name, f.Name, f.Aliases)
			}
		}
	}
	s := newSite(t)
	v := s.registered(t)
	bare := command(t, s.args("snippet", v.ID)...)
	spanish := command(t, s.args("snippet", v.ID, "--lang", "es")...)
	if spanish == bare || command(t, s.args("snippet", v.ID, "--language", "es")...) != spanish {
		t.Errorf("the language is not heard: %s", spanish)
	}
	t.Setenv("VIDEOTECA_LANGUAGE", "es")
	if got := command(t, s.args("snippet", v.ID)...); got != spanish {
		t.Errorf("the environment's language is not heard: %s", got)
	}
}
