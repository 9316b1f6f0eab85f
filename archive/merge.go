package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Mover carries what belongs to one video over to another.
type Mover interface {
	// CopyBelongings copies the files and captures of a video to another, so that both have
	// them. What is there already is left; to do it again does no harm.
	CopyBelongings(ctx context.Context, from, to VideoID) error

	// MoveClaim makes to the owner of a source that from owns. A source that another video owns,
	// or nobody, is left and no error.
	MoveClaim(ctx context.Context, key SourceKey, from, to VideoID) error
}

// mergeTries is how often a merge starts over where somebody changes the duplicate meanwhile. Only the first
// try copies much.
const mergeTries = 8

// errOutrun says that a record is no longer what was worked on, so that the work starts over.
var errOutrun = errors.New("it was changed in the meantime")

// Merge makes one video of two that turned out to show the same. The one kept takes over sources,
// captures, copies, captions and labels of the duplicate, and its texts where it has none of its own
// in that language; the duplicate's id leads to it for ever. A legal hold on either holds the result.
//
// The order is safe under kill -9: everything is with the kept video before anything is taken from
// the duplicate, and to merge again completes what was broken off. What is written to the duplicate
// meanwhile goes over too; where somebody writes to it all the time, the merge is refused in the end.
func (l *Library) Merge(ctx context.Context, mover Mover, kept, duplicate VideoID, actor string) (Video, error) {
	if kept == duplicate {
		return Video{}, sameVideo()
	}
	m := merging{library: l, mover: mover, duplicate: duplicate, actor: actorOr(actor)}
	v, err := m.tries(ctx, kept)
	if errors.Is(err, ErrConflict) || errors.Is(err, ErrErased) { // refused, and not only broken off
		if failed := m.giveBack(ctx); failed != nil {
			err = errors.Join(err, failed)
		}
	}
	if err != nil {
		return Video{}, fmt.Errorf("merging %s into %s: %w", duplicate, kept, err)
	}
	l.makePoster(ctx, v)
	return v, nil
}

// merging is one merge under way.
type merging struct {
	library   *Library
	mover     Mover
	duplicate VideoID
	actor     string
	into      VideoID // that has absorbed the duplicate as it was; empty: none has
	taken     Video   // what that one got from it
}

// tries merges until the duplicate stays as it is from the beginning of a try to its end.
func (m *merging) tries(ctx context.Context, kept VideoID) (Video, error) {
	for range mergeTries {
		v, err := m.try(ctx, kept)
		if !errors.Is(err, errOutrun) {
			return v, err
		}
		if m.into != "" {
			ctx = changed(ctx) // the change that a precondition was for is made
		}
	}
	return Video{}, &FieldError{Field: "duplicate", Problem: "it is changed again and again", Cure: "merge it when others have done with it", Cause: ErrConflict}
}

// try merges the duplicate as it is, and gets errOutrun where it does not stay so until the end.
func (m *merging) try(ctx context.Context, kept VideoID) (Video, error) {
	d, err := m.library.store.Video(ctx, m.duplicate)
	if err != nil {
		return Video{}, err
	}
	k, err := serving(ctx, m.library.store, kept)
	if err == nil {
		err = unlessErased(ctx, nothing)(&k) // before anything is copied for nothing
	}
	if err == nil {
		err = mergeable(d, k.ID)
	}
	if err != nil {
		return Video{}, err
	}
	if err := m.mover.CopyBelongings(ctx, d.ID, k.ID); err != nil {
		return Video{}, err
	}
	if err := m.stays(ctx, d); err != nil { // copying may have taken long
		return Video{}, err
	}
	var taken Video
	v, err := m.library.updateItself(ctx, k.ID, Cause{Actor: m.actor, Verb: "merge", Reason: string(d.ID)}, func(v *Video) error {
		taken = absorb(v, d, m.taken)
		return nil
	})
	if err != nil {
		return Video{}, err
	}
	m.into, m.taken = k.ID, taken
	for _, s := range d.Sources {
		if err := m.mover.MoveClaim(ctx, s.SourceKey, d.ID, k.ID); err != nil {
			return Video{}, err
		}
	}
	return v, m.lead(ctx, d, k.ID)
}

// stays fails with errOutrun where the duplicate is no longer as it was read.
func (m *merging) stays(ctx context.Context, d Video) error {
	now, err := m.library.store.Video(ctx, d.ID)
	if err == nil && now.Revision != d.Revision {
		err = errOutrun
	}
	return err
}

// giveBack takes from the video kept what it has absorbed of a duplicate that may not be merged after all, or readers
// of the duplicate's id would go on seeing what was taken down.
func (m *merging) giveBack(ctx context.Context) error {
	if m.into == "" {
		return nil
	}
	if d, err := m.library.store.Video(ctx, m.duplicate); err != nil || d.MergedInto == m.into { // merged all the same, by somebody else
		return err
	}
	_, err := m.library.updateItself(changed(ctx), m.into, Cause{Actor: m.actor, Verb: "undo", Reason: "merge"}, func(v *Video) error {
		giveBack(v, m.taken)
		v.Sources = slices.DeleteFunc(v.Sources, func(s Source) bool { return m.taken.Source(s.SourceKey) != nil })
		return nil
	})
	var leads leadsError
	if errors.As(err, &leads) || errors.Is(err, ErrErased) { // it serves for nothing any more, but for the claims
		err = nil
	}
	for _, s := range m.taken.Sources {
		if err == nil {
			err = m.mover.MoveClaim(ctx, s.SourceKey, m.into, m.duplicate)
		}
	}
	return err
}

// lead lets the duplicate lead to the video kept, which has all of it, if it still is as it was absorbed.
func (m *merging) lead(ctx context.Context, absorbed Video, kept VideoID) error {
	_, err := m.library.store.Update(ctx, absorbed.ID, Cause{Actor: m.actor, Verb: "merged", Reason: string(kept)}, func(v *Video) error {
		if err := mergeable(*v, kept); err != nil {
			return err
		}
		if v.MergedInto == "" && v.Revision != absorbed.Revision {
			return errOutrun
		}
		v.MergedInto, v.Sources, v.Copies, v.Captions, v.Picture, v.Aliases, v.LegalHold = kept, []Source{}, nil, nil, nil, nil, nil
		return nil
	})
	return err
}

func mergeable(d Video, kept VideoID) error {
	switch {
	case d.ID == kept:
		return sameVideo()
	case d.Visibility.Exposure == Erased:
		return fmt.Errorf("video %s: %w", d.ID, ErrErased)
	case d.Visibility.Exposure != Public:
		return &FieldError{Field: "duplicate", Problem: "it is not public", Cure: "show it to readers again first, or leave it as it is", Cause: ErrConflict}
	case d.MergedInto != "" && d.MergedInto != kept:
		return &FieldError{Field: "duplicate", Problem: "it was merged into " + string(d.MergedInto), Cure: "nothing is left to merge", Cause: ErrConflict}
	case kept > d.ID && slices.Contains(d.Aliases, kept):
		// Two merge the same videos, each into the other. One of them goes on, or each would lead to the other.
		return &FieldError{Field: "duplicate", Problem: string(kept) + " is being merged into it", Cure: "merge that one into it again", Cause: ErrConflict}
	}
	return nil
}

func sameVideo() error {
	return &FieldError{Field: "duplicate", Problem: "it is the same video", Cure: "name the other one"}
}

// Reorder puts the sources of a video into the order given, which must name each of them once.
func (l *Library) Reorder(ctx context.Context, id VideoID, order []SourceKey, actor string) (Video, error) {
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "order"}, func(v *Video) error {
		next := make([]Source, 0, len(order))
		for _, key := range order {
			s := v.Source(key)
			if s == nil || slices.ContainsFunc(next, func(other Source) bool { return other.SourceKey == key }) {
				return badOrder(*v)
			}
			next = append(next, *s)
		}
		if len(next) != len(v.Sources) {
			return badOrder(*v)
		}
		v.Sources = next
		return nil
	})
}

func badOrder(v Video) error {
	var names []string
	for _, s := range v.Sources {
		names = append(names, s.SourceKey.String())
	}
	return &FieldError{Field: "sources", Problem: "they are not those of the video, each once", Cure: "give these in the order you want: " + strings.Join(names, ", "), Cause: ErrConflict}
}

// Move puts a source one place up (-1) or down (+1). At the end of the list nothing changes.
func (l *Library) Move(ctx context.Context, id VideoID, key SourceKey, by int, actor string) (Video, error) {
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "order"}, func(v *Video) error {
		at := slices.IndexFunc(v.Sources, func(s Source) bool { return s.SourceKey == key })
		if at < 0 {
			return fmt.Errorf("source %s of video %s: %w", key, id, ErrNotFound)
		}
		if to := at + by; (by == 1 || by == -1) && to >= 0 && to < len(v.Sources) {
			v.Sources[at], v.Sources[to] = v.Sources[to], v.Sources[at]
		}
		return nil
	})
}
