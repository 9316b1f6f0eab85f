package audit

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"videoteca/archive"
)

const (
	// troublePause is how long a source that was re-checked for a report is left alone.
	troublePause = 30 * time.Minute
	// troubleQueue is how many sources may wait. Who comes when it is full is not
	// lost: the scheduled audit asks every source.
	troubleQueue = 256
	// troubleMemory bounds what is remembered of sources re-checked lately.
	troubleMemory = 10_000
	// troubleGather is how long the first report waits for others, to ask about them together.
	troubleGather = 5 * time.Second
	// troubleShare is the part of a day's quota that reports may use: 1/20.
	troubleShare = 20
	// TroubleLease is the lease under which reports are followed, so that two processes do
	// not ask about the same source.
	TroubleLease = "trouble"
)

// Allowance counts what reports use of a day's quota, over all processes.
type Allowance interface {
	// Day is the quota's present day, "2025-04-14", by the platform's own clock.
	Day() string
	// Reserve spends up to n of the day's questions, of which there are limit, and returns how
	// many it got. With an error it got none.
	Reserve(ctx context.Context, day string, n, limit int) (int, error)
}

// TroubleOptions wires a Trouble. Auditor and Quota are required.
type TroubleOptions struct {
	Auditor     *Auditor
	Quota       int         // questions that the platforms allow a day in all
	Allowance   Allowance   // nil: this process is the only one
	Leases      Leases      // nil: likewise
	Checkpoints Checkpoints // by which the journal of other processes is read; nil: likewise

	Sleep func(context.Context, time.Duration) error // nil: by the clock
}

// Trouble takes reports of readers' players that a source did not play. A report
// changes nothing by itself: it has the source asked again, soon, by the ordinary
// rules. At most one re-check a source is made in 30 minutes, and no more a day
// than a twentieth of the platforms' quota, so that nobody can spend it with reports.
// Both hold over all processes and through restarts: Report asks no network and
// goes by what this process knows, Run by the journal and by what all have reserved.
type Trouble struct {
	o     TroubleOptions
	daily int
	log   *slog.Logger
	queue chan archive.Video // each with the one source to be asked

	mu    sync.Mutex
	last  map[archive.SourceKey]time.Time
	day   string
	spent int
}

// NewTrouble wires a Trouble.
func NewTrouble(o TroubleOptions) *Trouble {
	if o.Allowance == nil {
		o.Allowance = alone{o.Auditor.now}
	}
	if o.Leases == nil {
		o.Leases = nobodyElse{}
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	return &Trouble{
		o: o, daily: max(1, o.Quota/troubleShare), log: o.Auditor.o.Log,
		queue: make(chan archive.Video, troubleQueue), last: map[archive.SourceKey]time.Time{},
	}
}

// alone is the allowance of a single process, by the days of UTC.
type alone struct{ now func() time.Time }

func (a alone) Day() string { return a.now().Format(time.DateOnly) }

// Reserve grants everything: Report counts already.
func (alone) Reserve(_ context.Context, _ string, n, _ int) (int, error) { return n, nil }

// nobodyElse is a lease that is always free.
type nobodyElse struct{}

func (nobodyElse) Hold(ctx context.Context, _ string) (context.Context, func(), error) {
	return ctx, func() {}, nil
}

// Report queues a re-check of a source of v and reports whether it did: not if
// the video has no such source, or it is too soon, or too much for today, or too many wait.
func (t *Trouble) Report(v archive.Video, key archive.SourceKey) bool {
	s := v.Source(key)
	if s == nil {
		return false
	}
	v.Sources = []archive.Source{*s}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.o.Auditor.now()
	if !t.admits(key, now) {
		return false
	}
	select {
	case t.queue <- v:
	default: // which spends nothing, and keeps the source from nothing
		return false
	}
	t.last[key] = now
	t.spent++
	return true
}

func (t *Trouble) admits(key archive.SourceKey, now time.Time) bool {
	t.turnDay()
	if t.spent >= t.daily || now.Sub(t.last[key]) < troublePause {
		return false
	}
	if len(t.last) >= troubleMemory {
		t.forget(now)
	}
	return len(t.last) < troubleMemory
}

// turnDay begins to count anew where a day has begun.
func (t *Trouble) turnDay() {
	if day := t.o.Allowance.Day(); day != t.day {
		t.day, t.spent = day, 0
	}
}

// forget drops what need not be remembered any more.
func (t *Trouble) forget(now time.Time) {
	for key, at := range t.last {
		if now.Sub(at) >= troublePause {
			delete(t.last, key)
		}
	}
}
