package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/web"
)

// slow is a checker that asks as long as it is told, and counts what it asks together.
type slow struct {
	*shelf
	takes time.Duration
	err   error

	mu    sync.Mutex
	asked []int
	atOne int // calls under way
	most  int
}

func (s *slow) CheckSources(ctx context.Context, sources []web.SourceOf, _ string) error {
	s.mu.Lock()
	s.asked = append(s.asked, len(sources))
	s.atOne++
	s.most = max(s.most, s.atOne)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.atOne--; s.mu.Unlock() }()
	select {
	case <-time.After(s.takes):
		return s.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// inBackground is a site whose tasks go on beside the requests.
func inBackground(t *testing.T, c *slow) (s *site, wait func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	t.Cleanup(func() { stop(); work.Wait() })
	s = newSite(t, func(o *web.Options) {
		o.Reports = told{shelf: o.Catalog.(*shelf)}
		c.shelf = o.Catalog.(*shelf)
		o.Checker, o.Now = c, time.Now
		o.Background = func(f func(context.Context)) { work.Go(func() { f(ctx) }) }
	})
	return s, work.Wait
}

func tick(n int) url.Values {
	form := url.Values{"action": {"check"}}
	for i := range n {
		form.Add("source", fmt.Sprintf("%s toy:%d", pictured, i))
	}
	return form
}

type taskTold struct {
	Done, Total int
	Ended       bool
	Failed      []string
	Said        string
}

func (s *site) task(t *testing.T, id string) taskTold {
	t.Helper()
	var told taskTold
	if err := json.Unmarshal([]byte(s.open(t, "/audit/tasks/"+id+"?lang=en")), &told); err != nil {
		t.Fatal(err)
	}
	return told
}

func TestReCheckingManyGoesOnInTheBackgroundAndSaysHowFarItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &slow{takes: 4 * time.Second}
		s, wait := inBackground(t, c)
		began := time.Now()
		to := redirected(t, s.submit(t, "/audit?lang=en&state=gone", tick(60)))
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("the form was held up for %s", took)
		}
		address, err := url.Parse(to)
		if err != nil || address.Query().Get("state") != "gone" || address.Query().Get("task") == "" {
			t.Fatalf("it leads to %s", to)
		}
		time.Sleep(3 * time.Second) // into the second of three calls
		id := address.Query().Get("task")
		if got := s.task(t, id); got.Done != 25 || got.Total != 60 || got.Ended {
			t.Errorf("%+v", got)
		}
		page := s.open(t, to)
		for _, want := range []string{"25 of 60 done", `<progress max="60" value="25"`, "See how far it is", `data-task="/audit/tasks/` + id} {
			if !strings.Contains(page, want) {
				t.Errorf("the page has no %q", want)
			}
		}
		wait()
		if got := s.task(t, id); got.Done != 60 || !got.Ended || len(got.Failed) != 0 {
			t.Errorf("%+v", got)
		}
		if page := s.open(t, to); !strings.Contains(page, "60 of 60 done.") || strings.Contains(page, "data-task") {
			t.Error("the page goes on asking")
		}
	})
}

func TestWhatCouldNotBeAskedIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, wait := inBackground(t, &slow{takes: 3 * time.Second, err: errors.Join(archive.ErrUnavailable)})
		to := redirected(t, s.submit(t, "/audit?lang=en", tick(2)))
		wait()
		if page := s.open(t, to); !strings.Contains(page, "toy:0: ") || !strings.Contains(page, "toy:1: ") || !strings.Contains(page, "0 of 2 done") {
			t.Errorf("%s", page)
		}
	})
}

// Two tasks that ask keep a third waiting: a platform is not asked thrice at once because somebody was impatient.
func TestFewTasksAskAtOnceAndAllEndWithTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &slow{takes: time.Hour}
		s, _ := inBackground(t, c)
		for range 4 {
			redirected(t, s.submit(t, "/audit?lang=en", tick(1)))
		}
		synctest.Wait()
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.most != 2 {
			t.Errorf("%d asked at once", c.most)
		}
	})
}

func TestATaskOfAnotherMachineIsNoError(t *testing.T) {
	s := withAudit(t)
	if page := s.open(t, "/audit?lang=en&task=nobodys"); !strings.Contains(page, "on another machine") || strings.Contains(page, "data-task") {
		t.Error("nobody says where it is")
	}
	if r := s.get(t, "/audit/tasks/nobodys", bearer()); r.StatusCode != 404 {
		t.Errorf("got %d", r.StatusCode)
	}
}

func TestWhatBecameOfATaskIsForgottenInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, wait := inBackground(t, &slow{takes: 3 * time.Second})
		to, err := url.Parse(redirected(t, s.submit(t, "/audit?lang=en", tick(1))))
		if err != nil {
			t.Fatal(err)
		}
		wait()
		time.Sleep(2 * time.Hour)
		redirected(t, s.submit(t, "/audit?lang=en", tick(1)))
		if r := s.get(t, "/audit/tasks/"+to.Query().Get("task"), bearer()); r.StatusCode != 404 {
			t.Errorf("after two hours: %d", r.StatusCode)
		}
	})
}
