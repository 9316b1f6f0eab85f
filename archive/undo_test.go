package archive_test

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

// undo takes back the change that made v.
func (d *desk) undo(t *testing.T, v archive.Video, verb string) (archive.Video, error) {
	t.Helper()
	return d.Undo(t.Context(), d.store, v.ID, archive.Undoing{Revision: v.Revision, Verb: verb}, "ana")
}

func asJSON(t *testing.T, v archive.Video) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestChangesAreUndone(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	if _, err := d.AddSource(t.Context(), id, d.platform.URL+"/watch?v="+archivetest.OvalOfficeID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Withdraw(t.Context(), id, archive.Text{"es": "Antes."}, ""); err != nil {
		t.Fatal(err)
	}
	must := func(v archive.Video, err error) archive.Video {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	date, second := "2019-09-25", must(d.store.Video(t.Context(), id)).Sources[1].SourceKey
	for _, tt := range []struct {
		verb   string
		change func() (archive.Video, error)
	}{
		{"describe", func() (archive.Video, error) {
			return d.Describe(t.Context(), id, archive.Words{Title: archive.Text{"es": "Otro"}, EventDate: &date, ContentWarning: archive.Text{"es": "Sangre"}}, "")
		}},
		{"label", func() (archive.Video, error) {
			return d.Label(t.Context(), id, archive.Labels{AddTags: []string{"ONU"}, AddCollections: []string{"Cumbres"}}, "")
		}},
		{"withdraw", func() (archive.Video, error) {
			return d.Withdraw(t.Context(), id, archive.Text{"es": "Ahora.", "en": "Now."}, "")
		}},
		{"publish", func() (archive.Video, error) { return d.Publish(t.Context(), id, "") }},
		{"embargo", func() (archive.Video, error) {
			return d.Embargo(t.Context(), id, time.Now().Add(48*time.Hour), "")
		}},
		{"prefer", func() (archive.Video, error) { return d.Prefer(t.Context(), id, second, "") }},
		{"order", func() (archive.Video, error) { return d.Move(t.Context(), id, second, -1, "") }},
		{"copy", func() (archive.Video, error) { return d.AddCopy(t.Context(), id, upload(mp4File), allowed, "") }},
		{"captions", func() (archive.Video, error) { return d.SetCaptions(t.Context(), id, "es", upload(vttFile), "") }},
		{"poster", func() (archive.Video, error) { return d.SetPoster(t.Context(), id, upload(picture(t, 64, 36)), "") }},
	} {
		before := must(d.store.Video(t.Context(), id))
		changed := must(tt.change())
		if changed.Revision == before.Revision {
			t.Fatalf("%s changed nothing", tt.verb)
		}
		undone := must(d.undo(t, changed, tt.verb))
		if undone.Revision != changed.Revision+1 {
			t.Errorf("%s: undoing is no change of its own", tt.verb)
		}
		undone.Revision, undone.Updated = before.Revision, before.Updated
		if got, want := asJSON(t, undone), asJSON(t, before); got != want {
			t.Errorf("%s is undone to\n%s\nnot\n%s", tt.verb, got, want)
		}
		last := collect(t, d.store.Events(t.Context(), id))
		if e := last[len(last)-1]; e.Verb != "undo" || e.Reason != tt.verb || e.Actor != "ana" {
			t.Errorf("%s: the newest event is %+v", tt.verb, e)
		}
	}
}

func TestUndoingNeverLosesWhatSomebodyDidSince(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	mine, err := d.Describe(t.Context(), id, archive.Words{Title: archive.Text{"es": "El mío"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	other, err := d.Label(t.Context(), id, archive.Labels{AddTags: []string{"ONU"}}, "luis")
	if err != nil {
		t.Fatal(err)
	}
	v, err := d.undo(t, mine, "describe")
	if err != nil || v.Title["es"] != "" || !slices.Equal(v.Tags, []string{"ONU"}) {
		t.Fatalf("another field was changed since: %v %v, %v", v.Title, v.Tags, err)
	}
	later, err := d.Label(t.Context(), id, archive.Labels{AddTags: []string{"2019"}}, "eva")
	if err != nil {
		t.Fatal(err)
	}
	var conflict *archive.ConflictError
	if _, err := d.undo(t, other, "label"); !errors.As(err, &conflict) || conflict.Field != "tags" || conflict.Now.Revision != later.Revision {
		t.Errorf("the same field was changed since: %v", err)
	}
	if now, err := d.store.Video(t.Context(), id); err != nil || now.Revision != later.Revision {
		t.Errorf("it is at revision %d, %v", now.Revision, err)
	}
}

func TestAnOrderIsUndoneOnlyAmongTheSameSources(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	done, err := d.AddSource(t.Context(), id, d.platform.URL+"/watch?v="+archivetest.OvalOfficeID, "")
	if err != nil {
		t.Fatal(err)
	}
	key := done.Video.Sources[1].SourceKey
	moved, err := d.Move(t.Context(), id, key, -1, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Move(t.Context(), id, key, 1, "luis"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.undo(t, moved, "order"); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("somebody has moved it back: %v", err)
	}
}

func TestWhatCannotBeUndoneIsRefused(t *testing.T) {
	d := newDesk(t)
	v := d.register(t, archivetest.NewYorkID).Video
	var field *archive.FieldError
	if _, err := d.undo(t, v, "register"); !errors.As(err, &field) || field.Field != "verb" {
		t.Errorf("registering: %v", err)
	}
	if _, err := d.undo(t, v, "describe"); !errors.As(err, &field) || !errors.Is(err, archive.ErrConflict) {
		t.Errorf("another change than the one named: %v", err)
	}
	if _, err := d.Undo(t.Context(), d.store, v.ID, archive.Undoing{Revision: v.Revision + 5, Verb: "describe"}, ""); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a change that never was: %v", err)
	}
}

// However many undo and change at once, each change is there or was taken back, by events that say so.
func TestEightUndoingAtOnceUndoOnce(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	changed, err := d.Label(t.Context(), id, archive.Labels{AddTags: []string{"ONU"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = d.undo(t, changed, "label") })
	}
	wg.Wait()
	undone := 0
	for _, err := range errs {
		switch {
		case err == nil:
			undone++
		case !errors.Is(err, archive.ErrConflict):
			t.Error(err)
		}
	}
	v, err := d.store.Video(t.Context(), id)
	if err != nil || undone != 1 || v.Revision != changed.Revision+1 || len(v.Tags) != 0 {
		t.Errorf("undone %d times, at revision %d after %d: %v, %v", undone, v.Revision, changed.Revision, v.Tags, err)
	}
}

func TestAWrongFileIsTakenBack(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	v, err := d.AddCopy(t.Context(), id, upload(mp4File), allowed, "")
	if err != nil {
		t.Fatal(err)
	}
	film := v.Copies[0].File
	if _, err := d.SetCaptions(t.Context(), id, "es", upload(vttFile), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SetPoster(t.Context(), id, upload(picture(t, 64, 36)), ""); err != nil {
		t.Fatal(err)
	}
	for name, remove := range map[string]func() (archive.Video, error){
		"copy":     func() (archive.Video, error) { return d.RemoveCopy(t.Context(), id, film.Digest, "ana") },
		"captions": func() (archive.Video, error) { return d.RemoveCaptions(t.Context(), id, "ES", "ana") },
		"poster":   func() (archive.Video, error) { return d.RemovePoster(t.Context(), id, "ana") },
	} {
		removed, err := remove()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := remove(); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("the %s a second time: %v", name, err)
		}
		if v, err = d.undo(t, removed, "remove-"+name); err != nil {
			t.Errorf("putting the %s back: %v", name, err)
		}
	}
	if len(v.Copies) != 1 || len(v.Captions) != 1 || v.Picture == nil {
		t.Errorf("put back: %+v", v)
	}
	if _, err := d.store.File(t.Context(), id, film); err != nil {
		t.Errorf("the file is no longer kept, so it could not be put back: %v", err)
	}
}
