package posters

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"videoteca/archive"
)

const (
	queueLength = 1024             // wanted posters; more are dropped and asked for again
	retryAfter  = time.Minute      // after a failure, which a dead store repeats for each request
	rescanEvery = 10 * time.Minute // for what other processes wrote
	makingTime  = 30 * time.Second // to read one original
	maxPending  = 16 * queueLength // failures remembered
)

// wanted is an original whose posters somebody asked for in vain.
type wanted struct {
	video    archive.VideoID
	original original
}

// want queues an original unless it is queued or has just failed. It never waits.
func (c *Cache) want(w wanted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if until, ok := c.pending[w.original.id()]; ok && (until.IsZero() || now.Before(until)) {
		return
	}
	if len(c.pending) >= maxPending {
		c.expire(now)
	}
	select {
	case c.queue <- w:
		c.pending[w.original.id()] = time.Time{} // queued, until settle
	default:
	}
}

// expire forgets failures that are long past, and others until there is room.
func (c *Cache) expire(now time.Time) {
	for digest, until := range c.pending {
		if !until.IsZero() && (now.After(until) || len(c.pending) >= maxPending) {
			delete(c.pending, digest)
		}
	}
}

// settle notes how making went.
func (c *Cache) settle(w wanted, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		delete(c.pending, w.original.id())
		return
	}
	c.pending[w.original.id()] = time.Now().Add(retryAfter)
}

// Run makes wanted posters, one after the other, until ctx ends.
func (c *Cache) Run(ctx context.Context) {
	rescan := time.NewTicker(rescanEvery)
	defer rescan.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case w := <-c.queue:
			c.serve(ctx, w)
		case <-rescan.C:
			if err := c.disk.scan(); err != nil {
				c.log.WarnContext(ctx, "poster cache not read", slog.Any("error", err))
			}
		}
	}
}

func (c *Cache) serve(ctx context.Context, w wanted) {
	limited, cancel := context.WithTimeout(ctx, makingTime)
	defer cancel()
	err := c.make(limited, w.video, w.original)
	c.settle(w, err)
	if err != nil && ctx.Err() == nil {
		c.log.WarnContext(ctx, "poster not made", slog.String("video", string(w.video)), slog.Any("error", err))
	}
}

// Warm makes the posters of the videos that have none here, in the order given,
// until the cache is full: what comes first is what should be held. It ends with
// an error where ctx ends, the videos cannot be read or the
// store cannot be reached; a thumbnail that cannot be used is logged and passed over.
func (c *Cache) Warm(ctx context.Context, videos iter.Seq2[archive.Video, error]) error {
	for v, err := range videos {
		if err != nil {
			return err
		}
		if c.disk.full() {
			c.log.InfoContext(ctx, "poster cache is full; the remaining posters are made when asked for")
			return nil
		}
		err := c.Make(ctx, v)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, archive.ErrUnavailable) {
			return err
		}
		if err != nil {
			c.log.WarnContext(ctx, "poster not made", slog.String("video", string(v.ID)), slog.Any("error", err))
		}
	}
	return nil
}

// Share counts the videos that have a thumbnail, and those of them whose posters
// are all here.
func (c *Cache) Share(ctx context.Context, videos iter.Seq2[archive.Video, error]) (held, all int, err error) {
	for v, err := range videos {
		if err != nil {
			return held, all, err
		}
		if ctx.Err() != nil {
			return held, all, ctx.Err()
		}
		of, ok := originalOf(v)
		if !ok {
			continue
		}
		all++
		if checkDigest(of) == nil && c.holds(of) {
			held++
		}
	}
	return held, all, nil
}
