package archive

import "context"

// Judging makes standings of what is observed beside audits, when a source is registered or
// captured again.
type Judging interface {
	// Settle puts the observations, a round on one source of v and what vouches for it, into the
	// journal, and then writes the record once: as change alters it, and with what the round makes of
	// the source's standing under the installation's thresholds and guard. Where the observations cannot be
	// judged, because the journal is in trouble say, the standing stays for the next audit, and change is
	// made all the same. Change is as for Store.Update, and so are the errors.
	Settle(ctx context.Context, v Video, key SourceKey, observations []Observation, cause Cause, change func(*Video) error) (Video, error)
}

// unjournaled judges by the standard thresholds alone.
type unjournaled struct{ store Store }

// Settle implements Judging.
func (u unjournaled) Settle(ctx context.Context, v Video, key SourceKey, observations []Observation, cause Cause, change func(*Video) error) (Video, error) {
	round := roundOf(key, observations)
	return u.store.Update(ctx, v.ID, cause, func(v *Video) error {
		if err := change(v); err != nil {
			return err
		}
		if s := v.Source(key); s != nil {
			s.Standing, _ = Judge(s.Standing, round)
		}
		return nil
	})
}
