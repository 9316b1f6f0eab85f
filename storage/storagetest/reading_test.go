package storagetest

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"videoteca/storage"
)

// readingFlaws are stores that do not give back what was put, or go on giving it back.
func readingFlaws() []flaw {
	return []flaw{
		{"it cuts large objects", cutsBodies, roundTrip, "files/big.jpg came back with 65536 bytes"},
		{"its Stat has another ETag than its Put", otherETag, roundTrip, "Stat describes"},
		{"it has no ETags", noETags, roundTrip, "Put describes"},
		{"it has no times", noTimes, roundTrip, "has no time"},
		{"it has a fault of its own for what is not there", ownMissing, roundTrip, "reading what is not there: 404"},
		{"it describes what is not there", describesMissing, roundTrip, "describing what is not there: <nil>"},
		{"it ignores ranges", ignoresRanges, ranges, `{Offset:3 Length:0}: "0123456789", <nil>`},
		{"it takes the end of a range for part of it", endsLate, ranges, `{Offset:0 Length:4}: "01234", <nil>`},
		{"it says nothing of a range past the end", emptyPastEnd, ranges, `{Offset:10 Length:0}: "", <nil>`},
		{"it takes the size of a range for the object's", partSize, ranges, "the object is said to have 7 bytes"},
		{"it ignores a cancelled context", ignoresContext, cancelled, "Get: <nil>"},
		{"it writes although the context was cancelled", ignoresContext, cancelled, "cancelled calls left"},
		{"it keeps empty objects", keepsEmpty, empty, "got <nil>"},
		{"it keeps an empty object that it refuses", keepsRefusedEmpty, empty, "an empty object is there: <nil>"},
		{"it keeps deleted objects", keepsDeleted, deleting, "still there: <nil>"},
		{"it has a fault for deleting what is not there", missingDelete, deleting, "no such object"},
		{"it keeps what the proof wrote", keepsDeleted, proves, "the proof left [proof/"},
	}
}

func cutsBodies(b storage.Bucket) storage.Bucket {
	const most = 64 << 10
	return flawed{Bucket: b, get: func(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
		body, object, err := b.Get(ctx, key, r)
		if err != nil {
			return nil, object, err
		}
		return readCloser{io.LimitReader(body, most), body}, object, nil
	}}
}

type readCloser struct {
	io.Reader
	io.Closer
}

func otherETag(b storage.Bucket) storage.Bucket {
	return describing(b, func(o *storage.Object) { o.ETag += "-1" })
}

func noTimes(b storage.Bucket) storage.Bucket {
	return describing(b, func(o *storage.Object) { o.Modified = time.Time{} })
}

// describing alters what Stat says.
func describing(b storage.Bucket, alter func(*storage.Object)) storage.Bucket {
	return flawed{Bucket: b, stat: func(ctx context.Context, key string) (storage.Object, error) {
		object, err := b.Stat(ctx, key)
		alter(&object)
		return object, err
	}}
}

func noETags(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		object, err := b.Put(ctx, key, body, size, cond)
		object.ETag = ""
		return object, err
	}}
}

func ownMissing(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, get: func(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
		body, object, err := b.Get(ctx, key, r)
		if err != nil {
			err = errors.New("404")
		}
		return body, object, err
	}}
}

func describesMissing(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, stat: func(ctx context.Context, key string) (storage.Object, error) {
		object, err := b.Stat(ctx, key)
		if errors.Is(err, storage.ErrNotFound) {
			return storage.Object{Key: key}, nil
		}
		return object, err
	}}
}

// ranging alters the range that is read.
func ranging(b storage.Bucket, alter func(*storage.Range)) storage.Bucket {
	return flawed{Bucket: b, get: func(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
		alter(&r)
		return b.Get(ctx, key, r)
	}}
}

func ignoresRanges(b storage.Bucket) storage.Bucket {
	return ranging(b, func(r *storage.Range) { *r = storage.Range{} })
}

// endsLate takes the length for the last byte's number, as the Range header has it.
func endsLate(b storage.Bucket) storage.Bucket {
	return ranging(b, func(r *storage.Range) {
		if r.Length > 0 {
			r.Length++
		}
	})
}

func emptyPastEnd(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, get: func(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
		body, object, err := b.Get(ctx, key, r)
		if errors.Is(err, storage.ErrBadRange) {
			return io.NopCloser(strings.NewReader("")), storage.Object{Key: key, Size: 10}, nil
		}
		return body, object, err
	}}
}

func partSize(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, get: func(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
		body, object, err := b.Get(ctx, key, r)
		object.Size -= r.Offset
		return body, object, err
	}}
}

func ignoresContext(b storage.Bucket) storage.Bucket {
	return flawed{
		Bucket: b,
		get: func(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
			return b.Get(context.WithoutCancel(ctx), key, r)
		},
		put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
			return b.Put(context.WithoutCancel(ctx), key, body, size, cond)
		},
	}
}

// keepsEmpty pads what is empty, so that it may be kept.
func keepsEmpty(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		if size == 0 {
			return b.Put(ctx, key, strings.NewReader("\n"), 1, cond)
		}
		return b.Put(ctx, key, body, size, cond)
	}}
}

func keepsRefusedEmpty(b storage.Bucket) storage.Bucket {
	kept := keepsEmpty(b)
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		object, err := kept.Put(ctx, key, body, size, cond)
		if size == 0 {
			return storage.Object{}, storage.ErrEmptyObject
		}
		return object, err
	}}
}

func keepsDeleted(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, delete: func(context.Context, string) error { return nil }}
}

func missingDelete(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, delete: func(ctx context.Context, key string) error {
		if _, err := b.Stat(ctx, key); err != nil {
			return err
		}
		return b.Delete(ctx, key)
	}}
}
