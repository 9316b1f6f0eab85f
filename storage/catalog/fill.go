package catalog

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"

	"videoteca/archive"
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
// What others put into the catalog while it runs is replaced by what is newer only.
func (c *Catalog) Reindex(ctx context.Context, origin Origin, progress func(done, total int)) (Filled, error) {
	filled, err := c.fill(ctx, &filling{catalog: c, origin: origin, progress: progress, anew: true})
	if err != nil || filled.Listed == 0 {
		return filled, err
	}
	// What was written into a restored store meanwhile may have been refused for a later revision of before.
	_, err = c.Fill(ctx, origin, nil)
	return filled, err
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
	anew     bool
}

// compare lists the store and returns what must be read, and what the catalog
// had before the listing began and the listing has not. What was registered
// meanwhile is in neither, so it is never taken for vanished.
func (f *filling) compare(ctx context.Context) (changed, vanished []archive.VideoID, err error) {
	have := newETags[archive.VideoID]()
	for known, err := range f.catalog.ETags(ctx) {
		if err != nil {
			return nil, nil, err
		}
		have.add(known.ID, known.ETag)
	}
	for listed, err := range f.origin.Videos(ctx) {
		if err != nil {
			return changed, nil, fmt.Errorf("listing the store: %w", err)
		}
		f.Listed++
		if have.differs(listed.ID, listed.ETag) || f.anew {
			changed = append(changed, listed.ID)
		}
	}
	return changed, have.rest(), nil
}

// read reads the records and keeps them batch by batch.
func (f *filling) read(ctx context.Context, ids []archive.VideoID) error {
	f.done = f.Listed - len(ids)
	f.progress(f.done, f.Listed)
	in := intake[archive.VideoID, row]{
		what: "video", read: f.one, keep: f.catalog.putRows, filled: &f.Filled, log: f.catalog.log,
		dealt: func() { f.done++; f.progress(f.done, f.Listed) },
	}
	return in.all(ctx, ids)
}

// one reads a record.
func (f *filling) one(ctx context.Context, id archive.VideoID) (row, error) {
	var over *edition
	if f.anew {
		var err error
		if over, err = f.catalog.edition(ctx, selectEdition, string(id)); err != nil {
			return row{}, err
		}
	}
	v, etag, err := f.origin.Read(ctx, id)
	if err != nil {
		return row{}, err
	}
	r, err := newRow(Entry{Video: v, ETag: etag})
	r.over = over
	return r, err
}
