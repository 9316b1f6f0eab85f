package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"videoteca/archive"
)

// batchSize is how many sources one probe asks about: what YouTube's
// videos.list takes in one call.
const batchSize = 50

// Journal keeps the answers of audits in parts. A part, once written, is durable and is
// never replaced.
type Journal interface {
	// Begin opens an audit and returns its name.
	Begin(ctx context.Context, at time.Time) (string, error)
	// WritePart keeps up to MaxPart observations. A number that is taken gets archive.ErrExists.
	WritePart(ctx context.Context, audit string, part int, observations []archive.Observation) error
	// Finish keeps the summary, a JSON object.
	Finish(ctx context.Context, audit string, summary any) error
}

// Records is the part of archive.Store that an audit needs; see there.
type Records interface {
	Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error)
}

// Capturer captures a source that no capture describes, because it could not be
// read when it was registered.
type Capturer interface {
	CaptureMissing(ctx context.Context, id archive.VideoID, key archive.SourceKey, actor string) error
}

// Options wires an Auditor. Journal, Records and Platforms are required.
type Options struct {
	Journal   Journal
	Records   Records
	Platforms archive.Platforms
	Capturer  Capturer         // nil: nothing is captured
	Now       func() time.Time // nil: time.Now
	Log       *slog.Logger     // nil: discarded
}

// Auditor runs audits. It is safe for concurrent use.
type Auditor struct {
	journal   Journal
	records   Records
	platforms archive.Platforms
	capturer  Capturer
	now       func() time.Time
	log       *slog.Logger
}

// New wires an auditor.
func New(o Options) *Auditor {
	a := &Auditor{journal: o.Journal, records: o.Records, platforms: o.Platforms, capturer: o.Capturer, now: o.Now, log: o.Log}
	if a.now == nil {
		a.now = time.Now
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	return a
}

// Progress is told after each batch: sources asked so far.
type Progress func(asked int)

// Run checks all sources of the videos and returns what it found. A video whose
// record cannot be written is counted in Summary.Failed and does not stop the rest; an error
// of the journal or of the sequence does, for a record must not change without its evidence.
func (a *Auditor) Run(ctx context.Context, videos iter.Seq2[archive.Video, error], actor string, progress Progress) (Summary, error) {
	r := &run{Auditor: a, actor: actor, progress: progress, pending: map[string][]target{}}
	r.summary.Started = a.now().UTC()
	name, err := a.journal.Begin(ctx, r.summary.Started)
	if err != nil {
		return Summary{}, fmt.Errorf("opening the audit's journal: %w", err)
	}
	r.summary.Audit = name
	if err := r.all(ctx, videos); err != nil {
		return r.summary, fmt.Errorf("audit %s: %w", name, err)
	}
	r.summary.Ended = a.now().UTC()
	if err := a.journal.Finish(ctx, name, r.summary); err != nil {
		return r.summary, fmt.Errorf("writing the summary of audit %s: %w", name, err)
	}
	return r.summary, nil
}

// Check runs an audit of the videos, for pages and commands that name a few.
func (a *Auditor) Check(ctx context.Context, videos []archive.Video, actor string) (Summary, error) {
	return a.Run(ctx, func(yield func(archive.Video, error) bool) {
		for _, v := range videos {
			if !yield(v, nil) {
				return
			}
		}
	}, actor, nil)
}

// run is one audit under way.
type run struct {
	*Auditor
	actor    string
	progress Progress
	summary  Summary
	pending  map[string][]target // by platform, fewer than a batch
	part     part
}

// target is one source to ask about.
type target struct {
	video archive.VideoID
	key   archive.SourceKey
}

func (r *run) all(ctx context.Context, videos iter.Seq2[archive.Video, error]) error {
	for v, err := range videos {
		if err != nil {
			return fmt.Errorf("listing videos: %w", err)
		}
		if v.Visibility.Exposure == archive.Erased {
			continue
		}
		r.summary.Videos++
		for _, s := range v.Sources {
			if err := r.add(ctx, target{v.ID, s.SourceKey}); err != nil {
				return err
			}
		}
	}
	for platform := range r.pending {
		if err := r.ask(ctx, platform); err != nil {
			return err
		}
	}
	return r.flush(ctx)
}

func (r *run) add(ctx context.Context, t target) error {
	platform := t.key.Platform
	r.pending[platform] = append(r.pending[platform], t)
	if len(r.pending[platform]) < batchSize {
		return nil
	}
	return r.ask(ctx, platform)
}

// ask probes what is pending of a platform and puts the answers into the part.
func (r *run) ask(ctx context.Context, platform string) error {
	targets := r.pending[platform]
	delete(r.pending, platform)
	r.summary.Sources += len(targets)
	observations, err := r.probe(ctx, platform, targets)
	if err != nil {
		return fmt.Errorf("probing %s: %w", platform, err)
	}
	if r.part.wouldOverflow(len(observations)) {
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	r.part.add(targets, observations)
	if r.progress != nil {
		r.progress(r.summary.Sources)
	}
	return nil
}

func (r *run) probe(ctx context.Context, name string, targets []target) ([]archive.Observation, error) {
	platform := r.platforms.Named(name)
	if platform == nil {
		return r.unknownPlatform(targets), nil
	}
	ids := make([]string, len(targets))
	for i, t := range targets {
		ids[i] = t.key.ID
	}
	return platform.Probe(ctx, ids)
}

// unknownPlatform observes that this installation has no adapter for the platform, which says
// nothing about the sources.
func (r *run) unknownPlatform(targets []target) []archive.Observation {
	var observations []archive.Observation
	for _, t := range targets {
		observations = append(observations, archive.Observation{
			Source: t.key, Method: "none", At: r.now().UTC(), Reason: "this installation has no adapter for the platform " + t.key.Platform,
		})
	}
	return observations
}

// flush makes the part durable, then lets it change records.
func (r *run) flush(ctx context.Context) error {
	if len(r.part.observations) == 0 {
		return nil
	}
	r.summary.Parts++
	if err := r.journal.WritePart(ctx, r.summary.Audit, r.summary.Parts, r.part.observations); err != nil {
		return fmt.Errorf("writing part %d: %w", r.summary.Parts, err)
	}
	r.summary.Observations += len(r.part.observations)
	done := r.part
	r.part = part{}
	for _, v := range done.byVideo() {
		if err := r.apply(ctx, v); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			r.summary.Failed++
			r.log.ErrorContext(ctx, "standing not recorded", slog.String("video", string(v.id)), slog.Any("error", err))
		}
	}
	return nil
}

// apply judges the rounds of one video and writes its record.
func (r *run) apply(ctx context.Context, jv judged) error {
	var changes []Change
	v, err := r.records.Update(ctx, jv.id, archive.Cause{Actor: r.actor, Verb: "check", Reason: r.summary.Audit}, func(v *archive.Video) error {
		changes = changes[:0]
		for _, key := range jv.keys {
			if s := v.Source(key); s != nil {
				next, verdict := archive.Judge(s.Standing, jv.rounds[key])
				changes = append(changes, Change{Video: v.ID, Source: key, From: s.Standing.State, To: next.State, Verdict: verdict, Reason: next.Reason})
				s.Standing = next
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("judging video %s: %w", jv.id, err)
	}
	r.summary.count(changes)
	return r.captureMissing(ctx, v)
}

func (r *run) captureMissing(ctx context.Context, v archive.Video) error {
	if r.capturer == nil {
		return nil
	}
	var errs []error
	for _, s := range v.Sources {
		if s.Described == nil && (s.Standing.Outcome.Good() || s.Standing.Outcome.Limited()) {
			errs = append(errs, r.capturer.CaptureMissing(ctx, v.ID, s.SourceKey, r.actor))
		}
	}
	return errors.Join(errs...)
}
