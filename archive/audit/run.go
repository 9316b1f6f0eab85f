package audit

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"videoteca/archive"
)

// run is one audit under way.
type run struct {
	*Auditor
	Request
	plan     Plan
	summary  Summary
	began    time.Time
	done     map[archive.SourceKey]bool // asked before the audit was resumed
	part     part
	channels channels
	looks    atomic.Int64 // pictures that may still be asked for

	thresholds archive.Thresholds
}

func newRun(a *Auditor, q Request) *run {
	r := &run{Auditor: a, Request: q, plan: q.Plan, began: a.now(), done: map[archive.SourceKey]bool{}}
	r.looks.Store(int64(q.Looks))
	return r
}

// target is one source to ask about, with what was known of it when it was listed.
type target struct {
	video  archive.VideoID
	source archive.Source
}

func (t target) key() archive.SourceKey { return t.source.SourceKey }

// all asks every target and judges the answers, part by part.
func (r *run) all(ctx context.Context) error {
	asking, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	f := newFeed(r)
	go f.run(asking)
	failed := r.receive(ctx, f, stop)
	r.summary.Videos += f.videos
	if failed == nil {
		failed = f.err
	}
	if failed != nil {
		return failed
	}
	if err := r.askChannels(ctx); err != nil {
		return err
	}
	if err := r.flush(ctx); err != nil {
		return err
	}
	return r.watch(ctx)
}

// receive takes answers until there are no more. After an error it stops the asking
// and goes on receiving, so that nothing is left waiting.
func (r *run) receive(ctx context.Context, f *feed, stop context.CancelCauseFunc) error {
	tick := time.NewTicker(shortestWait)
	defer tick.Stop()
	var failed error
	for {
		var got answer
		select {
		case answered, more := <-f.answers:
			if !more {
				return failed
			}
			got = answered
		case <-tick.C: // a part may have waited long enough
		}
		if failed != nil {
			continue
		}
		if failed = r.take(ctx, got); failed != nil {
			stop(failed)
		}
	}
}

// take puts an answer into the part, and judges the part when it is full or has waited long enough.
func (r *run) take(ctx context.Context, got answer) error {
	if r.part.wouldOverflow(len(got.observations)) || r.part.waited(r.now()) {
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	if len(got.observations) == 0 {
		return nil
	}
	r.part.add(r.now(), got)
	r.channels.meet(got)
	r.summary.Sources += len(got.targets)
	if r.Tell != nil && len(got.targets) > 0 {
		r.Tell(Progress{Asked: r.summary.Sources, Changed: len(r.summary.Changes), Elapsed: r.now().Sub(r.began)})
	}
	return nil
}

// flush keeps the answers that are about to change something, makes the part that names them
// durable, then lets it change records.
func (r *run) flush(ctx context.Context) error {
	if len(r.part.observations) == 0 {
		return nil
	}
	done := r.part
	r.part = part{}
	list, err := r.judgeAll(ctx, done)
	if err != nil {
		return err
	}
	r.keepAnswers(ctx, done, list)
	if err := r.write(ctx, done); err != nil {
		return err
	}
	return r.settle(ctx, done, list)
}

// write keeps the part under the next number. The plan goes first, so that whoever finds
// the part can go on.
func (r *run) write(ctx context.Context, p part) error {
	if r.DryRun {
		return nil
	}
	if r.summary.Parts == 0 {
		if err := r.o.Journal.WritePlan(ctx, r.summary.Audit, r.plan); err != nil {
			return fmt.Errorf("writing the plan: %w", err)
		}
	}
	r.summary.Parts++
	if err := r.o.Journal.WritePart(ctx, r.summary.Audit, r.summary.Parts, p.observations); err != nil {
		return fmt.Errorf("writing part %d: %w", r.summary.Parts, err)
	}
	return nil
}
