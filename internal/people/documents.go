package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"videoteca/archive"
)

// Documents keeps small JSON documents by key. It is safe for concurrent use by many processes.
// Any method may fail with archive.ErrUnavailable (wrapped), which says nothing about the document.
type Documents interface {
	// Get reads a document. A missing one gets archive.ErrNotFound. The ETag is opaque.
	Get(ctx context.Context, key string) (data []byte, etag string, err error)

	// Put writes a document where the one that stands has the ETag, or, with an empty one, where
	// none stands; otherwise it gets archive.ErrConflict. A write whose reply was lost is settled by reading.
	Put(ctx context.Context, key string, data []byte, etag string) error

	// Delete removes a document. One that is not there is no error.
	Delete(ctx context.Context, key string) error

	// List yields the keys with a prefix, in the order of their bytes. An error is yielded last.
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// documentVersion is the version of every document here.
const documentVersion = 1

// attempts is how often a change starts over where others write the same document.
const attempts = 50

// errNewer says that a document was written by a later version of the program, whose fields this one
// would drop.
var errNewer = errors.New("it was written by a newer version of the program; upgrade this one")

// read decodes a document; its ETag is empty, and into is left alone, where there is none.
func read(ctx context.Context, docs Documents, key string, into any) (etag string, err error) {
	data, etag, err := docs.Get(ctx, key)
	if errors.Is(err, archive.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", key, err)
	}
	var format struct {
		Version int `json:"version"`
	}
	if json.Unmarshal(data, &format) == nil && format.Version > documentVersion {
		return "", fmt.Errorf("reading %s: %w", key, errNewer)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return "", fmt.Errorf("reading %s: it is damaged: %w", key, err)
	}
	return etag, nil
}

// amend reads a document, lets change alter it, and writes it if nobody wrote in between; otherwise
// it starts over. An error of change ends it, and nothing is written.
func amend[T any](ctx context.Context, docs Documents, key string, change func(*T) error) (T, error) {
	var zero T
	for range attempts {
		var doc T
		etag, err := read(ctx, docs, key, &doc)
		if err != nil {
			return zero, err
		}
		if err := change(&doc); err != nil {
			return zero, err
		}
		err = write(ctx, docs, key, doc, etag)
		if errors.Is(err, archive.ErrConflict) && ctx.Err() == nil {
			continue
		}
		return doc, err
	}
	return zero, fmt.Errorf("writing %s: %w", key, archive.ErrConflict)
}

func write(ctx context.Context, docs Documents, key string, doc any, etag string) error {
	data, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding %s: %w", key, err)
	}
	if err := docs.Put(ctx, key, append(data, '\n'), etag); err != nil {
		return fmt.Errorf("writing %s: %w", key, err)
	}
	return nil
}
