package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"videoteca/archive"
)

// Exit codes; the command's comment and `videoteca help` document them.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
	exitMissing = 3
	exitStore   = 4
	exitLoss    = 5
	exitDamaged = 6
)

// errLoss says that a check with --fail-on-loss found a source suspect or gone.
var errLoss = errors.New("sources are suspect or gone")

// errFound says that a report with --fail-on has such a source.
var errFound = errors.New("sources are as --fail-on says")

// errDamaged says that verify found faults in the store that are left.
var errDamaged = errors.New("the store is damaged")

// errUsage marks an error of the command line's values.
var errUsage = errors.New("wrong use")

// exitCode is the table from errors to exit codes.
func exitCode(err error) int {
	var field *archive.FieldError
	var owned *archive.OwnedError
	switch {
	case errors.Is(err, errLoss), errors.Is(err, errFound):
		return exitLoss
	case errors.Is(err, errDamaged):
		return exitDamaged
	case errors.As(err, &field), errors.As(err, &owned), errors.Is(err, archive.ErrBadID), errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, archive.ErrNotFound):
		return exitMissing
	case errors.Is(err, archive.ErrUnavailable):
		return exitStore
	}
	return exitFailure
}

// explain prints the error for a person and returns the exit code.
func explain(w io.Writer, err error) int {
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(w, "videoteca: stopped")
		return exitFailure
	}
	fmt.Fprintln(w, "videoteca:", err)
	return exitCode(err)
}
