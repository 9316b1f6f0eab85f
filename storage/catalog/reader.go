package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"videoteca/archive"
)

// What an id that the catalog has not may cost the bucket, and this process.
const (
	lookupsASecond = 5               // reads; a burst of wrong ids must not become a bill
	lookupBurst    = 20              // reads; an article with many new videos
	lookupsAtOnce  = 32              // reads under way, where the store ignores its deadline
	lookupDeadline = 3 * time.Second // a reader's patience
	absenceKept    = 5 * time.Second // so that a video just registered elsewhere appears soon
	absencesKept   = 10_000          // ids, about 1 MB
	defaultRecords = 1_000           // decoded records, some 10 KB each
)

// Lookup reads one record from the store.
type Lookup interface {
	// Read returns the record and its ETag. A record that the store says it has not gets
	// archive.ErrNotFound; any other error says that it could not be asked.
	// It returns soon after ctx ends.
	Read(ctx context.Context, id archive.VideoID) (v archive.Video, etag string, err error)
}

// Reader answers the public routes: from memory, else from the catalog, else,
// for an id that the catalog has not, from the bucket at a bounded rate.
//
// A record put through the same Catalog is seen at once. One that another process
// put is seen within a second, when it is asked for next.
type Reader struct {
	catalog *Catalog
	lookup  Lookup
	log     *slog.Logger
	records lru[archive.Video]
	absent  lru[time.Time] // until when
	flights singleflight.Group
	budget  *rate.Limiter
	slots   chan struct{}
}

// ReaderOptions configures NewReader. The zero value is good.
type ReaderOptions struct {
	Records int          // decoded records kept in memory; 0: 1,000
	Log     *slog.Logger // nil: discarded
}

// NewReader reads from c, and from lookup what c has not.
func NewReader(c *Catalog, lookup Lookup, o ReaderOptions) *Reader {
	if o.Records == 0 {
		o.Records = defaultRecords
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Reader{
		catalog: c, lookup: lookup, log: o.Log,
		records: lru[archive.Video]{size: o.Records},
		absent:  lru[time.Time]{size: absencesKept},
		budget:  rate.NewLimiter(lookupsASecond, lookupBurst),
		slots:   make(chan struct{}, lookupsAtOnce),
	}
}

// Video returns the record of id, or of the video that id was merged into. It is shared with other callers: do not alter
// what its maps and slices hold.
//
// archive.ErrNotFound means that the bucket was asked within the last five
// seconds and has no such record. Where it could not be asked, because it is
// down or the rate is spent, the error is archive.ErrUnavailable.
func (r *Reader) Video(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	id, err := archive.ParseVideoID(string(id))
	if err != nil {
		return archive.Video{}, fmt.Errorf("%w: %w", archive.ErrNotFound, err)
	}
	version := r.catalog.changes(ctx)
	if v, ok := r.records.get(version, id); ok {
		return v, nil
	}
	v, err := r.catalog.Video(ctx, id)
	if err == nil && v.MergedInto == "" {
		r.records.add(version, id, v)
		return v, nil
	}
	if ctx.Err() != nil {
		return archive.Video{}, fmt.Errorf("reading video %s: %w", id, ctx.Err())
	}
	if err != nil && !errors.Is(err, archive.ErrNotFound) {
		r.log.ErrorContext(ctx, "the catalog fails; asking the store", slog.Any("error", err))
	}
	return r.lookUp(ctx, id)
}
