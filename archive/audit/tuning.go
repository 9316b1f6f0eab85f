package audit

import (
	"fmt"
	"time"

	"videoteca/archive"
)

// SettingName is the setting that keeps an installation's Tuning.
const SettingName = "audit"

// Tuning is the thresholds and intervals of an installation, as people write them:
// durations as "5h" or "7d". Empty and zero fields are the standard ones.
type Tuning struct {
	CountedApart string  `json:"countedApart,omitempty"`
	AloneOver    string  `json:"aloneOver,omitempty"`
	UnheardAfter string  `json:"unheardAfter,omitempty"`
	RoundsAgreed int     `json:"roundsAgreed,omitempty"`
	RoundsAlone  int     `json:"roundsAlone,omitempty"`
	GuardShare   float64 `json:"guardShare,omitempty"`
	GuardLeast   int     `json:"guardLeast,omitempty"`
	GuardWindow  string  `json:"guardWindow,omitempty"`
	Live         string  `json:"live,omitempty"`    // how often living sources are asked
	Suspect      string  `json:"suspect,omitempty"` // and suspects
	Gone         string  `json:"gone,omitempty"`    // and those that are gone
}

// shortestInterval keeps a mistyped interval from being an attack on a platform.
const shortestInterval = 10 * time.Minute

// Parse reads the tuning. What would call living videos dead, or ask platforms
// too often, gets an *archive.FieldError.
func (t Tuning) Parse() (archive.Thresholds, Intervals, error) {
	thresholds := archive.Thresholds{RoundsAgreed: t.RoundsAgreed, RoundsAlone: t.RoundsAlone, GuardShare: t.GuardShare, GuardLeast: t.GuardLeast}
	var intervals Intervals
	for _, f := range []struct {
		name, text string
		into       *time.Duration
		least      time.Duration
	}{
		{"countedApart", t.CountedApart, &thresholds.CountedApart, 0}, {"aloneOver", t.AloneOver, &thresholds.AloneOver, 0},
		{"unheardAfter", t.UnheardAfter, &thresholds.UnheardAfter, 0}, {"guardWindow", t.GuardWindow, &thresholds.GuardWindow, 0},
		{"live", t.Live, &intervals.Live, shortestInterval}, {"suspect", t.Suspect, &intervals.Suspect, shortestInterval}, {"gone", t.Gone, &intervals.Gone, shortestInterval},
	} {
		if f.text == "" {
			continue
		}
		d, err := ParseSpan(f.text)
		if err != nil || d <= 0 || d < f.least {
			return archive.Thresholds{}, Intervals{}, &archive.FieldError{
				Field: f.name, Problem: fmt.Sprintf("%q is no span of time that can be used", f.text), Cure: "write 5h, 90m or 7d; ten minutes at least between two questions", Cause: err,
			}
		}
		*f.into = d
	}
	if err := thresholds.Check(); err != nil {
		return archive.Thresholds{}, Intervals{}, err
	}
	return thresholds, intervals, nil
}

// ParseSpan reads a duration as Go writes it, or whole days as "7d".
func ParseSpan(text string) (time.Duration, error) {
	var days int
	if n, err := fmt.Sscanf(text, "%dd", &days); err == nil && n == 1 && fmt.Sprintf("%dd", days) == text {
		if days > 100*365 || days < 0 {
			return 0, fmt.Errorf("%q: that is over a century", text)
		}
		return time.Duration(days) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("reading a span of time: %w", err)
	}
	return d, nil
}
