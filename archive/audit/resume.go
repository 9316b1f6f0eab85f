package audit

import (
	"context"
	"errors"
	"fmt"

	"videoteca/archive"
)

// TakeUp judges what an abandoned audit left in the journal, and ends it. What it did not ask is
// asked when it is due.
func (a *Auditor) TakeUp(ctx context.Context, u Unfinished) (Summary, error) {
	none := func(func(archive.Video, error) bool) {}
	summary, err := a.Run(ctx, Request{Videos: none, Resume: u.Audit, Plan: u.Plan})
	if err != nil && !errors.Is(err, archive.ErrExists) { // somebody else has ended it
		return summary, fmt.Errorf("taking up audit %s: %w", u.Audit, err)
	}
	return summary, nil
}

// again judges a part that stands in the journal. What it changed already does not
// change again, for a round is applied once. Its sources are not asked again, and the answers that
// were kept are those that its observations name.
func (r *run) again(ctx context.Context, n int) error {
	observations, err := r.readPart(ctx, r.summary.Audit, n)
	if err != nil {
		return err
	}
	r.summary.Parts = max(r.summary.Parts, n)
	p := part{observations: observations}
	for key := range archive.Rounds(observations) {
		r.done[key] = true
		if _, isChannel := key.ChannelID(); isChannel {
			continue
		}
		v, err := r.o.Finder.BySource(ctx, key)
		if errors.Is(err, archive.ErrNotFound) {
			continue // its video is gone meanwhile
		}
		if err != nil {
			return fmt.Errorf("finding the video of %s: %w", key, err)
		}
		if s := v.Source(key); s != nil {
			p.targets = append(p.targets, target{video: v.ID, source: *s})
		}
	}
	r.summary.Sources += len(p.targets)
	list, err := r.judgeAll(ctx, p)
	if err != nil {
		return err
	}
	return r.settle(ctx, p, list)
}

// Finder finds the video that has a source. None: archive.ErrNotFound.
type Finder interface {
	BySource(ctx context.Context, key archive.SourceKey) (archive.Video, error)
}
