package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/web"
)

func TestOneAddressIsRegisteredWithoutProgress(t *testing.T) {
	s := newSite(t)
	got := try(t, "", s.args("add", s.watch(archivetest.NewYorkID))...)
	if got.code != exitOK || got.errs != "" || strings.Count(got.out, "\n") != 1 {
		t.Errorf("%+v", got)
	}
	bad := try(t, "", s.args("add", "https://nobody.example/x")...)
	if bad.code != exitUsage || strings.Count(bad.errs, "nobody.example")+strings.Count(bad.errs, "\n") > 3 {
		t.Errorf("one failure is told once: %q", bad.errs)
	}
}

// Each failure stands beside its address; of the end of it a script hears the first.
func TestTheFirstFailureDecidesTheExitCode(t *testing.T) {
	s := newSite(t)
	ids := s.crowd(t, 2)
	v := s.add(t, ids[0])
	owned := s.add(t, ids[1])
	nobody := string(archive.NewVideoID())
	got := try(t, "", s.args("add", "--to", nobody, s.watch(archivetest.NewYorkID), "https://nobody.example/x")...)
	if got.code != exitMissing || !strings.Contains(got.errs, nobody) || strings.Count(got.errs, "url: ") != 1 {
		t.Errorf("first a video that is not there, then a bad address: %+v", got)
	}
	got = try(t, "", s.args("add", "--to", v.ID, "https://nobody.example/x", s.watch(ids[1]))...)
	if got.code != exitUsage || strings.Count(got.errs, owned.ID) != 1 || !strings.HasPrefix(lastLine(got.errs), "videoteca: ") || !strings.Contains(lastLine(got.errs), "url: ") {
		t.Errorf("first a bad address, then another's source: %+v", got)
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

func TestAMissingVideoLeavesNoClaimOnTheSource(t *testing.T) {
	s := newSite(t)
	id := s.crowd(t, 1)[0]
	if got := try(t, "", s.args("add", "--to", string(archive.NewVideoID()), s.watch(id))...); got.code != exitMissing {
		t.Errorf("%+v", got)
	}
	if out := command(t, s.args("add", s.watch(id))...); !strings.Contains(out, "  added  ") {
		t.Errorf("afterwards it is %s", out)
	}
}

// stopping is a terminal at which somebody stops the command at its second address.
type stopping struct{ stop context.CancelFunc }

func (s stopping) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "[2/") {
		s.stop()
	}
	return len(p), nil
}

func TestAnInterruptionKeepsWhatIsDone(t *testing.T) {
	s := newSite(t)
	ids := s.crowd(t, 3)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out strings.Builder
	code := run(ctx, s.args("add", "--json", s.watch(ids[0]), s.watch(ids[1]), s.watch(ids[2])), console{in: strings.NewReader(""), out: &out, err: stopping{stop}})
	var list listOf[web.APIRegistered]
	if err := json.Unmarshal([]byte(out.String()), &list); err != nil || code != exitFailure || len(list.Items) != 1 || list.Items[0].Sources[0].ID != ids[0] {
		t.Errorf("exit code %d, %v: %s", code, err, &out)
	}
	if listed := s.list(t); len(listed) != 1 {
		t.Errorf("%d videos are registered", len(listed))
	}
}

func TestTheArticleOfAVideoIsKept(t *testing.T) {
	s := newSite(t)
	id := s.crowd(t, 1)[0]
	var list listOf[web.APIRegistered]
	out := command(t, s.args("add", "--json", "--article", "https://news.example.org/nota?utm_source=x#top", "--language", "es-SV", s.watch(id))...)
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list.Items) != 1 || list.Items[0].Language != "es-SV" {
		t.Fatalf("%v: %s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(s.store, "articles", "*", "*.json"))
	if err != nil || len(found) != 1 {
		t.Fatalf("articles: %v, %v", found, err)
	}
	record, err := os.ReadFile(found[0])
	if err != nil || !strings.Contains(string(record), list.Items[0].ID) || !strings.Contains(string(record), "https://news.example.org/nota") {
		t.Errorf("%s (%v)", record, err)
	}
	for _, wrong := range [][]string{{"--language", "e"}, {"--article", "nota"}, {"--article", "javascript:alert(1)"}, {"--language", "español!"}} {
		got := try(t, "", s.args(append([]string{"add", s.watch(id)}, wrong...)...)...)
		if got.code != exitUsage || !strings.Contains(got.errs, strings.TrimPrefix(wrong[0], "--")) {
			t.Errorf("%v: %+v", wrong, got)
		}
	}
}

func TestLinesOfEverySystemAreRead(t *testing.T) {
	for name, tt := range map[string]struct {
		input string
		want  []string
	}{
		"of Unix":             {"a\nb\n", []string{"a", "b"}},
		"of Windows":          {"\ufeffa\r\nb\r\n", []string{"a", "b"}},
		"without a last end":  {"a\nb", []string{"a", "b"}},
		"with blanks":         {"  a\t\n\n \t\nb ", []string{"a", "b"}},
		"with comments":       {"# one\na\n  # two\nhttps://h/#part\n", []string{"a", "https://h/#part"}},
		"of nothing":          {"", nil},
		"a comment by itself": {"#", nil},
		"with a mark first":   {"\ufeff# one\na", []string{"a"}},
	} {
		got, err := readLines("-", strings.NewReader(tt.input))
		if err != nil || strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestTheDocumentOfAddIsAListAlsoOfNone(t *testing.T) {
	s := newSite(t)
	got := try(t, "", s.args("add", "--json", "https://nobody.example/x")...)
	var document map[string]json.RawMessage
	if err := json.Unmarshal([]byte(got.out), &document); err != nil || got.code != exitUsage || string(document["items"]) != "[]" || len(document) != 1 {
		t.Errorf("%+v (%v)", got, err)
	}
}
