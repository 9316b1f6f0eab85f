package settings_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/settings"
	"videoteca/storage"
)

// newBook is a book on a real store in a folder, and the store.
func newBook(t testing.TB) (*settings.Book, *storage.Store) {
	t.Helper()
	bucket, err := storage.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	store := storage.NewStore(bucket, storage.StoreOptions{})
	return settings.New(store), store
}

func read(t testing.TB, b *settings.Book, name string) settings.Chosen {
	t.Helper()
	chosen, err := b.Read(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return chosen
}

func change(b *settings.Book, tag, name string, pairs ...string) (settings.Chosen, error) {
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return b.Change(context.Background(), settings.Change{Setting: name, Tag: tag, Values: values, Actor: "ana"})
}

func TestNothingIsChosenAtFirst(t *testing.T) {
	b, _ := newBook(t)
	for _, g := range settings.Groups() {
		if chosen := read(t, b, g.Name); len(chosen.Values) != 0 || chosen.Tag == "" || chosen.Name != g.Name {
			t.Errorf("%+v", chosen)
		}
	}
	if _, err := b.Read(t.Context(), "notices"); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("what nobody may change: %v", err)
	}
}

func TestWhatIsChosenStandsUntilItIsTakenBack(t *testing.T) {
	b, _ := newBook(t)
	chosen, err := change(b, read(t, b, "audit").Tag, "audit", "suspect", " 3h ", "roundsAlone", "4", "guardShare", "0,15")
	if want := map[string]string{"suspect": "3h", "roundsAlone": "4", "guardShare": "0.15"}; err != nil || !maps.Equal(chosen.Values, want) {
		t.Fatalf("%+v, %v", chosen, err)
	}
	if again := read(t, b, "audit"); again.Tag != chosen.Tag || !maps.Equal(again.Values, chosen.Values) {
		t.Errorf("read back %+v", again)
	}
	chosen, err = change(b, chosen.Tag, "audit", "suspect", "")
	if want := map[string]string{"roundsAlone": "4", "guardShare": "0.15"}; err != nil || !maps.Equal(chosen.Values, want) {
		t.Errorf("%+v, %v", chosen, err)
	}
	period, err := change(b, "", "retention", "period", "30d")
	if err != nil || period.Values["period"] != "30d" {
		t.Errorf("%+v, %v", period, err)
	}
	for _, back := range []string{"keep", ""} {
		if period, err = change(b, "", "retention", "period", back); err != nil || len(period.Values) != 0 {
			t.Errorf("%q: %+v, %v", back, period, err)
		}
	}
}

func TestEveryChangeNamesWhoMadeItAndWhatItWas(t *testing.T) {
	b, _ := newBook(t)
	for _, value := range []string{"3h", "4h", "4h", ""} {
		if _, err := change(b, "", "audit", "suspect", value); err != nil {
			t.Fatal(err)
		}
	}
	list, err := b.Changes(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range list {
		got = append(got, fmt.Sprint(c.Setting, " by ", c.Actor, ": ", c.Before, c.After))
	}
	want := []string{"audit by ana: map[suspect:4h] map[]", "audit by ana: map[suspect:3h] map[suspect:4h]", "audit by ana: map[] map[suspect:3h]"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestWhatCannotBeUsedIsRefusedByFieldAndChangesNothing(t *testing.T) {
	b, _ := newBook(t)
	before := read(t, b, "audit")
	for name, tt := range map[string]struct {
		setting string
		pairs   []string
		fields  string
	}{
		"words":                {"audit", []string{"suspect", "often"}, "suspect"},
		"two at once":          {"audit", []string{"suspect", "often", "roundsAlone", "many", "live", "12h"}, "roundsAlone suspect"},
		"an attack":            {"audit", []string{"suspect", "1s"}, "suspect"},
		"a negative span":      {"audit", []string{"gone", "-7d"}, "gone"},
		"no rounds":            {"audit", []string{"roundsAgreed", "0"}, "roundsAgreed"},
		"half a round":         {"audit", []string{"roundsAgreed", "2.5"}, "roundsAgreed"},
		"no number":            {"audit", []string{"guardShare", "NaN"}, "guardShare"},
		"more than everything": {"audit", []string{"guardShare", "2"}, "guardShare"},
		"less than the guard":  {"audit", []string{"guardShare", "0.001"}, "guardShare"},
		"against each other":   {"audit", []string{"roundsAgreed", "5"}, "roundsAlone"},
		"an unknown one":       {"audit", []string{"speed", "9"}, "speed"},
		"of the other setting": {"retention", []string{"live", "12h"}, "live"},
		"no period":            {"retention", []string{"period", "0d"}, "period"},
		"a century and more":   {"retention", []string{"period", "99999d"}, "period"},
	} {
		_, err := change(b, "", tt.setting, tt.pairs...)
		var fields []string
		for _, p := range problems(err) {
			fields = append(fields, p.Field)
			if p.Problem == "" || p.Cure == "" {
				t.Errorf("%s: %+v says not what to do", name, p)
			}
		}
		if got := strings.Join(fields, " "); got != tt.fields {
			t.Errorf("%s: %q, of %v", name, got, err)
		}
	}
	if after := read(t, b, "audit"); after.Tag != before.Tag {
		t.Error("something was written")
	}
}

// problems are the field errors in an error.
func problems(err error) settings.Refused {
	var refused settings.Refused
	errors.As(err, &refused)
	return refused
}

func TestTwoWhoChangeOneSettingNeverLoseAChange(t *testing.T) {
	b, _ := newBook(t)
	seen := read(t, b, "audit").Tag
	if _, err := change(b, seen, "audit", "suspect", "3h"); err != nil {
		t.Fatal(err)
	}
	now, err := change(b, seen, "audit", "suspect", "4h")
	if !errors.Is(err, archive.ErrConflict) || now.Values["suspect"] != "3h" {
		t.Errorf("the second got %+v, %v", now, err)
	}
	if _, err := change(b, now.Tag, "audit", "suspect", "4h"); err != nil {
		t.Errorf("having seen it: %v", err)
	}
	if _, err := change(b, "", "audit", "gone", "14d"); err != nil {
		t.Errorf("whatever stands: %v", err)
	}
	if got := read(t, b, "audit").Values; got["suspect"] != "4h" || got["gone"] != "14d" {
		t.Errorf("%v", got)
	}
}

func TestWhatWasWrittenByHandIsShownAndItsFaultNamed(t *testing.T) {
	b, store := newBook(t)
	if _, err := store.SaveSetting(t.Context(), "audit", "", map[string]any{"live": "1s", "speed": 9}); err != nil {
		t.Fatal(err)
	}
	chosen := read(t, b, "audit")
	if chosen.Values["live"] != "1s" {
		t.Errorf("%+v", chosen)
	}
	if _, err := change(b, "", "audit", "gone", "14d"); len(problems(err)) != 1 || problems(err)[0].Field != "live" {
		t.Errorf("got %v", err)
	}
	if _, err := change(b, "", "audit", "live", "", "gone", "14d"); err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if _, err := store.Setting(t.Context(), "audit", &document); err != nil || fmt.Sprint(document["speed"]) != "9" {
		t.Errorf("the field that is not ours is gone: %v, %v", document, err)
	}
}

func TestTheStandardsAreThemselvesAllowed(t *testing.T) {
	b, _ := newBook(t)
	for _, g := range settings.Groups() {
		values := map[string]string{}
		for _, f := range g.Fields {
			values[f.Name] = f.Standard
			if f.Meaning == "" {
				t.Errorf("nobody learns what %s means", f.Name)
			}
		}
		if _, err := b.Change(t.Context(), settings.Change{Setting: g.Name, Values: values, Actor: "ana"}); err != nil {
			t.Errorf("%s: %v", g.Name, err)
		}
	}
}

// FuzzChange holds reading what people type to two promises: it never panics, and what was taken stands, as
// it can be read, and may be chosen again.
func FuzzChange(f *testing.F) {
	for _, seed := range [][2]string{{"live", "12h"}, {"guardShare", "0,2"}, {"roundsAlone", "3"}, {"gone", "36500d"}, {"live", "1e9h"}, {"guardShare", "1e-2"}, {"x", "\x00"}} {
		f.Add(seed[0], seed[1])
	}
	b, _ := newBook(f)
	f.Fuzz(func(t *testing.T, field, value string) {
		chosen, err := change(b, "", "audit", field, value)
		if err != nil {
			if len(problems(err)) == 0 {
				t.Errorf("%q=%q: %v names no field", field, value, err)
			}
			return
		}
		if _, err := json.Marshal(chosen); err != nil {
			t.Error(err)
		}
		if again, err := change(b, chosen.Tag, "audit", field, chosen.Values[field]); err != nil || again.Values[field] != chosen.Values[field] {
			t.Errorf("%q=%q: %+v, %v", field, value, again, err)
		}
		if _, err := change(b, "", "audit", field, ""); err != nil {
			t.Error(err)
		}
	})
}
