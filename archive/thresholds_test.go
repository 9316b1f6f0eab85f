package archive

import (
	"errors"
	"testing"
	"time"
)

func TestThresholdsThatWouldKillTheLivingAreRefused(t *testing.T) {
	if err := (Thresholds{}).Check(); err != nil {
		t.Errorf("the standard ones: %v", err)
	}
	if err := (Thresholds{CountedApart: 12 * time.Hour, RoundsAlone: 5, AloneOver: 72 * time.Hour, GuardLeast: 2, GuardShare: 0.05}).Check(); err != nil {
		t.Errorf("more careful ones: %v", err)
	}
	for field, bad := range map[string]Thresholds{
		"countedApart": {CountedApart: time.Minute},
		"aloneOver":    {AloneOver: time.Hour},
		"unheardAfter": {UnheardAfter: time.Hour},
		"roundsAgreed": {RoundsAgreed: 1},
		"roundsAlone":  {RoundsAgreed: 4},
		"guardShare":   {GuardShare: 1.5},
		"guardLeast":   {GuardLeast: -1},
		"guardWindow":  {GuardWindow: time.Hour},
	} {
		var wrong *FieldError
		if err := bad.Check(); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestMoreCarefulThresholdsBelieveLater(t *testing.T) {
	careful := Thresholds{CountedApart: 12 * time.Hour, RoundsAgreed: 3}
	s := living()
	for _, hour := range []float64{0, 6, 12, 18} {
		s, _ = careful.Judge(s, round(hour, both(Removed)...))
	}
	if s.State != Suspect || len(s.Counted) != 2 {
		t.Errorf("after 18 hours: %s, %d rounds counted", s.State, len(s.Counted))
	}
	if s, _ = careful.Judge(s, round(24, both(Removed)...)); s.State != Gone {
		t.Errorf("after 24 hours: %s", s.State)
	}
	if s, _ = (Thresholds{UnheardAfter: 30 * 24 * time.Hour}).Judge(living(), alone(20*24, both(Removed)...)); s.Unheard {
		t.Error("unheard after twenty days where thirty are allowed")
	}
}
