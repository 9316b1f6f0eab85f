package storage_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"

	"videoteca/storage"
)

// late is a network on which the first write of a key is given up, and arrives with a later read
// of the key, or else with the next write, just before it.
type late struct {
	*troubled
	key   string
	reads int // after which read since then it arrives; 0: with the next write

	mu      sync.Mutex
	held    func() error
	arrived bool
}

func (b *late) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
	if key != b.key {
		return b.troubled.Put(ctx, key, body, size, cond)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		content, err := io.ReadAll(body)
		if err != nil {
			return storage.Object{}, err
		}
		b.held = func() error {
			_, err := b.troubled.Put(ctx, key, strings.NewReader(string(content)), size, cond)
			return err
		}
		return storage.Object{}, errCut
	}
	if err := b.arrive(); err != nil {
		return storage.Object{}, err
	}
	return b.troubled.Put(ctx, key, body, size, cond)
}

func (b *late) Get(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, object, err := b.troubled.Get(ctx, key, r)
	if key == b.key && b.held != nil {
		if b.reads--; b.reads == 0 {
			return body, object, errors.Join(err, b.arrive())
		}
	}
	return body, object, err
}

// arrive delivers what was held.
func (b *late) arrive() error {
	if b.arrived {
		return nil
	}
	b.arrived = true
	return b.held()
}
