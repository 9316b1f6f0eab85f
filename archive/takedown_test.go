package archive_test

import (
	"context"
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

// decisions are the ways to decide about showing and keeping a video, by name.
func (v *vault) decisions() map[string]func(context.Context, archive.VideoID) error {
	drop := func(_ any, err error) error { return err }
	return map[string]func(context.Context, archive.VideoID) error{
		"withdrawing": func(ctx context.Context, id archive.VideoID) error {
			return drop(v.Withdraw(ctx, id, archive.Text{"es": "Por otra razón."}, "luis"))
		},
		"an embargo": func(ctx context.Context, id archive.VideoID) error {
			return drop(v.Embargo(ctx, id, time.Now().Add(24*time.Hour), "luis"))
		},
		"publishing": func(ctx context.Context, id archive.VideoID) error { return drop(v.Publish(ctx, id, "luis")) },
		"a hold":     func(ctx context.Context, id archive.VideoID) error { return drop(v.Hold(ctx, id, "case 13", "luis")) },
		"erasing": func(ctx context.Context, id archive.VideoID) error {
			return drop(v.eraser().Erase(ctx, id, "GDPR", "", "luis"))
		},
	}
}

func TestADecisionThatOthersMadeMeanwhileIsNotUndoneUnseen(t *testing.T) {
	v := newVault(t)
	id := v.register(t, archivetest.NewYorkID).Video.ID
	seen := v.video(t, id)
	if _, err := v.Withdraw(t.Context(), id, archive.Text{"es": "A petición de la familia."}, "ana"); err != nil {
		t.Fatal(err)
	}
	for name, decide := range v.decisions() {
		var conflict *archive.ConflictError
		if err := decide(archive.SeeingTakedown(t.Context(), seen.TakedownTag()), id); !errors.As(err, &conflict) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if now := conflict.Now; now.Visibility.Exposure != archive.Withdrawn || now.Explanation["es"] != "A petición de la familia." {
			t.Errorf("%s: the conflict tells of %+v %v", name, now.Visibility, now.Explanation)
		}
		if now := v.video(t, id); now.Visibility.Exposure != archive.Withdrawn || now.LegalHold != nil {
			t.Errorf("%s: it was done all the same: %+v", name, now.Visibility)
		}
	}
}

func TestADecisionGoesAheadWhateverElseOfTheRecordHasChanged(t *testing.T) {
	for name := range newVault(t).decisions() {
		v := newVault(t)
		id := v.register(t, archivetest.NewYorkID).Video.ID
		if _, err := v.Withdraw(t.Context(), id, archive.Text{"es": "x", "pt": "y"}, "ana"); err != nil {
			t.Fatal(err)
		}
		seen := v.video(t, id)
		if _, err := v.Describe(t.Context(), id, archive.Words{Title: archive.Text{"es": "Otro"}}, "ana"); err != nil {
			t.Fatal(err)
		}
		if err := v.decisions()[name](archive.SeeingTakedown(t.Context(), seen.TakedownTag()), id); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if now := v.video(t, id); now.TakedownTag() == seen.TakedownTag() {
			t.Errorf("%s: nothing was decided", name)
		}
	}
}

func TestToDecideWhatOthersDecidedAlreadyIsNoConflict(t *testing.T) {
	v := newVault(t)
	id := v.register(t, archivetest.NewYorkID).Video.ID
	seen := v.video(t, id)
	ctx := archive.SeeingTakedown(t.Context(), seen.TakedownTag())
	for range 2 {
		if _, err := v.Withdraw(ctx, id, archive.Text{"es": "x"}, "ana"); err != nil {
			t.Error(err)
		}
	}
	withdrawn := v.video(t, id)
	if withdrawn.Revision != seen.Revision+1 {
		t.Errorf("from revision %d to %d", seen.Revision, withdrawn.Revision)
	}
	ctx = archive.SeeingTakedown(t.Context(), withdrawn.TakedownTag())
	for range 2 {
		if _, err := v.Hold(ctx, id, "case 12", "ana"); err != nil {
			t.Error(err)
		}
	}
	if _, err := v.Hold(ctx, id, "case 12", "luis"); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("somebody else's hold: %v", err)
	}
}

func TestWithoutATagAnyDecisionWillDo(t *testing.T) {
	v := newVault(t)
	id := v.register(t, archivetest.NewYorkID).Video.ID
	if _, err := v.Withdraw(archive.SeeingTakedown(t.Context(), ""), id, archive.Text{"es": "x"}, ""); err != nil {
		t.Error(err)
	}
}
