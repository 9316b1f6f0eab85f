package youtube

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"videoteca/archive"
	"videoteca/internal/pace"
	"videoteca/internal/safehttp"
)

// Limits of one request.
const (
	requestTimeout = 10 * time.Second // a healthy answer takes under one; two fit into a person's patience
	jsonLimit      = 2 << 20          // 2 MiB: 50 videos with the longest descriptions make under 1 MiB
	pictureLimit   = 5 << 20          // 5 MiB: the largest size seen is 4K
)

// answer is what came of one request.
type answer struct {
	host    string
	at      time.Time // own clock, UTC, when the last byte had come
	date    time.Time // the host's clock; zero: it told none
	status  int       // 0: no answer
	header  http.Header
	body    []byte
	digest  string        // hexadecimal SHA-256 of the body as it came; empty without a body
	latency time.Duration // the host's, without what was spent waiting for a turn
	fault   string        // why there is no whole answer; empty: there is one
	kept    *archive.Raw  // the body, for evidence; nil: none
}

var errTooLong = errors.New("the answer is too long")

// tape is a RoundTripper that reads an answer whole, within the limits, and
// keeps what it read: the clients above it decode and throw away.
// It serves one call.
type tape struct {
	next  http.RoundTripper
	agent string
	limit int64
	now   func() time.Time
	got   answer
}

func (a *Adapter) tape(limit int64) *tape {
	return &tape{next: a.o.Transport, agent: a.o.UserAgent, limit: limit, now: a.o.Now}
}

// RoundTrip sends the request and hands on what it kept.
func (t *tape) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, watch := pace.NewWatch(req.Context(), requestTimeout)
	req = req.Clone(ctx)
	req.Header.Set("User-Agent", t.agent)
	t.got = answer{host: req.URL.Host}
	res, err := t.exchange(req)
	t.got.latency = watch.Stop()
	t.got.at = t.now().UTC()
	if err != nil {
		t.got.fault = faultOf(err)
		return nil, err
	}
	return res, nil
}

func (t *tape) exchange(req *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end or given up
	t.got.status, t.got.header, t.got.date = res.StatusCode, res.Header, safehttp.Sent(res.Header)
	body, err := io.ReadAll(io.LimitReader(res.Body, t.limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	if int64(len(body)) > t.limit {
		return nil, fmt.Errorf("%w: over %d bytes", errTooLong, t.limit)
	}
	t.got.body, t.got.digest = body, digestOf(body)
	kept := *res
	kept.Body = io.NopCloser(bytes.NewReader(body))
	return &kept, nil
}

// digestOf is made once an answer, which may be about fifty videos.
func digestOf(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// faultOf is an error of the way, without the address that it may quote.
func faultOf(err error) string {
	var quoting *url.Error
	for errors.As(err, &quoting) {
		err = quoting.Err
	}
	var slow net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout() {
		return "timeout"
	}
	return err.Error()
}
