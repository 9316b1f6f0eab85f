package main

import (
	"context"
	"log/slog"
	"time"

	"videoteca/internal/spool"
)

// sweepEvery is how often uploads that nobody finished are looked for.
const sweepEvery = time.Hour

// sweepAlways removes from the local disk the uploads that nobody will finish.
func sweepAlways(ctx context.Context, incoming *spool.Spool, every time.Duration, log *slog.Logger) {
	for sleep(ctx, every) {
		removed, err := incoming.Sweep()
		switch {
		case err != nil:
			log.WarnContext(ctx, "unfinished uploads not removed; it will be tried again", slog.Any("error", err))
		case removed > 0:
			log.InfoContext(ctx, "unfinished uploads removed", slog.Int("files", removed))
		}
	}
}
