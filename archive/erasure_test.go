package archive_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

// secret is what the newsroom itself said of the video.
const secret = "Palabras propias que han de irse"

func (v *vault) eraser() *archive.Eraser {
	return archive.NewEraser(archive.EraserOptions{Store: v.store, Attic: v.store, Posters: v.posters, Now: func() time.Time { return v.now }})
}

// told registers the video that is to leave and says something of it.
func (v *vault) told(t *testing.T) archive.VideoID {
	t.Helper()
	id := v.registered(t).ID
	note := secret
	if _, err := v.Describe(t.Context(), id, archive.Words{Title: archive.Text{"es": secret}, Notes: &note}, "ana"); err != nil {
		t.Fatal(err)
	}
	return id
}

// remains is which objects still tell of the video, beside its tombstone.
func (v *vault) remains(t *testing.T, id archive.VideoID, files []archive.File) []string {
	t.Helper()
	found := v.traces(t, files)
	for key, data := range contents(t, v.folder) {
		if strings.Contains(string(data), secret) || strings.Contains(string(data), leavingID) {
			found = append(found, key)
		}
		if (strings.HasPrefix(key, "files/") || strings.HasPrefix(key, "captures/")) && strings.Contains(key, string(id)) {
			found = append(found, key)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestErasingLeavesATombstoneAndNothingElse(t *testing.T) {
	v := newVault(t)
	id := v.told(t)
	files := filesOf(v.captures(t, id)...)
	preview, err := v.eraser().Preview(t.Context(), id)
	if err != nil || len(preview) < len(files)+2 {
		t.Fatalf("a preview of %d objects for %d files, %v", len(preview), len(files), err)
	}
	erased, err := v.eraser().Erase(t.Context(), id, "GDPR Art. 17(1)(d)", "asked by letter", "admin")
	if err != nil {
		t.Fatal(err)
	}
	x := erased.Erasure
	if erased.Visibility.Exposure != archive.Erased || x == nil || x.By != "admin" || x.Finished.IsZero() || x.Objects < len(preview) || x.Bytes == 0 {
		t.Fatalf("%+v, %+v", erased.Visibility, x)
	}
	for _, f := range files {
		if !slices.Contains(x.Files, f.Digest) {
			t.Errorf("the tombstone does not know the digest of %s", f.Name())
		}
	}
	if left := v.remains(t, id, files); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
	if len(v.posters.forgotten) == 0 {
		t.Error("posters were not forgotten")
	}
	if err := v.store.VerifyEvents(t.Context(), id); err != nil {
		t.Errorf("the tombstone's events: %v", err)
	}
}

func TestAnErasedVideoIsNotChangedAndItsSourceIsFree(t *testing.T) {
	v := newVault(t)
	id := v.told(t)
	if _, err := v.eraser().Erase(t.Context(), id, "law", "", "admin"); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() error{
		"describing": func() error {
			_, err := v.Describe(t.Context(), id, archive.Words{Title: archive.Text{"es": "x"}}, "")
			return err
		},
		"publishing":  func() error { _, err := v.Publish(t.Context(), id, ""); return err },
		"withdrawing": func() error { _, err := v.Withdraw(t.Context(), id, archive.Text{"es": "x"}, ""); return err },
	} {
		if err := try(); !errors.Is(err, archive.ErrErased) {
			t.Errorf("%s: %v", name, err)
		}
	}
	again := v.register(t, leavingID)
	if !again.New || again.Video.ID == id {
		t.Errorf("registered anew as %s (new: %v)", again.Video.ID, again.New)
	}
}

func TestALegalHoldBlocksErasure(t *testing.T) {
	v := newVault(t)
	id := v.told(t)
	if _, err := v.Hold(t.Context(), id, "case 12-2025", "admin"); err != nil {
		t.Fatal(err)
	}
	before := v.objects(t)
	var field *archive.FieldError
	if _, err := v.eraser().Erase(t.Context(), id, "law", "", "admin"); !errors.As(err, &field) || field.Field != "hold" || !errors.Is(err, archive.ErrConflict) {
		t.Fatalf("got %v", err)
	}
	if after := v.objects(t); len(after) != len(before) {
		t.Errorf("a refused erasure made %d objects of %d", len(after), len(before))
	}
	if _, err := v.eraser().Erase(t.Context(), id, "  ", "", "admin"); !errors.As(err, &field) || field.Field != "basis" {
		t.Errorf("without a basis: %v", err)
	}
}

// The process is killed before the erasure's first change, before its second, and so on; another resumes.
func TestAnErasureKilledAnywhereIsCompleted(t *testing.T) {
	for changes := 0; ; changes++ {
		if changes > 60 {
			t.Fatal("an erasure makes more changes than it should")
		}
		v := newVault(t)
		id := v.told(t)
		files := filesOf(v.captures(t, id)...)
		first := vaultIn(t, v.folder, v.platform, v.now)
		first.bucket.after = changes
		_, err := first.eraser().Erase(t.Context(), id, "law", "", "admin")
		next := vaultIn(t, v.folder, v.platform, v.now)
		if err := next.eraser().Resume(t.Context(), next.all(t.Context())); err != nil {
			t.Fatal(err)
		}
		now := next.video(t, id)
		if now.Visibility.Exposure != archive.Erased { // killed before it began: it is asked for again
			if now, err = next.eraser().Erase(t.Context(), id, "law", "", "admin"); err != nil {
				t.Fatal(err)
			}
		}
		if left := next.remains(t, id, files); len(left) != 0 || now.Erasure.Finished.IsZero() {
			t.Errorf("killed after %d changes, then resumed: left are %v, finished %v", changes, left, now.Erasure.Finished)
		}
		if err == nil && !first.bucket.dead {
			if changes < 8 {
				t.Errorf("an erasure made but %d changes, so this tests little", changes)
			}
			return
		}
	}
}

func TestResumeLooksAfterWhatCameLate(t *testing.T) {
	v := newVault(t)
	id := v.told(t)
	if _, err := v.eraser().Erase(t.Context(), id, "law", "", "admin"); err != nil {
		t.Fatal(err)
	}
	late := func() {
		t.Helper()
		if _, err := v.store.SaveFile(t.Context(), id, archive.File{Extension: "txt"}, []byte(secret)); err != nil {
			t.Fatal(err)
		}
		if err := v.eraser().Resume(t.Context(), v.all(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	v.now = v.now.Add(time.Hour)
	late()
	if left := v.remains(t, id, nil); len(left) != 0 {
		t.Errorf("an hour later, left are %v", left)
	}
	revision := v.video(t, id).Revision
	if err := v.eraser().Resume(t.Context(), v.all(t.Context())); err != nil || v.video(t, id).Revision != revision {
		t.Errorf("resuming what is complete wrote again: %v", err)
	}
	v.now = v.now.Add(48 * time.Hour)
	late()
	if left := v.remains(t, id, nil); len(left) != 1 {
		t.Errorf("a settled tombstone was looked through again: %v", left)
	}
}

func TestAClaimTakenOverIsNotReleased(t *testing.T) {
	v := newVault(t)
	id := v.told(t)
	other := v.register(t, archivetest.NewYorkID).Video
	if err := v.store.ReleaseClaim(t.Context(), id, other.Sources[0].Digest()); err != nil {
		t.Fatal(err)
	}
	if owner, err := v.store.Claim(t.Context(), other.Sources[0].SourceKey, id); err != nil || owner != other.ID {
		t.Errorf("the claim is now of %s, %v", owner, err)
	}
}
