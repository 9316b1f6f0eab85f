package archive_test

import (
	"errors"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

func TestAVideoIsWithdrawnWithAWordToReadersAndPublishedAgain(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	v, err := d.Withdraw(t.Context(), id, archive.Text{"es": " A petición de la familia. ", "en": ""}, "ana")
	if err != nil || v.Visibility.Exposure != archive.Withdrawn || v.Explanation["es"] != "A petición de la familia." {
		t.Fatalf("%+v %v, %v", v.Visibility, v.Explanation, err)
	}
	if len(v.Sources) != 1 {
		t.Error("withdrawing must keep everything")
	}
	v, err = d.Publish(t.Context(), id, "ana")
	if err != nil || v.Visibility.Exposure != archive.Public || len(v.Explanation) != 1 {
		t.Errorf("published again: %+v %v, %v", v.Visibility, v.Explanation, err)
	}
	var verbs []string
	for _, e := range collect(t, d.store.Events(t.Context(), id)) {
		if e.Actor == "ana" {
			verbs = append(verbs, e.Verb)
		}
	}
	if len(verbs) != 2 || verbs[0] != "withdraw" || verbs[1] != "publish" {
		t.Errorf("events of %v", verbs)
	}
}

func TestAnEmbargoEndsByItself(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	until := time.Now().Add(48 * time.Hour)
	v, err := d.Embargo(t.Context(), id, until, "")
	if err != nil || !v.Visibility.Hidden(time.Now()) || v.Visibility.Hidden(until.Add(time.Second)) {
		t.Fatalf("%+v, %v", v.Visibility, err)
	}
}

func TestTakingDownRefusesWhatMakesNoSense(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	for name, tt := range map[string]struct {
		field string
		try   func() error
	}{
		"withdrawing without a word": {"explanation", func() error { _, err := d.Withdraw(t.Context(), id, archive.Text{"es": "  "}, ""); return err }},
		"a word in no language": {"explanation", func() error {
			_, err := d.Withdraw(t.Context(), id, archive.Text{"español!": "x"}, "")
			return err
		}},
		"an embargo of yesterday":  {"until", func() error { _, err := d.Embargo(t.Context(), id, time.Now().Add(-time.Hour), ""); return err }},
		"an embargo without end":   {"until", func() error { _, err := d.Embargo(t.Context(), id, time.Time{}, ""); return err }},
		"a hold without a reason":  {"reason", func() error { _, err := d.Hold(t.Context(), id, " ", ""); return err }},
		"lifting without a reason": {"reason", func() error { _, err := d.LiftHold(t.Context(), id, "", ""); return err }},
	} {
		var field *archive.FieldError
		if err := tt.try(); !errors.As(err, &field) || field.Field != tt.field || field.Cure == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	v, err := d.store.Video(t.Context(), id)
	if err != nil || v.Visibility != (archive.Visibility{}) || v.LegalHold != nil {
		t.Errorf("what was refused left %+v, %+v, %v", v.Visibility, v.LegalHold, err)
	}
}

func TestAHoldNamesWhoAndWhy(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	v, err := d.Hold(t.Context(), id, "case 12-2025", "luis")
	if err != nil || v.LegalHold == nil || v.LegalHold.By != "luis" || v.LegalHold.Reason != "case 12-2025" || v.LegalHold.At.IsZero() {
		t.Fatalf("%+v, %v", v.LegalHold, err)
	}
	if v, err = d.LiftHold(t.Context(), id, "the court agreed", "luis"); err != nil || v.LegalHold != nil {
		t.Errorf("lifted: %+v, %v", v.LegalHold, err)
	}
}
