package archive

import "context"

// Judging makes standings of what is observed beside audits, when sources are registered or
// captured again.
type Judging interface {
	// Settle puts the observations into the journal, and then writes the record once: as Change alters it,
	// and with what the round makes of the source's standing under the installation's thresholds and guard.
	// Where the observations cannot be judged, because the journal is in trouble say, the standing stays for
	// the next audit, and Change is made all the same. Change is as for Store.Update, and so are the errors.
	Settle(ctx context.Context, h Hearing) (Video, error)

	// SettleAll is Settle of many that were had together. Their observations stand in one audit of the
	// journal, in parts that are durable before any record they change. What became of each comes
	// in the order of the list.
	SettleAll(ctx context.Context, list []Hearing) []Settled
}

// Hearing is what was observed of one source beside audits, with what else its record is to become.
type Hearing struct {
	Video        Video // that has the source, as it was last read
	Source       SourceKey
	Observations []Observation // a round on the source, and what vouches for it
	Cause        Cause
	Change       func(*Video) error
}

// Settled is what became of a Hearing.
type Settled struct {
	Video Video
	Err   error
}

// unjournaled judges by the standard thresholds alone.
type unjournaled struct{ store Store }

// Settle implements Judging.
func (u unjournaled) Settle(ctx context.Context, h Hearing) (Video, error) {
	round := roundOf(h.Source, h.Observations)
	return u.store.Update(ctx, h.Video.ID, h.Cause, func(v *Video) error {
		if err := h.Change(v); err != nil {
			return err
		}
		if s := v.Source(h.Source); s != nil {
			s.Standing, _ = Judge(s.Standing, round)
		}
		return nil
	})
}

// SettleAll implements Judging.
func (u unjournaled) SettleAll(ctx context.Context, list []Hearing) []Settled {
	settled := make([]Settled, len(list))
	for i, h := range list {
		settled[i].Video, settled[i].Err = u.Settle(ctx, h)
	}
	return settled
}
