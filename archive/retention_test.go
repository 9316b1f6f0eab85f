package archive_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"videoteca/archive"
)

const days = 24 * time.Hour

func TestAPeriodIsKeepOrDays(t *testing.T) {
	for in, want := range map[string]archive.Retention{
		"keep": archive.Keep, "1d": archive.Retention(days), "30d": archive.Retention(30 * days), "36500d": archive.Retention(36500 * days),
	} {
		got, err := archive.ParseRetention(in)
		if err != nil || got != want || got.String() != in {
			t.Errorf("%q is %s, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "0d", "30", "30 d", "30h", "-1d", "1.5d", "030d", "36501d", "99999d", "999999999999d", "Keep", "٣٠d"} {
		_, err := archive.ParseRetention(in)
		var field *archive.FieldError
		if !errors.As(err, &field) || field.Field != archive.RetentionSetting {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestThePeriodIsChosenInASetting(t *testing.T) {
	var choice archive.RetentionChoice
	if data, err := json.Marshal(choice); err != nil || string(data) != `{"period":"keep"}` {
		t.Errorf("without a choice: %s, %v", data, err)
	}
	if err := json.Unmarshal([]byte(`{"version":1,"period":"30d"}`), &choice); err != nil || choice.Period.String() != "30d" {
		t.Errorf("got %s, %v", choice.Period, err)
	}
	if err := json.Unmarshal([]byte(`{"period":"soon"}`), &choice); err == nil {
		t.Error("a period that is none was read")
	}
}

func TestAPassIsDueADayAfterTheLast(t *testing.T) {
	now := time.Date(2025, 5, 14, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct{ last, want time.Time }{
		"never":         {time.Time{}, now},
		"an hour ago":   {now.Add(-time.Hour), now.Add(23 * time.Hour)},
		"two days ago":  {now.Add(-48 * time.Hour), now},
		"a day ago":     {now.Add(-24 * time.Hour), now},
		"in the future": {now.Add(time.Hour), now.Add(25 * time.Hour)},
	} {
		if got := archive.NextRetention(tt.last, now); !got.Equal(tt.want) {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func FuzzParseRetention(f *testing.F) {
	for _, seed := range []string{"keep", "30d", "0d", "", "-1d", "99999999999999999999d", "1d\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := archive.ParseRetention(s)
		if err != nil {
			if !r.Keeps() {
				t.Errorf("%q: %v, and %s", s, err, r)
			}
			return
		}
		if r.String() != s {
			t.Errorf("%q was read as %s", s, r)
		}
		if !r.Keeps() && (time.Duration(r) < days || time.Duration(r)%days != 0) {
			t.Errorf("%q is %s", s, time.Duration(r))
		}
	})
}
