package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"videoteca/archive/youtube"
)

// dailyQuota counts the Data API's units of this process for a day, which ends
// at midnight Pacific time as YouTube's does.
type dailyQuota struct {
	limit   int
	pacific *time.Location
	now     func() time.Time

	mu    sync.Mutex
	day   string
	spent int
}

func newDailyQuota(limit int) *dailyQuota {
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		pacific = time.FixedZone("PST", -8*60*60) // time/tzdata is linked in, so this is for tests without it
	}
	return &dailyQuota{limit: limit, pacific: pacific, now: time.Now}
}

// Spend implements youtube.QuotaCounter.
func (q *dailyQuota) Spend(_ context.Context, units int) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if day := q.now().In(q.pacific).Format(time.DateOnly); day != q.day {
		q.day, q.spent = day, 0
	}
	if q.spent+units > q.limit {
		return fmt.Errorf("%w: %d of %d units are spent", youtube.ErrQuota, q.spent, q.limit)
	}
	q.spent += units
	return nil
}
