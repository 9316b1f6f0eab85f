package youtube

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// budget knows whether the Data API may be asked. The day of its quota ends at
// midnight Pacific time.
type budget struct {
	counter QuotaCounter
	pacific *time.Location
	now     func() time.Time
	log     *slog.Logger

	mu    sync.Mutex
	until time.Time // nothing is asked before
}

func newBudget(counter QuotaCounter, now func() time.Time, log *slog.Logger) *budget {
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		// No time zones on this machine. Winter time all the year is an hour late in
		// summer, which costs an hour of keyless checks and never a wrong call.
		pacific = time.FixedZone("PST", -8*60*60)
	}
	return &budget{counter: counter, pacific: pacific, now: now, log: log}
}

// spend takes units for a call about to be made, or says ErrQuota.
func (b *budget) spend(ctx context.Context, units int) error {
	if b.isGone() {
		return ErrQuota
	}
	if b.counter == nil {
		return nil
	}
	err := b.counter.Spend(ctx, units)
	switch {
	case errors.Is(err, ErrQuota):
		return err
	case err != nil:
		b.log.WarnContext(ctx, "quota not counted", slog.Int("units", units), slog.Any("error", err))
	}
	return nil
}

// gone notes that the API said so, for this process and for all that share the key. It stays gone
// till midnight Pacific.
func (b *budget) gone(ctx context.Context) {
	day := b.now().In(b.pacific)
	next := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, b.pacific)
	b.mu.Lock()
	b.until = next
	b.mu.Unlock()
	b.log.WarnContext(ctx, "quota of the Data API is used up", slog.Time("until", next.UTC()))
	if b.counter == nil {
		return
	}
	if err := b.counter.Gone(ctx); err != nil {
		b.log.WarnContext(ctx, "others are not told that the quota is used up, and will be told by the API", slog.Any("error", err))
	}
}

func (b *budget) isGone() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now().Before(b.until)
}
