package audit_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// memory is a ledger that forgets when the test ends.
type memory struct {
	standings func(platform string) []archive.Standing

	mu     sync.Mutex
	known  map[archive.SourceKey]archive.Heard
	readTo time.Time
}

var _ audit.Ledger = (*memory)(nil)

func newMemory(standings func(string) []archive.Standing) *memory {
	return &memory{standings: standings, known: map[archive.SourceKey]archive.Heard{}}
}

func (m *memory) Heard(_ context.Context, keys []archive.SourceKey) (map[archive.SourceKey]archive.Heard, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	got := make(map[archive.SourceKey]archive.Heard, len(keys))
	for _, key := range keys {
		if h, known := m.known[key]; known {
			got[key] = h
		}
	}
	return got, nil
}

func (m *memory) Note(_ context.Context, heard []archive.Heard) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range heard {
		m.known[h.Source] = m.known[h.Source].Merge(h)
	}
	return nil
}

func (m *memory) Forget(_ context.Context, later time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	forgot := 0
	for key, h := range m.known {
		if h.LastRound.After(later) {
			m.known[key] = h.AsOf(later.Add(-archive.ClockSlack))
			forgot++
		}
	}
	return forgot, nil
}

func (m *memory) All(context.Context) iter.Seq2[archive.Heard, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := slices.SortedFunc(maps.Values(m.known), func(a, b archive.Heard) int { return a.Source.Compare(b.Source) })
	return func(yield func(archive.Heard, error) bool) {
		for _, h := range list {
			if !yield(h, nil) {
				return
			}
		}
	}
}

func (m *memory) Guard(_ context.Context, platform string, t archive.Thresholds, now time.Time) (archive.Guard, error) {
	var g archive.Guard
	for _, s := range m.standings(platform) {
		if t.Stood(s, now) {
			g.Sources++
		}
		if t.Turns(s, now) {
			g.Turning++
		}
	}
	return g, nil
}

func (m *memory) ReadUpTo(context.Context) (time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.readTo, nil
}

func (m *memory) SetReadUpTo(_ context.Context, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.readTo = at
	return nil
}
