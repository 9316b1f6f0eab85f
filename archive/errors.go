package archive

import (
	"errors"
	"fmt"
)

var (
	// ErrNotFound says that the store was asked and has no such item.
	ErrNotFound = errors.New("not found")
	// ErrExists says that an item to be created stands already.
	ErrExists = errors.New("exists already")
	// ErrConflict says that an item was changed by somebody else in the meantime.
	ErrConflict = errors.New("changed by somebody else in the meantime")
	// ErrStale says that an item is not as the caller has seen it; see Seeing.
	ErrStale = errors.New("changed since it was read")
	// ErrErased says that a video was erased: of it nothing can be changed or shown.
	ErrErased = errors.New("erased")
	// ErrUnavailable says that the store could not be asked. The item may well exist.
	ErrUnavailable = errors.New("the store cannot be reached")
	// ErrFull says that the store has no room left for what was to be written.
	ErrFull = errors.New("the store is full")
	// ErrNotRecognised says that no platform knows the address.
	ErrNotRecognised = errors.New("no platform recognises this address")
	// ErrNotAVideo says that a platform knows the address and that it names no single video.
	ErrNotAVideo = errors.New("this address names no single video")
)

// OwnedError says that a source belongs to another video.
type OwnedError struct {
	Source SourceKey
	Owner  VideoID
}

func (e *OwnedError) Error() string {
	return fmt.Sprintf("the source %s belongs to video %s", e.Source, e.Owner)
}

// ConflictError says that somebody else changed a video in the meantime, and how it stands now.
type ConflictError struct {
	Now   Video
	Field string // that is in the way; empty where it is not one alone
}

func (e *ConflictError) Unwrap() error { return ErrConflict }

func (e *ConflictError) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("%s of video %s was %v", e.Field, e.Now.ID, ErrConflict)
	}
	return fmt.Sprintf("video %s, now at revision %d, was %v", e.Now.ID, e.Now.Revision, ErrConflict)
}

// FieldError says what is wrong with one field of an input, and the cure.
type FieldError struct {
	Field   string // as the API names it: "eventDate"
	Problem string // "2019-13 has no such month"
	Cure    string // "write a date as 2019-09-25, 2019-09, 2019 or 2019~"
	Cause   error  // may be nil
}

func (e *FieldError) Unwrap() error { return e.Cause }

func (e *FieldError) Error() string {
	return fmt.Sprintf("%s: %s; %s", e.Field, e.Problem, e.Cure)
}
