package webfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"videoteca/internal/pace"
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

	at      time.Time // own clock, UTC, when it was asked for
	latency time.Duration
}

// get fetches length bytes of a file from offset on. A server that ignores
// ranges sends more, of which no more than that is read.
func (a *Adapter) get(ctx context.Context, address string, offset, length int64) (answer, error) {
	got, err := a.ask(ctx, http.MethodGet, address, fmt.Sprintf("bytes=%d-%d", offset, offset+length-1), a.patience, length)
	got.whole = err == nil && offset == 0 && (got.length == int64(len(got.data)) || (got.length == 0 && int64(len(got.data)) < length))
	return got, err
}

// head asks what a server says of a file, without the file.
func (a *Adapter) head(ctx context.Context, address string) (answer, error) {
	return a.ask(ctx, http.MethodHead, address, "", min(headTime, a.patience), 0)
}

// ask makes one request, with its redirects, and reads so much of the answer.
func (a *Adapter) ask(ctx context.Context, method, address, ranged string, patience time.Duration, length int64) (got answer, err error) {
	got.at = a.now().UTC()
	ctx, watch := pace.NewWatch(ctx, patience)
	defer func() { got.latency = watch.Stop() }()
	r, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return got, fmt.Errorf("asking for %s: %w", address, err)
	}
	if ranged != "" {
		r.Header.Set("Range", ranged)
	}
	r.Header.Set("Accept-Encoding", "identity") // a range of compressed bytes shows nothing
	res, err := a.http.Do(r)
	if err != nil {
		return got, err
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(res.Body, length))
	if err != nil {
		return got, fmt.Errorf("reading %s: %w", address, err)
	}
	got.status, got.header, got.from, got.data, got.length = res.StatusCode, res.Header, res.Request.URL, data, wholeLength(res)
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
