package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/storage"
)

// shelve writes records of videos that were asked three days ago, without asking anybody.
func (s *site) shelve(t *testing.T, n int) []archive.Video {
	t.Helper()
	at := time.Now().Add(-72 * time.Hour).UTC()
	videos := make([]archive.Video, n)
	for i := range videos {
		id := archivetest.ManyID(i)
		v := archive.Video{ID: archive.NewVideoID(), Revision: 1, Created: at, Updated: at, Sources: []archive.Source{{
			SourceKey: archive.SourceKey{Platform: "maketube", ID: id}, URL: s.watch(id), Added: at,
			Described: &archive.Description{Capture: "01jx0000000000000000000000", At: at, Method: "an import", Fields: archive.Fields{Title: fmt.Sprint("Simulation ", i)}},
			Standing:  archive.Standing{State: archive.Live, Outcome: archive.Playable, Since: at, FirstRound: at, LastRound: at, LastClear: at, LastGood: at},
		}}}
		record := struct {
			Version int `json:"version"`
			archive.Video
			Writes []string `json:"writes"`
		}{1, v, []string{"01jx0000000000000000000000"}}
		data, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(s.store, "videos", string(v.ID[:2]), string(v.ID)+".json")
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		videos[i] = v
	}
	return videos
}

// replica is one more process on the site's store, with a cache of its own.
func (s *site) replica(t *testing.T, flags ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), "videoteca", slices.Concat([]string{"serve", "--listen", "127.0.0.1:0", "--store", s.store, "--cache", t.TempDir(),
		"--audit-pause", "1s", "--lease-term", "4s"}, s.flags, flags)...)
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill() // it may have ended
		_ = c.Wait()
	})
	return c
}

// journaled counts how often each source stands in the parts of the journal.
func journaled(t *testing.T, store *storage.Store) map[archive.SourceKey]int {
	t.Helper()
	count := map[archive.SourceKey]int{}
	for name, err := range store.Journal().Audits(t.Context(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour)) {
		if err != nil {
			t.Fatal(err)
		}
		parts, err := store.Journal().Parts(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range parts {
			observations, err := store.Journal().ReadPart(t.Context(), name, n)
			if err != nil {
				t.Fatal(err)
			}
			for key := range archive.Rounds(observations) {
				if _, isChannel := key.ChannelID(); !isChannel {
					count[key]++
				}
			}
		}
	}
	return count
}

// Three processes share a bucket, and the one that audits is killed in the middle of it.
func TestAnAuditOfManyProcessesJudgesEachObservationOnce(t *testing.T) {
	const sources, removed = 3000, 30
	s := newSiteAside(t)
	s.platform.Many(sources)
	videos := s.shelve(t, sources)
	for i := range removed {
		if err := s.platform.SetState(archivetest.ManyID(i*sources/removed), archivetest.Removed); err != nil {
			t.Fatal(err)
		}
	}
	bucket, err := storage.OpenDirectory(s.store)
	if err != nil {
		t.Fatal(err)
	}
	defer bucket.Close()
	store := storage.NewStore(bucket, storage.StoreOptions{})

	first := s.replica(t)
	wait := func(what string, enough func(map[archive.SourceKey]int) bool) {
		t.Helper()
		for deadline := time.Now().Add(4 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
			if enough(journaled(t, store)) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d of %d sources and %d of %d suspects after four minutes",
					what, len(journaled(t, store)), sources, suspects(t, store, videos), removed)
			}
		}
	}
	wait("the first process", func(count map[archive.SourceKey]int) bool { return len(count) > 0 })
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.replica(t)
	s.replica(t)
	// What the killed process wrote into its journal, and had not judged yet, is judged by the others.
	wait("the others", func(count map[archive.SourceKey]int) bool {
		return len(count) == sources && suspects(t, store, videos) == removed
	})
	time.Sleep(3 * time.Second) // for a turn more, in which nothing is due
	for key, n := range journaled(t, store) {
		if n != 1 {
			t.Fatalf("%s was asked %d times", key, n)
		}
	}
	if n := suspects(t, store, videos); n != removed {
		t.Errorf("%d suspects instead of %d", n, removed)
	}
}

// suspects counts the videos judged to be suspect, all of them by one counted round, and fails where
// another is not as it was registered.
func suspects(t *testing.T, store *storage.Store, videos []archive.Video) int {
	t.Helper()
	n := 0
	for _, v := range videos {
		now, err := store.Video(t.Context(), v.ID)
		if err != nil {
			t.Fatal(err)
		}
		switch standing := now.Sources[0].Standing; {
		case standing.State == archive.Live && now.Revision == 1:
		case standing.State == archive.Suspect && now.Revision == 2 && len(standing.Counted) == 1 && len(standing.Transitions) == 1:
			n++
		default:
			t.Fatalf("revision %d, %+v", now.Revision, standing)
		}
	}
	return n
}
