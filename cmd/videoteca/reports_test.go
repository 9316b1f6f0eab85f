package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/audit"
	"videoteca/archive/youtube"
	"videoteca/embeds"
	"videoteca/web"
)

func TestATablesColumnsStandInLine(t *testing.T) {
	var out strings.Builder
	err := table(&out, [][]string{
		{"ID", "STATE", "TITLE"}, {"7k3mzq9x0abd", "live", "Reunión\nen\tNueva York"}, {"1", "unchecked", ""}, {"", "gone", "ñandú"},
	})
	want := strings.Join([]string{
		"ID            STATE      TITLE", "7k3mzq9x0abd  live       Reunión en Nueva York", "1             unchecked", "              gone       ñandú", "",
	}, "\n")
	if err != nil || out.String() != want {
		t.Errorf("%v:\n%s\nwant\n%s", err, &out, want)
	}
}

// hungUp is a pipe whose reader has gone.
type hungUp struct{}

var errHungUp = errors.New("broken pipe")

func (hungUp) Write([]byte) (int, error) { return 0, errHungUp }

func TestWhatCannotBePrintedIsAnError(t *testing.T) {
	if err := table(hungUp{}, [][]string{{"ID"}}); !errors.Is(err, errHungUp) {
		t.Errorf("a table: %v", err)
	}
	if err := writeJSON(hungUp{}, "x"); !errors.Is(err, errHungUp) {
		t.Errorf("a document: %v", err)
	}
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	for _, args := range [][]string{{"list"}, {"show", v.ID}, {"list", "--json"}, {"check", v.ID}} {
		var errs strings.Builder
		if code := run(t.Context(), s.args(args...), console{in: strings.NewReader(""), out: hungUp{}, err: &errs}); code != exitFailure || !strings.Contains(errs.String(), "broken pipe") {
			t.Errorf("%v: exit code %d, %s", args, code, &errs)
		}
	}
}

func TestADocumentIsForPeopleToo(t *testing.T) {
	var out strings.Builder
	if err := writeJSON(&out, map[string]string{"html": `<a href="?a&b">ñ</a>`}); err != nil {
		t.Fatal(err)
	}
	if want := "{\n  \"html\": \"<a href=\\\"?a&b\\\">ñ</a>\"\n}\n"; out.String() != want {
		t.Errorf("%s, want %s", &out, want)
	}
}

func TestShowTellsWhatIsKnown(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	out := command(t, s.args("show", v.ID)...)
	for _, want := range []string{
		`(?m)^id +` + v.ID + `$`, `(?m)^title +Simulación: reunión presidencial`, `(?m)^event date$`, `(?m)^changed .*Z \(revision 2\)$`,
		`(?m)^SOURCE +STATE +OUTCOME +LAST GOOD +FIRST BAD +LAST ASKED( +WHY)?$`, `(?m)^maketube:simNY2019_1 +live +playable +\d{4}-\d\d-\d\d \d\d:\d\dZ +- `,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("no line matches %s in\n%s", want, out)
		}
	}
	var document web.APIVideo
	if err := json.Unmarshal([]byte(command(t, s.args("show", "--json", v.ID)...)), &document); err != nil || document.ID != v.ID || document.URLs.Embed != defaultBaseURL+"/e/"+v.ID {
		t.Errorf("%+v, %v", document, err)
	}
}

func TestACheckReports(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	if err := s.platform.SetState(archivetest.NewYorkID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	got := try(t, "", s.args("check", "--fail-on-loss", v.ID)...)
	if got.code != exitLoss || !strings.Contains(got.errs, "1 source asked\n") || !strings.Contains(got.errs, errLoss.Error()) {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{`^audit \S+: 1 video, 1 source, \d+ answers in 1 part, `, `(?m)^suspect +1$`, `(?m)^VIDEO +SOURCE +FROM +TO +WHY$`, `(?m)^` + v.ID + ` +maketube:simNY2019_1 +live +suspect`} {
		if !regexp.MustCompile(want).MatchString(got.out) {
			t.Errorf("no line matches %s in\n%s", want, got.out)
		}
	}
	var summary audit.Summary
	out := command(t, s.args("check", "--json", "--all")...)
	if err := json.Unmarshal([]byte(out), &summary); err != nil || summary.Sources != 1 || summary.States[archive.Suspect] != 1 || len(summary.Changes) != 0 || summary.Ended.Before(summary.Started) {
		t.Errorf("%v: %s", err, out)
	}
}

func TestACheckIsOfNamedVideosOrOfAll(t *testing.T) {
	s := newSite(t)
	s.found(t)
	for _, args := range [][]string{{"check"}, {"check", "--all", string(archive.NewVideoID())}} {
		if got := try(t, "", s.args(args...)...); got.code != exitUsage || !strings.Contains(got.errs, "name videos, or --all") {
			t.Errorf("%v: %+v", args, got)
		}
	}
	if got := try(t, "", s.args("check", "nope")...); got.code != exitUsage {
		t.Errorf("no id: %+v", got)
	}
	if got := try(t, "", s.args("check", "--all", "--fail-on-loss")...); got.code != exitOK || !strings.Contains(got.out, "0 videos") {
		t.Errorf("an empty library: %+v", got)
	}
}

func TestASnippetHasEveryFormAndOption(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	serve(t, s.args("--base-url", "https://videos.example.org")...).Stop(t)
	asked := []string{"--start", "5", "--end", "9", "--captions", "es", "--language", "es-SV", "--theme", "dark", "--ratio", "9:16", "--prefer", "copy"}
	for form, want := range map[string]string{
		"article": "embed.js", "wordpress": "<!-- wp:html", "frame": "<iframe", "static": "<figure", "markdown": "[![", "oembed": "https://videos.example.org/v/" + v.ID, "jsonld": "VideoObject",
	} {
		got := try(t, "", s.args(append([]string{"snippet", v.ID, "--form", form}, asked...)...)...)
		if got.code != exitOK || got.errs != "" || !strings.Contains(got.out, want) || strings.HasPrefix(got.out, "\n") || strings.HasSuffix(got.out, "\n\n") {
			t.Errorf("%s: %+v", form, got)
		}
		for _, option := range []string{"start=5", "end=9", "captions=es", "lang=es", "theme=dark", "prefer=copy"} {
			if form == "frame" && !strings.Contains(got.out, option) {
				t.Errorf("%s: the address lacks %s: %s", form, option, got.out)
			}
		}
	}
	var list web.APISnippetList
	if err := json.Unmarshal([]byte(command(t, s.args("snippet", v.ID, "--form", "all", "--json")...)), &list); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, snippet := range list.Items {
		kinds = append(kinds, snippet.Kind)
	}
	if !slices.Equal(kinds, embeds.SnippetKinds()) {
		t.Errorf("all forms are %v", kinds)
	}
	for flag, value := range map[string]string{"--start": "-1", "--end": "x", "--captions": "español!", "--language": "e", "--theme": "pink", "--ratio": "2:1", "--prefer": "neither", "--form": "poem"} {
		if got := try(t, "", s.args("snippet", v.ID, flag+"="+value)...); got.code != exitUsage || got.out != "" {
			t.Errorf("%s %s: %+v", flag, value, got)
		}
	}
}

func TestHelpListsEveryFlagWithItsEnvironmentVariable(t *testing.T) {
	help := command(t, "help")
	parser, err := kong.New(&commands{}, kong.Name("videoteca"), kong.DefaultEnvars("VIDEOTECA"))
	if err != nil {
		t.Fatal(err)
	}
	flags := 0
	for _, node := range append(parser.Model.Leaves(true), parser.Model.Node) {
		if node != parser.Model.Node && !strings.Contains(help, "\n"+node.FullPath()) {
			t.Errorf("the command %s is not listed", node.Name)
		}
		for _, f := range node.Flags {
			if f.Name == "help" {
				continue
			}
			flags++
			variable := "VIDEOTECA_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
			if !regexp.MustCompile(`(?m)^    --` + f.Name + `(?:, --\S+)* +` + variable + `(?:, VIDEOTECA_\w+)* +\S`).MatchString(help) {
				t.Errorf("--%s is not listed with %s and what it does", f.Name, variable)
			}
		}
	}
	if flags < 20 {
		t.Errorf("only %d flags were compared", flags)
	}
	for code := exitOK; code <= exitLoss; code++ {
		if !regexp.MustCompile(`(?m)^    ` + string(rune('0'+code)) + `  \w`).MatchString(help) {
			t.Errorf("exit code %d is not explained", code)
		}
	}
	if got := try(t, "", "--help"); got.code != exitOK || !strings.Contains(got.out, "Usage: videoteca") {
		t.Errorf("--help: %+v", got)
	}
}

func TestVersionNamesTheBuild(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOVERSION").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimSpace(string(out))
	if got := command(t, "version"); !strings.HasPrefix(got, "videoteca ") || !strings.HasSuffix(got, " ("+want+")\n") {
		t.Errorf("%q, built with %s", got, want)
	}
	var b build
	if err := json.Unmarshal([]byte(command(t, "version", "--json")), &b); err != nil || b.Version == "" || b.Go != want || !b.Embedded {
		t.Errorf("%+v, %v", b, err)
	}
	if got := userAgent(b.program()); !strings.HasPrefix(got, "videoteca/"+b.Version+" (") {
		t.Errorf("platforms are told %q", got)
	}
}

func TestHealthSaysWhatIsWrong(t *testing.T) {
	status := http.StatusOK
	sick := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("it asked %s", r.URL)
		}
		w.WriteHeader(status)
	}))
	defer sick.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(sick.URL, "http://"), ":")
	if got := try(t, "", "health", "--listen", "0.0.0.0:"+port); got.code != exitOK || got.out != "ok\n" { // asked over loopback
		t.Errorf("well: %+v", got)
	}
	status = http.StatusServiceUnavailable
	if got := try(t, "", "health", "--listen", ":"+port); got.code != exitFailure || !strings.Contains(got.errs, "503") || got.out != "" {
		t.Errorf("sick: %+v", got)
	}
	if got := try(t, "", "health", "--listen", "8080"); got.code != exitUsage || !strings.Contains(got.errs, "--listen") {
		t.Errorf("no address: %+v", got)
	}
}

func TestTheQuotaIsNeverOverspent(t *testing.T) {
	q := newDailyQuota(100)
	var spent, refused sync.Map
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			switch err := q.Spend(t.Context(), 3); {
			case err == nil:
				spent.Store(i, true)
			case errors.Is(err, youtube.ErrQuota):
				refused.Store(i, true)
			default:
				t.Errorf("spending: %v", err)
			}
		})
	}
	all.Wait()
	count := func(m *sync.Map) (n int) {
		m.Range(func(any, any) bool { n++; return true })
		return n
	}
	if count(&spent) != 33 || count(&refused) != 7 {
		t.Errorf("%d were let through and %d refused", count(&spent), count(&refused))
	}
	if err := q.Spend(t.Context(), 2); err == nil || !strings.Contains(err.Error(), "99 of 100 units") {
		t.Errorf("the refusal says %v", err)
	}
	if err := q.Spend(t.Context(), 1); err != nil {
		t.Errorf("the last unit: %v", err)
	}
}

func TestADayOfQuotaFollowsTheClocksOfCalifornia(t *testing.T) {
	for name, midnight := range map[string]time.Time{
		"in winter": time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC),
		"in summer": time.Date(2026, 7, 15, 7, 0, 0, 0, time.UTC),
	} {
		q := newDailyQuota(1)
		q.now = func() time.Time { return midnight.Add(-time.Second) }
		if err := q.Spend(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if err := q.Spend(t.Context(), 1); !errors.Is(err, youtube.ErrQuota) {
			t.Errorf("%s, before midnight: %v", name, err)
		}
		q.now = func() time.Time { return midnight }
		if err := q.Spend(t.Context(), 1); err != nil {
			t.Errorf("%s, at midnight: %v", name, err)
		}
	}
}
