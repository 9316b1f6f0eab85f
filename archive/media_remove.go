package archive

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// RemoveCopy takes a copy back, named by its digest: readers get it no longer. The file stays in the
// store, where the event names it, so that it can be put back; erasing the video deletes it. A copy
// that the video has not gets ErrNotFound.
func (l *Library) RemoveCopy(ctx context.Context, id VideoID, digest, actor string) (Video, error) {
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "remove-copy"}, func(v *Video) error {
		at := slices.IndexFunc(v.Copies, func(c Copy) bool { return c.File.Digest == digest })
		if at < 0 {
			return fmt.Errorf("copy %s of video %s: %w", digest, id, ErrNotFound)
		}
		v.Copies = slices.Delete(v.Copies, at, at+1)
		return nil
	})
}

// RemoveCaptions takes the captions in one language back, as RemoveCopy does a copy.
func (l *Library) RemoveCaptions(ctx context.Context, id VideoID, language, actor string) (Video, error) {
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "remove-captions"}, func(v *Video) error {
		at := slices.IndexFunc(v.Captions, func(c Caption) bool { return strings.EqualFold(c.Language, language) })
		if at < 0 {
			return fmt.Errorf("captions in %q of video %s: %w", language, id, ErrNotFound)
		}
		v.Captions = slices.Delete(v.Captions, at, at+1)
		return nil
	})
}

// RemovePoster takes the newsroom's own picture back: a thumbnail is the poster again.
func (l *Library) RemovePoster(ctx context.Context, id VideoID, actor string) (Video, error) {
	v, err := l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "remove-poster"}, func(v *Video) error {
		if v.Picture == nil {
			return fmt.Errorf("own poster of video %s: %w", id, ErrNotFound)
		}
		v.Picture = nil
		return nil
	})
	if err == nil {
		l.makePoster(ctx, v)
	}
	return v, err
}
