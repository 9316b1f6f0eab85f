package safehttp

import (
	"errors"
	"fmt"
)

var (
	// ErrRefused says that the guard did not let a request out. Nothing was sent.
	ErrRefused = errors.New("refused")
	// ErrTooLarge says that a body went on past Options.MaxBody.
	ErrTooLarge = errors.New("body too large")
	// ErrTooManyRedirects says that a chain of redirects went on past Options.MaxRedirects.
	ErrTooManyRedirects = errors.New("too many redirects")
)

// RefusedError is an ErrRefused with what it was about.
type RefusedError struct {
	Address string // as dialled or asked: "10.0.0.5:80", "ftp://host"
	Problem string // "not a public address"
	Cure    string // how an operator lets it through; empty where nothing does
	Cause   error  // may be nil
}

func (e *RefusedError) Error() string {
	text := fmt.Sprintf("%v: %s: %s", ErrRefused, e.Address, e.Problem)
	if e.Cure == "" {
		return text
	}
	return text + "; " + e.Cure
}

// Unwrap makes errors.Is find ErrRefused and the cause.
func (e *RefusedError) Unwrap() []error {
	if e.Cause == nil {
		return []error{ErrRefused}
	}
	return []error{ErrRefused, e.Cause}
}
