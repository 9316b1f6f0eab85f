package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/web"
)

// outcome is what one command line came to.
type outcome struct {
	code      int
	out, errs string
}

// tryPatience ends a command that was to fail and goes on instead, as serve would.
const tryPatience = 30 * time.Second

// try runs one command in this process, whatever comes of it, with an input to read.
func try(t *testing.T, input string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tryPatience)
	defer cancel()
	var out, errs strings.Builder
	code := run(ctx, args, console{in: strings.NewReader(input), out: &out, err: &errs})
	return outcome{code, out.String(), errs.String()}
}

// crowd puts so many private videos on the platform, which cost no drawing, and
// returns their ids.
func (s *site) crowd(t *testing.T, n int) []string {
	t.Helper()
	var ids []string
	for i := range n {
		v := archivetest.TwoMeetings()[0]
		v.ID, v.State = fmt.Sprintf("private%04d", i), archivetest.Private
		if err := s.platform.Add(v); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, v.ID)
	}
	return ids
}

func TestEveryFailureHasItsExitCode(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	nobody := string(archive.NewVideoID())
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name string
		args []string
		want int
		says string
	}{
		{"no command", nil, exitUsage, "expected one of"},
		{"an unknown command", []string{"play"}, exitUsage, `unexpected argument play`},
		{"an unknown flag", s.args("list", "--colour"), exitUsage, "--colour"},
		{"a number that is none", s.args("list", "--limit", "many"), exitUsage, "--limit"},
		{"a word outside its list", s.args("list", "--log-level", "loud"), exitUsage, "--log-level"},
		{"an argument left out", s.args("show"), exitUsage, "<id>"},
		{"what is no id", s.args("show", "nope"), exitUsage, "not a video id"},
		{"a cursor that no page gave", s.args("list", "--after", "%%"), exitUsage, "after"},
		{"an address of nobody", s.args("add", "https://nobody.example/x"), exitUsage, "url: "},
		{"a source that is none", s.args("prefer", v.ID, "nobody:x"), exitUsage, "no source"},
		{"an option of the embed that is none", s.args("snippet", v.ID, "--start", "soon"), exitUsage, "start: "},
		{"a mirror of no id", s.args("add", "--to", "nope", s.watch(archivetest.OvalOfficeID)), exitUsage, "not a video id"},
		{"a video that is not there", s.args("show", nobody), exitMissing, "not found"},
		{"its snippet", s.args("snippet", nobody), exitMissing, "not found"},
		{"its check", s.args("check", nobody), exitMissing, "not found"},
		{"a mirror of it", s.args("add", "--to", nobody, s.watch(archivetest.NewYorkID)), exitMissing, "not found"},
		{"a source that the video has not", s.args("prefer", v.ID, "maketube:"+archivetest.OvalOfficeID), exitMissing, "maketube:" + archivetest.OvalOfficeID},
		{"the preference of a video that is not there", s.args("prefer", nobody, "maketube:"+archivetest.NewYorkID), exitMissing, "not found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := try(t, "", tt.args...)
			if got.code != tt.want || !strings.Contains(got.errs, tt.says) || !strings.HasPrefix(got.errs, "videoteca: ") {
				t.Errorf("exit code %d, want %d, saying %q: %s", got.code, tt.want, tt.says, got.errs)
			}
			if got.out != "" {
				t.Errorf("a failure printed %q", got.out)
			}
		})
	}
	var errs strings.Builder
	if code := run(cancelled, s.args("add", s.watch(archivetest.OvalOfficeID)), console{in: strings.NewReader(""), out: &errs, err: &errs}); code != exitFailure || !strings.HasSuffix(errs.String(), "videoteca: stopped\n") {
		t.Errorf("stopped: exit code %d, %s", code, &errs)
	}
}

func TestAStoreThatCannotBeReached(t *testing.T) {
	s := newSite(t)
	server := s.onS3(t)
	v := s.add(t, archivetest.NewYorkID)
	command(t, s.args("list")...)
	server.Stop()
	if got := try(t, "", s.args("list")...); got.code != exitOK || !strings.Contains(got.out, v.ID) || !strings.Contains(got.errs, "showing what was known last") {
		t.Errorf("what is known is still worth showing: %+v", got)
	}
	if got := try(t, "", s.args("show", v.ID)...); got.code != exitStore {
		t.Errorf("one video: %+v", got)
	}
	s.cache = t.TempDir()
	if got := try(t, "", s.args("list")...); got.code != exitStore || got.out != "" {
		t.Errorf("a machine that knows nothing: %+v", got)
	}
}

func TestAddReadsAFileOfAddresses(t *testing.T) {
	s := newSite(t)
	ids := s.crowd(t, 2)
	list := filepath.Join(t.TempDir(), "addresses.txt")
	lines := []string{"# two of ours, one of nobody's", "", "  " + s.watch(ids[0]) + "\r", "https://nobody.example/\x1b[2Jx", s.watch(ids[1])}
	if err := os.WriteFile(list, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	got := try(t, "", s.args("add", "--from", list, "--article", "https://example.org/nota")...)
	if got.code != exitUsage {
		t.Errorf("one bad line among good ones: exit code %d", got.code)
	}
	for _, want := range []string{"[1/3] " + s.watch(ids[0]), "[2/3] https://nobody.example/ [2Jx\n", "[3/3] " + s.watch(ids[1]), "[2/3] failed: url: "} {
		if !strings.Contains(got.errs, want) {
			t.Errorf("the progress lacks %q:\n%s", want, got.errs)
		}
	}
	if strings.Contains(got.errs, "\x1b[") {
		t.Error("an address steers the terminal")
	}
	if strings.Count(got.out, "  added  ") != 2 || strings.Count(got.out, "note: ") < 2 {
		t.Errorf("it printed\n%s", got.out)
	}
	if listed := s.list(t); len(listed) != 2 {
		t.Errorf("%d videos are registered", len(listed))
	}
}

func TestAddReadsAddressesFromStandardInputBesideThoseNamed(t *testing.T) {
	s := newSite(t)
	ids := s.crowd(t, 3)
	got := try(t, s.watch(ids[1])+"\n"+s.watch(ids[2])+"\n"+s.watch(ids[0]), s.args("add", "--json", "--from", "-", s.watch(ids[0]))...)
	var list listOf[web.APIRegistered]
	if err := json.Unmarshal([]byte(got.out), &list); err != nil || got.code != exitOK || len(list.Items) != 4 {
		t.Fatalf("exit code %d, %v: %s", got.code, err, got.out)
	}
	for i, id := range []string{ids[0], ids[1], ids[2], ids[0]} {
		item := list.Items[i]
		if item.Sources[0].ID != id || item.State != "suspect" || len(item.Warnings) == 0 {
			t.Errorf("item %d is %+v", i, item)
		}
	}
	if list.Items[0].ID != list.Items[3].ID || !strings.Contains(got.errs, "[4/4]") {
		t.Errorf("the same address twice is %s and %s\n%s", list.Items[0].ID, list.Items[3].ID, got.errs)
	}
}

func TestAddSaysWhatItCannotRead(t *testing.T) {
	s := newSite(t)
	for name, tt := range map[string]struct {
		input, from string
		code        int
		says        string
	}{
		"a file that is not there": {"", filepath.Join(t.TempDir(), "none"), exitUsage, "--from"},
		"nothing but comments":     {"# later\n\n", "-", exitUsage, "at least one address"},
		"a line without an end":    {strings.Repeat("x", 1<<17), "-", exitFailure, "reading -"},
	} {
		if got := try(t, tt.input, s.args("add", "--from", tt.from)...); got.code != tt.code || !strings.Contains(got.errs, tt.says) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A failure must not cost a program the items that succeeded.
func TestAddPrintsOneDocumentAlsoWhenSomeFail(t *testing.T) {
	s := newSite(t)
	id := s.crowd(t, 1)[0]
	got := try(t, "", s.args("add", "--json", "https://nobody.example/x", s.watch(id))...)
	var list listOf[web.APIRegistered]
	if err := json.Unmarshal([]byte(got.out), &list); err != nil || len(list.Items) != 1 || got.code != exitUsage {
		t.Errorf("exit code %d, %v: %s", got.code, err, got.out)
	}
}

func TestAMirrorBelongsToTheVideoNamed(t *testing.T) {
	s := newSite(t)
	ids := s.crowd(t, 3)
	v := s.add(t, ids[0])
	if out := command(t, s.args("add", "--to", strings.ToUpper(v.ID), s.watch(ids[1]))...); !strings.HasPrefix(out, v.ID+"  added") {
		t.Errorf("it printed %q", out)
	}
	if out := command(t, s.args("add", "--to", v.ID, s.watch(ids[1]))...); !strings.HasPrefix(out, v.ID+"  known") {
		t.Errorf("the second time it printed %q", out)
	}
	other := s.add(t, ids[2])
	if got := try(t, "", s.args("add", "--to", v.ID, s.watch(ids[2]))...); got.code != exitUsage || !strings.Contains(got.errs, other.ID) {
		t.Errorf("another's: %+v", got)
	}

	for _, named := range []string{"maketube:" + ids[1], s.watch(ids[0]), s.platform.URL + "/shorts/" + ids[1]} {
		var after web.APIVideo
		if err := json.Unmarshal([]byte(command(t, s.args("prefer", "--json", v.ID, named)...)), &after); err != nil {
			t.Fatal(err)
		}
		if len(after.Sources) != 2 || !strings.HasSuffix(named, after.Sources[0].ID) {
			t.Errorf("%s preferred: %+v", named, after.Sources)
		}
	}
}

func TestListGoesOnWhereThePageBeforeEnded(t *testing.T) {
	s := newSite(t)
	for _, id := range s.crowd(t, 5) {
		s.add(t, id)
	}
	want := s.list(t)
	var got []string
	cursor := ""
	for pages := 0; pages < 3; pages++ {
		var page listOf[web.APIVideo]
		if err := json.Unmarshal([]byte(command(t, s.args("list", "--json", "--limit", "2", "--after", cursor)...)), &page); err != nil {
			t.Fatal(err)
		}
		if len(page.Items) > 2 || (page.Next == "") != (pages == 2) {
			t.Errorf("page %d has %d videos and goes on at %q", pages, len(page.Items), page.Next)
		}
		for _, v := range page.Items {
			got = append(got, v.ID)
		}
		cursor = page.Next
	}
	for i, v := range want {
		if len(got) != 5 || got[i] != v.ID {
			t.Fatalf("in pages %v, at once %s at %d", got, v.ID, i)
		}
	}

	first := command(t, s.args("list", "--limit", "3")...)
	_, next, found := strings.Cut(first, "more: videoteca list --after ")
	if !found || strings.Count(first, s.platform.URL) != 3 {
		t.Fatalf("the first page is\n%s", first)
	}
	second := command(t, s.args("list", "--limit", "3", "--after", strings.TrimSpace(next))...)
	if strings.Count(second, s.platform.URL) != 2 || strings.Contains(second, "more: ") || !strings.HasPrefix(second, "ID ") {
		t.Errorf("the second page is\n%s", second)
	}
}
