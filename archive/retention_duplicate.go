package archive

import (
	"context"
	"fmt"
	"slices"
)

// duplicates purges what lies with the duplicates that were merged into v and is over its time. It comes after v's own
// turn: v has a copy of nearly everything, and what was purged of that is noted by then.
func (r *retaining) duplicates(ctx context.Context, v Video) (done ofVideo, err error) {
	if len(v.Aliases) == 0 {
		return done, nil
	}
	if v, err = r.o.Store.Video(ctx, v.ID); err != nil {
		return done, fmt.Errorf("reading what was purged: %w", err)
	}
	for _, id := range v.Aliases {
		one, err := r.duplicate(ctx, v, id)
		done.removed += one.removed
		done.changes = append(done.changes, one.changes...)
		if err != nil {
			return done, fmt.Errorf("of %s, which was merged into %s: %w", id, v.ID, err)
		}
	}
	return done, nil
}

// duplicate purges what lies with one duplicate. It is judged by the record that serves for it, where what goes
// is noted too. The order is that of video.
func (r *retaining) duplicate(ctx context.Context, v Video, id VideoID) (done ofVideo, err error) {
	captures, err := r.captures(ctx, id)
	if err != nil {
		return done, err
	}
	there := v // the record, beside the folders of the duplicate
	there.ID = id
	l := r.rule.leftBehind(v, captures)
	past, err := r.past(ctx, there, captures)
	if err != nil {
		return done, err
	}
	l.past = slices.DeleteFunc(slices.Clone(past), func(a keptAnswer) bool {
		return v.Source(a.source).HasPurgedAnswer(a.file.Digest, a.at)
	})
	done.changes = changesOf(v, l, nil)
	if v, err = r.note(ctx, v, l); err != nil {
		return done, err
	}
	for _, a := range past {
		if err := r.o.Shelf.RemoveFile(ctx, id, a.file); err != nil {
			return done, fmt.Errorf("purging an answer on %s: %w", a.source, err)
		}
		done.removed++
	}
	there.Sources = v.Sources
	more, err := r.remove(ctx, there, captures, nil)
	done.removed += more
	return done, err
}

// leftBehind decides what goes of a duplicate's captures beside those that v's record says were purged. What
// is of none of v's sources stays: there is no place to leave its digest, date and reason at.
func (r rule) leftBehind(v Video, captures []StoredCapture) leaving {
	l := leaving{why: func(SourceKey) string { return "retention " + r.period.String() + "; of a duplicate" }}
	for _, c := range captures {
		s := v.Source(c.Source)
		switch {
		case s != nil && s.HasPurged(c.ID):
		case s != nil && r.over(c.Method, c.At):
			l.captures = append(l.captures, c)
		default:
			l.kept = append(l.kept, c)
		}
	}
	return l
}
