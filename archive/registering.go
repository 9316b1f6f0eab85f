package archive

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// mostTogether is how many registrations are judged together at most: their answers are in memory until then.
	mostTogether = 250
	// longestTogether is how long the first of them waits for others.
	longestTogether = 30 * time.Second
)

// Many says how a list of registrations is made. Begin and End are called one at a time.
type Many struct {
	AtOnce int                                     // how many platforms are asked side by side; 0: one
	Begin  func(i int) error                       // before the i-th; what it returns is the outcome, and nothing is done. nil: all begin
	End    func(i int, done Registered, err error) // what became of the i-th, in any order; nil: nobody is told
}

// RegisterMany registers each of a list, as Register would. One that fails does not stop the others. What their
// platforms answered is judged together, so that the list makes few audits in the journal, and not one for
// each. Where ctx ends, what was fetched by then is kept all the same.
func (l *Library) RegisterMany(ctx context.Context, list []Registration, how Many) {
	how = how.complete()
	first, again := l.firstOnes(list)
	many := &registering{library: l, list: list, how: how, fetched: make(chan fetching)}
	go many.fetch(ctx, first)
	many.settle(ctx)
	for _, i := range again {
		done, err := Registered{}, many.mayBegin(ctx, i)
		if err == nil {
			done, err = l.Register(ctx, list[i])
		}
		many.end(i, done, err)
	}
}

func (m Many) complete() Many {
	m.AtOnce = max(m.AtOnce, 1)
	if m.Begin == nil {
		m.Begin = func(int) error { return nil }
	}
	if m.End == nil {
		m.End = func(int, Registered, error) {}
	}
	return m
}

// firstOnes parts the list in those that name a source first and those that name it again, which
// are known once the first are done.
func (l *Library) firstOnes(list []Registration) (first, again []int) {
	seen := map[SourceKey]bool{}
	for i, r := range list {
		ref, err := l.Recognise(r.URL)
		if err == nil && seen[ref.Key] {
			again = append(again, i)
			continue
		}
		seen[ref.Key] = true
		first = append(first, i)
	}
	return first, again
}

// registering is a list on its way.
type registering struct {
	library *Library
	list    []Registration
	how     Many
	fetched chan fetching
	telling sync.Mutex
}

// fetching is one of the list that is still to be settled.
type fetching struct {
	i       int
	done    Registered
	hearing Hearing
}

// fetch registers and captures, a few at a time, and closes fetched at its end.
func (m *registering) fetch(ctx context.Context, list []int) {
	defer close(m.fetched)
	var work sync.WaitGroup
	defer work.Wait()
	places := make(chan struct{}, m.how.AtOnce)
	for _, i := range list {
		places <- struct{}{}
		if err := m.mayBegin(ctx, i); err != nil {
			m.end(i, Registered{}, err)
			<-places
			continue
		}
		work.Go(func() {
			defer func() { <-places }()
			done, h, err := m.library.begin(ctx, m.list[i])
			if err != nil || h == nil {
				m.end(i, done, err)
				return
			}
			m.fetched <- fetching{i, done, *h}
		})
	}
}

func (m *registering) mayBegin(ctx context.Context, i int) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.telling.Lock()
	defer m.telling.Unlock()
	return m.how.Begin(i)
}

func (m *registering) end(i int, done Registered, err error) {
	m.telling.Lock()
	defer m.telling.Unlock()
	m.how.End(i, done, err)
}

// settle takes what was fetched until there is no more, and judges it together.
func (m *registering) settle(ctx context.Context) {
	var waiting []fetching
	var due <-chan time.Time
	settle := func() {
		m.settleAll(context.WithoutCancel(ctx), waiting) // they are fetched, and the store bounds how long that takes
		waiting, due = nil, nil
	}
	for {
		select {
		case f, more := <-m.fetched:
			if !more {
				settle()
				return
			}
			if waiting = append(waiting, f); len(waiting) == 1 {
				due = time.After(longestTogether)
			}
			if len(waiting) == mostTogether {
				settle()
			}
		case <-due:
			settle()
		}
	}
}

func (m *registering) settleAll(ctx context.Context, waiting []fetching) {
	if len(waiting) == 0 {
		return
	}
	hearings := make([]Hearing, len(waiting))
	for i, f := range waiting {
		hearings[i] = f.hearing
	}
	for i, settled := range m.library.judging.SettleAll(ctx, hearings) {
		f := waiting[i]
		done, err := m.library.settled(ctx, f.done, f.hearing.Source, settled)
		m.end(f.i, done, err)
	}
}

// settled ends a registration whose source was judged.
func (l *Library) settled(ctx context.Context, done Registered, key SourceKey, s Settled) (Registered, error) {
	if s.Err != nil {
		return done, fmt.Errorf("keeping what %s showed: %w", key, s.Err)
	}
	done.Video = s.Video
	l.makePoster(ctx, s.Video)
	return done, nil
}
