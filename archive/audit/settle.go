package audit

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"videoteca/archive"
)

// writesAtOnce is how many records are written at the same time.
const writesAtOnce = 8

// judged is a target with the round on it and what that makes of it.
type judged struct {
	target
	round   archive.Round
	heard   archive.Heard // before the round
	held    bool          // the guard is up
	freed   bool          // its channel is closed, so nothing is held
	next    archive.Standing
	verdict archive.Verdict
	failed  bool // the record could not be written; the next round judges again
}

// settle judges the rounds of a durable part, writes the records that change, and
// notes when each source was heard.
func (r *run) settle(ctx context.Context, p part) error {
	list, err := r.judgeAll(ctx, p)
	if err != nil {
		return err
	}
	r.summary.Observations += len(p.observations)
	r.summary.look(p.observations)
	if r.DryRun {
		r.summary.count(list)
		return nil
	}
	if err := r.judgeChannels(ctx, p.observations); err != nil {
		return err
	}
	if err := r.apply(ctx, list); err != nil {
		return err
	}
	r.summary.count(list)
	heard := make([]archive.Heard, 0, len(list))
	for _, j := range list {
		if j.verdict != archive.Stale && !j.failed {
			heard = append(heard, archive.HeardIn(j.key(), j.round))
		}
	}
	if err := r.o.Ledger.Note(ctx, heard); err != nil {
		return fmt.Errorf("noting what was heard: %w", err)
	}
	return nil
}

// judgeAll judges every target by the standing that was listed. The record may say otherwise
// by then; it is judged again by whoever changes it.
func (r *run) judgeAll(ctx context.Context, p part) ([]*judged, error) {
	rounds := archive.Rounds(p.observations)
	keys := make([]archive.SourceKey, 0, len(p.targets))
	for _, t := range p.targets {
		keys = append(keys, t.key())
	}
	heard, err := r.o.Ledger.Heard(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("reading what was heard before: %w", err)
	}
	var list []*judged
	for _, t := range p.targets {
		if round := rounds[t.key()]; !round.At.IsZero() {
			list = append(list, &judged{target: t, round: round, heard: heard[t.key()], freed: r.channels.closedFor(t.source)})
		}
	}
	guards, err := r.guards(ctx, list)
	if err != nil {
		return nil, err
	}
	for _, j := range list {
		j.held = guards[j.key().Platform].Up(r.thresholds) && !j.freed
		j.next, j.verdict = r.judge(j, j.source.Standing)
	}
	return list, nil
}

// judge is what the round makes of a standing.
func (r *run) judge(j *judged, s archive.Standing) (archive.Standing, archive.Verdict) {
	s = s.Hears(j.heard)
	if j.freed {
		s = r.thresholds.Release(s)
	}
	if j.held {
		return r.thresholds.Hold(s, j.round)
	}
	return r.thresholds.Judge(s, j.round)
}

// guards counts, for each platform of which sources would turn bad, what the guard needs:
// those of this part are added to those that are known.
func (r *run) guards(ctx context.Context, list []*judged) (map[string]archive.Guard, error) {
	guards := map[string]archive.Guard{}
	turning := map[string]int{}
	for _, j := range list {
		standing := j.source.Standing.Hears(j.heard)
		if r.thresholds.WouldTurn(standing, j.round) && !j.freed {
			turning[j.key().Platform]++
		} else if len(standing.Held) > 0 {
			turning[j.key().Platform] += 0 // known to the ledger, and the platform is to be looked at
		}
	}
	now := r.now()
	for platform, more := range turning {
		guard, err := r.o.Ledger.Guard(ctx, platform, r.thresholds, now)
		if err != nil {
			return nil, fmt.Errorf("counting the sources of %s that turn bad: %w", platform, err)
		}
		guard.Turning += more
		guards[platform] = guard
		r.summary.guard(platform, guard, guard.Up(r.thresholds))
	}
	return guards, nil
}

// apply writes the records of the videos whose sources change.
func (r *run) apply(ctx context.Context, list []*judged) error {
	var work sync.WaitGroup
	places := make(chan struct{}, writesAtOnce)
	videos := byVideo(list)
	for _, of := range videos {
		if !of.changes() && !of.shows() {
			continue
		}
		places <- struct{}{}
		work.Go(func() {
			defer func() { <-places }()
			of.failed = r.applyTo(ctx, of) != nil
		})
	}
	work.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for _, of := range videos {
		if of.failed {
			r.summary.Failed++
			of.fail()
		}
	}
	return nil
}

// ofVideo is what a part says of one video.
type ofVideo struct {
	id      archive.VideoID
	sources []*judged
	failed  bool
}

// fail marks what could not be recorded.
func (v *ofVideo) fail() {
	for _, j := range v.sources {
		j.failed = true
	}
}

// byVideo sorts what was judged by video, in the order of the targets.
func byVideo(list []*judged) []*ofVideo {
	var videos []*ofVideo
	at := map[archive.VideoID]*ofVideo{}
	for _, j := range list {
		v := at[j.video]
		if v == nil {
			v = &ofVideo{id: j.video}
			at[j.video] = v
			videos = append(videos, v)
		}
		v.sources = append(v.sources, j)
	}
	return videos
}

// changes reports whether the record is to be written: when a source was heard
// stands in the journal, and no record is written for that alone.
func (v *ofVideo) changes() bool {
	for _, j := range v.sources {
		if j.verdict != archive.Stale && !j.next.Same(j.source.Standing) {
			return true
		}
	}
	return false
}

// applyTo writes the record of one video and captures what its sources show anew.
func (r *run) applyTo(ctx context.Context, of *ofVideo) error {
	if of.changes() {
		if err := r.record(ctx, of); err != nil {
			if ctx.Err() == nil {
				r.o.Log.ErrorContext(ctx, "standing not recorded", slog.String("video", string(of.id)), slog.Any("error", err))
			}
			return err
		}
	}
	if err := r.capture(ctx, of); err != nil && ctx.Err() == nil {
		r.o.Log.WarnContext(ctx, "not captured; the next audit tries again", slog.String("video", string(of.id)), slog.Any("error", err))
	}
	return nil
}

func (r *run) record(ctx context.Context, of *ofVideo) error {
	evidence, err := r.keepEvidence(ctx, of)
	if err != nil {
		return fmt.Errorf("keeping the evidence on video %s: %w", of.id, err)
	}
	_, err = r.o.Records.Update(ctx, of.id, archive.Cause{Actor: r.plan.Actor, Verb: "check", Reason: r.summary.Audit}, func(v *archive.Video) error {
		for _, j := range of.sources {
			s := v.Source(j.key())
			if s == nil {
				j.verdict = archive.Stale
				continue
			}
			before := s.Standing
			j.source.Standing = before
			j.next, j.verdict = r.judge(j, before)
			if j.verdict == archive.Stale || j.next.Same(before) {
				continue
			}
			s.Standing = explained(before, j.next, r.summary.Audit, evidence[j.key()])
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("judging video %s: %w", of.id, err)
	}
	return nil
}
