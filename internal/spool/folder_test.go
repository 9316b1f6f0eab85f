package spool

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTheFoldersNameIsNoPattern(t *testing.T) {
	for _, name := range []string{"cache[1]", "what?", "all*", "open[", `back\slash`} {
		now := &clock{}
		folder := filepath.Join(t.TempDir(), name)
		s, err := OpenWith(folder, Options{PerPerson: 1, Now: now.now})
		if err != nil {
			t.Fatal(err)
		}
		id := begin(t, s, "ana", 4)
		if _, err := s.Begin(About{Owner: "ana", Size: 4}); !errors.Is(err, ErrTooMany) {
			t.Errorf("in %s uploads are not counted: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, prefix+"broken-off"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		now.ahead = 25 * time.Hour
		if n, err := s.Sweep(); n != 3 || err != nil { // the upload is two
			t.Errorf("in %s %d files of %s are swept, %v", name, n, id, err)
		}
	}
}

func TestOfAFolderThatIsGoneNothingIsSwept(t *testing.T) {
	s, folder := open(t)
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Sweep(); n != 0 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, err := s.Begin(About{Owner: "ana", Size: 1}); err == nil {
		t.Error("an upload begins nowhere")
	}
}
