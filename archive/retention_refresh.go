package archive

import (
	"context"
	"fmt"
)

// Refresh captures a source anew, also where it shows what its newest capture has, and reports
// whether that was done. A source that tells nothing, or whose platform this installation does not
// know, gets no capture. Neither does one that tells less than before, by a lesser method or
// without its pictures, unless even that is better than what would be left.
func (l *Library) Refresh(ctx context.Context, id VideoID, key SourceKey, evenLess bool, actor string) (bool, error) {
	v, err := l.store.Video(ctx, id)
	if err != nil {
		return false, fmt.Errorf("refreshing %s of video %s: %w", key, id, err)
	}
	s, platform := v.Source(key), l.platforms.Named(key.Platform)
	if s == nil || platform == nil {
		return false, nil
	}
	ref := Reference{Key: key, URL: s.URL, Start: s.Start, End: s.End}
	fetched, err := l.fetch(ctx, platform, ref)
	if err != nil {
		return false, err
	}
	if fetched.Fields.IsZero() || !evenLess && s.Described != nil && fetched.tellsLess(*s.Described) {
		return false, l.justJudge(ctx, v, key, fetched, actor)
	}
	if err := l.keepAnew(ctx, v, ref, fetched, actorOr(actor)); err != nil {
		return false, err
	}
	return true, nil
}

// tellsLess reports whether what was fetched cannot stand in for what is known.
func (f Fetched) tellsLess(known Description) bool {
	return f.Method != known.Method || len(f.Pictures) == 0 && len(known.Thumbnails) > 0
}
