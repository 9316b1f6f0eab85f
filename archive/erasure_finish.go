package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"time"
)

// Settled reports whether a tombstone's erasure needs no more looking after: an audit under way may
// still have saved an answer for a while after the last object was gone.
func (x *Erasure) Settled(now time.Time) bool {
	return x == nil || !x.Finished.IsZero() && now.Sub(x.Finished) > erasureWatch
}

// erasureWatch is longer than any work that began before an erasure goes on.
const erasureWatch = 24 * time.Hour

// Resume completes the erasures among the videos that were broken off, and looks after those that
// ended lately. One video's failure is logged and does not stop the others.
func (e *Eraser) Resume(ctx context.Context, videos iter.Seq2[Video, error]) error {
	for v, err := range videos {
		if err != nil {
			return fmt.Errorf("looking for erasures to complete: %w", err)
		}
		if v.Visibility.Exposure != Erased || v.Erasure.Settled(e.o.Now()) && v.covered() {
			continue
		}
		if _, err := e.finish(ctx, v); err != nil {
			e.o.Log.ErrorContext(ctx, "an erasure is not complete; it is tried again", slog.String("video", string(v.ID)), slog.Any("error", err))
		}
	}
	return ctx.Err()
}

// finish deletes everything that a tombstone leaves behind, and notes it. The duplicates' records become tombstones
// before anything of theirs is deleted.
func (e *Eraser) finish(ctx context.Context, v Video) (Video, error) {
	if v.Erasure == nil { // marked by hand
		return v, nil
	}
	var dead []Video
	for _, id := range v.Aliases {
		d, err := e.bury(ctx, id, v)
		if err != nil {
			return Video{}, err
		}
		dead = append(dead, d)
	}
	var all removed
	for _, d := range dead {
		claims := v.Erasure.Claims
		if d.Erasure != nil {
			claims = slices.Concat(claims, d.Erasure.Claims)
		}
		gone, err := e.empty(ctx, d.ID, claims)
		if err == nil {
			_, err = e.note(ctx, d, gone)
		}
		if err != nil {
			return Video{}, err
		}
		all.add(gone)
	}
	gone, err := e.empty(ctx, v.ID, v.Erasure.Claims)
	if err != nil {
		return Video{}, err
	}
	all.add(gone)
	return e.note(ctx, v, all)
}

// removed counts what was deleted.
type removed struct {
	objects int
	bytes   int64
}

func (r *removed) add(more removed) {
	r.objects += more.objects
	r.bytes += more.bytes
}

// bury makes a tombstone of the record of a duplicate that was merged into a video which is one. It leads there. Of an id
// without a record it is the id alone.
func (e *Eraser) bury(ctx context.Context, id VideoID, into Video) (Video, error) {
	files, err := e.digests(ctx, id)
	if err != nil {
		return Video{}, err
	}
	why := Erasure{Basis: into.Erasure.Basis, Reason: into.Erasure.Reason, By: into.Erasure.By, At: into.Erasure.At, Files: files}
	var pictures []File
	d, err := e.o.Store.Update(ctx, id, why.cause(), func(d *Video) error {
		if d.Visibility.Exposure == Erased {
			return nil
		}
		if err := notHeld(*d); err != nil {
			return err
		}
		pictures = picturesOf(*d)
		*d = tombstone(*d, why)
		d.MergedInto = cmp.Or(d.MergedInto, into.ID)
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return Video{ID: id}, nil
	}
	if err != nil {
		return Video{}, fmt.Errorf("erasing %s, which was merged into %s: %w", id, into.ID, err)
	}
	e.forget(ctx, id, pictures)
	return d, nil
}

// empty deletes what belongs to an erased id, and releases those of the claims that are its.
func (e *Eraser) empty(ctx context.Context, id VideoID, claims []string) (removed, error) {
	kept, err := e.erasing(ctx, id)
	if err != nil {
		return removed{}, err
	}
	gone, err := e.clear(ctx, id, kept)
	if err != nil {
		return gone, err
	}
	for _, digest := range claims {
		if err := e.o.Attic.ReleaseClaim(ctx, id, digest); err != nil {
			return gone, fmt.Errorf("releasing a claim of erased video %s: %w", id, err)
		}
	}
	return gone, nil
}

// note writes into a tombstone what was deleted, if that is anything new.
func (e *Eraser) note(ctx context.Context, v Video, gone removed) (Video, error) {
	if v.Erasure == nil || gone.objects == 0 && !v.Erasure.Finished.IsZero() && v.covered() {
		return v, nil
	}
	at := e.o.Now().UTC().Truncate(time.Millisecond)
	return e.o.Store.Update(ctx, v.ID, Cause{Actor: v.Erasure.By, Verb: verbErased}, func(v *Video) error {
		if v.Erasure == nil {
			return nil
		}
		v.Erasure.Objects += gone.objects
		v.Erasure.Bytes += gone.bytes
		v.Erasure.Finished = at
		v.Erasure.Duplicates = v.Aliases
		return nil
	})
}

// covered reports whether a tombstone's erasure is of all the duplicates that lead to it.
func (v *Video) covered() bool {
	return v.Erasure == nil || slices.Equal(v.Erasure.Duplicates, v.Aliases)
}

// Verbs of the events that erasure itself writes. They hold no content, so they are kept.
const (
	VerbErase  = "erase"
	verbErased = "erased"
)

// erasing is the ids of the events that erasure wrote. All others go, those too that were written
// after it by somebody whose change then came too late: they tell what the record held.
func (e *Eraser) erasing(ctx context.Context, id VideoID) ([]string, error) {
	var kept []string
	for event, err := range e.o.Attic.Events(ctx, id) {
		if err != nil {
			return nil, fmt.Errorf("looking for the erasure of video %s: %w", id, err)
		}
		if event.Verb == VerbErase || event.Verb == verbErased {
			kept = append(kept, event.ID)
		}
	}
	return kept, nil
}

func (e *Eraser) clear(ctx context.Context, id VideoID, events []string) (gone removed, err error) {
	for b, err := range e.o.Attic.Belongings(ctx, id, events) {
		if err == nil {
			err = e.o.Attic.RemoveBelonging(ctx, id, b)
		}
		if err != nil {
			return gone, fmt.Errorf("deleting what belongs to erased video %s: %w", id, err)
		}
		gone.add(removed{1, b.Bytes})
	}
	return gone, nil
}
