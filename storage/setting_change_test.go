package storage_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

func changed(t *testing.T, s *stage, etag string, value any, actor string) string {
	t.Helper()
	fresh, err := s.ChangeSetting(t.Context(), "thresholds", etag, value, actor)
	if err != nil {
		t.Fatal(err)
	}
	return fresh
}

func settingChanges(t *testing.T, s *stage, n int) []archive.SettingChange {
	t.Helper()
	list, err := s.SettingChanges(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAChangeOfASettingIsRecordedWithItsFieldsBeforeAndAfter(t *testing.T) {
	s := newStage(t)
	guard := 0.2
	etag := changed(t, s, "", limits{GoneAfter: 2, Guard: &guard}, "ana")
	changed(t, s, etag, limits{GoneAfter: 3, Guard: &guard}, "luis")
	list := settingChanges(t, s, 10)
	if len(list) != 2 {
		t.Fatalf("%+v", list)
	}
	for i, want := range []struct{ actor, before, after string }{{"luis", "map[goneAfter:2]", "map[goneAfter:3]"}, {"ana", "map[]", "map[goneAfter:2 guard:0.2]"}} {
		got := list[i]
		if got.Actor != want.actor || got.Setting != "thresholds" || got.At.IsZero() || fmt.Sprint(got.Before) != want.before || fmt.Sprint(got.After) != want.after {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if got := settingChanges(t, s, 1); len(got) != 1 || got[0].Actor != "luis" {
		t.Errorf("the newest is %+v", got)
	}
}

func TestWhatStandsAlreadyIsNoChange(t *testing.T) {
	s := newStage(t)
	etag := changed(t, s, "", limits{GoneAfter: 2}, "ana")
	if again := changed(t, s, etag, limits{GoneAfter: 2}, "luis"); again != etag {
		t.Error("it was written again")
	}
	if got := settingChanges(t, s, 10); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestAChangeThatLostItsRaceIsNotAmongThoseThatCame(t *testing.T) {
	s := newStage(t)
	etag := changed(t, s, "", limits{GoneAfter: 2}, "ana")
	lost := make(chan error, 1)
	s.bucket.set(func(b *troubled) {
		b.before = func(ctx context.Context, key string) error { // between the event and the write, somebody else saves
			if key != settingKey {
				return nil
			}
			s.bucket.set(func(b *troubled) { b.before = nil })
			_, err := s.SaveSetting(ctx, "thresholds", etag, limits{GoneAfter: 9})
			lost <- err
			return nil
		}
	})
	_, err := s.ChangeSetting(t.Context(), "thresholds", etag, limits{GoneAfter: 3}, "luis")
	if !errors.Is(err, archive.ErrConflict) {
		t.Fatalf("the second got %v", err)
	}
	if err := <-lost; err != nil {
		t.Fatal(err)
	}
	if n := len(s.keys(t, "settings/events/")); n != 2 {
		t.Errorf("%d events are kept", n)
	}
	if got := settingChanges(t, s, 10); len(got) != 1 || got[0].Actor != "ana" {
		t.Errorf("those that came: %+v", got)
	}
}

func TestASettingNamesItsNewestSixteenWritesAndKeepsWhatOthersAdded(t *testing.T) {
	s := newStage(t)
	etag := ""
	for i := range 20 {
		etag = changed(t, s, etag, limits{GoneAfter: 2 + i}, "ana")
	}
	s.edit(t, settingKey, `"goneAfter"`, `"why": "the outage of May", "goneAfter"`)
	etag, err := s.Setting(t.Context(), "thresholds", &limits{})
	if err != nil {
		t.Fatal(err)
	}
	etag = changed(t, s, etag, limits{GoneAfter: 50}, "ana")
	saved(t, s, etag, limits{GoneAfter: 51}) // by what records nothing
	var document struct {
		Writes []string
		Why    string
	}
	if err := json.Unmarshal([]byte(s.read(t, settingKey)), &document); err != nil || len(document.Writes) != 16 || document.Why == "" {
		t.Errorf("%+v, %v", document, err)
	}
	if got := settingChanges(t, s, 100); len(got) != 21 {
		t.Errorf("%d changes are told", len(got))
	}
}

func TestNoChangeStandsWithoutItsEvent(t *testing.T) {
	s := newStage(t)
	s.bucket.set(func(b *troubled) {
		b.before = func(_ context.Context, key string) error {
			if strings.HasPrefix(key, "settings/events/") {
				return errCut
			}
			return nil
		}
	})
	if _, err := s.ChangeSetting(t.Context(), "thresholds", "", limits{GoneAfter: 2}, "ana"); err == nil {
		t.Error("the change was made")
	}
	s.bucket.set(func(b *troubled) { b.before = nil })
	if keys := s.keys(t, "settings/"); len(keys) != 0 {
		t.Errorf("there is %v", keys)
	}
}

func TestAChangeThatCannotBeMadeSaysWhy(t *testing.T) {
	s := newStage(t)
	if _, err := s.ChangeSetting(t.Context(), "Big Words", "", limits{}, "ana"); !errors.Is(err, storage.ErrBadKey) {
		t.Errorf("a bad name: %v", err)
	}
	if _, err := s.ChangeSetting(t.Context(), "thresholds", "nobody's", limits{}, "ana"); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("an ETag of nothing: %v", err)
	}
	changed(t, s, "", limits{GoneAfter: 2}, "ana")
	s.edit(t, s.keys(t, "settings/events/")[0], "{", "[")
	if _, err := s.SettingChanges(t.Context(), 1); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("a damaged event: %v", err)
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	if _, err := s.SettingChanges(t.Context(), 1); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("without a store: %v", err)
	}
}
