package settings_test

import (
	"context"
	"errors"
	"maps"
	"testing"

	"videoteca/archive"
	"videoteca/internal/settings"
	"videoteca/storage"
)

// busy is a store in which another replica is a little faster, so often.
type busy struct {
	*storage.Store
	t     *testing.T
	times int
	tries int
}

func (b *busy) ChangeSetting(ctx context.Context, name, etag string, value any, actor string) (string, error) {
	b.tries++
	if b.tries <= b.times {
		// Each writes something else, as people do: the same again would be no change.
		if _, err := b.SaveSetting(ctx, name, etag, map[string]any{"roundsAlone": 10 + b.tries}); err != nil {
			b.t.Fatal(err)
		}
	}
	return b.Store.ChangeSetting(ctx, name, etag, value, actor)
}

func newBusy(t *testing.T, times int) (*settings.Book, *busy) {
	t.Helper()
	_, store := newBook(t)
	b := &busy{Store: store, t: t, times: times}
	return settings.New(b), b
}

func TestAChangeOfWhateverStandsStartsOverWhereAnotherWasFaster(t *testing.T) {
	b, store := newBusy(t, 3)
	chosen, err := change(b, "", "audit", "suspect", "3h")
	if want := map[string]string{"suspect": "3h", "roundsAlone": "13"}; err != nil || !maps.Equal(chosen.Values, want) {
		t.Errorf("%+v, %v; the other's change has to stand beside it", chosen, err)
	}
	if store.tries != 4 {
		t.Errorf("%d tries", store.tries)
	}
}

func TestAChangeOfWhatWasSeenDoesNotStartOver(t *testing.T) {
	b, store := newBusy(t, 1)
	seen := read(t, b, "audit")
	if _, err := change(b, seen.Tag, "audit", "suspect", "3h"); !errors.Is(err, archive.ErrConflict) || store.tries != 1 {
		t.Errorf("%v after %d tries", err, store.tries)
	}
	if got := read(t, b, "audit").Values; got["suspect"] != "" || got["roundsAlone"] != "11" {
		t.Errorf("there stands %v", got)
	}
}

func TestWhoNeverWinsIsToldInTheEnd(t *testing.T) {
	b, store := newBusy(t, 1000)
	if _, err := change(b, "", "audit", "suspect", "3h"); !errors.Is(err, archive.ErrConflict) || store.tries < 2 || store.tries > 20 {
		t.Errorf("%v after %d tries", err, store.tries)
	}
}

// away is a store that cannot be reached.
type away struct{}

func (away) Setting(context.Context, string, any) (string, error) {
	return "", archive.ErrUnavailable
}

func (away) ChangeSetting(context.Context, string, string, any, string) (string, error) {
	return "", archive.ErrUnavailable
}

func (away) SettingChanges(context.Context, int) ([]archive.SettingChange, error) {
	return nil, archive.ErrUnavailable
}

func TestAStoreThatIsAwayIsNotTakenForOneInWhichNothingIsChosen(t *testing.T) {
	b := settings.New(away{})
	if chosen, err := b.Read(t.Context(), "audit"); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("reading: %+v, %v", chosen, err)
	}
	if _, err := change(b, "", "audit", "suspect", "3h"); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("changing: %v", err)
	}
	if _, err := b.Changes(t.Context(), 3); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("looking back: %v", err)
	}
}

func TestASettingThatIsNoneIsNotFoundAndNothingIsWritten(t *testing.T) {
	b, store := newBook(t)
	for _, name := range []string{"", "notices", "../audit", "AUDIT"} {
		if _, err := change(b, "", name, "suspect", "3h"); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if list, err := store.SettingChanges(t.Context(), 10); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestAPeriodIsShownOnlyWhereSomebodyChoseOne(t *testing.T) {
	for _, g := range settings.Groups() {
		for _, f := range g.Fields {
			want := "x"
			if got := f.Text("x"); got != want {
				t.Errorf("%s: %q", f.Name, got)
			}
			if got := f.Text(f.Standard); (got == "") != (f.Kind == settings.Period) {
				t.Errorf("the standard of %s is shown as %q", f.Name, got)
			}
		}
	}
}
