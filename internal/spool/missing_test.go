package spool

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func TestAnUploadWhoseBytesAreGoneIsNone(t *testing.T) {
	s, _ := openWith(t, Options{})
	id := begin(t, s, "ana", 4)
	if err := os.Remove(s.path(id, dataFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Look(id); !errors.Is(err, ErrNoUpload) {
		t.Errorf("looking: %v", err)
	}
	if _, err := s.Head(id, 10); !errors.Is(err, ErrNoUpload) {
		t.Errorf("reading its beginning: %v", err)
	}
	if err := s.Drop(id); !errors.Is(err, ErrNoUpload) {
		t.Errorf("dropping: %v", err)
	}
}

func TestNothingOutsideTheSpoolIsAnUpload(t *testing.T) {
	s, _ := openWith(t, Options{})
	for _, id := range []string{"", "..", "../../etc/passwd", strings.Repeat("a", 26), "*"} {
		if _, err := s.Look(id); !errors.Is(err, ErrNoUpload) {
			t.Errorf("looking for %q: %v", id, err)
		}
		if err := s.Drop(id); !errors.Is(err, ErrNoUpload) {
			t.Errorf("dropping %q: %v", id, err)
		}
	}
}
