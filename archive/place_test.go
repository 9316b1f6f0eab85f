package archive_test

import (
	"errors"
	"testing"
	"time"

	"videoteca/archive"
)

type place struct {
	At   time.Time
	Name string
}

func TestAPlaceIsReadAsItWasWritten(t *testing.T) {
	wrote := place{time.Date(2025, 4, 14, 12, 0, 0, 5, time.UTC), "Ñandú & <b>"}
	var read place
	if err := archive.DecodePlace(archive.EncodePlace(wrote), &read); err != nil || read != wrote {
		t.Errorf("%+v, %v", read, err)
	}
	for _, not := range []string{"", "%", "bm90IGpzb24", archive.EncodePlace([]int{1})} {
		if err := archive.DecodePlace(not, &read); err == nil {
			t.Errorf("%q is a place", not)
		}
	}
}

func TestWhatIsNoPlaceNamesTheField(t *testing.T) {
	cause := errors.New("why")
	var field *archive.FieldError
	if err := archive.NoPageEndedThere(cause); !errors.As(err, &field) || field.Field != "after" || field.Cure == "" || !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}
}
