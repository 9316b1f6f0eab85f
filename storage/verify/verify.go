package verify

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"videoteca/archive"
	"videoteca/storage"
)

// saving is how often the cursor is written while a pass goes on.
const saving = 3 * time.Second

// Run makes a pass through the store, or goes on with the one that the cursor's file tells of, and calls
// found for each finding and told now and then; both one call at a time, and both may be nil.
// It ends early, without error, when Options.For is over. A store that does not answer gets
// archive.ErrUnavailable, a video that is not there archive.ErrNotFound, and a cancelled
// context its error; the summary then says how far the pass came, and so does the file.
func Run(ctx context.Context, o Options, found func(Finding), told func(Progress)) (Summary, error) {
	c, err := newChecker(o.filled(), found, told)
	if err != nil {
		return Summary{}, err
	}
	if err := c.sameInstallation(ctx); err != nil {
		return Summary{}, err
	}
	if c.Only != "" {
		return c.one(ctx)
	}
	done, err := readCursor(c.Cursor)
	if err != nil {
		return Summary{}, err
	}
	if !c.Restart && !done.Ended.IsZero() && c.Now().Sub(done.Ended) < c.MaxAge {
		s := done.summary()
		s.Recent = true
		return s, nil
	}
	resumed := !c.Restart && done.Ended.IsZero() && done.Stage != ""
	if !resumed {
		done = cursor{Started: c.Now().UTC().Truncate(time.Second)}
	}
	summary, err := c.pass(ctx, done)
	summary.Resumed = resumed
	return summary, err
}

// checker is one run.
type checker struct {
	Options
	schemas schemas
	found   func(Finding)
	told    func(Progress)
	telling sync.Mutex // around found and told
	began   time.Time
	total   totals
	keys    storage.Keys
}

func newChecker(o Options, found func(Finding), told func(Progress)) (*checker, error) {
	compiled, err := compileSchemas()
	if err != nil {
		return nil, err
	}
	c := &checker{Options: o, schemas: compiled, found: found, told: told, began: o.Now()}
	if c.found == nil {
		c.found = func(Finding) {}
	}
	if c.told == nil {
		c.told = func(Progress) {}
	}
	return c, nil
}

// one checks a single video.
func (c *checker) one(ctx context.Context) (Summary, error) {
	s := Summary{Started: c.began.UTC().Truncate(time.Second)}
	g, err := c.groupOf(ctx, c.Only)
	if err == nil && g.empty() {
		err = fmt.Errorf("video %s: %w", c.Only, archive.ErrNotFound)
	}
	if err != nil {
		return s, err
	}
	w := &work{checker: c}
	err = w.video(ctx, g)
	s.Counts = w.counts
	if err == nil {
		s.Complete, s.Ended = true, c.Now().UTC().Truncate(time.Second)
	}
	return s, err
}

// pass goes through the stages from where the cursor stands.
func (c *checker) pass(ctx context.Context, done cursor) (Summary, error) {
	m := newMarks(c, done)
	counting, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	c.total.objects.Store(done.TotalObjects)
	c.total.bytes.Store(done.TotalBytes)
	if done.TotalObjects == 0 {
		background.Go(func() { c.count(counting) })
	}
	ended, err := c.stages(ctx, m)
	stop()
	background.Wait()
	if ended && err == nil {
		m.finish(c.Now().UTC().Truncate(time.Second))
	}
	return m.cursor().summary(), errors.Join(err, m.save())
}

// stages checks what is left, one stage after another: what was put back in one is there for the next. It reports
// whether it came to the end.
func (c *checker) stages(ctx context.Context, m *marks) (ended bool, err error) {
	reached := m.cursor()
	for _, s := range stagesFrom(reached.Stage) {
		after := ""
		if s.name == reached.Stage {
			after = reached.After
		}
		group, inner := errgroup.WithContext(ctx)
		group.SetLimit(c.Workers)
		ended, err := c.dispatch(inner, group, m, s, after)
		if err := errors.Join(group.Wait(), err); err != nil || !ended {
			return false, cause(ctx, err)
		}
	}
	return true, nil
}

// cause is the error for the caller: that it gave up itself comes before what followed from it.
func cause(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// dispatch begins the units of a stage, several at once. It reports whether it began all.
func (c *checker) dispatch(ctx context.Context, group *errgroup.Group, m *marks, s stage, after string) (all bool, err error) {
	for u, err := range s.units(c, ctx, s.name, after) {
		if err != nil {
			return false, err
		}
		if c.For > 0 && c.Now().Sub(c.began) >= c.For || ctx.Err() != nil {
			return false, ctx.Err()
		}
		mark := m.begin(s.name, u.at)
		group.Go(func() error { return c.check(ctx, u, m, mark) })
	}
	return true, nil
}

func (c *checker) check(ctx context.Context, u unit, m *marks, mark *mark) error {
	w := &work{checker: c}
	if err := u.check(ctx, w); err != nil {
		return err
	}
	return m.end(mark, w.counts)
}
