package wayback

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"
)

// How long and how often one question is asked.
const (
	smallTimeout   = 20 * time.Second // availability and status
	timeMapTimeout = time.Minute      // the index reads from disks
	saveTimeout    = 90 * time.Second // a capture is accepted slowly when many want one
	maxTries       = 3                // of a question that nothing else answers
	firstPause     = time.Second
	longestPause   = 20 * time.Second // a host that wants a longer rest is asked in another round
	smallLimit     = 2 << 20          // 2 MiB: a status lists 500 resources and 500 links
)

// exchange is one request and how its answer is read.
type exchange struct {
	address string
	order   url.Values // of a POST; nil: it is a GET
	signed  bool
	pace    *rate.Limiter
	timeout time.Duration
	tries   uint // 0: one, as for an order: whether a lost one arrived is not known

	// read gets what is neither a 429 nor a 5xx. It reads body within its own limits.
	read func(status int, body io.Reader) error
}

// ask makes the exchange, patiently where that does no harm.
func (c *Client) ask(ctx context.Context, x exchange) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = firstPause
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		return struct{}{}, c.again(ctx, c.once(ctx, x))
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(max(x.tries, 1)), backoff.WithMaxElapsedTime(0))
	var permanent *backoff.PermanentError
	if errors.As(err, &permanent) {
		err = permanent.Err
	}
	var rested *resting
	if errors.As(err, &rested) {
		return rested.busy
	}
	return err
}

// resting is a rest that is short enough to be waited for.
type resting struct {
	*backoff.RetryAfterError
	busy *BusyError
}

// Unwrap lets the back-off see how long.
func (r *resting) Unwrap() error { return r.RetryAfterError }

// again says whether the same question is asked again: after a trouble that passes, and
// where the rest that was asked for is short.
func (c *Client) again(ctx context.Context, err error) error {
	var busy *BusyError
	if err == nil || !errors.As(err, &busy) || ctx.Err() != nil {
		return backoff.Permanent(err)
	}
	if busy.Until.IsZero() {
		return busy
	}
	rest := busy.Until.Sub(c.o.Now())
	if end, limited := ctx.Deadline(); rest > longestPause || limited && time.Until(end) <= rest {
		return backoff.Permanent(err)
	}
	return &resting{&backoff.RetryAfterError{Duration: max(rest, 0)}, busy}
}

// once makes the exchange once, in its turn.
func (c *Client) once(ctx context.Context, x exchange) error {
	host := hostOf(x.address)
	if err := c.rests.of(host, c.o.Now()); err != nil {
		return err
	}
	if err := x.pace.Wait(ctx); err != nil {
		return fmt.Errorf("waiting for a turn at %s: %w", host, err)
	}
	asking, cancel := context.WithTimeout(ctx, x.timeout) // begins after the wait
	defer cancel()
	res, err := c.send(asking, x)
	if err != nil {
		return c.failed(ctx, host, err)
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end or given up
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= http.StatusInternalServerError {
		return c.busy(host, res)
	}
	body := &noting{r: res.Body}
	err = x.read(res.StatusCode, body)
	if body.fault != nil && err != nil {
		return c.failed(ctx, host, body.fault)
	}
	return err
}

func (c *Client) send(ctx context.Context, x exchange) (*http.Response, error) {
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if x.order != nil {
		method, body = http.MethodPost, strings.NewReader(x.order.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, x.address, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.o.UserAgent)
	if x.order != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if !x.signed {
		return c.lookups.Do(req)
	}
	req.Header.Set("Authorization", "LOW "+string(c.o.AccessKey)+":"+string(c.o.SecretKey))
	return c.keyed.Do(req)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// busy is the error of an answer that says nothing but that.
func (c *Client) busy(host string, res *http.Response) error {
	busy := &BusyError{Host: host, Until: restAsked(res, c.o.Now()), Why: fmt.Sprintf("HTTP %d", res.StatusCode)}
	if !busy.Until.IsZero() {
		c.rests.note(busy)
	}
	return busy
}

// failed is the error of an exchange that came to no answer. Errors of the way quote what
// was asked, so only their kind is kept.
func (c *Client) failed(ctx context.Context, host string, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("asking %s: %w", host, cause)
	}
	why := "no answer"
	var slow net.Error
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown):
		why = "its name cannot be resolved"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		why = "no answer in time"
	}
	return &BusyError{Host: host, Why: why}
}

// noting remembers what broke the reading of a body.
type noting struct {
	r     io.Reader
	fault error
}

func (n *noting) Read(p []byte) (int, error) {
	read, err := n.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		n.fault = err
	}
	return read, err
}

// whole reads a small answer.
func whole(body io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, smallLimit+1))
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	if len(data) > smallLimit {
		return nil, unclear("an answer of over %d bytes", smallLimit)
	}
	return data, nil
}
