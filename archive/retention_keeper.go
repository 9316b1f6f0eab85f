package archive

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"
)

// actorRetention is who changes records for retention's sake.
const actorRetention = "retention"

// videosAtOnce is how many videos a pass looks at together: a store far away answers slowly, and a
// platform is asked about each.
const videosAtOnce = 4

// Shelf is where captures and files can be taken away.
type Shelf interface {
	// Files yields the files of a video that lie there, with no more than digest and extension. An error is yielded last.
	Files(ctx context.Context, id VideoID) iter.Seq2[File, error]

	// Events yields the events of a video, the oldest first. An error is yielded last.
	Events(ctx context.Context, id VideoID) iter.Seq2[Event, error]

	// StoredCaptures yields the captures of a video, the oldest first. An error is yielded last.
	StoredCaptures(ctx context.Context, id VideoID) iter.Seq2[StoredCapture, error]

	// RemoveCapture removes the object of a capture. One that is not there is no error.
	RemoveCapture(ctx context.Context, id VideoID, capture string) error

	// RemoveFile removes the bytes of a file. One that is not there is no error.
	RemoveFile(ctx context.Context, id VideoID, f File) error
}

// Refresher captures sources anew; see Library.Refresh.
type Refresher interface {
	Refresh(ctx context.Context, id VideoID, key SourceKey, evenLess bool, actor string) (bool, error)
}

// PosterForgetter lets posters go that were drawn from pictures now purged.
type PosterForgetter interface {
	Forget(ctx context.Context, originals []File) error
}

// KeeperOptions wires a Keeper. All but the last three are required.
type KeeperOptions struct {
	Store     Store
	Shelf     Shelf
	Refresher Refresher
	Platforms Platforms       // which name their keyed methods; see Keyed
	Posters   PosterForgetter // nil: there are none on this machine
	Now       func() time.Time
	Log       *slog.Logger // nil: discarded
}

// Keeper keeps what keyed calls returned no longer than the installation chose. The newsroom's own
// words and files, and what came without a key, it never touches.
//
// Two passes at once do no harm. One that runs beside an audit may remove a file that a capture of
// the same video is just about to name, so whoever runs it holds the audit's lease.
type Keeper struct {
	o     KeeperOptions
	keyed map[string]bool
}

// NewKeeper wires a keeper.
func NewKeeper(o KeeperOptions) *Keeper {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Keeper{o: o, keyed: o.Platforms.keyedMethods()}
}

// RetentionPass is one pass over a library.
type RetentionPass struct {
	Videos iter.Seq2[Video, error]
	Period Retention
	DryRun bool                   // ask nobody and change nothing; sources that are there count as captured anew
	Tell   func(RetentionSummary) // called after each video, without the changes; nil: nobody listens
}

// RetentionSummary is what a pass did.
type RetentionSummary struct {
	Period    Retention         `json:"period"`
	DryRun    bool              `json:"dryRun,omitempty"`
	Videos    int               `json:"videos"`    // seen
	Refreshed int               `json:"refreshed"` // sources captured anew
	Captures  int               `json:"captures"`  // purged
	Answers   int               `json:"answers"`   // kept as evidence, purged
	Files     int               `json:"files"`     // removed, the answers among them
	Failed    int               `json:"failed"`    // videos; the log says why, and the next pass tries again
	Changes   []RetentionChange `json:"changes"`
}

// RetentionChange is what a pass did with one source.
type RetentionChange struct {
	Video     VideoID   `json:"video"`
	Source    SourceKey `json:"source"`
	Refreshed bool      `json:"refreshed"`
	Captures  int       `json:"captures"` // purged
	Answers   int       `json:"answers"`  // purged
}

// Run makes one pass. One video's failure is logged and counted, and does not stop the others; the
// error is that of ctx or of Videos.
func (k *Keeper) Run(ctx context.Context, p RetentionPass) (RetentionSummary, error) {
	r := &retaining{Keeper: k, RetentionPass: p, rule: rule{keyed: k.keyed, period: p.Period, now: k.o.Now()}}
	r.summary = RetentionSummary{Period: p.Period, DryRun: p.DryRun, Changes: []RetentionChange{}}
	var work sync.WaitGroup
	places := make(chan struct{}, videosAtOnce)
	err := r.each(ctx, func(v Video) {
		places <- struct{}{}
		work.Go(func() {
			defer func() { <-places }()
			r.look(ctx, v)
		})
	})
	work.Wait()
	return r.summary, err
}

// retaining is one pass under way.
type retaining struct {
	*Keeper
	RetentionPass
	rule rule

	mu      sync.Mutex
	summary RetentionSummary
}

func (r *retaining) each(ctx context.Context, look func(Video)) error {
	for v, err := range r.Videos {
		if err != nil {
			return fmt.Errorf("going through the videos: %w", err)
		}
		if ctx.Err() != nil {
			break
		}
		look(v)
	}
	return context.Cause(ctx)
}

// look brings one video to what the period allows, and counts.
func (r *retaining) look(ctx context.Context, v Video) {
	var done ofVideo
	var err error
	if r.rule.concerns(v) {
		done, err = r.video(ctx, v)
	}
	if err != nil && ctx.Err() == nil {
		r.o.Log.ErrorContext(ctx, "retention of a video failed; the next pass tries again", slog.String("video", string(v.ID)), slog.Any("error", err))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.count(done, err)
	if r.Tell != nil {
		told := r.summary
		told.Changes = nil // the list goes on growing
		r.Tell(told)
	}
}

func (s *RetentionSummary) count(done ofVideo, err error) {
	s.Videos++
	s.Files += done.removed
	if err != nil {
		s.Failed++
	}
	for _, c := range done.changes {
		s.Captures += c.Captures
		s.Answers += c.Answers
		if c.Refreshed {
			s.Refreshed++
		}
		s.Changes = append(s.Changes, c)
	}
}
