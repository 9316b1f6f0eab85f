package verify

import (
	"sync"
	"time"
)

// marks follows units that end in another order than they began. The cursor moves up to the last
// unit before which everything is done, so that what it says is done is done, and counts no unit twice.
type marks struct {
	checker *checker
	began   Counts // of earlier runs

	mu      sync.Mutex
	reached cursor
	pending []*mark // in the order in which they began
	beyond  Counts  // of units that are done while an earlier one is not
	saved   time.Time
}

// mark is one unit under way.
type mark struct {
	stage, at string
	done      bool
	counts    Counts
}

func newMarks(c *checker, done cursor) *marks {
	return &marks{checker: c, began: done.Counts, reached: done, saved: time.Now()}
}

func (m *marks) begin(stage, at string) *mark {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := &mark{stage: stage, at: at}
	m.pending = append(m.pending, k)
	return k
}

// end notes that a unit is done, tells of the progress and now and then saves the cursor.
func (m *marks) end(k *mark, counts Counts) error {
	m.mu.Lock()
	k.done, k.counts = true, counts
	m.beyond = m.beyond.plus(counts)
	for len(m.pending) > 0 && m.pending[0].done {
		first := m.pending[0]
		m.pending = m.pending[1:]
		m.reached.Stage, m.reached.After = first.stage, first.at
		m.reached.Counts = m.reached.plus(first.counts)
		m.beyond = m.beyond.minus(first.counts)
	}
	progress := m.progress()
	due := time.Since(m.saved) >= saving
	if due {
		m.saved = time.Now()
	}
	m.mu.Unlock()
	m.checker.tell(progress)
	if due {
		return m.save()
	}
	return nil
}

func (c Counts) minus(d Counts) Counts {
	return Counts{c.Objects - d.Objects, c.Bytes - d.Bytes, c.Faults - d.Faults, c.Repaired - d.Repaired, c.Notes - d.Notes}
}

func (m *marks) progress() Progress {
	all := m.reached.plus(m.beyond)
	return Progress{
		Objects: all.Objects, TotalObjects: m.checker.total.objects.Load(), Bytes: all.Bytes, TotalBytes: m.checker.total.bytes.Load(),
		Faults: all.Faults, Elapsed: m.checker.Now().Sub(m.checker.began), began: m.began,
	}
}

func (m *marks) finish(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reached.Ended = at
}

// cursor is how far everything is done.
func (m *marks) cursor() cursor {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reached
}

// save writes the cursor's file.
func (m *marks) save() error {
	m.mu.Lock()
	defer m.mu.Unlock() // two saves at once would write one temporary file
	m.reached.TotalObjects, m.reached.TotalBytes = m.checker.total.objects.Load(), m.checker.total.bytes.Load()
	return m.reached.save(m.checker.Cursor)
}

func (c *checker) tell(p Progress) {
	c.telling.Lock()
	defer c.telling.Unlock()
	c.told(p)
}
