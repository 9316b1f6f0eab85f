package verify

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// packed is lines as the store keeps them.
func packed(t *testing.T, lines ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	for _, line := range lines {
		if _, err := io.WriteString(zip, line+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// ids of videos, in order.
const (
	videoA archive.VideoID = "00000000000a"
	videoB archive.VideoID = "7k3mzq9x0abd"
	videoC archive.VideoID = "zzzzzzzzzzzz"
)

// beside is a key of a video in a folder.
func beside(folder string, id archive.VideoID, name string) string {
	return folder + "/" + string(id[:2]) + "/" + string(id) + "/" + name
}

// told is the groups of a listing in short: id, whether there is a record, and how many events, captures and files.
func told(t *testing.T, c *checker, after string) (list []string) {
	t.Helper()
	for g, err := range c.groups(t.Context(), after) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%s %t/%t %d %d %d %d", g.id, g.record, g.other, len(g.events), len(g.captures), len(g.files), len(g.strays)))
	}
	return list
}

func TestWhatBelongsToOneVideoIsJoinedFromFourListings(t *testing.T) {
	keys := storage.Keys{}
	s := shelfOf(map[string]string{
		keys.Video(videoA): "", beside("events", videoA, "1.json"): "", beside("events", videoA, "2.json"): "", beside("files", videoA, "x.jpg"): "",
		beside("captures", videoB, "1.json"): "", beside("files", videoB, "x.jpg"): "", // whose record is lost
		keys.Video(videoC):  "",
		"videos/readme.txt": "", "files/zz/not-an-id/x.jpg": "",
	})
	w, _ := checking(t, s)
	w.From = shelfOf(map[string]string{keys.Video(videoB): "", keys.Video(videoC): "", "videos/stray": ""})
	all := []string{
		"00000000000a true/false 2 0 1 0",
		"7k3mzq9x0abd false/true 0 1 1 1", // and the stray between them
		"zzzzzzzzzzzz true/true 0 0 0 1",
	}
	got := told(t, w.checker, "")
	strays := 0
	for i, want := range all {
		if i >= len(got) || got[i][:len(want)-2] != want[:len(want)-2] {
			t.Fatalf("%q, want %q", got, all)
		}
	}
	for _, line := range got {
		strays += int(line[len(line)-1] - '0')
	}
	if strays != 2 { // those of the second store are its own matter
		t.Errorf("%d strays: %q", strays, got)
	}
	if got := told(t, w.checker, string(videoA)); len(got) < 2 || !strings.HasPrefix(got[0], string(videoB)) {
		t.Errorf("after the first: %q", got)
	}
	if got := told(t, w.checker, string(videoB)); len(got) == 0 || !strings.HasPrefix(got[0], string(videoC)) {
		t.Errorf("after the second: %q", got)
	}
}

func TestAGroupIsOfOneVideoAlone(t *testing.T) {
	s := shelfOf(map[string]string{(storage.Keys{}).Video(videoA): "", beside("events", videoA, "1.json"): "", beside("events", videoB, "1.json"): ""})
	w, _ := checking(t, s)
	g, err := w.groupOf(t.Context(), videoA)
	if err != nil || !g.record || g.other || len(g.events) != 1 || g.empty() {
		t.Errorf("%+v, %v", g, err)
	}
	if g, err := w.groupOf(t.Context(), videoC); err != nil || !g.empty() {
		t.Errorf("of none: %+v, %v", g, err)
	}
	s.dead = errDisk
	if _, err := w.groupOf(t.Context(), videoA); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("%v", err)
	}
}

// chain is a history of events each of which follows the one before; with the ids of those left out.
func chain(t *testing.T, n int, without ...int) *history {
	t.Helper()
	w, _ := checking(t, shelfOf(map[string]string{}))
	h := &history{work: w, video: videoA, events: map[string]event{}, broken: map[string]broken{}, listed: map[string]bool{}}
	left := map[int]bool{}
	for _, i := range without {
		left[i] = true
	}
	previous := ""
	for i := 1; i <= n; i++ {
		id := fmt.Sprintf("01jrst4pe0h7yg5fknab9mvem%d", i)
		e := event{Event: archive.Event{ID: id, Video: videoA, Revision: int64(i), Previous: previous}, key: h.keys.Event(videoA, id), digest: "digest of " + id}
		if previous = e.digest; !left[i] {
			h.events[id] = e
		}
	}
	return h
}

// writes are the ids of a record's writes, from one to another.
func writes(from, to int) (ids []string) {
	for i := from; i <= to; i++ {
		ids = append(ids, fmt.Sprintf("01jrst4pe0h7yg5fknab9mvem%d", i))
	}
	return ids
}

func TestAnEventIsLooseWhereWhatItFollowsIsNotThere(t *testing.T) {
	for _, c := range []struct {
		without []int
		loose   string
		lacking int
	}{
		{nil, "", 0},
		{[]int{3}, "4", 1},
		{[]int{3, 4}, "5", 2},
		{[]int{2, 4}, "35", 2},
		{[]int{1}, "2", 1},
		{[]int{6}, "", 1}, // the newest, which nothing follows
	} {
		h := chain(t, 6, c.without...)
		got := ""
		for _, e := range h.loose() {
			got += e.ID[len(e.ID)-1:]
		}
		if lacking := h.lacking(record{Writes: writes(1, 6)}); got != c.loose || len(lacking) != c.lacking {
			t.Errorf("without %v loose are %q, lacking %v", c.without, got, lacking)
		}
	}
}

func TestARevisionOfWhichNoEventTellsIsNoted(t *testing.T) {
	for _, c := range []struct {
		revision int64
		without  []int
		says     string
	}{
		{6, nil, ""},
		{7, nil, "of 1 of its revisions no event tells, first of 7"},
		{6, []int{2, 3}, "of 2 of its revisions no event tells, first of 2"},
	} {
		h := chain(t, 6, c.without...)
		var found []Finding
		h.found = func(f Finding) { found = append(found, f) }
		r := record{Video: archive.Video{ID: videoA, Revision: c.revision}}
		if err := h.unexplained(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if (len(found) == 1) != (c.says != "") || len(found) == 1 && (found[0].Kind != Unexplained || !strings.Contains(found[0].Detail, c.says)) {
			t.Errorf("revision %d without %v: %+v", c.revision, c.without, found)
		}
		found = nil
		if h.faults = 1; h.unexplained(t.Context(), r) != nil || len(found) != 0 { // of which a fault tells already
			t.Errorf("beside a fault: %+v", found)
		}
	}
}

func TestAnEventWhoseChangeNeverCameIsToldFromTheOthers(t *testing.T) {
	h := chain(t, 6)
	var found []Finding
	h.found = func(f Finding) { found = append(found, f) }
	h.unapplied(record{Video: archive.Video{Revision: 6}, Writes: append(writes(3, 4), "01jrst4pe0h7yg5fknab9mvem6")})
	if len(found) != 1 || found[0].Kind != Unapplied || !strings.HasSuffix(found[0].Key, "mvem5.json") {
		t.Errorf("%+v", found) // those before the writes that are named cannot be judged
	}
	if h.latest() != 6 || len(h.told()) != 6 || len(h.digests()) != 6 {
		t.Errorf("of 6 events the latest is of %d, %d revisions, %d digests", h.latest(), len(h.told()), len(h.digests()))
	}
	if !h.wanted("digest of 01jrst4pe0h7yg5fknab9mvem2") || h.wanted("digest of 01jrst4pe0h7yg5fknab9mvem6") {
		t.Error("the second is followed, the sixth is not")
	}
}

func TestACursorComesBackAsItWasKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "made", "on", "the", "way", "verify.json")
	want := cursor{Started: time.Date(2025, 4, 14, 9, 30, 0, 0, time.UTC), Stage: "videos/", After: string(videoB), TotalObjects: 9, TotalBytes: 99, Counts: Counts{Objects: 5, Bytes: 50, Faults: 2, Repaired: 1, Notes: 3}}
	if err := want.save(file); err != nil {
		t.Fatal(err)
	}
	want.Version = cursorVersion
	if got, err := readCursor(file); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*.part")); err != nil || len(left) != 0 {
		t.Errorf("%v stays beside it, %v", left, err)
	}
	if s := want.summary(); s.Complete || s.Counts != want.Counts || !s.Damaged() {
		t.Errorf("%+v", s)
	}
	if _, err := readCursor(filepath.Dir(file)); err == nil {
		t.Error("a folder is no cursor")
	}
	if err := (cursor{}).save(""); err != nil {
		t.Errorf("without a file: %v", err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "")); err != nil {
		t.Error(err)
	}
}

func TestCountsAddUpAndDownAgain(t *testing.T) {
	a, b := Counts{1, 2, 3, 4, 5}, Counts{10, 20, 30, 40, 50}
	if got := a.plus(b); got != (Counts{11, 22, 33, 44, 55}) {
		t.Errorf("%+v", got)
	}
	if got := a.plus(b).minus(b); got != a {
		t.Errorf("%+v", got)
	}
}

func TestADamageIsWorkedOnUnderItsOwnETagAlone(t *testing.T) {
	if got := damaged(storage.Object{ETag: "e"}); got != storage.IfMatch("e") {
		t.Errorf("%+v", got)
	}
	if got := damaged(storage.Object{}); got != (storage.Condition{}) { // it could not be opened
		t.Errorf("%+v", got)
	}
}

func TestWhatCannotBeReadOfASecondStoreIsSaidAndIsNoError(t *testing.T) {
	s := shelfOf(map[string]string{})
	w, _ := checking(t, s)
	there := shelfOf(map[string]string{"a": `{}`, "part": string(packed(t))})
	w.From = there
	never := func([]byte) error { return errors.New("it is another's") }
	for says, key := range map[string]string{"has it not either": "b", "is no better: it is another's": "a", "cannot give it": "c"} {
		there.gets["c"] = []error{errDisk, errDisk}
		r, err := w.putBack(t.Context(), key, storage.IfAbsent(), never)
		if err != nil || r.done || r.possible || !strings.Contains(r.why, says) {
			t.Errorf("%s: %+v, %v", key, r, err)
		}
	}
	for says, key := range map[string]string{"has it not either": "b", "damaged in the second store too": "a", "cannot give it": "c"} {
		there.gets["c"] = []error{errDisk, errDisk}
		if r, err := w.putBackFile(t.Context(), key, hexDigest([]byte("x")), storage.IfAbsent()); err != nil || r.done || !strings.Contains(r.why, says) {
			t.Errorf("the file %s: %+v, %v", key, r, err)
		}
	}
	for says, key := range map[string]string{"has it not either": "b", "is no better: it has no observation": "part", "cannot give it": "c"} {
		there.gets["c"] = []error{errDisk, errDisk}
		if r, err := w.putBackLines(t.Context(), key, storage.IfAbsent(), observations()); err != nil || r.done || !strings.Contains(r.why, says) {
			t.Errorf("the lines %s: %+v, %v", key, r, err)
		}
	}
	w.From = nil
	if r, err := w.putBack(t.Context(), "a", storage.IfAbsent(), never); err != nil || r.why != "" || r.possible {
		t.Errorf("without a second store: %+v, %v", r, err)
	}
}

func TestAMeasureThatCostsLessThanAListingIsTaken(t *testing.T) {
	w, _ := checking(t, shelfOf(map[string]string{"videos/a": "12345"}))
	w.Measure = func(context.Context) (int64, int64, error) { return 70, 700, nil }
	if w.count(t.Context()); w.total.objects.Load() != 70 || w.total.bytes.Load() != 700 {
		t.Errorf("%d objects, %d bytes", w.total.objects.Load(), w.total.bytes.Load())
	}
	w.Measure = func(context.Context) (int64, int64, error) { return 1, 1, errDisk }
	if w.count(t.Context()); w.total.objects.Load() != 70 {
		t.Errorf("a count that failed says %d", w.total.objects.Load())
	}
}
