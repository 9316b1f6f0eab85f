package archive_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

func (v *vault) ahead(t *testing.T) []archive.Loss {
	t.Helper()
	return collect(t, v.keeper.Ahead(t.Context(), v.all(t.Context()), thirty, archive.RetentionNotice))
}

func TestAWeekBeforeItIsSaidWhatACardWillLose(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	captured := v.now
	dead := func(t *testing.T) {
		t.Helper()
		if _, err := v.Rule(t.Context(), id, leavingKey, archive.RulesDead, "It says so.", ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		name string
		day  float64
		do   func(t *testing.T)
		want *archive.Loss
	}{
		{"the source is there", 25, func(*testing.T) {}, nil},
		{"it could not be captured anew for half the time there is", 28.6, func(*testing.T) {}, &archive.Loss{Title: leavingTitle, Poster: true}},
		{"the source is gone, and there is time", 22, dead, nil},
		{"the source is gone, a week before", 23.1, dead, &archive.Loss{Title: leavingTitle, Poster: true}},
		{"the title is confirmed", 24, func(t *testing.T) {
			if _, err := v.Describe(t.Context(), id, archive.Words{Title: archive.Text{"en": "Meeting"}}, ""); err != nil {
				t.Fatal(err)
			}
		}, &archive.Loss{Poster: true}},
		{"a poster is uploaded", 24, func(t *testing.T) {
			if _, err := v.SetPoster(t.Context(), id, upload(picture(t, 4, 3)), ""); err != nil {
				t.Fatal(err)
			}
		}, nil},
		{"the title is taken back", 24, func(t *testing.T) {
			if _, err := v.Describe(t.Context(), id, archive.Words{Title: archive.Text{"en": ""}}, ""); err != nil {
				t.Fatal(err)
			}
		}, &archive.Loss{Title: leavingTitle}},
	} {
		v.now = captured.Add(time.Duration(step.day * float64(days)))
		step.do(t)
		got := v.ahead(t)
		if step.want == nil {
			if len(got) != 0 {
				t.Errorf("%s: %+v", step.name, got)
			}
			continue
		}
		step.want.Video, step.want.At = id, captured.Add(30*days)
		if len(got) == 1 {
			step.want.Language = got[0].Language // as the platform tells it
		}
		if len(got) != 1 || got[0] != *step.want {
			t.Errorf("%s: %+v, want %+v", step.name, got, *step.want)
		}
	}
}

func TestWhatAKeylessCaptureStillTellsIsNotLost(t *testing.T) {
	v := newVault(t)
	if err := v.platform.SetFault(archivetest.FaultKeyRefused); err != nil {
		t.Fatal(err)
	}
	id := v.registered(t).ID
	if err := v.platform.SetFault(archivetest.FaultNone); err != nil {
		t.Fatal(err)
	}
	if done, err := v.Refresh(t.Context(), id, leavingKey, true, ""); !done || err != nil {
		t.Fatalf("%v, %v", done, err)
	}
	if _, err := v.Rule(t.Context(), id, leavingKey, archive.RulesDead, "It says so.", ""); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(29 * days)
	before := v.objects(t)
	if got := v.ahead(t); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	if len(v.objects(t)) != len(before) {
		t.Error("looking ahead wrote something")
	}
}

func TestLookingAheadEndsWithItsContextAndItsVideos(t *testing.T) {
	v := newVault(t)
	v.registered(t)
	torn := func(yield func(archive.Video, error) bool) { yield(archive.Video{}, archive.ErrUnavailable) }
	ctx, cancel := cancelled(t)
	defer cancel()
	for name, losses := range map[string]func(func(archive.Loss, error) bool){
		"torn":  v.keeper.Ahead(t.Context(), torn, thirty, archive.RetentionNotice),
		"ended": v.keeper.Ahead(ctx, listOf([]archive.Video{{ID: "7k3mzq9x0abd"}}), thirty, archive.RetentionNotice),
	} {
		var failed error
		for _, err := range losses {
			failed = err
		}
		if !errors.Is(failed, archive.ErrUnavailable) && !errors.Is(failed, context.Canceled) {
			t.Errorf("%s: %v", name, failed)
		}
	}
}

func cancelled(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}
