package webfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"videoteca/archive"
	"videoteca/internal/safehttp"
)

// answer is the head of a file as a server gave it.
type answer struct {
	status int
	header http.Header
	from   *url.URL // that answered, after redirects
	data   []byte   // at most headBytes
	whole  bool     // data is all there is
	length int64    // of the whole file in bytes; 0: not told
}

// looked is an answer with what was made of it.
type looked struct {
	answer
	media string // media type; empty: none
	list  playlist
	seen  archive.Observation
}

// look asks for a file and makes the one observation of it.
func (a *Adapter) look(ctx context.Context, key archive.SourceKey) looked {
	begun := a.now()
	got, err := a.get(ctx, key.ID, 0, headBytes)
	l := looked{answer: got, seen: archive.Observation{
		Source: key, Method: Method, Host: hostOf(key.ID), At: begun.UTC(),
		Latency: a.now().Sub(begun), Vantage: a.vantage, Program: a.program,
	}}
	if err != nil {
		l.seen.Reason = whyNoAnswer(err)
		a.log.DebugContext(ctx, "no answer", slog.String("source", key.ID), slog.Any("error", err))
		return l
	}
	sum := sha256.Sum256(got.data)
	l.seen.Host, l.seen.Status, l.seen.Digest = got.from.Host, got.status, hex.EncodeToString(sum[:])
	l.seen.Date, _ = http.ParseTime(got.header.Get("Date"))
	l.seen.Outcome, l.seen.Reason = outcomeOf(got.status)
	if l.seen.Outcome.Good() {
		a.confirm(ctx, &l)
	}
	l.seen.Answers = l.seen.Outcome.Good()
	return l
}

// outcomeOf is the table in the package comment, as far as a status goes.
func outcomeOf(status int) (archive.Outcome, string) {
	switch status {
	case http.StatusOK, http.StatusPartialContent:
		return archive.Playable, ""
	case http.StatusNotFound:
		return archive.Missing, "not found (404)"
	case http.StatusGone:
		return archive.Removed, "gone (410)"
	case http.StatusUnavailableForLegalReasons:
		return archive.Removed, "unavailable for legal reasons (451)"
	case http.StatusUnauthorized, http.StatusForbidden:
		return archive.Unclear, fmt.Sprintf("the server refused us (%d)", status)
	}
	return archive.Unclear, fmt.Sprintf("the server answered %d", status)
}

// confirm looks at the bytes that came with a good status, and takes the good
// outcome back where they are not media or a playlist leads nowhere.
func (a *Adapter) confirm(ctx context.Context, l *looked) {
	l.media = sniff(l.data)
	reason := ""
	switch l.media {
	case "":
		reason = "not media, but " + whatInstead(l.data)
	case typePlaylist:
		l.list = parsePlaylist(l.data, l.whole)
		reason = a.follow(ctx, l)
	}
	if reason != "" {
		l.seen.Outcome, l.seen.Reason = archive.Unclear, reason
	}
}

// follow asks for the first thing a playlist names, a second hop that goes
// through the same guarded client. It returns what is wrong with it, if anything.
func (a *Adapter) follow(ctx context.Context, l *looked) string {
	next := l.list.next(l.from)
	if next == "" {
		return "the playlist names nothing that can be fetched"
	}
	got, err := a.get(ctx, next, 0, sniffBytes)
	if err != nil {
		return "the playlist stands, what it names does not answer: " + whyNoAnswer(err)
	}
	if outcome, reason := outcomeOf(got.status); !outcome.Good() {
		return "the playlist stands, of what it names: " + reason
	}
	if instead := whatInstead(got.data); instead == "text/html" || instead == "nothing" {
		return "the playlist stands, what it names is " + instead
	}
	return ""
}

// get fetches length bytes of a file from offset on. A server that ignores
// ranges sends more, of which no more than that is read.
func (a *Adapter) get(ctx context.Context, address string, offset, length int64) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return answer{}, fmt.Errorf("asking for %s: %w", address, err)
	}
	r.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", offset, offset+length-1))
	r.Header.Set("Accept-Encoding", "identity") // a range of compressed bytes shows nothing
	res, err := a.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(res.Body, length))
	if err != nil {
		return answer{}, fmt.Errorf("reading %s: %w", address, err)
	}
	got := answer{status: res.StatusCode, header: res.Header, from: res.Request.URL, data: data, length: wholeLength(res)}
	got.whole = offset == 0 && (got.length == int64(len(data)) || (got.length == 0 && int64(len(data)) < length))
	return got, nil
}

// wholeLength is the file's size in bytes by Content-Range or Content-Length; 0 if untold.
func wholeLength(res *http.Response) int64 {
	if res.StatusCode != http.StatusPartialContent {
		return max(res.ContentLength, 0)
	}
	_, total, _ := strings.Cut(res.Header.Get("Content-Range"), "/")
	n, err := strconv.ParseInt(total, 10, 64)
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// headLength asks for the file's size with HEAD. Servers that refuse HEAD, with
// 405 or 501 or by hanging up, have not told it; the GET decides everything else.
func (a *Adapter) headLength(ctx context.Context, address string) int64 {
	ctx, cancel := context.WithTimeout(ctx, headTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return 0
	}
	r.Header.Set("Accept-Encoding", "identity")
	res, err := a.http.Do(r)
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return 0
	}
	return max(res.ContentLength, 0)
}

// whyNoAnswer says in one line what a journal needs, without the address, which
// stands beside it.
func whyNoAnswer(err error) string {
	var refused *safehttp.RefusedError
	if errors.As(err, &refused) {
		return refused.Error()
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "no answer in time"
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return "no answer: " + err.Error()
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
