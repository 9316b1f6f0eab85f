package web

import (
	"context"
	"time"
)

// Published knows where embeds were published as files.
type Published interface {
	// Behind is the places that cannot be brought up to date, and may show what may not be shown any more.
	Behind(ctx context.Context) ([]PublishedTarget, error)
}

// PublishedTarget is a place where embeds were published.
type PublishedTarget struct {
	Address string
	Since   time.Time // since when it cannot be reached
	Checked time.Time // when it was last known to be up to date; zero: never since it was published
	Reason  string    // for whoever runs the service
}
