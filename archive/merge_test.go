package archive_test

import (
	"errors"
	"slices"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

// pair registers the video that is to leave as a duplicate, and another.
func (v *vault) pair(t *testing.T) (kept, duplicate archive.VideoID) {
	t.Helper()
	duplicate = v.told(t)
	kept = v.register(t, archivetest.NewYorkID).Video.ID
	if _, err := v.Describe(t.Context(), kept, archive.Words{Title: archive.Text{"en": "Ours"}}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Label(t.Context(), duplicate, archive.Labels{AddTags: []string{"ONU"}}, ""); err != nil {
		t.Fatal(err)
	}
	return kept, duplicate
}

func (v *vault) wantMerged(t *testing.T, when string, kept, duplicate archive.VideoID) {
	t.Helper()
	now, old := v.video(t, kept), v.video(t, duplicate)
	if len(now.Sources) != 2 || now.Source(leavingKey) == nil || !slices.Equal(now.Aliases, []archive.VideoID{duplicate}) {
		t.Errorf("%s: the kept one has %d sources, aliases %v", when, len(now.Sources), now.Aliases)
	}
	if now.Title["en"] != "Ours" || now.Title["es"] != secret || now.Notes != secret || !slices.Equal(now.Tags, []string{"ONU"}) {
		t.Errorf("%s: its words are %v, %q, %q", when, now.Title, now.Notes, now.Tags)
	}
	if old.MergedInto != kept || len(old.Sources) != 0 {
		t.Errorf("%s: the duplicate is %+v", when, old)
	}
	for _, key := range []archive.SourceKey{leavingKey, now.Sources[0].SourceKey} {
		if owner, err := v.store.Claim(t.Context(), key, duplicate); err != nil || owner != kept {
			t.Errorf("%s: %s is claimed for %s, %v", when, key, owner, err)
		}
	}
	if missing := v.dangling(t); len(missing) != 0 {
		t.Errorf("%s: missing are %v", when, missing)
	}
}

func TestMergingMakesOneVideoOfTwo(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.pair(t)
	if _, err := v.Merge(t.Context(), v.store, kept, duplicate, "ana"); err != nil {
		t.Fatal(err)
	}
	v.wantMerged(t, "merged", kept, duplicate)
	if n := len(v.captures(t, kept)); n != 2 {
		t.Errorf("the kept one has %d captures", n)
	}
	revision := v.video(t, kept).Revision
	if _, err := v.Merge(t.Context(), v.store, kept, duplicate, "ana"); err != nil || v.video(t, kept).Revision != revision {
		t.Errorf("merging again: revision %d after %d, %v", v.video(t, kept).Revision, revision, err)
	}
	if again := v.register(t, leavingID); again.New || again.Video.ID != kept {
		t.Errorf("the duplicate's address registers %s (new: %v)", again.Video.ID, again.New)
	}
}

func TestAMergeKilledAnywhereIsCompletedByMergingAgain(t *testing.T) {
	for changes := 0; ; changes++ {
		if changes > 60 {
			t.Fatal("a merge makes more changes than it should")
		}
		v := newVault(t)
		kept, duplicate := v.pair(t)
		first := vaultIn(t, v.folder, v.platform, v.now)
		first.bucket.after = changes
		_, failed := first.Merge(t.Context(), first.store, kept, duplicate, "")
		next := vaultIn(t, v.folder, v.platform, v.now)
		if missing := next.dangling(t); len(missing) != 0 {
			t.Fatalf("killed after %d changes; missing are %v", changes, missing)
		}
		if _, err := next.Merge(t.Context(), next.store, kept, duplicate, ""); err != nil {
			t.Fatalf("killed after %d changes: %v", changes, err)
		}
		next.wantMerged(t, "killed and merged again", kept, duplicate)
		if failed == nil {
			if changes < 8 {
				t.Errorf("a merge made but %d changes, so this tests little", changes)
			}
			return
		}
	}
}

func TestWhatCannotBeMergedIsRefused(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.pair(t)
	var field *archive.FieldError
	if _, err := v.Merge(t.Context(), v.store, kept, kept, ""); !errors.As(err, &field) || field.Field != "duplicate" {
		t.Errorf("with itself: %v", err)
	}
	if _, err := v.Merge(t.Context(), v.store, kept, archive.NewVideoID(), ""); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("with none: %v", err)
	}
	if _, err := v.Withdraw(t.Context(), duplicate, archive.Text{"es": "x"}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Merge(t.Context(), v.store, kept, duplicate, ""); !errors.As(err, &field) || !errors.Is(err, archive.ErrConflict) {
		t.Errorf("with a withdrawn one: %v", err)
	}
	if _, err := v.eraser().Erase(t.Context(), duplicate, "law", "", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Merge(t.Context(), v.store, kept, duplicate, ""); !errors.Is(err, archive.ErrErased) {
		t.Errorf("with an erased one: %v", err)
	}
}

func TestSourcesAreReordered(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.pair(t)
	merged, err := v.Merge(t.Context(), v.store, kept, duplicate, "")
	if err != nil {
		t.Fatal(err)
	}
	first, second := merged.Sources[0].SourceKey, merged.Sources[1].SourceKey
	moved, err := v.Reorder(t.Context(), kept, []archive.SourceKey{second, first}, "")
	if err != nil || moved.Sources[0].SourceKey != second {
		t.Fatalf("%+v, %v", moved.Sources, err)
	}
	var field *archive.FieldError
	for name, order := range map[string][]archive.SourceKey{"none": nil, "one of two": {first}, "one twice": {first, first}, "a stranger": {first, {Platform: "x", ID: "y"}}} {
		if _, err := v.Reorder(t.Context(), kept, order, ""); !errors.As(err, &field) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if moved, err = v.Move(t.Context(), kept, second, 1, ""); err != nil || moved.Sources[0].SourceKey != first {
		t.Errorf("one place down: %+v, %v", moved.Sources, err)
	}
	revision := moved.Revision
	for _, by := range []int{1, 0, 7} {
		if moved, err = v.Move(t.Context(), kept, second, by, ""); err != nil || moved.Revision != revision {
			t.Errorf("by %d at the end: revision %d, %v", by, moved.Revision, err)
		}
	}
	if _, err := v.Move(t.Context(), kept, archive.SourceKey{Platform: "x", ID: "y"}, 1, ""); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
}

func TestADuplicateOfWhichNothingWasSaidIsMergedToo(t *testing.T) {
	v := newVault(t)
	duplicate := v.registered(t).ID
	kept := v.register(t, archivetest.NewYorkID).Video.ID
	if _, err := v.Describe(t.Context(), kept, archive.Words{Title: archive.Text{"en": "Ours"}}, ""); err != nil {
		t.Fatal(err)
	}
	merged, err := v.Merge(t.Context(), v.store, kept, duplicate, "ana")
	if err != nil || merged.Title["en"] != "Ours" || len(merged.Sources) != 2 {
		t.Errorf("%+v, %v", merged, err)
	}
}
