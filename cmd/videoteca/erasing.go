package main

import (
	"context"
	"log/slog"
	"time"

	"videoteca/archive"
	"videoteca/storage/catalog"
)

// resumeEvery is how often erasures that were broken off are gone on with.
const resumeEvery = time.Hour

// eraser deletes what is kept of videos, here and in the store.
func (n *newsroom) eraser() *archive.Eraser {
	return archive.NewEraser(archive.EraserOptions{Store: catalog.NewStore(n.store, n.catalog), Attic: n.store, Posters: n.posters, Log: n.log})
}

// eraseAlways completes erasures that were broken off, when the catalog is filled and every hour.
func (n *newsroom) eraseAlways(ctx context.Context, filled <-chan struct{}) {
	select {
	case <-filled:
	case <-ctx.Done():
		return
	}
	for {
		if err := n.eraser().Resume(ctx, n.catalog.All(ctx)); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "erasures may not be complete; they are looked at again", slog.Any("error", err))
		}
		if !sleep(ctx, resumeEvery) {
			return
		}
	}
}

// forgetErased removes from this machine what it drew of a video that another process has erased.
func (n *newsroom) forgetErased(ctx context.Context, v archive.Video) {
	if v.Visibility.Exposure != archive.Erased {
		return
	}
	if was, err := n.catalog.Video(ctx, v.ID); err == nil {
		n.eraser().Forget(ctx, was)
	}
}
