package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"videoteca/archive"
)

// Bucket is a flat space of objects under string keys: what S3 offers with
// conditional writes, and no more. Implementations are safe for concurrent use,
// by several processes too, and pass storagetest.Run.
//
// Keys. Only `[a-z0-9._/-]`, at most 900 bytes, no empty segment, none that
// starts with a dot or is longer than 255 bytes; see CheckKey. No key may be a
// directory of another (`a` beside `a/b`). A bad key gets ErrBadKey and touches nothing.
//
// Durability. When Put returns nil the object survives the end of the process
// and, in a directory, of the machine. A reader sees the old object or the new
// one, whole, never a mixture and never a part.
//
// Errors. Those below, wrapped with the operation and the key; use errors.Is.
// Anything else is a fault of the store and says nothing about the object.
type Bucket interface {
	// Get opens the object, or the part of it that r names. The caller closes the body.
	// The Object describes the whole object whatever the range.
	// A missing key gets ErrNotFound; a range that starts past the end gets ErrBadRange.
	Get(ctx context.Context, key string, r Range) (io.ReadCloser, Object, error)

	// Put writes size bytes of body under key, if cond holds.
	// It reads from the body's current offset; a retry seeks back to it.
	// A condition that does not hold gets ErrPreconditionFailed, also where
	// the key is missing and cond is IfMatch. Empty bodies get ErrEmptyObject.
	// A reply that was lost may leave the object written although an error is
	// returned: see ErrOutcomeUnknown.
	Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond Condition) (Object, error)

	// Delete removes the object. A missing key is no error.
	Delete(ctx context.Context, key string) error

	// List yields the objects whose keys start with prefix and sort after
	// startAfter, in the order of the keys' bytes. The prefix need not end at
	// a segment. An error is yielded once, last. An object that is there and
	// cannot be read may come without its ETag.
	List(ctx context.Context, prefix, startAfter string) iter.Seq2[Object, error]

	// Stat describes the object. A missing key gets ErrNotFound.
	Stat(ctx context.Context, key string) (Object, error)
}

// Object describes one stored object.
type Object struct {
	Key      string
	Size     int64     // bytes
	ETag     string    // opaque, without quotes; changes whenever the bytes do
	Modified time.Time // by the store's clock
}

// Range is a part of an object, in bytes. The zero value is the whole object.
type Range struct {
	Offset int64 // first byte
	Length int64 // 0: to the end; a Length past the end is cut
}

// Condition restricts a Put. The zero value writes unconditionally.
type Condition struct {
	Create bool   // only where no object stands
	Match  string // only where the object has this ETag
}

// IfAbsent lets a Put create and never replace.
func IfAbsent() Condition { return Condition{Create: true} }

// IfMatch lets a Put replace exactly the object with this ETag.
func IfMatch(etag string) Condition { return Condition{Match: etag} }

var (
	// ErrNotFound says that the store answered and has no object under the key.
	ErrNotFound = errors.New("no such object")
	// ErrPreconditionFailed says that the condition of a Put did not hold.
	ErrPreconditionFailed = errors.New("the object is not in the expected state")
	// ErrNotWritten is an ErrPreconditionFailed of a store that repeats no request by itself: this Put
	// was refused. Elsewhere a refusal may be that of the repetition of a write that happened.
	ErrNotWritten = fmt.Errorf("nothing was written: %w", ErrPreconditionFailed)
	// ErrBadKey says that the key is outside the rules of Bucket.
	ErrBadKey = errors.New("not a valid key")
	// ErrBadRange says that a range starts past the end of the object.
	ErrBadRange = errors.New("range not satisfiable")
	// ErrEmptyObject says that a Put had no bytes.
	ErrEmptyObject = errors.New("empty objects are not kept")
	// ErrOutcomeUnknown says that a conditional write may or may not have
	// happened, and that reading again could not tell. Never retry it blindly.
	ErrOutcomeUnknown = errors.New("the outcome of the write is unknown")
	// ErrUnsupported says that the store ignores or refuses conditional writes.
	ErrUnsupported = errors.New("the store cannot do conditional writes")
	// ErrFull says that the store has no room left.
	ErrFull = archive.ErrFull
	// ErrReadOnly says that the store refuses every write.
	ErrReadOnly = errors.New("the store is read-only")
)
