package archive_test

import (
	"errors"
	"fmt"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

// A pass is killed before its first change, before its second, and so on to its last, and another
// takes over. Nothing may dangle in between, and nothing may be left in the end.
func TestAPassThatIsKilledAnywhereIsCompletedByTheNext(t *testing.T) {
	for name, state := range map[string]archivetest.State{"gone": archivetest.Removed, "there": archivetest.Playable} {
		t.Run(name, func(t *testing.T) {
			for changes := 0; ; changes++ {
				if changes > 60 {
					t.Fatal("a pass makes more changes than it should")
				}
				if survived := killedAfter(t, state, changes); survived {
					if changes < 8 { // event, marker, record; three files; a capture
						t.Errorf("a pass made but %d changes, so this tests little", changes)
					}
					return
				}
			}
		})
	}
}

// killedAfter kills a pass after so many changes and lets another complete it. It reports whether the first
// came to its end.
func killedAfter(t *testing.T, state archivetest.State, changes int) (survived bool) {
	t.Helper()
	v := newVault(t)
	id := v.registered(t).ID
	v.withEvidence(t, id, "youtube.videos.list", "youtube.videos.list")
	if _, err := v.store.Update(t.Context(), id, archive.Cause{Actor: "audit", Verb: "check"}, func(video *archive.Video) error {
		s := &video.Sources[0].Standing
		s.Transitions = s.Transitions[1:] // the other is one of many moves ago
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	files := filesOf(v.captures(t, id)...)
	old := v.captures(t, id)[0].ID
	if err := v.platform.SetState(leavingID, state); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(32 * days)
	videos := collect(t, v.all(t.Context()))
	first := vaultIn(t, v.folder, v.platform, v.now)
	first.bucket.after = changes
	summary, err := first.keeper.Run(t.Context(), archive.RetentionPass{Videos: listOf(videos), Period: thirty})
	if err != nil {
		t.Fatal(err)
	}
	next := vaultIn(t, v.folder, v.platform, v.now)
	if missing := next.dangling(t); len(missing) != 0 {
		t.Fatalf("killed after %d changes; missing are %v", changes, missing)
	}
	next.pass(t, thirty)
	after := next.video(t, id)
	when := fmt.Sprintf("killed after %d changes, then completed", changes)
	if missing := next.dangling(t); len(missing) != 0 {
		t.Errorf("%s: missing are %v", when, missing)
	}
	for _, c := range next.captures(t, id) {
		if c.ID == old {
			t.Errorf("%s: the capture is still there", when)
		}
	}
	if left := next.traces(t, files); state == archivetest.Removed && len(left) != 0 {
		t.Errorf("%s: traces in %v", when, left)
	}
	if d := after.Sources[0].Described; (d != nil) != (state == archivetest.Playable) {
		t.Errorf("%s: described by %+v", when, d)
	}
	if purged := after.Sources[0].Purged; len(purged) != 3 {
		t.Errorf("%s: purged are %+v", when, purged)
	}
	if err := next.store.VerifyEvents(t.Context(), id); err != nil {
		t.Errorf("%s: %v", when, err)
	}
	return summary.Failed == 0
}

func listOf(videos []archive.Video) func(func(archive.Video, error) bool) {
	return func(yield func(archive.Video, error) bool) {
		for _, v := range videos {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func TestPostersThatCannotBeLetGoAreTriedAgain(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	files := filesOf(v.captures(t, id)...)
	if err := v.platform.SetState(leavingID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(31 * days)
	v.posters.failing = errors.New("the disk for posters is read-only")
	summary, err := v.keeper.Run(t.Context(), archive.RetentionPass{Videos: v.all(t.Context()), Period: thirty})
	if err != nil || summary.Failed != 1 {
		t.Fatalf("%+v, %v", summary, err)
	}
	v.posters.failing, v.posters.forgotten = nil, nil
	v.pass(t, archive.Keep) // also where nothing more is to be purged
	if left := v.traces(t, files); len(left) != 0 || len(v.posters.forgotten) == 0 {
		t.Errorf("traces in %v; forgotten are %v", left, v.posters.forgotten)
	}
}
