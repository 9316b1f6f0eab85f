package archive

import (
	"context"
	"errors"
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

	// Duplicates are the ids of the videos merged into it, which are erased with it. What was theirs
	// counts in Files, Objects and Bytes too.
	Duplicates []VideoID `json:"duplicates,omitempty"`
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

// Preview is every object that Erase would delete, those of the duplicates merged into the video included.
func (e *Eraser) Preview(ctx context.Context, id VideoID) ([]Belonging, error) {
	v, err := serving(ctx, e.o.Store, id)
	if err != nil {
		return nil, fmt.Errorf("listing what belongs to video %s: %w", id, err)
	}
	var list []Belonging
	for _, id := range append([]VideoID{v.ID}, v.Aliases...) {
		if list, err = e.belongings(ctx, id, list); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// belongings appends to a list what belongs to an id.
func (e *Eraser) belongings(ctx context.Context, id VideoID, list []Belonging) ([]Belonging, error) {
	for b, err := range e.o.Attic.Belongings(ctx, id, nil) {
		if err != nil {
			return nil, fmt.Errorf("listing what belongs to video %s: %w", id, err)
		}
		list = append(list, b)
	}
	return list, nil
}

// Erase deletes what is kept of a video, and of the duplicates merged into it, and leaves tombstones: of a
// duplicate one that goes on leading to the video's. The id of a duplicate erases the video that serves for
// it. Where any of them is under a legal hold it is refused with a *FieldError.
//
// The order is safe under kill -9: the tombstone is written first, after which nothing is shown
// any more and which holds what is needed to go on; Resume completes what was broken off. An
// erasure that began before is completed, whatever its basis was.
func (e *Eraser) Erase(ctx context.Context, id VideoID, basis, reason, actor string) (Video, error) {
	basis = strings.TrimSpace(basis)
	if basis == "" {
		return Video{}, &FieldError{Field: "basis", Problem: "erasing needs a legal basis", Cure: "name the law or the court's file, such as GDPR Art. 17(1)(d)"}
	}
	why := Erasure{Basis: basis, Reason: strings.TrimSpace(reason), By: actorOr(actor), At: e.o.Now().UTC().Truncate(time.Millisecond)}
	v, err := follow(id, func(id VideoID) (Video, error) { return e.entomb(ctx, id, why) })
	if err != nil {
		return Video{}, fmt.Errorf("erasing video %s: %w", id, err)
	}
	return e.finish(ctx, v)
}

// entomb makes a tombstone of a video's record. It starts over where another video was merged into it meanwhile.
func (e *Eraser) entomb(ctx context.Context, id VideoID, why Erasure) (Video, error) {
	for range mergeTries {
		was, err := e.o.Store.Video(ctx, id)
		if err == nil {
			err = mergedAway(was)
		}
		if err != nil || was.Visibility.Exposure == Erased {
			return was, err
		}
		if err := e.noneHeld(ctx, was.Aliases); err != nil {
			return Video{}, err
		}
		if why.Files, err = e.digests(ctx, append([]VideoID{id}, was.Aliases...)...); err != nil {
			return Video{}, err
		}
		v, err := e.o.Store.Update(ctx, id, why.cause(), func(v *Video) error {
			if !slices.Equal(v.Aliases, was.Aliases) {
				return errOutrun
			}
			return inter(ctx, v, why)
		})
		if errors.Is(err, errOutrun) {
			continue
		}
		if err == nil {
			e.forget(ctx, id, picturesOf(was))
		}
		return v, err
	}
	return Video{}, ErrConflict
}

// cause is that of the change which erases.
func (x Erasure) cause() Cause { return Cause{Actor: x.By, Verb: VerbErase, Reason: x.Basis} }

// inter makes a tombstone of v, unless there is something in the way.
func inter(ctx context.Context, v *Video, why Erasure) error {
	if err := mergedAway(*v); err != nil {
		return err
	}
	if v.Visibility.Exposure == Erased {
		return nil
	}
	if err := asSeen(ctx, *v); err != nil {
		return err
	}
	if err := notHeld(*v); err != nil {
		return err
	}
	*v = tombstone(*v, why)
	return nil
}

// noneHeld fails where one of the duplicates is under a legal hold of its own.
func (e *Eraser) noneHeld(ctx context.Context, duplicates []VideoID) error {
	for _, id := range duplicates {
		d, err := e.o.Store.Video(ctx, id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err := notHeld(d); err != nil {
			return err
		}
	}
	return nil
}

func notHeld(v Video) error {
	if v.LegalHold == nil {
		return nil
	}
	return &FieldError{Field: "hold", Problem: "a legal hold stands: " + v.LegalHold.Reason, Cure: "lift the hold first, if it may be lifted", Cause: ErrConflict}
}

// digests is those of all files that belong to the ids.
func (e *Eraser) digests(ctx context.Context, ids ...VideoID) ([]string, error) {
	var list []Belonging
	var err error
	for _, id := range ids {
		if list, err = e.belongings(ctx, id, list); err != nil {
			return nil, err
		}
	}
	var files []string
	for _, b := range list {
		if b.File != "" {
			files = append(files, b.File)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// tombstone is what is left of a record: when it was, under which ids, and why it is no more.
func tombstone(v Video, why Erasure) Video {
	for _, s := range v.Sources {
		why.Claims = append(why.Claims, s.Digest())
	}
	why.Duplicates = v.Aliases
	return Video{
		ID: v.ID, Revision: v.Revision, Created: v.Created, Updated: v.Updated, DefaultLanguage: v.DefaultLanguage,
		Aliases: v.Aliases, MergedInto: v.MergedInto, Visibility: Visibility{Exposure: Erased}, Erasure: &why, Sources: []Source{},
	}
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
