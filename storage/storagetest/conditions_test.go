package storagetest

import (
	"context"
	"errors"
	"io"
	"sync"

	"videoteca/storage"
)

// conditionFlaws are stores on which editors would overwrite each other.
func conditionFlaws() []flaw {
	return []flaw{
		{"it ignores If-Match", ignoresMatch, conditions, "matching another ETag: <nil>"},
		{"it ignores create-only", ignoresCreate, conditions, "creating twice: <nil>"},
		{"it does not prove itself when it ignores If-Match", ignoresMatch, proves, "although If-Match named another one"},
		{"it does not prove itself when it ignores create-only", ignoresCreate, proves, "an object that was to be created only"},
		{"it creates where If-Match names an object", createsOnMatch, conditions, "matching on a missing key: <nil>"},
		{"it says not found to If-Match on a missing key", missingOnMatch, conditions, "matching on a missing key: no such object"},
		{"it writes what it refuses", writesRefused, conditions, `refused writes left "no"`},
		{"it refuses every If-Match", refusesMatch, conditions, "putting k.json: the object is not in the expected state"},
		{"it refuses to replace", refusesReplacing, conditions, "putting k.json: writing k.json: nothing was written: the object is not in the expected state"},
		{"it gives every content the same ETag", oneETag, conditions, "another content has the same ETag"},
	}
}

func ignoresMatch(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		return b.Put(ctx, key, body, size, storage.Condition{Create: cond.Create})
	}}
}

func ignoresCreate(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		return b.Put(ctx, key, body, size, storage.Condition{Match: cond.Match})
	}}
}

func createsOnMatch(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		if _, err := b.Stat(ctx, key); errors.Is(err, storage.ErrNotFound) {
			cond.Match = ""
		}
		return b.Put(ctx, key, body, size, cond)
	}}
}

// missingOnMatch is how most S3 servers answer.
func missingOnMatch(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		if _, err := b.Stat(ctx, key); cond.Match != "" && errors.Is(err, storage.ErrNotFound) {
			return storage.Object{}, storage.ErrNotFound
		}
		return b.Put(ctx, key, body, size, cond)
	}}
}

// writesRefused refuses a write that names an ETag from before, and does it all the same.
func writesRefused(b storage.Bucket) storage.Bucket {
	var given sync.Map // ETags that the objects had
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		object, err := b.Put(ctx, key, body, size, cond)
		if err == nil {
			given.Store(object.ETag, true)
		}
		if _, before := given.Load(cond.Match); err == nil || !before || key == "missing.json" {
			return object, err
		}
		if _, err := body.Seek(0, io.SeekStart); err != nil {
			return object, err
		}
		if _, err := b.Put(ctx, key, body, size, storage.Condition{}); err != nil {
			return object, err
		}
		return object, storage.ErrPreconditionFailed
	}}
}

func refusesMatch(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		if cond.Match != "" {
			return storage.Object{}, storage.ErrPreconditionFailed
		}
		return b.Put(ctx, key, body, size, cond)
	}}
}

// refusesReplacing is a store whose objects are locked once they stand.
func refusesReplacing(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		if cond.Match == "" {
			cond.Create = true
		}
		return b.Put(ctx, key, body, size, cond)
	}}
}

func oneETag(b storage.Bucket) storage.Bucket {
	const etag = "d41d8cd98f00b204e9800998ecf8427e"
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		if object, err := b.Stat(ctx, key); err == nil && cond.Match == etag {
			cond.Match = object.ETag
		}
		object, err := b.Put(ctx, key, body, size, cond)
		object.ETag = etag
		return object, err
	}}
}
