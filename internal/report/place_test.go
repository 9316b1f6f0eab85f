package report_test

import (
	"encoding/base64"
	"errors"
	"testing"

	"videoteca/archive"
	"videoteca/internal/report"
)

func TestRowsGoOnBehindThePlaceOfAnyOfThem(t *testing.T) {
	rows := read(t, library()).Rows
	for i, r := range rows {
		rest, err := report.After(rows, r.Place())
		if err != nil || len(rest) != len(rows)-i-1 || len(rest) > 0 && rest[0].Place() != rows[i+1].Place() {
			t.Fatalf("behind row %d of %d are %d, %v", i+1, len(rows), len(rest), err)
		}
	}
	if all, err := report.After(rows, ""); err != nil || len(all) != len(rows) {
		t.Errorf("behind nothing are %d, %v", len(all), err)
	}
}

func TestAPlaceIsGoodWhereItsRowHasGone(t *testing.T) {
	rows := read(t, library()).Rows
	left, err := report.After(append(rows[:2:2], rows[3:]...), rows[2].Place())
	if err != nil || len(left) != len(rows)-3 || left[0].Place() != rows[3].Place() {
		t.Errorf("%d rows, %v", len(left), err)
	}
}

func TestWhatIsNoPlaceIsRefused(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	for _, at := range []string{"x", "garbage!", encode([]byte("{}")), encode([]byte(`{"s":"dead"}`)), encode([]byte("[]"))} {
		_, err := report.After(read(t, library()).Rows, at)
		var field *archive.FieldError
		if !errors.As(err, &field) || field.Field != "after" {
			t.Errorf("%q: %v", at, err)
		}
	}
}

func FuzzAfter(f *testing.F) {
	row := report.Row{State: archive.Gone, Since: noon, Video: "7k3mzq9x0abd", Source: archive.SourceKey{Platform: "youtube", ID: "x"}}
	for _, seed := range []string{"", "garbage", row.Place(), "e30"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, at string) {
		rest, err := report.After([]report.Row{row}, at)
		if err == nil && len(rest) > 1 {
			t.Errorf("%q: %d rows", at, len(rest))
		}
	})
}
