package storage_test

import (
	"context"
	"strings"
	"testing"

	"videoteca/archive"
)

func TestBelongingsAreCopiedToAnotherVideo(t *testing.T) {
	s := newStage(t)
	from := s.registered(t)
	c := captured(t, s, from.ID, "first")
	to := archive.NewVideoID()
	for range 2 { // it may be done again
		if err := s.CopyBelongings(t.Context(), from.ID, to); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := s.File(t.Context(), to, c.Thumbnails[0]); err != nil || string(data) != "a picture of first" {
		t.Errorf("%q, %v", data, err)
	}
	copies := all(t, s.Captures(t.Context(), to))
	if len(copies) != 1 || copies[0].ID != c.ID || copies[0].Video != to || copies[0].Fields.Title != "first" {
		t.Errorf("%+v", copies)
	}
	if left := all(t, s.Captures(t.Context(), from.ID)); len(left) != 1 || left[0].Video != from.ID {
		t.Errorf("the first has %+v", left)
	}
}

// A copy may have gigabytes, and a merge may start over.
func TestWhatWasCopiedIsNotCopiedAgain(t *testing.T) {
	s := newStage(t)
	from := s.registered(t)
	captured(t, s, from.ID, "first")
	to := archive.NewVideoID()
	if err := s.CopyBelongings(t.Context(), from.ID, to); err != nil {
		t.Fatal(err)
	}
	s.bucket.set(func(b *troubled) {
		b.before = func(_ context.Context, key string) error {
			if strings.HasPrefix(key, "files/") {
				t.Errorf("%s is put again", key)
			}
			return nil
		}
	})
	if err := s.CopyBelongings(t.Context(), from.ID, to); err != nil {
		t.Error(err)
	}
}

func TestAClaimIsMovedFromItsOwnerAlone(t *testing.T) {
	s := newStage(t)
	key := youtube("dQw4w9WgXcQ")
	from, to, stranger := archive.NewVideoID(), archive.NewVideoID(), archive.NewVideoID()
	if err := s.MoveClaim(t.Context(), key, from, to); err != nil {
		t.Fatalf("of a source that nobody owns: %v", err)
	}
	if _, err := s.Claim(t.Context(), key, from); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ from, to, want archive.VideoID }{{stranger, to, from}, {from, to, to}, {from, stranger, to}} {
		if err := s.MoveClaim(t.Context(), key, step.from, step.to); err != nil {
			t.Fatal(err)
		}
		if owner, err := s.Claim(t.Context(), key, stranger); err != nil || owner != step.want {
			t.Errorf("moved from %s to %s: the owner is %s, %v", step.from, step.to, owner, err)
		}
	}
}
