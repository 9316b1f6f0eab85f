package archive

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Erasure is what a tombstone says of itself: why a video is no more, and the digests of what was
// deleted, by which a file that turns up later can be told to have been here. Never content.
type Erasure struct {
	Basis    string    `json:"basis"`            // legal ground, such as "GDPR Art. 17(1)(d)" or a court's file number
	Reason   string    `json:"reason,omitempty"` // for the newsroom
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Finished time.Time `json:"finished,omitzero"` // when the last object was gone; zero: still being deleted
	Files    []string  `json:"files,omitempty"`   // hexadecimal SHA-256 of the files deleted, sorted
	Claims   []string  `json:"claims,omitempty"`  // digests of the sources whose claims are released
	Objects  int       `json:"objects"`           // deleted in all
	Bytes    int64     `json:"bytes"`             // deleted in all
}

// Belonging is one object of the store that is a video's own.
type Belonging struct {
	Key   string
	Bytes int64
	File  string // hexadecimal SHA-256 where it is a file of the video's, else empty
}

// Attic is where everything that belongs to a video lies.
type Attic interface {
	// Belongings yields what is kept of a video beside its record: files, captures, and its
	// events but those with the ids given. An error is yielded last.
	Belongings(ctx context.Context, id VideoID, events []string) iter.Seq2[Belonging, error]

	// RemoveBelonging deletes one. One that is not there is no error.
	RemoveBelonging(ctx context.Context, id VideoID, b Belonging) error

	// ReleaseClaim deletes the claim with this digest where it is the video's. One that is not
	// there, or is another video's, is left and no error.
	ReleaseClaim(ctx context.Context, id VideoID, digest string) error

	// Events yields the events of a video, the oldest first.
	Events(ctx context.Context, id VideoID) iter.Seq2[Event, error]
}

// EraserOptions wires an Eraser. Store and Attic are required.
type EraserOptions struct {
	Store   Store
	Attic   Attic
	Posters PosterForgetter // nil: there are none on this machine
	Now     func() time.Time
	Log     *slog.Logger // nil: discarded
}

// Eraser deletes what is kept of a video, for good.
type Eraser struct{ o EraserOptions }

// NewEraser wires an eraser.
func NewEraser(o EraserOptions) *Eraser {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Eraser{o: o}
}

// Preview is every object that Erase would delete.
func (e *Eraser) Preview(ctx context.Context, id VideoID) ([]Belonging, error) {
	var list []Belonging
	for b, err := range e.o.Attic.Belongings(ctx, id, nil) {
		if err != nil {
			return nil, fmt.Errorf("listing what belongs to video %s: %w", id, err)
		}
		list = append(list, b)
	}
	return list, nil
}

// Erase deletes what is kept of a video and leaves a tombstone. A video under a legal hold is
// refused with a *FieldError.
//
// The order is safe under kill -9: the tombstone is written first, after which nothing is shown
// any more and which holds what is needed to go on; Resume completes what was broken off. An
// erasure that began before is completed, whatever its basis was.
func (e *Eraser) Erase(ctx context.Context, id VideoID, basis, reason, actor string) (Video, error) {
	basis = strings.TrimSpace(basis)
	if basis == "" {
		return Video{}, &FieldError{Field: "basis", Problem: "erasing needs a legal basis", Cure: "name the law or the court's file, such as GDPR Art. 17(1)(d)"}
	}
	v, err := e.o.Store.Video(ctx, id)
	if err != nil {
		return Video{}, fmt.Errorf("erasing: %w", err)
	}
	files, err := e.digests(ctx, v)
	if err != nil {
		return Video{}, err
	}
	by := actorOr(actor)
	at := e.o.Now().UTC().Truncate(time.Millisecond)
	pictures := picturesOf(v)
	v, err = e.o.Store.Update(ctx, id, Cause{Actor: by, Verb: VerbErase, Reason: basis}, func(v *Video) error {
		if v.Visibility.Exposure == Erased {
			return nil
		}
		if err := asSeen(ctx, *v); err != nil {
			return err
		}
		if v.LegalHold != nil {
			return &FieldError{Field: "hold", Problem: "a legal hold stands: " + v.LegalHold.Reason, Cure: "lift the hold first, if it may be lifted", Cause: ErrConflict}
		}
		was := *v
		*v = tombstone(was, Erasure{Basis: basis, Reason: strings.TrimSpace(reason), By: by, At: at, Files: files})
		return decidedAsSeen(ctx, was, *v)
	})
	if err != nil {
		return Video{}, fmt.Errorf("erasing video %s: %w", id, err)
	}
	e.forget(ctx, id, pictures)
	return e.finish(ctx, v)
}

// digests is those of all files of a video.
func (e *Eraser) digests(ctx context.Context, v Video) ([]string, error) {
	list, err := e.Preview(ctx, v.ID)
	var files []string
	for _, b := range list {
		if b.File != "" {
			files = append(files, b.File)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), err
}

// tombstone is what is left of a record: when it was, under which ids, and why it is no more.
func tombstone(v Video, why Erasure) Video {
	for _, s := range v.Sources {
		why.Claims = append(why.Claims, s.Digest())
	}
	return Video{
		ID: v.ID, Revision: v.Revision, Created: v.Created, Updated: v.Updated, DefaultLanguage: v.DefaultLanguage,
		Aliases: v.Aliases, Visibility: Visibility{Exposure: Erased}, Erasure: &why, Sources: []Source{},
	}
}

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
		if v.Visibility.Exposure != Erased || v.Erasure.Settled(e.o.Now()) {
			continue
		}
		if _, err := e.finish(ctx, v); err != nil {
			e.o.Log.ErrorContext(ctx, "an erasure is not complete; it is tried again", slog.String("video", string(v.ID)), slog.Any("error", err))
		}
	}
	return ctx.Err()
}

// finish deletes everything that a tombstone leaves behind, and notes it.
func (e *Eraser) finish(ctx context.Context, v Video) (Video, error) {
	if v.Erasure == nil { // marked by hand
		return v, nil
	}
	kept, err := e.erasing(ctx, v.ID)
	if err != nil {
		return Video{}, err
	}
	objects, bytes, err := e.clear(ctx, v.ID, kept)
	if err != nil {
		return Video{}, err
	}
	for _, digest := range v.Erasure.Claims {
		if err := e.o.Attic.ReleaseClaim(ctx, v.ID, digest); err != nil {
			return Video{}, fmt.Errorf("releasing a claim of erased video %s: %w", v.ID, err)
		}
	}
	if objects == 0 && !v.Erasure.Finished.IsZero() {
		return v, nil
	}
	at := e.o.Now().UTC().Truncate(time.Millisecond)
	return e.o.Store.Update(ctx, v.ID, Cause{Actor: v.Erasure.By, Verb: verbErased}, func(v *Video) error {
		if v.Erasure == nil {
			return nil
		}
		v.Erasure.Objects += objects
		v.Erasure.Bytes += bytes
		v.Erasure.Finished = at
		return nil
	})
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

func (e *Eraser) clear(ctx context.Context, id VideoID, events []string) (objects int, bytes int64, err error) {
	for b, err := range e.o.Attic.Belongings(ctx, id, events) {
		if err == nil {
			err = e.o.Attic.RemoveBelonging(ctx, id, b)
		}
		if err != nil {
			return objects, bytes, fmt.Errorf("deleting what belongs to erased video %s: %w", id, err)
		}
		objects++
		bytes += b.Bytes
	}
	return objects, bytes, nil
}

// Forget removes from this machine what it drew of a video that has become a tombstone elsewhere:
// was is the record as this machine last knew it.
func (e *Eraser) Forget(ctx context.Context, was Video) { e.forget(ctx, was.ID, picturesOf(was)) }

func (e *Eraser) forget(ctx context.Context, id VideoID, pictures []File) {
	if e.o.Posters == nil || len(pictures) == 0 {
		return
	}
	if err := e.o.Posters.Forget(ctx, pictures); err != nil {
		e.o.Log.ErrorContext(ctx, "posters of an erased video are still on this machine; delete its cache folder", slog.String("video", string(id)), slog.Any("error", err))
	}
}

// picturesOf is what posters may have been drawn from.
func picturesOf(v Video) []File {
	var files []File
	if v.Picture != nil {
		files = append(files, *v.Picture)
	}
	for _, s := range v.Sources {
		if s.Described != nil {
			files = append(files, s.Described.Thumbnails...)
		}
	}
	return files
}
