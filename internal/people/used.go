package people

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// errNoted says that a day of use is noted already, or that what was used is there no longer.
var errNoted = errors.New("nothing to note")

// useTimeout bounds one attempt to note a use. It is no longer than the time between two, so that of one
// secret at most one is under way.
const useTimeout = freshFor

// uses remembers whose use was tried to be noted lately. It is safe for concurrent use.
type uses struct {
	mu    sync.Mutex
	tried map[string]time.Time // by the hash of the secret
}

// due reports whether it is time to try, and remembers that it is being done.
func (u *uses) due(hash string, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	for known, at := range u.tried {
		if now.Sub(at) >= freshFor {
			delete(u.tried, known)
		}
	}
	if _, lately := u.tried[hash]; lately {
		return false
	}
	if u.tried == nil {
		u.tried = map[string]time.Time{}
	}
	u.tried[hash] = now
	return true
}

// noteUse notes the day on which what the hash stands for was used, beside the request that used it. Set puts
// the day in, or fails with errNoted. What fails is tried again by a use ten seconds later at the earliest: a
// store that is away must not hold up every request, nor be asked by each.
func (r *Registry) noteUse(ctx context.Context, hash string, used time.Time, set func(b *book, day time.Time) error) {
	day := r.now().Truncate(24 * time.Hour)
	if !used.Before(day) || !r.uses.due(hash, r.o.Now()) {
		return
	}
	r.beside(ctx, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, useTimeout)
		defer cancel()
		_, err := r.amend(ctx, func(b *book) error { return set(b, day) })
		if err != nil && !errors.Is(err, errNoted) {
			r.o.Log.DebugContext(ctx, "a day of use is not noted yet", slog.Any("error", err))
		}
	})
}

// beside has work done in the background, or at once where there is none.
func (r *Registry) beside(ctx context.Context, work func(context.Context)) {
	if r.o.Background == nil {
		work(ctx)
		return
	}
	r.o.Background(work)
}
