package youtube

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// How patiently a passing trouble is met: three tries within a reader's patience.
const (
	maxTries      = 3
	firstPause    = 300 * time.Millisecond
	longestPause  = 20 * time.Second // a host that wants a longer rest is asked again in the next round
	maxRedirects  = 3
	headerRetry   = "Retry-After"
	headerForward = "Location"
)

// get asks for an address, following redirects within its host only: another
// host's answer, such as a consent page's, says nothing of the video.
func (a *Adapter) get(ctx context.Context, method, address string, limit int64) answer {
	return a.getSince(ctx, method, address, limit, time.Time{})
}

// getSince is get, on condition that what is there has changed since a time, if one is given; else
// the answer has status 304 and no body.
func (a *Adapter) getSince(ctx context.Context, method, address string, limit int64, since time.Time) answer {
	got := a.patiently(ctx, func() answer {
		t := a.tape(limit)
		client := &http.Client{Transport: t, CheckRedirect: withinHost}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
		if err != nil {
			return answer{host: hostOf(address), at: a.o.Now().UTC(), fault: "not an address"}
		}
		if !since.IsZero() {
			req.Header.Set("If-Modified-Since", since.UTC().Format(http.TimeFormat))
		}
		res, err := client.Do(req)
		if err == nil {
			_ = res.Body.Close() // the tape has it
		} else if t.got.fault == "" {
			t.got.fault = faultOf(err)
		}
		return t.got
	})
	got.kept = a.evidence(method, got)
	return got
}

func withinHost(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects || req.URL.Host != via[0].URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

// patiently tries again while the answer is of a kind that passes.
func (a *Adapter) patiently(ctx context.Context, try func() answer) answer {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = firstPause
	// The error is in the answer already.
	got, _ := backoff.Retry(ctx, func() (answer, error) {
		got := try()
		return got, again(ctx, got, a.o.Now())
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(maxTries), backoff.WithMaxElapsedTime(longestPause))
	return got
}

var errPassing = errors.New("a trouble that passes")

// again says whether and when to try again: nil for never.
func again(ctx context.Context, got answer, now time.Time) error {
	switch got.status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return nil
	}
	rest, told := retryAfter(got.header.Get(headerRetry), now)
	switch {
	case !told:
		return errPassing
	case rest > longestPause, pastDeadline(ctx, rest):
		return backoff.Permanent(errPassing)
	}
	return &backoff.RetryAfterError{Duration: rest}
}

// pastDeadline reports whether ctx ends before the rest is over.
func pastDeadline(ctx context.Context, rest time.Duration) bool {
	end, limited := ctx.Deadline()
	return limited && time.Until(end) <= rest
}

// retryAfter reads the header, in seconds or as a date.
func retryAfter(header string, now time.Time) (rest time.Duration, told bool) {
	if n, err := strconv.Atoi(header); err == nil && n >= 0 {
		return time.Duration(min(n, 1<<31)) * time.Second, true
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0), true
	}
	return 0, false
}

// httpFault says, for a reason, why an answer with this status tells nothing.
func httpFault(got answer) string {
	if got.fault != "" {
		return got.fault
	}
	if to := hostOf(got.header.Get(headerForward)); to != "" && got.status >= 300 && got.status < 400 {
		return "redirect to " + to
	}
	return fmt.Sprintf("HTTP %d", got.status)
}
