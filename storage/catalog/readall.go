package catalog

import (
	"context"
	"sync"
)

// answer is what the store said about one record.
type answer[K, R any] struct {
	id  K
	row R
	err error
}

// readAll reads the records, several at once, and sends one answer for each, in
// any order. When ctx ends it begins no more. The caller receives until the
// channel is closed, which happens when the last reader has ended.
func readAll[K, R any](ctx context.Context, ids []K, read func(context.Context, K) (R, error)) <-chan answer[K, R] {
	todo := make(chan K)
	go func() {
		defer close(todo)
		for _, id := range ids {
			select {
			case todo <- id:
			case <-ctx.Done():
				return
			}
		}
	}()
	answers := make(chan answer[K, R], readsAtOnce/2) // more would ask a bucket that is down in vain
	var reading sync.WaitGroup
	for range min(readsAtOnce, len(ids)) {
		reading.Go(func() {
			for id := range todo {
				row, err := read(ctx, id)
				answers <- answer[K, R]{id, row, err}
			}
		})
	}
	go func() {
		reading.Wait()
		close(answers)
	}()
	return answers
}
