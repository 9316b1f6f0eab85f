package wayback

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"sync"
	"time"

	"videoteca/archive"
)

// Records is where sources' records are changed; archive.Store is one. A change that alters
// nothing must write nothing: records are read that way too.
type Records interface {
	Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error)
}

// Leases let one process of many go through the library. Hold returns an error while another
// does; its context ends with the lease, which release gives back.
type Leases interface {
	Hold(ctx context.Context, name string) (held context.Context, release func(), err error)
}

// LeaseName is the lease that a round holds.
const LeaseName = "wayback"

// KeeperOptions wire a Keeper. Client, Records and Videos are required.
type KeeperOptions struct {
	Client  *Client
	Records Records
	Videos  func(ctx context.Context) iter.Seq2[archive.Video, error] // an error is yielded last
	Leases  Leases                                                    // nil: this process is the only one
	Every   time.Duration                                             // between the beginnings of rounds; 0: 1 h
	Now     func() time.Time                                          // nil: time.Now
	Log     *slog.Logger                                              // nil: discarded
}

const (
	defaultEvery = time.Hour
	// followEvery is how often captures that were ordered are asked after: one takes 2 min at
	// most once it has begun, and its job is forgotten after an hour.
	followEvery = 2 * time.Minute
	// queueLength is how many registrations wait at once. Any further are found by the next round.
	queueLength = 1024
)

// Keeper keeps the sources' archived pages: it looks them up, orders captures and follows
// them up. Make one with NewKeeper. Its methods may be called from any goroutine, and its
// work is done one page at a time.
type Keeper struct {
	o     KeeperOptions
	queue chan archive.VideoID

	mu       sync.Mutex // held while a page is worked on
	ordered  map[archive.VideoID]bool
	puzzling map[archive.SourceKey]time.Time // until when a page whose answer told nothing is left
	puzzles  int                             // such answers in a row
	lookups  *outage
	captures *outage
}

// NewKeeper wires a keeper. It asks nothing before Run or Once.
func NewKeeper(o KeeperOptions) *Keeper {
	if o.Every <= 0 {
		o.Every = defaultEvery
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Keeper{
		o: o, queue: make(chan archive.VideoID, queueLength),
		ordered: map[archive.VideoID]bool{}, puzzling: map[archive.SourceKey]time.Time{},
		lookups:  &outage{what: "archived pages cannot be looked up", log: o.Log},
		captures: &outage{what: "captures of pages cannot be asked for", log: o.Log},
	}
}

// Registered has a video's pages seen to soon. It never waits.
func (k *Keeper) Registered(v archive.Video) {
	select {
	case k.queue <- v.ID:
	default: // a round finds it
	}
}

// Run works until ctx ends: a round at once and then every o.Every, in between what was
// registered and what was ordered.
func (k *Keeper) Run(ctx context.Context) {
	rounds, follow := time.NewTicker(k.o.Every), time.NewTicker(followEvery)
	defer rounds.Stop()
	defer follow.Stop()
	k.turn(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-k.queue:
			k.registered(ctx, id)
		case <-follow.C:
			k.follow(ctx)
		case <-rounds.C:
			k.turn(ctx)
		}
	}
}

// turn is one round of Run, which ends where the next is due.
func (k *Keeper) turn(ctx context.Context) {
	if k.lookups.lasting(k.o.Now()) {
		return
	}
	counts, err := k.round(ctx, k.o.Now().Add(k.o.Every))
	switch {
	case ctx.Err() != nil, errIsOutage(err):
	case errors.Is(err, errTurn):
		k.o.Log.DebugContext(ctx, "no round for archived pages here", slog.Any("error", err))
	case err != nil:
		k.o.Log.WarnContext(ctx, "a round for archived pages broke off; the next goes on", slog.Any("error", err))
	case counts.Found+counts.Captured+counts.Ordered > 0:
		k.o.Log.InfoContext(ctx, "archived pages", slog.Int("found", counts.Found), slog.Int("captured", counts.Captured), slog.Int("ordered", counts.Ordered))
	}
}

// registered sees to one video. What fails is left to a round.
func (k *Keeper) registered(ctx context.Context, id archive.VideoID) {
	if k.lookups.lasting(k.o.Now()) {
		return
	}
	if err := k.video(ctx, id, &Counts{}); err != nil && ctx.Err() == nil && !errIsOutage(err) {
		k.o.Log.WarnContext(ctx, "a video's archived pages were not seen to; a round tries again",
			slog.String("video", string(id)), slog.Any("error", err))
	}
}

// follow asks after the captures that this process ordered.
func (k *Keeper) follow(ctx context.Context) {
	if !k.permits(k.o.Now()).follow {
		return
	}
	k.mu.Lock()
	ids := make([]archive.VideoID, 0, len(k.ordered))
	for id := range k.ordered {
		ids = append(ids, id)
	}
	k.mu.Unlock()
	for _, id := range ids {
		if ctx.Err() != nil {
			return
		}
		k.registered(ctx, id)
	}
}
