package archive_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
)

// toldOfIt is what the newsroom said of it alone.
const toldOfIt = "Lo que sólo se dijo del duplicado"

// doubled is a video with a duplicate merged into it, of which something is told that did not go over.
func (v *vault) doubled(t *testing.T) (kept, duplicate archive.VideoID, files []archive.File) {
	t.Helper()
	kept, duplicate = v.pair(t)
	if _, err := v.Describe(t.Context(), duplicate, archive.Words{Title: archive.Text{"en": toldOfIt}}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := v.AddCopy(t.Context(), duplicate, upload(mp4File), allowed, ""); err != nil {
		t.Fatal(err)
	}
	files = filesOf(v.captures(t, duplicate)...)
	merged, err := v.Merge(t.Context(), v.store, kept, duplicate, "ana")
	if err != nil || len(merged.Copies) != 1 {
		t.Fatalf("%+v, %v", merged.Copies, err)
	}
	return kept, duplicate, append(files, merged.Copies[0].File)
}

// remainsOf is which objects still tell of a video or of the duplicate merged into it, beside their tombstones.
func (v *vault) remainsOf(t *testing.T, kept, duplicate archive.VideoID, files []archive.File) []string {
	t.Helper()
	found := slices.Concat(v.remains(t, kept, files), v.remains(t, duplicate, files))
	for key, data := range contents(t, v.folder) {
		if strings.Contains(string(data), toldOfIt) {
			found = append(found, key)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// wantErased holds a video and its duplicate to be tombstones and nothing else.
func (v *vault) wantErased(t *testing.T, when string, kept, duplicate archive.VideoID, files []archive.File) {
	t.Helper()
	if left := v.remainsOf(t, kept, duplicate, files); len(left) != 0 {
		t.Errorf("%s: left are %v", when, left)
	}
	now, old := v.video(t, kept), v.video(t, duplicate)
	x, of := now.Erasure, old.Erasure
	if x == nil || x.Finished.IsZero() || !slices.Equal(x.Duplicates, []archive.VideoID{duplicate}) || !slices.Equal(now.Aliases, x.Duplicates) {
		t.Fatalf("%s: the tombstone is %+v, %+v", when, now, x)
	}
	if old.Visibility.Exposure != archive.Erased || old.MergedInto != kept || of == nil || of.Basis != x.Basis || of.By != x.By || of.Finished.IsZero() {
		t.Errorf("%s: the duplicate's tombstone is %+v, %+v", when, old, of)
	}
	for _, f := range files {
		if !slices.Contains(x.Files, f.Digest) {
			t.Errorf("%s: the tombstone does not know the digest of %s", when, f.Name())
		}
	}
	for _, id := range []archive.VideoID{kept, duplicate} {
		if err := v.store.VerifyEvents(t.Context(), id); err != nil {
			t.Errorf("%s: the events of %s: %v", when, id, err)
		}
	}
}

func TestErasingAVideoErasesTheDuplicatesMergedIntoIt(t *testing.T) {
	for name, of := range map[string]func(kept, duplicate archive.VideoID) archive.VideoID{
		"by its own id":         func(kept, _ archive.VideoID) archive.VideoID { return kept },
		"by the duplicate's id": func(_, duplicate archive.VideoID) archive.VideoID { return duplicate },
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			kept, duplicate, files := v.doubled(t)
			id := of(kept, duplicate)
			preview, err := v.eraser().Preview(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			for _, prefix := range []string{"files/", "captures/", "events/"} {
				for _, one := range []archive.VideoID{kept, duplicate} {
					if !slices.ContainsFunc(preview, func(b archive.Belonging) bool {
						return strings.HasPrefix(b.Key, prefix) && strings.Contains(b.Key, string(one))
					}) {
						t.Errorf("the preview has nothing of %s in %s", one, prefix)
					}
				}
			}
			erased, err := v.eraser().Erase(archive.Seeing(t.Context(), v.video(t, kept).Revision), id, "law", "", "admin")
			if err != nil || erased.ID != kept || erased.Erasure.Objects < len(preview) {
				t.Fatalf("%s, %+v, %v", erased.ID, erased.Erasure, err)
			}
			v.wantErased(t, "erased", kept, duplicate, files)
			if again := v.register(t, leavingID); !again.New {
				t.Errorf("the source is still claimed for %s", again.Video.ID)
			}
		})
	}
}

func TestAHoldOnEitherBlocksTheErasureOfBoth(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.pair(t)
	for id, reason := range map[archive.VideoID]string{kept: "case 1", duplicate: "case 2"} {
		if _, err := v.Hold(t.Context(), id, reason, "admin"); err != nil {
			t.Fatal(err)
		}
	}
	merged, err := v.Merge(t.Context(), v.store, kept, duplicate, "")
	if err != nil || merged.LegalHold == nil || merged.LegalHold.Reason != "case 1; case 2" {
		t.Fatalf("%+v, %v", merged.LegalHold, err)
	}
	refused := func(when string) {
		t.Helper()
		before := v.objects(t)
		for _, id := range []archive.VideoID{kept, duplicate} {
			var field *archive.FieldError
			if _, err := v.eraser().Erase(t.Context(), id, "law", "", "admin"); !errors.As(err, &field) || field.Field != "hold" {
				t.Errorf("%s: erasing %s: %v", when, id, err)
			}
		}
		if after := v.objects(t); len(after) != len(before) {
			t.Errorf("%s: of %d objects %d are left", when, len(before), len(after))
		}
	}
	refused("both held")
	if _, err := v.store.Update(t.Context(), duplicate, archive.Cause{Actor: "admin", Verb: "hold"}, func(d *archive.Video) error {
		d.LegalHold = &archive.LegalHold{Reason: "case 3", By: "admin", At: v.now} // as an earlier merge left it
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := v.store.Update(t.Context(), kept, archive.Cause{Actor: "admin", Verb: "lift-hold"}, func(k *archive.Video) error {
		k.LegalHold = nil
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	refused("the duplicate's record held")
	if _, err := v.LiftHold(t.Context(), kept, "the judge", "admin"); err != nil {
		t.Fatal(err)
	}
	if _, err := v.eraser().Erase(t.Context(), kept, "law", "", "admin"); err != nil {
		t.Error(err)
	}
}

func TestAnErasureOfAVideoWithADuplicateKilledAnywhereIsCompleted(t *testing.T) {
	for changes := 0; ; changes++ {
		if changes > 120 {
			t.Fatal("an erasure makes more changes than it should")
		}
		v := newVault(t)
		kept, duplicate, files := v.doubled(t)
		first := vaultIn(t, v.folder, v.platform, v.now)
		first.bucket.after = changes
		_, err := first.eraser().Erase(t.Context(), kept, "law", "", "admin")
		next := vaultIn(t, v.folder, v.platform, v.now)
		if failed := next.eraser().Resume(t.Context(), next.all(t.Context())); failed != nil {
			t.Fatal(failed)
		}
		if next.video(t, kept).Visibility.Exposure != archive.Erased { // killed before it began: it is asked for again
			if _, err := next.eraser().Erase(t.Context(), kept, "law", "", "admin"); err != nil {
				t.Fatal(err)
			}
		}
		next.wantErased(t, fmt.Sprintf("killed after %d changes, then resumed", changes), kept, duplicate, files)
		if err == nil && !first.bucket.dead {
			if changes < 16 {
				t.Errorf("an erasure made but %d changes, so this tests little", changes)
			}
			return
		}
	}
}

// A tombstone from before duplicates were erased with their video.
func TestResumeErasesTheDuplicatesOfATombstoneThatNamesNone(t *testing.T) {
	v := newVault(t)
	kept, duplicate, files := v.doubled(t)
	if _, err := v.store.Update(t.Context(), kept, archive.Cause{Actor: "admin", Verb: archive.VerbErase}, func(k *archive.Video) error {
		var claims []string
		for _, s := range k.Sources {
			claims = append(claims, s.Digest())
		}
		*k = archive.Video{
			ID: k.ID, Created: k.Created, Aliases: k.Aliases, Visibility: archive.Visibility{Exposure: archive.Erased}, Sources: []archive.Source{},
			Erasure: &archive.Erasure{Basis: "law", By: "admin", At: v.now, Finished: v.now, Files: digestsOf(files), Claims: claims},
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(30 * days)
	for range 2 {
		if err := v.eraser().Resume(t.Context(), v.all(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	v.wantErased(t, "resumed", kept, duplicate, files)
}

func digestsOf(files []archive.File) []string {
	var list []string
	for _, f := range files {
		list = append(list, f.Digest)
	}
	return list
}

func TestWhatComesLateToADuplicateIsErasedToo(t *testing.T) {
	v := newVault(t)
	kept, duplicate, files := v.doubled(t)
	if _, err := v.eraser().Erase(t.Context(), kept, "law", "", "admin"); err != nil {
		t.Fatal(err)
	}
	if _, err := v.store.SaveFile(t.Context(), duplicate, archive.File{Extension: "txt"}, []byte(toldOfIt)); err != nil {
		t.Fatal(err)
	}
	if err := v.eraser().Resume(t.Context(), v.all(t.Context())); err != nil {
		t.Fatal(err)
	}
	v.wantErased(t, "an hour later", kept, duplicate, files)
}
