package archive

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
)

// RetentionNotice is how long before its loss a video is listed: long enough for a newsroom's week.
const RetentionNotice = 7 * oneDay

// Loss is a video whose card is about to lose what only a purge can take.
type Loss struct {
	Video    VideoID   `json:"video"`
	At       time.Time `json:"at"`                 // from when the first of it may be kept no longer
	Title    string    `json:"title,omitempty"`    // the platform's, about to go; empty: the title stays
	Language string    `json:"language,omitempty"` // of the title, where the platform says
	Poster   bool      `json:"poster"`             // about to go
}

// Ahead yields the videos whose card would lose its title or its poster within a time, if nobody
// does anything: no newsroom's title in any language, or no picture of the newsroom's own, and nothing
// else that stays. A source that is there is expected to be captured anew, until that has
// failed for half the time there is for it. An error is yielded once, last.
func (k *Keeper) Ahead(ctx context.Context, videos iter.Seq2[Video, error], period Retention, within time.Duration) iter.Seq2[Loss, error] {
	now := k.o.Now()
	r := &retaining{Keeper: k, rule: rule{keyed: k.keyed, period: period, now: now.Add(within)}}
	return func(yield func(Loss, error) bool) {
		for v, err := range videos {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Loss{}, fmt.Errorf("looking ahead: %w", err))
				return
			}
			loss, lost, err := r.loss(ctx, v, now)
			if err != nil {
				yield(Loss{}, err)
				return
			}
			if lost && !yield(loss, nil) {
				return
			}
		}
	}
}

// loss is what the card of v loses by the rule's time.
func (r *retaining) loss(ctx context.Context, v Video, now time.Time) (Loss, bool, error) {
	doomed := r.doomed(v, now)
	if len(doomed) == 0 || v.Visibility.Exposure == Erased || len(v.Title) > 0 && v.Picture != nil {
		return Loss{}, false, nil
	}
	captures, err := r.captures(ctx, v.ID)
	if err != nil {
		return Loss{}, false, err
	}
	l := r.rule.leaves(v, captures, nil)
	l.captures = slices.DeleteFunc(l.captures, func(c StoredCapture) bool { _, goes := doomed[c.Source]; return !goes })
	after := v
	after.Sources = slices.Clone(v.Sources)
	for i := range after.Sources {
		after.Sources[i].Purged = slices.Clone(v.Sources[i].Purged)
	}
	l.note(&after, r.rule.now)
	loss := Loss{Video: v.ID, At: earliest(doomed)}
	if v.named() && !after.named() {
		loss.Title, loss.Language = v.DisplayTitle("")
	}
	_, had := v.Poster()
	_, has := after.Poster()
	loss.Poster = had && !has
	return loss, loss.Title != "" || loss.Poster, nil
}

// doomed is the sources whose description goes and will not be replaced, and when.
func (r *retaining) doomed(v Video, now time.Time) map[SourceKey]time.Time {
	list := map[SourceKey]time.Time{}
	for _, s := range v.Sources {
		if s.Described == nil || !r.rule.over(s.Described.Method, s.Described.At) {
			continue
		}
		expected := r.rule.refreshes(s) && r.o.Platforms.Named(s.Platform) != nil
		if !expected || r.rule.period.late(s.Described.At, now) {
			list[s.SourceKey] = s.Described.At.Add(time.Duration(r.rule.period))
		}
	}
	return list
}

func earliest(doomed map[SourceKey]time.Time) time.Time {
	var first time.Time
	for _, at := range doomed {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// named reports whether the video has a title, the newsroom's or a platform's.
func (v *Video) named() bool {
	return len(v.Title) > 0 || slices.ContainsFunc(v.Sources, func(s Source) bool {
		return s.Described != nil && s.Described.Title != ""
	})
}
