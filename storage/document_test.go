package storage_test

import (
	"context"
	"io"
	"strings"
	"sync"

	"videoteca/storage"
)

// late is a network on which the first write of a key is given up, and arrives when the next one is
// made, just before it.
type late struct {
	*troubled
	key string

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
	if !b.arrived {
		b.arrived = true
		if err := b.held(); err != nil {
			return storage.Object{}, err
		}
	}
	return b.troubled.Put(ctx, key, body, size, cond)
}
