package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"videoteca/archive/youtube"
)

// reserveShare is the part of a day's units that a process reserves at once: few
// enough that a process which is killed takes little with it.
const reserveShare = 100

// bucketQuota is what all processes have spent in a day; the store has it.
type bucketQuota interface {
	ReserveQuota(ctx context.Context, platform, day string, units, limit int) (granted int, err error)
	ReturnQuota(ctx context.Context, platform, day string, units int) error
	QuotaSpent(ctx context.Context, platform, day string) (units int, gone bool, err error)
	EndQuota(ctx context.Context, platform, day string) error
}

// dailyQuota counts the Data API's units of a day, which ends at midnight Pacific time as
// YouTube's does. Units are reserved in the bucket, where all processes see them. While the
// bucket cannot be asked, the limit holds for this process alone.
type dailyQuota struct {
	limit   int
	shared  bucketQuota // nil: this process is the only one
	pacific *time.Location
	now     func() time.Time
	log     *slog.Logger

	mu     sync.Mutex
	day    string
	spent  int       // by this process
	held   int       // reserved, and not spent yet
	gone   bool      // the API said that the day has none left, to this process or to another
	looked time.Time // when the bucket was last asked
}

// lookAgain is how long a process spends what it reserved without asking whether the API has told
// another that none are left.
const lookAgain = time.Minute

func newDailyQuota(limit int) *dailyQuota {
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		pacific = time.FixedZone("PST", -8*60*60) // time/tzdata is linked in, so this is for tests without it
	}
	return &dailyQuota{limit: limit, pacific: pacific, now: time.Now, log: slog.New(slog.DiscardHandler)}
}

const quotaPlatform = "youtube"

// Spend implements youtube.QuotaCounter.
func (q *dailyQuota) Spend(ctx context.Context, units int) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if day := q.today(); day != q.day {
		q.day, q.spent, q.held, q.gone = day, 0, 0, false
	}
	switch {
	case q.gone:
	case q.held < units:
		q.reserve(ctx, units)
	default:
		q.look(ctx)
	}
	if q.gone {
		return fmt.Errorf("%w: the API says so", youtube.ErrQuota)
	}
	if q.held < units {
		return fmt.Errorf("%w: %d of %d units are spent", youtube.ErrQuota, q.spent, q.limit)
	}
	q.held -= units
	q.spent += units
	return nil
}

// Gone implements youtube.QuotaCounter.
func (q *dailyQuota) Gone(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if day := q.today(); day != q.day {
		q.day, q.spent, q.held = day, 0, 0
	}
	q.gone = true
	if q.shared == nil {
		return nil
	}
	return q.shared.EndQuota(ctx, quotaPlatform, q.day)
}

// look asks, now and then, whether the API has told another process that none are left.
func (q *dailyQuota) look(ctx context.Context) {
	if q.shared == nil || q.now().Sub(q.looked) < lookAgain {
		return
	}
	q.looked = q.now()
	_, gone, err := q.shared.QuotaSpent(ctx, quotaPlatform, q.day)
	q.gone = err == nil && gone // a bucket that cannot be asked is logged where units are reserved
}

func (q *dailyQuota) today() string { return q.now().In(q.pacific).Format(time.DateOnly) }

func (q *dailyQuota) reserve(ctx context.Context, units int) {
	if q.shared == nil {
		q.held = q.limit - q.spent
		return
	}
	q.looked = q.now()
	granted, err := q.shared.ReserveQuota(ctx, quotaPlatform, q.day, max(units, q.limit/reserveShare), q.limit)
	if err != nil {
		q.log.WarnContext(ctx, "the quota in the bucket cannot be asked; this process counts for itself", slog.Any("error", err))
		granted = max(0, min(units, q.limit-q.spent-q.held))
	}
	q.held += granted
}

// left is how many units of today are left to all processes; negative where that is not known.
func (q *dailyQuota) left(ctx context.Context) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.gone && q.day == q.today():
		return 0
	case q.shared == nil:
		return q.limit - q.spent
	}
	spent, gone, err := q.shared.QuotaSpent(ctx, quotaPlatform, q.today())
	switch {
	case err != nil:
		return -1
	case gone:
		return 0
	}
	return max(0, q.limit-spent) + q.held
}

// used is how many units of today all processes have spent; negative where that is not known.
func (q *dailyQuota) used(ctx context.Context) int {
	left := q.left(ctx)
	if left < 0 {
		return left
	}
	return max(0, q.limit-left)
}

// giveBack returns what was reserved and not spent.
func (q *dailyQuota) giveBack(ctx context.Context) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shared == nil || q.held == 0 || q.day != q.today() {
		return
	}
	if err := q.shared.ReturnQuota(ctx, quotaPlatform, q.day, q.held); err != nil {
		q.log.WarnContext(ctx, "reserved units of the quota not given back", slog.Int("units", q.held), slog.Any("error", err))
		return
	}
	q.held = 0
}
