package catalog

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"log/slog"

	"videoteca/archive"
)

const (
	readsAtOnce = 8    // from the bucket: hides its latency without crowding out others
	batch       = 1000 // records a transaction: a few tenths of a second of the writer's lock
	// failuresInARow is when the bucket is at fault and no longer the record: with
	// time-outs, going on would take hours and a line of the log for each.
	failuresInARow = 50
)

// Origin is the store that the catalog is filled from.
type Origin interface {
	Lookup

	// Videos lists all records, in any order. An error is yielded once, last;
	// without one the listing was complete.
	Videos(ctx context.Context) iter.Seq2[Listed, error]
}

// Filled is what a Fill did.
type Filled struct {
	Listed  int `json:"listed"`  // records that the store has
	Read    int `json:"read"`    // of them were read, since they were missing here or changed
	Failed  int `json:"failed"`  // of them could not be read; the next Fill tries again
	Removed int `json:"removed"` // rows that the store no longer has
}

// Fill makes the catalog equal to the store: it lists the store, compares ETags
// and reads what differs. It serves the first filling and every reconciliation.
//
// A Fill that was interrupted is continued by the next, since what was read is
// passed over then. A record that cannot be read is logged and counted and stops
// nothing; 50 in a row end the Fill. A row that the store does not list is removed
// only after a complete listing that had any records: an empty store where there
// were videos looks like a disk that is not mounted.
//
// progress, which may be nil, is called by one goroutine at a time with how many of the
// listed records are dealt with. An error comes with what was done until then.
func (c *Catalog) Fill(ctx context.Context, origin Origin, progress func(done, total int)) (Filled, error) {
	return c.fill(ctx, &filling{catalog: c, origin: origin, progress: progress})
}

// Reindex reads every record of the store anew, also where the catalog has the same or a later
// revision: after a store was restored from a copy, say. What the catalog has goes on being served meanwhile.
func (c *Catalog) Reindex(ctx context.Context, origin Origin, progress func(done, total int)) (Filled, error) {
	return c.fill(ctx, &filling{catalog: c, origin: origin, progress: progress, anew: true})
}

func (c *Catalog) fill(ctx context.Context, f *filling) (Filled, error) {
	if f.progress == nil {
		f.progress = func(int, int) {}
	}
	changed, vanished, listing := f.compare(ctx)
	// What was listed is worth reading even where the listing broke off.
	reading := f.read(ctx, changed)
	if err := errors.Join(listing, reading); err != nil {
		return f.Filled, fmt.Errorf("filling the catalog: %w", err)
	}
	if f.Listed == 0 && len(vanished) > 0 {
		c.log.WarnContext(ctx, "the store lists no videos; the catalog keeps what it has", slog.Int("videos", len(vanished)))
		return f.Filled, nil
	}
	if err := c.Remove(ctx, vanished...); err != nil {
		return f.Filled, fmt.Errorf("filling the catalog: %w", err)
	}
	f.Removed = len(vanished)
	return f.Filled, nil
}

// filling is the state of one Fill.
type filling struct {
	Filled
	catalog  *Catalog
	origin   Origin
	progress func(done, total int)
	done     int // listed records that need nothing more
	inARow   int // failures since the last success
	anew     bool
	pending  []row
}

// compare lists the store and returns what must be read, and what the catalog
// had before the listing began and the listing has not. What was registered
// meanwhile is in neither, so it is never taken for vanished.
func (f *filling) compare(ctx context.Context) (changed, vanished []archive.VideoID, err error) {
	have, seed := map[archive.VideoID]uint64{}, maphash.MakeSeed() // of a million ETags the hashes alone take a third of the room
	for known, err := range f.catalog.ETags(ctx) {
		if err != nil {
			return nil, nil, err
		}
		have[known.ID] = 0
		if known.ETag != "" {
			have[known.ID] = maphash.String(seed, known.ETag)
		}
	}
	for listed, err := range f.origin.Videos(ctx) {
		if err != nil {
			return changed, nil, fmt.Errorf("listing the store: %w", err)
		}
		f.Listed++
		if known := have[listed.ID]; f.anew || known == 0 || known != maphash.String(seed, listed.ETag) {
			changed = append(changed, listed.ID)
		}
		delete(have, listed.ID)
	}
	for id := range have {
		vanished = append(vanished, id)
	}
	return changed, vanished, nil
}

// answer is what the store said about one record.
type answer struct {
	id  archive.VideoID
	row row
	err error
}

// read reads the records and keeps them batch by batch.
func (f *filling) read(ctx context.Context, ids []archive.VideoID) error {
	f.done = f.Listed - len(ids)
	f.progress(f.done, f.Listed)
	reading, stop := context.WithCancel(ctx)
	defer stop()
	var failure error
	for a := range readAll(reading, f.origin, ids) {
		if failure != nil || ctx.Err() != nil {
			continue // let the readers end
		}
		if failure = f.take(ctx, a); failure != nil {
			stop()
		}
	}
	// What was read is kept also where the caller has gone: it need not be read again.
	return errors.Join(failure, ctx.Err(), f.flush(context.WithoutCancel(ctx)))
}

func (f *filling) take(ctx context.Context, a answer) error {
	f.done++
	defer func() { f.progress(f.done, f.Listed) }()
	switch {
	case errors.Is(a.err, archive.ErrNotFound): // removed since it was listed
		f.inARow = 0
		return nil
	case a.err != nil:
		return f.fail(ctx, a)
	}
	f.inARow = 0
	f.Read++
	f.pending = append(f.pending, a.row)
	if len(f.pending) < batch {
		return nil
	}
	return f.flush(ctx)
}

func (f *filling) fail(ctx context.Context, a answer) error {
	f.Failed++
	f.inARow++
	f.catalog.log.WarnContext(ctx, "a record could not be read into the catalog",
		slog.String("video", string(a.id)), slog.Any("error", a.err))
	if f.inARow >= failuresInARow {
		return fmt.Errorf("%d records in a row could not be read, last video %s: %w", f.inARow, a.id, a.err)
	}
	return nil
}

func (f *filling) flush(ctx context.Context) error {
	err := f.catalog.putRows(ctx, f.pending, f.anew)
	f.pending = f.pending[:0]
	return err
}
