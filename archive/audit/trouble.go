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
)

// Trouble takes reports of readers' players that a source did not play. A report
// changes nothing by itself: it has the source asked again, soon, by the ordinary
// rules. At most one re-check a source is made in 30 minutes, and no more a day
// than a twentieth of the platforms' quota, so that nobody can spend it with reports.
type Trouble struct {
	auditor *Auditor
	daily   int
	log     *slog.Logger
	queue   chan archive.Video // each with the one source to be asked
	now     func() time.Time

	mu    sync.Mutex
	last  map[archive.SourceKey]time.Time
	day   string
	spent int
}

// NewTrouble takes reports on behalf of an auditor. Quota is how many questions
// the platforms allow a day in all.
func NewTrouble(a *Auditor, quota int) *Trouble {
	return &Trouble{
		auditor: a, daily: max(1, quota/troubleShare), log: a.o.Log, now: a.o.Now,
		queue: make(chan archive.Video, troubleQueue), last: map[archive.SourceKey]time.Time{},
	}
}

// Report queues a re-check of a source of v and reports whether it did: not if
// the video has no such source, or it is too soon, or too much for today.
func (t *Trouble) Report(v archive.Video, key archive.SourceKey) bool {
	s := v.Source(key)
	if s == nil || !t.admit(key) {
		return false
	}
	v.Sources = []archive.Source{*s}
	select {
	case t.queue <- v:
		return true
	default:
		return false
	}
}

func (t *Trouble) admit(key archive.SourceKey) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if day := now.UTC().Format(time.DateOnly); day != t.day {
		t.day, t.spent = day, 0
	}
	if t.spent >= t.daily || now.Sub(t.last[key]) < troublePause {
		return false
	}
	if len(t.last) >= troubleMemory {
		t.forget(now)
	}
	if len(t.last) >= troubleMemory {
		return false
	}
	t.last[key] = now
	t.spent++
	return true
}

// forget drops what need not be remembered any more.
func (t *Trouble) forget(now time.Time) {
	for key, at := range t.last {
		if now.Sub(at) >= troublePause {
			delete(t.last, key)
		}
	}
}

// Run re-checks what is reported until ctx ends.
func (t *Trouble) Run(ctx context.Context) {
	for {
		batch := t.gather(ctx)
		if len(batch) == 0 {
			return
		}
		summary, err := t.auditor.Check(ctx, batch, "trouble-report")
		if err != nil {
			if ctx.Err() == nil {
				t.log.WarnContext(ctx, "reported sources not re-checked; the next audit asks them", slog.Int("sources", len(batch)), slog.Any("error", err))
			}
			continue
		}
		t.log.InfoContext(ctx, "reported sources re-checked", slog.Int("sources", len(batch)), slog.String("audit", summary.Audit), slog.Int("changes", len(summary.Changes)))
	}
}

// gather waits for a report and then a little for more, up to one probe's worth.
func (t *Trouble) gather(ctx context.Context) []archive.Video {
	var batch []archive.Video
	select {
	case v := <-t.queue:
		batch = append(batch, v)
	case <-ctx.Done():
		return nil
	}
	enough := time.NewTimer(troubleGather)
	defer enough.Stop()
	for len(batch) < batchSize {
		select {
		case v := <-t.queue:
			batch = append(batch, v)
		case <-enough.C:
			return batch
		case <-ctx.Done():
			return batch
		}
	}
	return batch
}
