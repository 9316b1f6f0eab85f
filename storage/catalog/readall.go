package catalog

import (
	"context"
	"sync"

	"videoteca/archive"
)

// readAll reads the records, several at once, and sends one answer for each, in
// any order. When ctx ends it begins no more. The caller receives until the
// channel is closed, which happens when the last reader has ended.
func readAll(ctx context.Context, origin Lookup, ids []archive.VideoID) <-chan answer {
	todo := make(chan archive.VideoID)
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
	answers := make(chan answer, readsAtOnce/2) // more would ask a bucket that is down in vain
	var reading sync.WaitGroup
	for range min(readsAtOnce, len(ids)) {
		reading.Go(func() {
			for id := range todo {
				answers <- read(ctx, origin, id)
			}
		})
	}
	go func() {
		reading.Wait()
		close(answers)
	}()
	return answers
}

func read(ctx context.Context, origin Lookup, id archive.VideoID) answer {
	v, etag, err := origin.Read(ctx, id)
	if err != nil {
		return answer{id: id, err: err}
	}
	r, err := newRow(Entry{Video: v, ETag: etag})
	return answer{id: id, row: r, err: err}
}
