package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/web"
)

// playing puts a video on the platform that plays and has one small picture, since
// drawing and scaling are most of what a registration costs, and returns its id.
func (s *site) playing(t *testing.T, id string) string {
	t.Helper()
	v := archivetest.TwoMeetings()[0]
	v.ID, v.Largest = id, archivetest.Default
	if err := s.platform.Add(v); err != nil {
		t.Fatal(err)
	}
	return id
}

// page is one page of the list.
func (s *site) page(t *testing.T, args ...string) listOf[web.APIVideo] {
	t.Helper()
	var page listOf[web.APIVideo]
	if err := json.Unmarshal([]byte(command(t, s.args(append([]string{"list", "--json"}, args...)...)...)), &page); err != nil {
		t.Fatal(err)
	}
	return page
}

func idsOf(page listOf[web.APIVideo]) []string {
	var ids []string
	for _, v := range page.Items {
		ids = append(ids, v.ID)
	}
	return ids
}

func TestTheNewestVideoIsFirst(t *testing.T) {
	s := newSite(t)
	var want []string
	for _, id := range s.crowd(t, 3) {
		want = append([]string{s.add(t, id).ID}, want...)
	}
	s.add(t, "private0000") // the first again changes no order
	if got := idsOf(s.page(t)); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTheLimitOfAPage(t *testing.T) {
	s := newSite(t)
	for _, id := range s.crowd(t, 3) {
		s.add(t, id)
	}
	for limit, want := range map[string]int{"1": 1, "2": 2, "3": 3, "4": 3, "0": 3, "-1": 3, "100000": 3} {
		page := s.page(t, "--limit="+limit)
		if len(page.Items) != want || (page.Next != "") != (want < 3) {
			t.Errorf("--limit %s: %d videos, next %q", limit, len(page.Items), page.Next)
		}
	}
}

func TestAVideoAddedBetweenTwoPagesShiftsNothing(t *testing.T) {
	s := newSite(t)
	ids := s.crowd(t, 5)
	for _, id := range ids[:4] {
		s.add(t, id)
	}
	all := idsOf(s.page(t))
	first := s.page(t, "--limit", "2")
	s.add(t, ids[4])
	second := s.page(t, "--limit", "2", "--after", first.Next)
	if got := append(idsOf(first), idsOf(second)...); !slices.Equal(got, all) {
		t.Errorf("%v, want %v", got, all)
	}
	if end := s.page(t, "--after", first.Next); !slices.Equal(idsOf(end), all[2:]) || end.Next != "" {
		t.Errorf("the rest is %+v", end)
	}
}

func TestAnEmptyLibraryIsAnEmptyList(t *testing.T) {
	s := newSite(t)
	if err := s.newsroomAt(t).store.EnsureReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out := command(t, s.args("list")...); out != "ID  STATE  REGISTERED  TITLE\n" {
		t.Errorf("%q", out)
	}
	if out := command(t, s.args("list", "--json")...); out != "{\n  \"items\": []\n}\n" {
		t.Errorf("%q", out)
	}
}

func TestALineOfTheListIsOneLine(t *testing.T) {
	s := newSite(t)
	v := archivetest.TwoMeetings()[0]
	v.ID, v.Largest, v.Title = "longTitle_1", archivetest.Default, "Una \x1b[2Jreunión "+strings.Repeat("muy larga ", 8)
	if err := s.platform.Add(v); err != nil {
		t.Fatal(err)
	}
	added := s.add(t, v.ID)
	out := command(t, s.args("list")...)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 2 || strings.Contains(out, "\x1b") {
		t.Fatalf("%q", out)
	}
	title := strings.Index(lines[0], "TITLE")
	if got := []rune(lines[1][title:]); len(got) != 70 || got[69] != '…' || !strings.HasPrefix(lines[1], added.ID+"  live") {
		t.Errorf("%q has %d characters", string(got), len(got))
	}
	// In a document it is whole, since a program escapes what it shows.
	if page := s.page(t); page.Items[0].Title != added.Title || len([]rune(page.Items[0].Title)) <= 70 {
		t.Errorf("%q", page.Items[0].Title)
	}
}

func TestTheStateInTheListIsThatOfTheBestSource(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.playing(t, "playing0000"))
	command(t, s.args("add", "--to", v.ID, s.watch(s.crowd(t, 1)[0]))...)
	command(t, s.args("prefer", v.ID, "maketube:private0000")...)
	page := s.page(t)
	if len(page.Items) != 1 || page.Items[0].State != archive.Live.String() || page.Items[0].Sources[0].State != archive.Suspect.String() {
		t.Errorf("%+v", page.Items)
	}
}
