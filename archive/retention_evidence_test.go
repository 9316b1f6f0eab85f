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
