package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// tasks are what was begun to be done to many items, and is remembered for a while. They belong to this
// process: another replica does not know them.
type tasks struct {
	background func(work func(context.Context)) // nil: work is done before its request is answered
	now        func() time.Time
	asking     chan struct{} // one for each task that asks platforms

	mu   sync.Mutex
	byID map[string]*task
}

const (
	// taskMemory is how long what became of a task is remembered.
	taskMemory = time.Hour
	// tasksAsking is how many tasks ask platforms at once; the others wait.
	tasksAsking = 2
)

func newTasks(background func(func(context.Context)), now func() time.Time) *tasks {
	return &tasks{background: background, now: now, asking: make(chan struct{}, tasksAsking), byID: map[string]*task{}}
}

// task is one thing that is done to many items.
type task struct {
	id, action string
	total      int
	ended      chan struct{}

	mu       sync.Mutex
	done     int
	failing  []failing
	finished time.Time
}

// begin has the work done, and returns at once where there is a background.
func (ts *tasks) begin(ctx context.Context, action string, total int, work func(context.Context, *task)) *task {
	t := &task{id: rand.Text(), action: action, total: total, ended: make(chan struct{})}
	ts.mu.Lock()
	for id, old := range ts.byID {
		if old.over(ts.now().Add(-taskMemory)) {
			delete(ts.byID, id)
		}
	}
	ts.byID[t.id] = t
	ts.mu.Unlock()
	run := func(ctx context.Context) {
		defer t.end(ts.now)
		if action == "check" {
			select {
			case ts.asking <- struct{}{}:
				defer func() { <-ts.asking }()
			case <-ctx.Done():
				return
			}
		}
		work(ctx, t)
	}
	if ts.background == nil {
		run(ctx)
	} else {
		ts.background(run)
	}
	return t
}

func (t *task) end(now func() time.Time) {
	t.mu.Lock()
	t.finished = now()
	t.mu.Unlock()
	close(t.ended)
}

// over reports whether the task ended before a time.
func (t *task) over(before time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.finished.IsZero() && t.finished.Before(before)
}

// wait waits for the end, for a while, and reports whether it came.
func (t *task) wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-t.ended:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// did notes that so many items are done, or have failed.
func (t *task) did(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done += n
}

// failed notes what could not be done, for people.
func (t *task) failed(what failing) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failing = append(t.failing, what)
}

func (t *task) failures() []failing {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.failing)
}

// taskView is how far a task is.
type taskView struct {
	ID     string    `json:"-"`
	Action string    `json:"action"`
	Total  int       `json:"total"`
	Done   int       `json:"done"`
	Failed []failing `json:"failed"`
	Ended  bool      `json:"ended"`
	Said   string    `json:"said"` // the same for people
	Known  bool      `json:"-"`    // to this process
}

// view is a task for a page; nil for no id. A task that is not known here may be another replica's.
func (ts *tasks) view(id string, l layout) *taskView {
	if id == "" {
		return nil
	}
	ts.mu.Lock()
	t := ts.byID[id]
	ts.mu.Unlock()
	if t == nil {
		return &taskView{ID: id, Said: l.T("auditpage.task.elsewhere")}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	v := &taskView{ID: id, Action: t.action, Total: t.total, Done: t.done, Failed: append([]failing{}, t.failing...), Ended: !t.finished.IsZero(), Known: true}
	v.Said = l.T("auditpage.task.progress", "Done", v.Done, "Total", v.Total)
	if v.Ended {
		v.Said = l.T("auditpage.task.ended", "Done", max(0, v.Done-len(v.Failed)), "Total", v.Total)
	}
	return v
}

// taskState is /audit/tasks/{task}, which the page's script asks.
func (s *Server) taskState(c *gin.Context) error {
	v := s.tasks.view(c.Param("task"), s.layout(c, "audit.title"))
	if v == nil || !v.Known {
		return statusError(http.StatusNotFound)
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, v)
	return nil
}
