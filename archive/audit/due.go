package audit

import (
	"hash/fnv"
	"time"

	"videoteca/archive"
)

// Intervals say how often sources are asked. The zero value is the standard ones.
type Intervals struct {
	Live    time.Duration `json:"live,omitempty"`    // living, limited and unheard ones; 24 h
	Suspect time.Duration `json:"suspect,omitempty"` // suspects, those held, and those never heard; 6 h
	Gone    time.Duration `json:"gone,omitempty"`    // 7 days: some come back
}

func (i Intervals) withDefaults() Intervals {
	for _, f := range []struct {
		field    *time.Duration
		standard time.Duration
	}{{&i.Live, 24 * time.Hour}, {&i.Suspect, 6 * time.Hour}, {&i.Gone, 7 * 24 * time.Hour}} {
		if *f.field <= 0 {
			*f.field = f.standard
		}
	}
	return i
}

// Due reports whether a source is to be asked at the time now. Living and gone ones have
// each a time of their own within the interval, so that a library is spread over it.
// Between two questions about one of these lie at most an interval and the pause between two audits.
// That a source was asked at a time to come, as a clock that was ahead has noted, counts for nothing.
func (i Intervals) Due(s archive.Source, heard archive.Heard, now time.Time) bool {
	i = i.withDefaults()
	last := s.Standing.AsOf(now).Hears(heard.AsOf(now)).LastRound
	switch {
	case s.Ignored():
		return false
	case last.IsZero():
		return true
	case s.Standing.State == archive.Suspect, s.Standing.State == archive.Unchecked, len(s.Standing.Held) > 0:
		return now.Sub(last) >= i.Suspect
	case s.Standing.State == archive.Gone:
		return slotted(s.SourceKey, last, now, i.Gone)
	}
	return slotted(s.SourceKey, last, now, i.Live)
}

// slotted reports whether the source's own time within the interval has passed since it was last asked.
func slotted(key archive.SourceKey, last, now time.Time, interval time.Duration) bool {
	switch apart := now.Sub(last); {
	case apart >= interval:
		return true
	case apart < interval/2: // it was asked just before its time: that will do
		return false
	}
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(key.String())) // never fails
	phase := int64(hash.Sum64() % uint64(interval))
	slot := func(t time.Time) int64 { return (t.UnixNano() - phase) / int64(interval) }
	return slot(now) > slot(last)
}
