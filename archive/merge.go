package archive

import (
	"context"
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

// Merge makes one video of two that turned out to show the same. The one kept takes over sources,
// captures, copies, captions and labels of the duplicate, and its texts where it has none of its own
// in that language; the duplicate's id leads to it for ever. A legal hold on either holds the result.
//
// The order is safe under kill -9: everything is with the kept video before anything is taken from
// the duplicate, and to merge again completes what was broken off.
func (l *Library) Merge(ctx context.Context, mover Mover, kept, duplicate VideoID, actor string) (Video, error) {
	if kept == duplicate {
		return Video{}, &FieldError{Field: "duplicate", Problem: "it is the same video", Cure: "name the other one"}
	}
	d, err := l.store.Video(ctx, duplicate)
	if err != nil {
		return Video{}, fmt.Errorf("merging: %w", err)
	}
	if err := mergeable(d, kept); err != nil {
		return Video{}, err
	}
	k, err := l.store.Video(ctx, kept)
	if err == nil {
		err = asSeen(ctx, k) // before anything is copied for nothing
	}
	if err != nil {
		return Video{}, fmt.Errorf("merging: %w", err)
	}
	if err := mover.CopyBelongings(ctx, duplicate, kept); err != nil {
		return Video{}, fmt.Errorf("merging %s into %s: %w", duplicate, kept, err)
	}
	actor = actorOr(actor)
	v, err := l.update(ctx, kept, Cause{Actor: actor, Verb: "merge", Reason: string(duplicate)}, func(v *Video) error {
		if v.MergedInto != "" {
			return &FieldError{Field: "into", Problem: "it was itself merged into " + string(v.MergedInto), Cure: "merge into that one", Cause: ErrConflict}
		}
		absorb(v, d)
		return nil
	})
	if err != nil {
		return Video{}, fmt.Errorf("merging %s into %s: %w", duplicate, kept, err)
	}
	for _, s := range d.Sources {
		if err := mover.MoveClaim(ctx, s.SourceKey, duplicate, kept); err != nil {
			return Video{}, fmt.Errorf("merging %s into %s: %w", duplicate, kept, err)
		}
	}
	if _, err := l.update(changed(ctx), duplicate, Cause{Actor: actor, Verb: "merged", Reason: string(kept)}, func(v *Video) error {
		v.MergedInto, v.Sources, v.Copies, v.Captions, v.Picture, v.Aliases = kept, []Source{}, nil, nil, nil, nil
		return nil
	}); err != nil {
		return Video{}, fmt.Errorf("merging %s into %s: %w", duplicate, kept, err)
	}
	l.makePoster(ctx, v)
	return v, nil
}

func mergeable(d Video, kept VideoID) error {
	switch {
	case d.Visibility.Exposure == Erased:
		return fmt.Errorf("video %s: %w", d.ID, ErrErased)
	case d.Visibility.Exposure != Public:
		return &FieldError{Field: "duplicate", Problem: "it is not public", Cure: "show it to readers again first, or leave it as it is", Cause: ErrConflict}
	case d.MergedInto != "" && d.MergedInto != kept:
		return &FieldError{Field: "duplicate", Problem: "it was merged into " + string(d.MergedInto), Cure: "nothing is left to merge", Cause: ErrConflict}
	}
	return nil
}

// absorb gives v what d has beyond it.
func absorb(v *Video, d Video) {
	for _, s := range d.Sources {
		if v.Source(s.SourceKey) == nil {
			v.Sources = append(v.Sources, s)
		}
	}
	for _, c := range d.Copies {
		if !slices.ContainsFunc(v.Copies, func(other Copy) bool { return other.File.Digest == c.File.Digest }) {
			v.Copies = append(v.Copies, c)
		}
	}
	for _, c := range d.Captions {
		if !slices.ContainsFunc(v.Captions, func(other Caption) bool { return other.Language == c.Language }) {
			v.Captions = append(v.Captions, c)
		}
	}
	for _, t := range []struct{ into, from *Text }{{&v.Title, &d.Title}, {&v.Caption, &d.Caption}, {&v.Alt, &d.Alt}, {&v.ContentWarning, &d.ContentWarning}} {
		*t.into = Text(nil).with(*t.from).with(*t.into)
	}
	if v.Picture == nil {
		v.Picture = d.Picture
	}
	if v.EventDate == "" {
		v.EventDate = d.EventDate
	}
	if v.LegalHold == nil {
		v.LegalHold = d.LegalHold
	}
	v.Notes = joinNotes(v.Notes, d.Notes)
	v.Tags, v.Collections = relabelled(v.Tags, d.Tags, nil), relabelled(v.Collections, d.Collections, nil)
	for _, id := range append([]VideoID{d.ID}, d.Aliases...) {
		if id != v.ID && !slices.Contains(v.Aliases, id) {
			v.Aliases = append(v.Aliases, id)
		}
	}
}

// joinNotes keeps both, once: a merge may be carried out a second time.
func joinNotes(a, b string) string {
	if b == "" || strings.Contains(a, b) {
		return a
	}
	return strings.TrimSpace(a + "\n\n" + b)
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
