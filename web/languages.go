package web

import (
	"strings"
	"sync"

	"videoteca/archive"
	"videoteca/embeds"
)

// languagesKept is how many headers are remembered: browsers of one country send a few dozen.
const languagesKept = 1000

// longestWish is how much of an Accept-Language header is read, in bytes. Browsers send less; what a stranger
// sends is kept here.
const longestWish = 256

// bounded is as many whole languages of an Accept-Language header as longestWish has room for.
func bounded(header string) string {
	if len(header) <= longestWish {
		return header
	}
	return header[:max(0, strings.LastIndexByte(header[:longestWish+1], ','))]
}

// languages remembers what a reader's Accept-Language comes to, since to read one costs
// more than to send a page. It is safe for concurrent use.
type languages struct {
	mu   sync.RWMutex
	kept map[[2]string]string // by header, and language of the video
}

// of is the language of a video's pages with these options.
func (l *languages) of(r *embeds.Renderer, v archive.Video, o embeds.Options) string {
	if o.Language != "" {
		return r.LanguageOf(v, o)
	}
	key := [2]string{o.Reader, v.DefaultLanguage}
	l.mu.RLock()
	lang, ok := l.kept[key]
	l.mu.RUnlock()
	if ok {
		return lang
	}
	lang = r.LanguageOf(v, o)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept == nil || len(l.kept) >= languagesKept {
		l.kept = map[[2]string]string{}
	}
	l.kept[key] = lang
	return lang
}
