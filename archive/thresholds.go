package archive

import (
	"fmt"
	"time"
)

// Thresholds say how much it takes to believe a death. The zero value is the standard
// ones, and a zero field the standard one. Each is a floor: waiting longer only
// delays the news, believing sooner calls living videos dead.
type Thresholds struct {
	CountedApart time.Duration `json:"countedApart,omitempty"` // between rounds that count; 5 h: an outage of an afternoon makes one, not five
	AloneOver    time.Duration `json:"aloneOver,omitempty"`    // what one method says must hold for so long; 24 h
	UnheardAfter time.Duration `json:"unheardAfter,omitempty"` // silence that is for a person to look at; 14 days
	RoundsAgreed int           `json:"roundsAgreed,omitempty"` // counted rounds in which two methods agree; 2
	RoundsAlone  int           `json:"roundsAlone,omitempty"`  // counted rounds of one method; 3

	GuardShare  float64       `json:"guardShare,omitempty"`  // of a platform's sources that may turn bad in GuardWindow; 0.2
	GuardLeast  int           `json:"guardLeast,omitempty"`  // and so many at least; 5
	GuardWindow time.Duration `json:"guardWindow,omitempty"` // 24 h
}

// withDefaults fills what is zero.
func (t Thresholds) withDefaults() Thresholds {
	standard := Thresholds{
		CountedApart: 5 * time.Hour, AloneOver: 24 * time.Hour, UnheardAfter: 14 * 24 * time.Hour,
		RoundsAgreed: 2, RoundsAlone: 3, GuardShare: 0.2, GuardLeast: 5, GuardWindow: 24 * time.Hour,
	}
	orStandard(&t.CountedApart, standard.CountedApart)
	orStandard(&t.AloneOver, standard.AloneOver)
	orStandard(&t.UnheardAfter, standard.UnheardAfter)
	orStandard(&t.RoundsAgreed, standard.RoundsAgreed)
	orStandard(&t.RoundsAlone, standard.RoundsAlone)
	orStandard(&t.GuardShare, standard.GuardShare)
	orStandard(&t.GuardLeast, standard.GuardLeast)
	orStandard(&t.GuardWindow, standard.GuardWindow)
	return t
}

func orStandard[T comparable](field *T, standard T) {
	var zero T
	if *field == zero {
		*field = standard
	}
}

// Check reports the first threshold below which living videos would be called dead.
func (t Thresholds) Check() error {
	t = t.withDefaults()
	for _, f := range []struct {
		name string
		low  bool
		cure string
	}{
		{"countedApart", t.CountedApart < time.Hour, "an hour at least"},
		{"aloneOver", t.AloneOver < t.CountedApart, "no less than countedApart"},
		{"unheardAfter", t.UnheardAfter < 24*time.Hour, "a day at least"},
		{"roundsAgreed", t.RoundsAgreed < 2, "two at least"},
		{"roundsAlone", t.RoundsAlone < t.RoundsAgreed, "no fewer than roundsAgreed"},
		{"guardShare", t.GuardShare < 0.01 || t.GuardShare > 1, "a share between 0.01 and 1"},
		{"guardLeast", t.GuardLeast < 1, "one at least"},
		{"guardWindow", t.GuardWindow < t.CountedApart, "no less than countedApart"},
	} {
		if f.low {
			return &FieldError{Field: f.name, Problem: "it is out of bounds", Cure: fmt.Sprintf("give %s, or leave it out for the standard", f.cure)}
		}
	}
	return nil
}

// Window is the time over which a guard counts.
func (t Thresholds) Window() time.Duration { return t.withDefaults().GuardWindow }
