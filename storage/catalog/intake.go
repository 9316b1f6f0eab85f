package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"videoteca/archive"
)

const (
	readsAtOnce = 8    // from the bucket: hides its latency without crowding out others
	batch       = 1000 // records a transaction: a few tenths of a second of the writer's lock
	// failuresInARow is when the bucket is at fault and no longer the record: with
	// time-outs, going on would take hours and a line of the log for each.
	failuresInARow = 50
)

// intake reads records of the store, several at once, and keeps them batch by batch.
type intake[K ~string, R any] struct {
	what   string // is read: "video", say
	read   func(context.Context, K) (R, error)
	keep   func(context.Context, []R) error
	dealt  func() // called after each record, by one goroutine; nil: nobody listens
	filled *Filled
	log    *slog.Logger

	inARow  int // failures since the last success
	pending []R
}

// all reads the records that are named. What was read is kept also where an error ends it.
func (in *intake[K, R]) all(ctx context.Context, ids []K) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	var failure error
	for a := range readAll(reading, ids, in.read) {
		if failure != nil || ctx.Err() != nil {
			continue // let the readers end
		}
		if failure = in.take(ctx, a); failure != nil {
			stop()
		}
	}
	// What was read is kept also where the caller has gone: it need not be read again.
	return errors.Join(failure, ctx.Err(), in.flush(context.WithoutCancel(ctx)))
}

func (in *intake[K, R]) take(ctx context.Context, a answer[K, R]) error {
	if in.dealt != nil {
		defer in.dealt()
	}
	switch {
	case errors.Is(a.err, archive.ErrNotFound): // removed since it was listed
		in.inARow = 0
		return nil
	case a.err != nil:
		return in.fail(ctx, a)
	}
	in.inARow = 0
	in.filled.Read++
	in.pending = append(in.pending, a.row)
	if len(in.pending) < batch {
		return nil
	}
	return in.flush(ctx)
}

func (in *intake[K, R]) fail(ctx context.Context, a answer[K, R]) error {
	in.filled.Failed++
	in.inARow++
	in.log.WarnContext(ctx, "a record could not be read into the catalog", slog.String(in.what, string(a.id)), slog.Any("error", a.err))
	if in.inARow >= failuresInARow {
		return fmt.Errorf("%d records in a row could not be read, last %s %s: %w", in.inARow, in.what, a.id, a.err)
	}
	return nil
}

func (in *intake[K, R]) flush(ctx context.Context) error {
	err := in.keep(ctx, in.pending)
	in.pending = in.pending[:0]
	return err
}
