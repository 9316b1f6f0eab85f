package oembed

import (
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

	"videoteca/internal/pace"
	"videoteca/internal/safehttp"
)

// Limits of one request.
const (
	requestTimeout = 10 * time.Second // a healthy answer takes under one
	documentLimit  = 1 << 20          // 1 MiB: an answer with the longest description is a tenth of it
	pictureLimit   = 5 << 20          // 5 MiB: thumbnails are made for pages
	maxRedirects   = 3                // within one host
)

// answer is what came of one request.
type answer struct {
	host    string    // that was asked
	at      time.Time // own clock, UTC, when the last byte had come
	date    time.Time // the host's clock; zero: it told none
	status  int       // 0: no answer
	header  http.Header
	body    []byte
	latency time.Duration // the host's, without what was spent waiting for a turn
	fault   string        // why there is no whole answer; empty: there is one
}

// digest is the hexadecimal SHA-256 of the body as it came, empty without a body.
func (a answer) digest() string {
	if len(a.body) == 0 {
		return ""
	}
	sum := sha256.Sum256(a.body)
	return hex.EncodeToString(sum[:])
}

var errTooLong = errors.New("the answer is too long")

// ask gets a document, following redirects within its host only: another
// host's answer, such as a consent page's, says nothing of the video.
func (a *Adapter) ask(ctx context.Context, address string) answer {
	return patiently(ctx, a.o.Now, func() answer { return a.get(ctx, a.asking, address, documentLimit) })
}

// get makes one request and reads the answer whole, within the limits.
func (a *Adapter) get(ctx context.Context, client *http.Client, address string, limit int64) answer {
	ctx, watch := pace.NewWatch(ctx, requestTimeout)
	got := answer{host: hostOf(address)}
	if err := a.exchange(ctx, client, address, limit, &got); err != nil {
		got.fault = faultOf(err)
	}
	got.latency = watch.Stop()
	got.at = a.o.Now().UTC()
	return got
}

func (a *Adapter) exchange(ctx context.Context, client *http.Client, address string, limit int64, got *answer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("asking %s: %w", got.host, err)
	}
	if a.o.UserAgent != "" {
		req.Header.Set("User-Agent", a.o.UserAgent)
	}
	if a.traits.sited && a.o.Site != "" {
		req.Header.Set("Referer", a.o.Site)
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end or given up
	got.status, got.header, got.date = res.StatusCode, res.Header, safehttp.Sent(res.Header)
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if int64(len(body)) > limit {
		return fmt.Errorf("%w: over %d bytes", errTooLong, limit)
	}
	got.body = body
	return nil
}

// withinHost stops where a redirect leaves the host, or TLS.
func withinHost(next *http.Request, via []*http.Request) error {
	first := via[0].URL
	left := next.URL.Host != first.Host || first.Scheme == "https" && next.URL.Scheme != "https"
	if len(via) > maxRedirects || left {
		return http.ErrUseLastResponse
	}
	return nil
}

// faultOf is an error of the way, without the address that it may quote.
func faultOf(err error) string {
	var refused *safehttp.RefusedError
	if errors.As(err, &refused) {
		return refused.Error()
	}
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
