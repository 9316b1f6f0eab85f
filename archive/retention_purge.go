package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// video captures anew what is there, purges what may be kept no longer, and completes what a pass
// before left undone.
//
// The order is safe under kill -9: the record first, which then names what is purged and shows nothing
// of it; then posters and files; the capture's object last, since it is the list of those
// files. Whoever finds the object of a capture that the record names as purged goes on from there.
func (r *retaining) video(ctx context.Context, v Video) (done ofVideo, err error) {
	captures, err := r.captures(ctx, v.ID)
	if err != nil {
		return done, err
	}
	renewed, err := r.refresh(ctx, v)
	if err != nil {
		return done, err
	}
	if len(renewed) > 0 && !r.DryRun {
		if v, captures, err = r.again(ctx, v.ID); err != nil {
			return done, err
		}
	}
	l := r.rule.leaves(v, captures, renewed)
	if l.past, err = r.past(ctx, v, captures); err != nil {
		return done, err
	}
	done.changes = changesOf(v, l, renewed)
	if r.DryRun {
		return done, nil
	}
	if done.removed, err = r.purge(ctx, v, captures, l); err != nil {
		return done, err
	}
	left, err := r.duplicates(ctx, v)
	done.removed += left.removed
	done.changes = append(done.changes, left.changes...)
	return done, err
}

// ofVideo is what a pass did with one video.
type ofVideo struct {
	changes []RetentionChange
	removed int // files
}

func (r *retaining) captures(ctx context.Context, id VideoID) ([]StoredCapture, error) {
	var list []StoredCapture
	for c, err := range r.o.Shelf.StoredCaptures(ctx, id) {
		if err != nil {
			return nil, fmt.Errorf("reading the captures of video %s: %w", id, err)
		}
		list = append(list, c)
	}
	return list, nil
}

// again reads a video that has changed, with its captures.
func (r *retaining) again(ctx context.Context, id VideoID) (Video, []StoredCapture, error) {
	v, err := r.o.Store.Video(ctx, id)
	if err != nil {
		return Video{}, nil, fmt.Errorf("reading what was captured anew: %w", err)
	}
	captures, err := r.captures(ctx, id)
	return v, captures, err
}

// refresh captures anew those sources of v that are there, and returns them. A dry run takes for
// granted that they can be.
func (r *retaining) refresh(ctx context.Context, v Video) (map[SourceKey]bool, error) {
	renewed := map[SourceKey]bool{}
	for _, s := range v.Sources {
		if !r.rule.refreshes(s) || r.o.Platforms.Named(s.Platform) == nil {
			continue
		}
		if r.DryRun {
			renewed[s.SourceKey] = true
			continue
		}
		evenLess := r.rule.over(s.Described.Method, s.Described.At)
		done, err := r.o.Refresher.Refresh(ctx, v.ID, s.SourceKey, evenLess, actorRetention)
		if err != nil {
			return renewed, err
		}
		if done {
			renewed[s.SourceKey] = true
		}
	}
	return renewed, nil
}

// purge removes what leaves, and returns how many files went. The evidence goes before it is noted:
// no list of it is left afterwards, and to remove it twice does no harm. What the record names no more is noted
// first: it is found by its file.
func (r *retaining) purge(ctx context.Context, v Video, captures []StoredCapture, l leaving) (removed int, err error) {
	taken := map[string]bool{}
	for _, a := range l.answers {
		if err := r.o.Shelf.RemoveFile(ctx, v.ID, a.file); err != nil {
			return removed, fmt.Errorf("purging an answer on %s: %w", a.source, err)
		}
		removed++
		taken[a.file.Name()] = true
	}
	if v, err = r.note(ctx, v, l); err != nil {
		return removed, err
	}
	for _, a := range l.past {
		if err := r.o.Shelf.RemoveFile(ctx, v.ID, a.file); err != nil {
			return removed, fmt.Errorf("purging an answer on %s: %w", a.source, err)
		}
		removed++
	}
	if len(l.captures) > 0 { // somebody may have captured it in the meantime
		if captures, err = r.captures(ctx, v.ID); err != nil {
			return removed, err
		}
	}
	more, err := r.remove(ctx, v, captures, taken)
	return removed + more, err
}

// note writes into the record of v what leaves, and returns the record.
func (r *retaining) note(ctx context.Context, v Video, l leaving) (Video, error) {
	if l.empty() {
		return v, nil
	}
	at := r.rule.now.UTC()
	cause := Cause{Actor: actorRetention, Verb: "purge", Reason: "retention " + r.Period.String()}
	noted, err := r.o.Store.Update(ctx, v.ID, cause, func(v *Video) error { l.note(v, at); return nil })
	if err != nil {
		return v, fmt.Errorf("noting what is purged: %w", err)
	}
	return noted, nil
}

// remove removes the captures that the record names as purged, with the files of which nothing
// else has need. Those taken are removed already: an answer may be evidence and in a capture.
func (r *retaining) remove(ctx context.Context, v Video, captures []StoredCapture, taken map[string]bool) (removed int, err error) {
	var gone, kept []StoredCapture
	for _, c := range captures {
		if s := v.Source(c.Source); s != nil && s.HasPurged(c.ID) {
			gone = append(gone, c)
			continue
		}
		kept = append(kept, c)
	}
	if len(gone) == 0 {
		return 0, nil
	}
	pictures, files := unused(gone, used(r.rule, v, kept))
	if r.o.Posters != nil {
		if err := r.o.Posters.Forget(ctx, pictures); err != nil {
			return 0, fmt.Errorf("removing posters of video %s: %w", v.ID, err)
		}
	}
	for _, f := range files {
		if taken[f.Name()] {
			continue
		}
		if err := r.o.Shelf.RemoveFile(ctx, v.ID, f); err != nil {
			return removed, fmt.Errorf("removing a purged file of video %s: %w", v.ID, err)
		}
		removed++
	}
	var errs []error
	for _, c := range gone {
		errs = append(errs, r.o.Shelf.RemoveCapture(ctx, v.ID, c.ID))
	}
	return removed, errors.Join(errs...)
}

// unused is the pictures and all files of captures that are not needed otherwise, each once.
func unused(captures []StoredCapture, needed map[string]bool) (pictures, files []File) {
	met := map[string]bool{}
	for _, c := range captures {
		for i, f := range slices.Concat(c.Thumbnails, c.Raw) {
			if needed[f.Name()] || met[f.Name()] {
				continue
			}
			met[f.Name()] = true
			files = append(files, f)
			if i < len(c.Thumbnails) {
				pictures = append(pictures, f)
			}
		}
	}
	return pictures, files
}

// changesOf counts by source, in the order of the sources; those to which nothing happened are left out.
func changesOf(v Video, l leaving, renewed map[SourceKey]bool) []RetentionChange {
	var changes []RetentionChange
	for _, s := range v.Sources {
		c := RetentionChange{Video: v.ID, Source: s.SourceKey, Refreshed: renewed[s.SourceKey]}
		for _, gone := range l.captures {
			if gone.Source == s.SourceKey {
				c.Captures++
			}
		}
		for _, a := range slices.Concat(l.answers, l.past) {
			if a.source == s.SourceKey {
				c.Answers++
			}
		}
		if c.Refreshed || c.Captures > 0 || c.Answers > 0 {
			changes = append(changes, c)
		}
	}
	return changes
}
