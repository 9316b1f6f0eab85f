package wayback

import (
	"context"
	"errors"
	"fmt"
	"time"

	"videoteca/archive"
)

// Counts is what a round did.
type Counts struct {
	Sources  int `json:"sources"`  // seen
	LookedUp int `json:"lookedUp"` // asked about, with an answer
	Found    int `json:"found"`    // of these, with a memento
	Ordered  int `json:"ordered"`  // captures asked for
	Captured int `json:"captured"` // captures that were made
	Pending  int `json:"pending"`  // captures that are being made: another round asks after them
	Refused  int `json:"refused"`  // captures that the archive would not make
	Unclear  int `json:"unclear"`  // answers that told nothing
}

// errTurn is of a round that did not begin: as a rule another process is at it.
var errTurn = errors.New("taking the turn to look for archived pages")

// Once makes one round over the whole library. It returns an ErrBusy (wrapped) where the
// archive did not answer, ErrKeys where it did not take the keys, and the error of Videos, of
// Records or of the lease; what was done until then stands.
func (k *Keeper) Once(ctx context.Context) (Counts, error) {
	return k.round(ctx, time.Time{})
}

// round goes through the library until it is done or the time has come; a zero end is never.
func (k *Keeper) round(ctx context.Context, end time.Time) (Counts, error) {
	var counts Counts
	if k.o.Leases != nil {
		held, release, err := k.o.Leases.Hold(ctx, LeaseName)
		if err != nil {
			return counts, fmt.Errorf("%w: %w", errTurn, err)
		}
		defer release()
		ctx = held
	}
	for v, err := range k.o.Videos(ctx) {
		if err != nil {
			return counts, fmt.Errorf("going through the videos: %w", err)
		}
		if err := k.visit(ctx, v, &counts); err != nil {
			return counts, err
		}
		k.others(ctx)
		if !end.IsZero() && !k.o.Now().Before(end) {
			break
		}
	}
	if ctx.Err() != nil {
		return counts, context.Cause(ctx)
	}
	return counts, k.captures.error()
}

// others sees to what was registered meanwhile: a round over a large library takes days.
func (k *Keeper) others(ctx context.Context) {
	select {
	case id := <-k.queue:
		k.registered(ctx, id)
	default:
	}
}

// visit works on a listed video where one of its sources needs it. The list may be a little
// old: what it says is not acted upon.
func (k *Keeper) visit(ctx context.Context, listed archive.Video, counts *Counts) error {
	counts.Sources += len(listed.Sources)
	if !k.anyDue(listed) {
		return nil
	}
	return k.video(ctx, listed.ID, counts)
}

func (k *Keeper) anyDue(v archive.Video) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range v.Sources {
		if k.due(v, s) != nothing {
			return true
		}
	}
	return false
}

// due is the step that may be made. The lock is held.
func (k *Keeper) due(v archive.Video, s archive.Source) step {
	now := k.o.Now()
	if now.Before(k.puzzling[s.SourceKey]) {
		return nothing
	}
	delete(k.puzzling, s.SourceKey)
	return next(v, s, now, k.permits(now))
}

// permits: while an account's limits forbid orders, those that were accepted are followed up.
func (k *Keeper) permits(now time.Time) permits {
	if !k.o.Client.Keyed() {
		return permits{}
	}
	lasting := k.captures.lasting(now)
	return permits{order: !lasting, follow: !lasting || k.captures.limited()}
}

// video works on the sources of a video, by its record as it stands: one that was withdrawn
// a second ago is not sent.
func (k *Keeper) video(ctx context.Context, id archive.VideoID, counts *Counts) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.ordered, id)
	v, err := k.o.Records.Update(ctx, id, cause(""), func(*archive.Video) error { return nil })
	if errors.Is(err, archive.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading video %s: %w", id, err)
	}
	w := &work{Keeper: k, video: v, counts: counts}
	for _, s := range v.Sources {
		if err := w.source(ctx, s.SourceKey); err != nil {
			return err
		}
	}
	return nil
}
