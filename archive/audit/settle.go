package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"videoteca/archive"
)

// writesAtOnce is how many records are written at the same time.
const writesAtOnce = 8

// judged is a target with the round on it and what that makes of it.
type judged struct {
	target
	round    archive.Round
	misdated bool          // our clock was in doubt, so nothing follows from the round
	heard    archive.Heard // before the round
	held     bool          // the guard is up
	freed    bool          // its channel is closed, so nothing is held
	next     archive.Standing
	verdict  archive.Verdict
	kept     bool // the round's answers are kept as far as they can be
	failed   bool // the record could not be written; the next round judges again
}

// settle writes the records that the rounds of a durable part change, and notes when each source
// was heard.
func (r *run) settle(ctx context.Context, p part, list []*judged) error {
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
	if err := r.o.Ledger.Note(ctx, heardIn(list)); err != nil {
		return fmt.Errorf("noting what was heard: %w", err)
	}
	return nil
}

// heardIn is when the sources were heard whose rounds are applied.
func heardIn(list []*judged) []archive.Heard {
	heard := make([]archive.Heard, 0, len(list))
	for _, j := range list {
		if j.verdict != archive.Stale && !j.failed && !j.misdated {
			heard = append(heard, archive.HeardIn(j.key(), j.round))
		}
	}
	return heard
}

// judgeAll judges every target by the standing that was listed. The record may say otherwise
// by then; it is judged again by whoever changes it.
func (r *run) judgeAll(ctx context.Context, p part) ([]*judged, error) {
	rounds := archive.Rounds(p.observations)
	heard, err := r.heard(ctx, keysOf(p.targets))
	if err != nil {
		return nil, fmt.Errorf("reading what was heard before: %w", err)
	}
	misdated := r.misdated(rounds, p.observations)
	r.warnOfClock(ctx, len(misdated), len(rounds))
	var list []*judged
	for _, t := range p.targets {
		if round := rounds[t.key()]; !round.At.IsZero() {
			list = append(list, &judged{target: t, round: round, misdated: misdated[t.key()], heard: heard[t.key()], freed: r.channels.closedFor(t.source, r.thresholds)})
		}
	}
	up, err := r.guards(ctx, list)
	if err != nil {
		return nil, err
	}
	for _, j := range list {
		j.held = up[j.key().Platform] && !j.freed
		j.next, j.verdict = r.judge(j, j.source.Standing)
	}
	return list, nil
}

// judge is what the round makes of a standing. Where our clock was in doubt, nothing.
func (r *run) judge(j *judged, s archive.Standing) (archive.Standing, archive.Verdict) {
	if j.misdated {
		return s, archive.SaysUnclear
	}
	s = s.AsOf(r.now()).Hears(j.heard)
	if j.freed {
		s = r.thresholds.Release(s)
	}
	if j.held {
		return r.thresholds.Hold(s, j.round)
	}
	return r.thresholds.Judge(s, j.round)
}

// apply writes the records of the videos whose sources change.
func (r *run) apply(ctx context.Context, list []*judged) error {
	var work sync.WaitGroup
	places := make(chan struct{}, writesAtOnce)
	videos := byVideo(list)
	for _, of := range videos {
		if of.failed || !of.changes() && !of.shows() {
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
		v.failed = v.failed || j.failed
	}
	return videos
}

// changes reports whether the record is to be written: when a source was heard
// stands in the journal, and no record is written for that alone.
func (v *ofVideo) changes() bool {
	return slices.ContainsFunc(v.sources, func(j *judged) bool { return j.verdict != archive.Stale && j.alters(j.source.Standing) })
}

// alters reports whether the record is to be written that has the standing: also where all it does is to
// take back when the source was asked, which a clock that was ahead has written down.
func (j *judged) alters(s archive.Standing) bool {
	return !j.next.Same(s) || j.next.LastRound.Before(s.LastRound)
}

// applyTo writes the record of one video and captures what its sources show anew.
func (r *run) applyTo(ctx context.Context, of *ofVideo) error {
	if of.changes() {
		cause := archive.Cause{Actor: r.plan.Actor, Verb: "check", Reason: r.summary.Audit}
		if _, err := r.record(ctx, of, cause, nothingElse); err != nil {
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

// nothingElse changes nothing of a record but what is judged.
func nothingElse(*archive.Video) error { return nil }

// errNotKept says that a record stands otherwise than it was listed, so that a round moves it
// whose answers are not kept yet.
var errNotKept = errors.New("the answers are not kept yet")

// record judges the rounds on a video's sources by what its record says, and writes it together
// with what else is to change.
func (r *run) record(ctx context.Context, of *ofVideo, cause archive.Cause, also func(*archive.Video) error) (archive.Video, error) {
	for {
		v, err := r.o.Records.Update(ctx, of.id, cause, func(v *archive.Video) error {
			if err := also(v); err != nil {
				return err
			}
			for _, j := range of.sources {
				if err := r.recordOne(v, j); err != nil {
					return err
				}
			}
			return nil
		})
		if errors.Is(err, errNotKept) {
			if err = r.keepLate(ctx, of); err == nil {
				continue
			}
		}
		if err != nil {
			return v, fmt.Errorf("judging video %s: %w", of.id, err)
		}
		return v, nil
	}
}

// recordOne judges one source of a record.
func (r *run) recordOne(v *archive.Video, j *judged) error {
	s := v.Source(j.key())
	if s == nil {
		j.verdict = archive.Stale
		return nil
	}
	before := s.Standing
	j.source.Standing = before
	j.next, j.verdict = r.judge(j, before)
	if j.verdict == archive.Stale || !j.alters(before) {
		return nil
	}
	if j.moves() && !j.kept {
		return errNotKept
	}
	j.next = j.next.Explained(j.round, r.summary.Audit)
	s.Standing = j.next
	return nil
}
