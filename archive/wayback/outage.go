package wayback

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// How long the archive is left alone when it does not answer: twice as long each time.
const (
	firstOutage   = 5 * time.Minute
	longestOutage = 6 * time.Hour
	// enoughPuzzles is how many answers in a row may tell nothing before the archive itself
	// is taken to be in trouble, rather than the pages.
	enoughPuzzles = 5
)

// outage is whether one of the archive's services is left alone. Its beginning and its end
// are one message each.
type outage struct {
	what string
	log  *slog.Logger

	mu    sync.Mutex
	until time.Time
	pause time.Duration // 0: all is well
	why   error
}

func (o *outage) lasting(now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return now.Before(o.until)
}

// begin leaves the service alone: until it wants to be asked again, for atLeast, or for a pause
// that grows, whichever is longest. It returns why, for errIsOutage.
func (o *outage) begin(ctx context.Context, now time.Time, atLeast time.Duration, why error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	first := o.pause == 0
	o.pause = min(max(2*o.pause, firstOutage), longestOutage)
	o.until, o.why = now.Add(max(o.pause, atLeast)), why
	var busy *BusyError
	if errors.As(why, &busy) && busy.Until.After(o.until) {
		o.until = busy.Until
	}
	if first {
		o.log.WarnContext(ctx, o.what+"; they will be when the web archive answers", slog.Time("again", o.until), slog.Any("error", why))
	}
	return &outageError{o.what, why}
}

func (o *outage) end(ctx context.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.pause > 0 {
		o.log.InfoContext(ctx, "the web archive answers again", slog.String("until now", o.what))
	}
	o.pause, o.until, o.why = 0, time.Time{}, nil
}

// limited reports whether the service answers, and refuses for the account's sake.
func (o *outage) limited() bool {
	var refused *RefusedError
	return errors.As(o.error(), &refused)
}

// error is why the service is left alone; nil for one that is well.
func (o *outage) error() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.why == nil {
		return nil
	}
	return &outageError{o.what, o.why}
}

// outageError ends a round. It has been logged.
type outageError struct {
	what string
	why  error
}

func (e *outageError) Error() string { return e.what + ": " + e.why.Error() }
func (e *outageError) Unwrap() error { return e.why }

func errIsOutage(err error) bool {
	var o *outageError
	return errors.As(err, &o)
}
