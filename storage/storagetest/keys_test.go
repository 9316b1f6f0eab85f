package storagetest

import (
	"context"
	"errors"
	"io"
	"net/url"
	"path"
	"strings"

	"videoteca/storage"
)

// keyFlaws are stores that take names which another store reads as others, or refuses.
func keyFlaws() []flaw {
	return []flaw{
		{"it takes capitals for small letters", translating(strings.ToLower), hostileKeys, `putting "A": <nil>`},
		{"it keeps what it took under a hostile key", translating(strings.ToLower), hostileKeys, "hostile keys left [a]"},
		{"it resolves dots", translating(path.Clean), hostileKeys, `putting "a/../b": <nil>`},
		{"it decodes percent signs", translating(decoded), hostileKeys, `putting "a%2fb": <nil>`},
		{"it takes a slash in front for none", translating(func(key string) string { return strings.TrimPrefix(key, "/") }), hostileKeys, `putting "/a": <nil>`},
		{"it looks for hostile keys", looksForHostile, hostileKeys, `getting "../a": no such object`},
		{"it describes hostile keys as missing", looksForHostile, hostileKeys, `describing "..": no such object`},
		{"it deletes under hostile keys", looksForHostile, hostileKeys, `deleting "": <nil>`},
		{"it opens folders", opensFolders, folders, "reading a folder: <nil>"},
		{"it refuses to look below an object", refusesBelow, folders, "looking below an object: not a valid key"},
	}
}

// translating makes a key that the store does not have into one that it has.
func translating(translate func(string) string) func(storage.Bucket) storage.Bucket {
	return func(b storage.Bucket) storage.Bucket {
		return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
			return b.Put(ctx, translate(key), body, size, cond)
		}}
	}
}

func decoded(key string) string {
	if plain, err := url.PathUnescape(key); err == nil {
		return plain
	}
	return key
}

// looksForHostile checks keys where it writes and nowhere else.
func looksForHostile(b storage.Bucket) storage.Bucket {
	return flawed{
		Bucket: b,
		get: func(context.Context, string, storage.Range) (io.ReadCloser, storage.Object, error) {
			return nil, storage.Object{}, storage.ErrNotFound
		},
		stat:   func(context.Context, string) (storage.Object, error) { return storage.Object{}, storage.ErrNotFound },
		delete: func(context.Context, string) error { return nil },
	}
}

// opensFolders reads a folder as an object without bytes, as some S3 servers on a file system do.
func opensFolders(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, get: func(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
		body, object, err := b.Get(ctx, key, r)
		if !errors.Is(err, storage.ErrNotFound) {
			return body, object, err
		}
		for object, err := range b.List(ctx, key+"/", "") {
			return io.NopCloser(strings.NewReader("")), object, err
		}
		return body, object, err
	}}
}

func refusesBelow(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, stat: func(ctx context.Context, key string) (storage.Object, error) {
		if _, err := b.Stat(ctx, path.Dir(key)); err == nil {
			return storage.Object{}, storage.ErrBadKey
		}
		return b.Stat(ctx, key)
	}}
}
