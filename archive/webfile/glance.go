package webfile

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"strings"

	"videoteca/archive"
	"videoteca/internal/pace"
)

// leastFilm is the shortest file that HEAD is believed about: 64 KiB, longer than
// the error pages that some servers send under the name of a film.
const leastFilm = 64 << 10

// glance asks for a file with HEAD, and looks at its bytes where that does not
// settle it; useful reports whether HEAD did. Only life is believed of a HEAD: a server
// that refuses it, or says something else than media, or that the file is
// missing, has yet to be asked for the file.
func (a *Adapter) glance(ctx context.Context, key archive.SourceKey) (l looked, useful bool) {
	got, err := a.head(ctx, key.ID)
	var resting *pace.RestingError
	if errors.As(err, &resting) {
		l = looked{answer: got, seen: a.observation(key, got)}
		l.seen.Reason = whyNoAnswer(err)
		return l, true
	}
	if err != nil || !isFilm(got) {
		return a.look(ctx, key), false
	}
	l = looked{answer: got, media: kindOf(got), seen: a.observation(key, got)}
	l.seen.Outcome, l.seen.Answers = archive.Playable, true
	l.seen.Fields = l.told()
	return l, true
}

// isFilm reports whether the answer to a HEAD is that of a media file.
func isFilm(got answer) bool {
	return got.status == http.StatusOK && got.length >= leastFilm && strings.HasPrefix(kindOf(got), "video/")
}

// kindOf is the media type that a server gives a file.
func kindOf(got answer) string {
	kind, _, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}
