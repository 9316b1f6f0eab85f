package archive_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

// withEvidence gives the source a transition a day, each with an answer of a method kept as evidence.
func (v *vault) withEvidence(t *testing.T, id archive.VideoID, methods ...string) []archive.File {
	t.Helper()
	var files []archive.File
	var moves []archive.Transition
	for i, method := range methods {
		f, err := v.store.SaveFile(t.Context(), id, archive.File{Extension: "json", Type: "application/json", Label: method}, []byte(leavingTitle+" said "+method+strings.Repeat(".", i)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
		moves = append(moves, archive.Transition{At: v.now.Add(time.Duration(i) * days), From: archive.Live, To: archive.Suspect, Evidence: []archive.File{f}})
	}
	_, err := v.store.Update(t.Context(), id, archive.Cause{Actor: "audit", Verb: "check"}, func(video *archive.Video) error {
		video.Sources[0].Standing.Transitions = moves
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestKeyedAnswersKeptAsEvidenceGoAndTheirDigestsStay(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	files := v.withEvidence(t, id, youtube.MethodList, youtube.MethodOEmbed, youtube.MethodList)
	v.now = v.now.Add(31 * days) // the third answer is of two days later
	before := v.video(t, id).Sources[0].Standing
	if s := v.pass(t, thirty); s.Answers != 1 {
		t.Errorf("the summary is %+v", s)
	}
	for i, stays := range []bool{false, true, true} {
		if _, err := v.store.File(t.Context(), id, files[i]); (err == nil) != stays || err != nil && !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("answer %d: %v", i, err)
		}
	}
	s := v.video(t, id).Sources[0]
	if len(s.Standing.Transitions) != len(before.Transitions) || s.Standing.Transitions[0].Evidence[0] != files[0] {
		t.Errorf("the standing says %+v", s.Standing.Transitions)
	}
	if !slices.ContainsFunc(s.Purged, func(p archive.Purge) bool {
		return p.Capture == "" && p.Digest == files[0].Digest && !p.Captured.IsZero()
	}) {
		t.Errorf("purged are %+v", s.Purged)
	}
	if s := v.pass(t, thirty); s.Answers != 0 || len(s.Changes) != 0 {
		t.Errorf("and again: %+v", s)
	}
}

// What a registration was judged by is in its capture too, under one digest.
func TestAnAnswerThatACaptureHasTooIsRemovedAndCountedOnce(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	raw := v.captures(t, id)[0].Raw[0]
	raw.Label = youtube.MethodList
	if _, err := v.store.Update(t.Context(), id, archive.Cause{Actor: "audit", Verb: "check"}, func(video *archive.Video) error {
		s := &video.Sources[0].Standing
		s.Transitions[0].Evidence = []archive.File{raw}
		s.State = archive.Gone // so that it is not captured anew
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	before := v.files(t, id)
	v.now = v.now.Add(31 * days)
	s := v.pass(t, thirty)
	if after := v.files(t, id); s.Answers != 1 || s.Captures != 1 || s.Files != before-after || s.Files == 0 {
		t.Errorf("%+v, and of %d files %d are left", s, before, after)
	}
	if _, err := v.store.File(t.Context(), id, raw); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("the answer is still there: %v", err)
	}
}

// files is how many the video has in the bucket.
func (v *vault) files(t *testing.T, id archive.VideoID) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(v.folder, "files", "*", string(id), "*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

func TestAnAnswerThatServesTwoFindingsGoesWithTheYounger(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	f := v.withEvidence(t, id, youtube.MethodList)[0]
	_, err := v.store.Update(t.Context(), id, archive.Cause{Actor: "audit", Verb: "check"}, func(video *archive.Video) error {
		s := &video.Sources[0].Standing
		s.Transitions = append(s.Transitions, archive.Transition{At: v.now.Add(5 * days), From: archive.Suspect, To: archive.Gone, Evidence: []archive.File{f}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	start := v.now
	for _, tt := range []struct{ day, answers int }{{31, 0}, {36, 1}, {37, 0}} {
		v.now = start.Add(time.Duration(tt.day) * days)
		if s := v.pass(t, thirty); s.Answers != tt.answers {
			t.Errorf("on day %d: %+v", tt.day, s)
		}
		if _, err := v.store.File(t.Context(), id, f); (err == nil) != (tt.day < 36) {
			t.Errorf("on day %d: %v", tt.day, err)
		}
	}
}

// forgets lets the record name other evidence than it did, as moves beyond the newest ones and a revival
// of what was held do.
func (v *vault) forgets(t *testing.T, id archive.VideoID) {
	t.Helper()
	if _, err := v.store.Update(t.Context(), id, archive.Cause{Actor: "audit", Verb: "check"}, func(video *archive.Video) error {
		s := &video.Sources[0].Standing
		s.Transitions, s.Held = []archive.Transition{{At: v.now, From: archive.Suspect, To: archive.Live}}, nil
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestKeyedAnswersThatTheRecordNamesNoMoreGoTooAndTheirDigestsStay(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	moved := v.withEvidence(t, id, youtube.MethodList, youtube.MethodOEmbed)
	held, err := v.store.SaveFile(t.Context(), id, archive.File{Extension: "json", Type: "application/json", Label: youtube.MethodList}, []byte(leavingTitle+" is held"))
	if err != nil {
		t.Fatal(err)
	}
	start := v.now
	if _, err := v.store.Update(t.Context(), id, archive.Cause{Actor: "audit", Verb: "check"}, func(video *archive.Video) error {
		video.Sources[0].Standing.Held = []archive.Hold{{Count: archive.Count{At: start.Add(5 * days)}, Evidence: []archive.File{held}}}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	v.forgets(t, id)
	lies := func(f archive.File) bool {
		_, err := v.store.File(t.Context(), id, f)
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			t.Fatal(err)
		}
		return err == nil
	}
	for _, tt := range []struct {
		day, answers      int
		movesLie, heldLie bool
	}{{29, 0, true, true}, {31, 1, false, true}, {34, 0, false, true}, {36, 1, false, false}, {37, 0, false, false}} {
		v.now = start.Add(time.Duration(tt.day) * days)
		if s := v.pass(t, thirty); s.Answers != tt.answers || lies(moved[0]) != tt.movesLie || lies(held) != tt.heldLie {
			t.Errorf("on day %d: %+v, of a move it lies there: %t, of what was held: %t", tt.day, s, lies(moved[0]), lies(held))
		}
	}
	if !lies(moved[1]) {
		t.Error("what came without a key is gone too")
	}
	for _, f := range []archive.File{moved[0], held} {
		if !slices.ContainsFunc(v.video(t, id).Sources[0].Purged, func(p archive.Purge) bool {
			return p.Digest == f.Digest && p.Capture == "" && !p.Captured.IsZero()
		}) {
			t.Errorf("%s is not among the purged", f.Name())
		}
	}
}

// The API's answer about a video that is not there is the same to the byte each time.
func TestAnAnswerThatCameAgainAfterItWasPurgedGoesAgain(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	start := v.now
	for round := range 2 {
		v.now = start.Add(time.Duration(round) * 40 * days)
		f := v.withEvidence(t, id, youtube.MethodList)[0]
		v.now = v.now.Add(31 * days)
		if s := v.pass(t, thirty); s.Answers != 1 {
			t.Errorf("round %d: %+v", round, s)
		}
		if _, err := v.store.File(t.Context(), id, f); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("round %d: %v", round, err)
		}
	}
}
