package audit

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"videoteca/archive"
)

const (
	// batchSize is how many sources one probe asks about: what YouTube's
	// videos.list takes in one call.
	batchSize = 50
	// standardAtOnce is how many probes are under way.
	standardAtOnce = 8
	// perHost is how many probes of one host are under way, where a platform has many hosts.
	perHost = 2
)

// Journal keeps the answers of audits in parts. A part, once written, is durable and is
// never replaced.
type Journal interface {
	// Begin opens an audit and returns its name, "2025/04/14/<ulid>".
	Begin(ctx context.Context, at time.Time) (string, error)
	// WritePlan keeps what the audit is to ask, a JSON object, for whoever resumes it.
	WritePlan(ctx context.Context, audit string, plan any) error
	// WritePart keeps up to MaxPart observations. A number that is taken gets archive.ErrExists.
	WritePart(ctx context.Context, audit string, part int, observations []archive.Observation) error
	// Finish keeps the summary, a JSON object.
	Finish(ctx context.Context, audit string, summary any) error

	// Audits yields the names of those begun within the times, in the order of their beginning.
	Audits(ctx context.Context, since, until time.Time) iter.Seq2[string, error]
	// Parts is the numbers of an audit's parts, in order.
	Parts(ctx context.Context, audit string) ([]int, error)
	// ReadPart reads a part back.
	ReadPart(ctx context.Context, audit string, part int) ([]archive.Observation, error)
	// ReadPlan reads the plan. Without one: archive.ErrNotFound.
	ReadPlan(ctx context.Context, audit string, into any) error
	// ReadSummary reads the summary. An audit that is not finished has none: archive.ErrNotFound.
	ReadSummary(ctx context.Context, audit string, into any) error
}

// Records is the part of archive.Store that an audit needs; see there.
type Records interface {
	Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error)
	SaveFile(ctx context.Context, id archive.VideoID, about archive.File, data []byte) (archive.File, error)
}

// Capturer captures sources.
type Capturer interface {
	// CaptureMissing captures a source that no capture describes, because it could not be
	// read when it was registered.
	CaptureMissing(ctx context.Context, id archive.VideoID, key archive.SourceKey, actor string) error
	// CaptureAgain captures a source that shows something else than its newest capture.
	// Where it turns out to show the same, none is made.
	CaptureAgain(ctx context.Context, id archive.VideoID, key archive.SourceKey, actor string) error
}

// Options wires an Auditor. Journal, Records, Ledger, Finder and Platforms are required.
type Options struct {
	Journal    Journal
	Records    Records
	Ledger     Ledger
	Finder     Finder
	Platforms  archive.Platforms
	Capturer   Capturer                                     // nil: nothing is captured
	Channels   Channels                                     // nil: channels are not asked about
	Alarms     *Alarms                                      // shared by all who judge; nil: its own
	Thresholds func(ctx context.Context) archive.Thresholds // asked at the beginning of each audit; nil: the standard ones
	AtOnce     int                                          // probes under way; 0: 8
	Now        func() time.Time                             // nil: time.Now
	Log        *slog.Logger                                 // nil: discarded
}

// Auditor runs audits. It is safe for concurrent use.
type Auditor struct {
	o    Options
	read audits
}

// New wires an auditor.
func New(o Options) *Auditor {
	if o.AtOnce <= 0 {
		o.AtOnce = standardAtOnce
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Alarms == nil {
		o.Alarms = &Alarms{}
	}
	return &Auditor{o: o}
}

// now is the time in UTC.
func (a *Auditor) now() time.Time { return a.o.Now().UTC() }

// Request says what an audit asks.
type Request struct {
	Videos iter.Seq2[archive.Video, error] // whose sources are asked
	Only   func(archive.Source) bool       // of these, those that it accepts; nil: all. Ignored ones never are
	Plan   Plan
	Resume string         // name of an audit that was broken off and goes on; empty: a new one
	DryRun bool           // ask and judge, and write nothing
	Looks  int            // how many pictures of living sources may be asked for, to see whether they have changed
	Tell   func(Progress) // after each probe; nil: nobody is told
}

// Plan is what stands in the journal of what an audit was to ask.
type Plan struct {
	Scope   string    `json:"scope"` // "all", "due", "named"; with what limits it
	Actor   string    `json:"actor"`
	Started time.Time `json:"started"`
	Leased  bool      `json:"leased,omitempty"` // run under the lease, so that whoever has it next may take it up
}

// Progress is how far an audit has come.
type Progress struct {
	Asked   int           // sources
	Changed int           // of these, whose state moved so far
	Elapsed time.Duration // since the audit began, or was resumed
}

// Run asks the sources and returns what it found. A video whose
// record cannot be written is counted in Summary.Failed and does not stop the rest; an error
// of the journal or of the sequence does, for a record must not change without its evidence.
// An audit that ended with an error may be resumed under Summary.Audit.
func (a *Auditor) Run(ctx context.Context, q Request) (Summary, error) {
	r := newRun(a, q)
	if err := a.o.Alarms.read(ctx); err != nil {
		a.o.Log.WarnContext(ctx, "a guard may be announced again", slog.Any("error", err))
	}
	if err := r.begin(ctx); err != nil {
		return r.summary, err
	}
	if err := r.all(ctx); err != nil {
		return r.summary, fmt.Errorf("audit %s: %w", r.summary.Audit, err)
	}
	r.summary.Ended = a.now()
	if q.DryRun || r.summary.Parts == 0 {
		return r.summary, nil
	}
	if err := a.o.Journal.Finish(ctx, r.summary.Audit, r.summary); err != nil {
		return r.summary, fmt.Errorf("writing the summary of audit %s: %w", r.summary.Audit, err)
	}
	return r.summary, nil
}

// Check runs an audit of the videos, for pages and commands that name a few.
func (a *Auditor) Check(ctx context.Context, videos []archive.Video, actor string) (Summary, error) {
	return a.Run(ctx, Request{Videos: These(videos), Plan: Plan{Scope: "named", Actor: actor}})
}

// These is the videos as a sequence.
func These(videos []archive.Video) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for _, v := range videos {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// begin opens the audit, or reads what was asked of the one that is resumed.
func (r *run) begin(ctx context.Context) error {
	r.summary.Started = r.now()
	r.plan.Started = r.summary.Started
	if r.o.Thresholds != nil {
		r.thresholds = r.o.Thresholds(ctx)
	}
	if err := r.readChannels(ctx); err != nil {
		return err
	}
	if r.DryRun {
		return nil
	}
	if r.Resume != "" {
		return r.resume(ctx)
	}
	name, err := r.o.Journal.Begin(ctx, r.summary.Started)
	if err != nil {
		return fmt.Errorf("opening the audit's journal: %w", err)
	}
	r.summary.Audit = name
	return nil
}

// resume judges the parts that stand, which changes nothing where it happened before, and goes
// on after them.
func (r *run) resume(ctx context.Context) error {
	r.summary.Audit = r.Resume
	plan, err := r.readPlan(ctx, r.Resume)
	if err != nil {
		return fmt.Errorf("resuming audit %s: %w", r.Resume, err)
	}
	if plan != (Plan{}) {
		r.plan = plan
	}
	r.summary.Started = r.plan.Started
	numbers, err := r.o.Journal.Parts(ctx, r.Resume)
	if err != nil {
		return fmt.Errorf("resuming audit %s: %w", r.Resume, err)
	}
	for _, n := range numbers {
		if err := r.again(ctx, n); err != nil {
			return fmt.Errorf("resuming audit %s: %w", r.Resume, err)
		}
	}
	return nil
}
