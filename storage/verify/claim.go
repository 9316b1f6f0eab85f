package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// claim is a claim as it is stored.
type claim struct {
	Platform string          `json:"platform"`
	ID       string          `json:"id"`
	Video    archive.VideoID `json:"video"`
	At       time.Time       `json:"at"`
}

func (c claim) source() archive.SourceKey { return archive.SourceKey{Platform: c.Platform, ID: c.ID} }

// claims checks that each source of a record is claimed, for it or for a duplicate that leads to it. A claim that cannot be
// read is a finding of the claims' own stage.
func (w *work) claims(ctx context.Context, r record) error {
	for _, s := range r.Sources {
		key := w.keys.Claim(s.SourceKey)
		data, _, err := readDocument(ctx, w.Bucket, key)
		var c claim
		switch {
		case errors.Is(err, storage.ErrNotFound):
			detail := fmt.Sprintf("video %s has the source %s, and nothing says that it owns it", r.ID, s.SourceKey)
			if _, _, err := restore(ctx, w, key, "claim", detail, claimOf(s.SourceKey, r.ID)); err != nil {
				return err
			}
		case errors.Is(err, errUnreadable), errors.Is(err, errTooLarge):
		case err != nil:
			return fmt.Errorf("reading %s: %w", key, err)
		case json.Unmarshal(data, &c) == nil && c.source() == s.SourceKey && c.Video != r.ID && !slices.Contains(r.Aliases, c.Video):
			w.fault(ForeignClaim, key, fmt.Sprintf("video %s has the source %s, and video %s owns it", r.ID, s.SourceKey, c.Video))
		}
	}
	return nil
}

// claimOf holds a claim to the source and the video that it is to be of.
func claimOf(key archive.SourceKey, owner archive.VideoID) func(claim) error {
	return func(c claim) error {
		if c.source() != key || c.Video != owner {
			return fmt.Errorf("it claims %s for video %s", c.source(), c.Video)
		}
		return nil
	}
}

// claim checks a claim, and that its video has the source. One without is what a registration leaves that was
// broken off between the two; whoever registers the source again completes it.
func (w *work) claim(ctx context.Context, o storage.Object) error {
	c, d, found, err := read(ctx, w, o.Key, "claim", func(c claim) error {
		if want := w.keys.Claim(c.source()); want != o.Key {
			return fmt.Errorf("it claims %s, which belongs under %s", c.source(), want)
		}
		return nil
	})
	if err != nil || !found || !d.good || !w.old(o) {
		return err
	}
	data, _, err := readDocument(ctx, w.Bucket, w.keys.Video(c.Video))
	switch {
	case errors.Is(err, storage.ErrNotFound):
		w.note(Orphan, o.Key, fmt.Sprintf("it claims %s for video %s, which has no record", c.source(), c.Video))
		return nil
	case errors.Is(err, errUnreadable), errors.Is(err, errTooLarge):
		return nil // said of the record
	case err != nil:
		return fmt.Errorf("reading the record of %s: %w", c.Video, err)
	}
	r, p := parse(w.schemas, "video", data, ofVideo(c.Video))
	if p != nil || r.Visibility.Exposure == archive.Erased || r.MergedInto != "" || r.Source(c.source()) != nil {
		return nil
	}
	w.note(Orphan, o.Key, fmt.Sprintf("it claims %s for video %s, whose record has no such source", c.source(), c.Video))
	return nil
}
