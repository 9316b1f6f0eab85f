package storage_test

import (
	"errors"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

func TestBelongingsAreWhatLiesUnderTheVideosPrefixes(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	captured(t, s, v.ID, "first")
	list := all(t, s.Belongings(t.Context(), v.ID, nil))
	kinds := map[string]int{}
	for _, b := range list {
		kind, _, _ := strings.Cut(b.Key, "/")
		kinds[kind]++
		if b.Bytes == 0 || (b.File != "") != (kind == "files") {
			t.Errorf("%+v", b)
		}
	}
	if kinds["files"] != 1 || kinds["captures"] != 1 || kinds["events"] == 0 || len(kinds) != 3 {
		t.Errorf("kinds %v", kinds)
	}
	event := all(t, s.Events(t.Context(), v.ID))[0].ID
	for _, b := range all(t, s.Belongings(t.Context(), v.ID, []string{event})) {
		if strings.Contains(b.Key, event) {
			t.Errorf("an event to be kept is among them: %s", b.Key)
		}
	}
}

func TestOnlyAVideosOwnIsRemoved(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	c := captured(t, s, v.ID, "first")
	for _, key := range []string{"videoteca.json", s.keys(t, "videos/")[0], strings.Replace(s.keys(t, "files/")[0], string(v.ID), string(archive.NewVideoID()), 1)} {
		if err := s.RemoveBelonging(t.Context(), v.ID, archive.Belonging{Key: key}); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("%s: %v", key, err)
		}
	}
	for _, b := range all(t, s.Belongings(t.Context(), v.ID, nil)) {
		for range 2 { // removing is the same however often it happens
			if err := s.RemoveBelonging(t.Context(), v.ID, b); err != nil {
				t.Error(err)
			}
		}
	}
	if left := all(t, s.Belongings(t.Context(), v.ID, nil)); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if _, err := s.File(t.Context(), v.ID, c.Thumbnails[0]); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("its thumbnail: %v", err)
	}
}

func TestAClaimIsReleasedOnceAndOnlyByItsOwner(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	key := youtube("dQw4w9WgXcQ")
	if _, err := s.Claim(t.Context(), key, v.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.ReleaseClaim(t.Context(), archive.NewVideoID(), key.Digest()); err != nil {
		t.Fatal(err)
	}
	if owner, err := s.Claim(t.Context(), key, archive.NewVideoID()); err != nil || owner != v.ID {
		t.Fatalf("another released it: owner %s, %v", owner, err)
	}
	for range 2 {
		if err := s.ReleaseClaim(t.Context(), v.ID, key.Digest()); err != nil {
			t.Fatal(err)
		}
	}
	next := archive.NewVideoID()
	if owner, err := s.Claim(t.Context(), key, next); err != nil || owner != next {
		t.Errorf("after its release the owner is %s, %v", owner, err)
	}
	if err := s.ReleaseClaim(t.Context(), v.ID, "../../videoteca"); !errors.Is(err, storage.ErrBadKey) {
		t.Errorf("no digest: %v", err)
	}
}

func TestATombstoneCarriesNothingOver(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	key := s.keys(t, "videos/")[0]
	s.edit(t, key, `"version": 1,`, `"version": 1, "later": "a field of another program",`)
	_, err := s.Update(t.Context(), v.ID, archive.Cause{Actor: "admin", Verb: archive.VerbErase}, func(v *archive.Video) error {
		v.Visibility.Exposure, v.Sources = archive.Erased, []archive.Source{}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if record := s.read(t, key); strings.Contains(record, "later") {
		t.Errorf("the tombstone is %s", record)
	}
	events := all(t, s.Events(t.Context(), v.ID))
	if last := events[len(events)-1]; last.Verb != archive.VerbErase || last.Before != nil {
		t.Errorf("the event is %+v", last)
	}
}
