package audit_test

import (
	"errors"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

func TestAnInstallationTunesItsAudits(t *testing.T) {
	thresholds, intervals, err := audit.Tuning{CountedApart: "12h", AloneOver: "3d", GuardLeast: 2, Live: "2d", Suspect: "90m"}.Parse()
	if err != nil {
		t.Fatal(err)
	}
	if thresholds.CountedApart != 12*time.Hour || thresholds.AloneOver != 72*time.Hour || thresholds.GuardLeast != 2 || thresholds.RoundsAlone != 0 {
		t.Errorf("%+v", thresholds)
	}
	if intervals.Live != 48*time.Hour || intervals.Suspect != 90*time.Minute || intervals.Gone != 0 {
		t.Errorf("%+v", intervals)
	}
	if thresholds, _, err = (audit.Tuning{}).Parse(); err != nil || thresholds != (archive.Thresholds{}) {
		t.Errorf("the standard ones: %+v, %v", thresholds, err)
	}
}

func TestATuningThatDoesHarmIsRefusedByName(t *testing.T) {
	for field, bad := range map[string]audit.Tuning{
		"live":         {Live: "1s"},
		"suspect":      {Suspect: "often"},
		"gone":         {Gone: "-7d"},
		"countedApart": {CountedApart: "1m"},
		"guardWindow":  {GuardWindow: "0s"},
		"roundsAgreed": {RoundsAgreed: 1},
		"unheardAfter": {UnheardAfter: "99999999d"},
	} {
		var wrong *archive.FieldError
		if _, _, err := bad.Parse(); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, seed := range []string{"7d", "5h", "1d2h", "-1d", "", "36500d", "9223372036854775807d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := audit.ParseSpan(text)
		if err == nil && text[len(text)-1] == 'd' && (d < 0 || d%(24*time.Hour) != 0) {
			t.Errorf("%q is %s", text, d)
		}
	})
}
