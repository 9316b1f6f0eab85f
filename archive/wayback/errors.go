package wayback

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrBusy says that the archive does not answer at this time. It says nothing of the page.
	ErrBusy = errors.New("the web archive does not answer at this time")
	// ErrUnclear says that the archive answered, and that the answer tells nothing.
	ErrUnclear = errors.New("the web archive's answer tells nothing")
	// ErrKeys says that there are no keys, or that the archive does not take them.
	ErrKeys = errors.New("the web archive wants other keys")
	// ErrNoJob says that the archive knows no such capture job: it keeps them for about an hour.
	ErrNoJob = errors.New("the web archive knows no such capture")
	// ErrNotPublic says that a page is not sent to the archive, since nobody else could reach it.
	ErrNotPublic = errors.New("the page is not one that a web archive could reach")
)

// BusyError is an ErrBusy with what the archive said of itself.
type BusyError struct {
	Host  string
	Until time.Time // when it wants to be asked again; zero: it did not say
	Why   string    // "HTTP 503", "no answer in time"
}

func (e *BusyError) Error() string {
	text := fmt.Sprintf("%v: %s: %s", ErrBusy, e.Host, e.Why)
	if e.Until.IsZero() {
		return text
	}
	return text + "; it is left alone until " + e.Until.UTC().Format(time.RFC3339)
}

// Unwrap makes errors.Is find ErrBusy.
func (e *BusyError) Unwrap() error { return ErrBusy }

// RefusedError says that the archive would not capture a page.
type RefusedError struct {
	Code    string // its status_ext: "error:blocked-url"
	Message string // in its own words
	Refusal
}

// Error begins with the code, by which RefusalOf finds the way on.
func (e *RefusedError) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Code + ": " + e.Message
}

func unclear(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnclear, fmt.Sprintf(format, args...))
}
