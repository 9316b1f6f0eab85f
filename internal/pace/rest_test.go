package pace

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// clock is a clock that is set by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestAHostThatAsksToBeLeftAloneIs(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		headers []string
		rest    time.Duration // 0: none
	}{
		"429 for seconds":            {429, []string{"Retry-After", "90"}, 90 * time.Second},
		"503 to a date":              {503, []string{"Retry-After", "Tue, 14 Apr 2026 12:02:00 GMT"}, 2 * time.Minute},
		"longer than the longest":    {429, []string{"Retry-After", "9223372036854775807"}, 30 * time.Minute},
		"till next year":             {429, []string{"Retry-After", "Thu, 14 Jan 2027 12:02:00 GMT"}, 30 * time.Minute},
		"a date gone by":             {429, []string{"Retry-After", "Tue, 14 Apr 2026 11:00:00 GMT"}, 0},
		"at once":                    {429, []string{"Retry-After", "0"}, 0},
		"not readable":               {429, []string{"Retry-After", "soon"}, 0},
		"negative":                   {429, []string{"Retry-After", "-5"}, 0},
		"with another status":        {200, []string{"Retry-After", "90"}, 0},
		"nothing left":               {200, []string{"RateLimit-Remaining", "0", "RateLimit-Reset", "50"}, 50 * time.Second},
		"X, since 1970":              {200, []string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1776168070"}, 70 * time.Second},
		"X-Rate, with parameters":    {404, []string{"X-Rate-Limit-Remaining", "0;w=60", "X-Rate-Limit-Reset", "20, 30"}, 20 * time.Second},
		"some left":                  {200, []string{"RateLimit-Remaining", "1", "RateLimit-Reset", "50"}, 0},
		"nothing left, no reset":     {200, []string{"RateLimit-Remaining", "0"}, 0},
		"a policy with nothing left": {200, []string{"RateLimit", `"burst";r=3;t=1, "daily";r=0;t=40`}, 40 * time.Second},
		"policies with some left":    {200, []string{"RateLimit", `"burst";r=3;t=1, "daily";r=7;t=40`}, 0},
		"a policy without an end":    {200, []string{"RateLimit", `"daily";r=0`}, 0},
		"of an earlier draft":        {429, []string{"RateLimit", "limit=100, remaining=0, reset=30"}, 30 * time.Second},
		"of it, with some left":      {200, []string{"RateLimit", "limit=100, remaining=9, reset=30"}, 0},
		"Retry-After goes first":     {429, []string{"Retry-After", "5", "RateLimit-Remaining", "0", "RateLimit-Reset", "50"}, 5 * time.Second},
	} {
		s, hands := newStage(), newClock()
		tr := New(Options{Next: s, Now: hands.now})
		s.does(c.status, nil, c.headers...)
		answers(t, tr, here, c.status)
		if c.rest == 0 {
			answers(t, tr, here, c.status)
			continue
		}
		if rests := resting(t, tr, here); rests.Until != hands.now().Add(c.rest) || rests.Host != "a.example" || rests.Why == "" {
			t.Errorf("%s: %+v", name, rests)
		}
		answers(t, tr, "https://b.example/", c.status) // another host's trouble is its own
		hands.pass(c.rest)
		answers(t, tr, here, c.status)
		if s.count() != 3 {
			t.Errorf("%s: %d requests", name, s.count())
		}
	}
}

func TestFiveFailuresInARowOpenTheBreaker(t *testing.T) {
	broken := errors.New("connection reset")
	for name, c := range map[string]struct {
		status int
		err    error
		opens  bool
	}{
		"5xx":               {502, nil, true},
		"429":               {429, nil, true},
		"no answer":         {0, broken, true},
		"refusals":          {403, nil, false},
		"what is not there": {404, nil, false},
		"our own guard":     {0, errOurs, false},
	} {
		s := newStage()
		tr := New(Options{Next: s, Now: newClock().now, PerSecond: -1, Ours: func(err error) bool { return errors.Is(err, errOurs) }})
		s.does(c.status, c.err)
		for range 5 {
			_, _ = ask(t.Context(), tr, here)
		}
		_, err := ask(t.Context(), tr, here)
		var rests *RestingError
		if errors.As(err, &rests) != c.opens {
			t.Errorf("%s: %v", name, err)
		}
		if c.opens && !strings.HasPrefix(rests.Why, "5 failures in a row, the last: ") {
			t.Errorf("%s: %q", name, rests.Why)
		}
	}
}

var errOurs = errors.New("refused by our own guard")

func TestFourFailuresAndASuccessDoNot(t *testing.T) {
	s := newStage()
	tr := New(Options{Next: s, PerSecond: -1})
	for i := range 30 {
		s.does(map[bool]int{true: 200, false: 500}[i%5 == 4], nil)
		if _, err := ask(t.Context(), tr, here); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheBreakerRestsTwiceAsLongEachTime(t *testing.T) {
	s, hands := newStage(), newClock()
	tr := New(Options{Next: s, Now: hands.now, PerSecond: -1})
	s.does(500, nil)
	for range 5 {
		answers(t, tr, here, 500)
	}
	for _, seconds := range []int{30, 60, 120, 240, 480, 960, 1800, 1800} {
		rests := resting(t, tr, here)
		if got := rests.Until.Sub(hands.now()); got.Seconds() != float64(seconds) {
			t.Errorf("rests %s, not %d s", got, seconds)
		}
		hands.pass(rests.Until.Sub(hands.now()))
		answers(t, tr, here, 500) // the one that tries
	}
	hands.pass(resting(t, tr, here).Until.Sub(hands.now()))
	s.does(200, nil)
	for range 10 {
		answers(t, tr, here, 200)
	}
	s.does(500, nil)
	for range 5 {
		answers(t, tr, here, 500)
	}
	if got := resting(t, tr, here).Until.Sub(hands.now()); got.Seconds() != 30 {
		t.Errorf("once it was well, it rests %s", got)
	}
}

func TestOneRequestTriesAHostThatHasFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		tr := New(Options{Next: s, PerSecond: -1})
		s.does(500, nil)
		for range 5 {
			answers(t, tr, here, 500)
		}
		time.Sleep(30 * time.Second)
		s.does(200, nil)
		s.takes = time.Second
		var all sync.WaitGroup
		all.Go(func() { answers(t, tr, here, 200) })
		synctest.Wait()
		if rests := resting(t, tr, here); !strings.HasSuffix(rests.Why, "it is being tried") {
			t.Errorf("%+v", rests)
		}
		all.Wait()
		answers(t, tr, here, 200)
		if s.count() != 7 {
			t.Errorf("%d requests", s.count())
		}
	})
}

func TestATrialThatIsGivenUpLeavesTheHostToBeTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		tr := New(Options{Next: s, PerSecond: -1})
		s.does(500, nil)
		for range 5 {
			answers(t, tr, here, 500)
		}
		time.Sleep(30 * time.Second)
		s.takes = time.Minute
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := ask(ctx, tr, here); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		s.does(200, nil)
		answers(t, tr, here, 200)
	})
}

// TestWhatWasUnderWayOpensItNoFurther: four requests that fail after the breaker opened are old news.
func TestWhatWasUnderWayOpensItNoFurther(t *testing.T) {
	r := rest{longest: time.Hour, log: New(Options{}).o.Log}
	now := newClock().now()
	for range 9 {
		r.note(sign{fault: "HTTP 500"}, false, now)
	}
	if until, _ := r.peek(now); until != now.Add(firstPause) {
		t.Errorf("rests until %s", until)
	}
}

func TestWhoGivesUpIsNoFaultOfTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			patience time.Duration
			opens    bool
		}{"after a second": {time.Second, false}, "after ten": {10 * time.Second, true}} {
			s := newStage()
			s.takes = time.Hour
			tr := New(Options{Next: s, PerSecond: -1})
			for range 6 {
				ctx, cancel := context.WithTimeout(t.Context(), c.patience)
				_, _ = ask(ctx, tr, here)
				cancel()
			}
			if opened := s.count() == 5; opened != c.opens {
				t.Errorf("%s: %d requests were sent", name, s.count())
			}
		}
	})
}

func FuzzRestAsked(f *testing.F) {
	f.Add(429, "120", "0", "60")
	f.Add(503, "Tue, 14 Apr 2026 12:02:00 GMT", "", "1776168070")
	f.Add(200, "-1", "0;w=1", "99999999999999999999")
	f.Fuzz(func(t *testing.T, status int, after, left, reset string) {
		now := newClock().now()
		header := http.Header{"Retry-After": {after}, "Ratelimit-Remaining": {left}, "Ratelimit-Reset": {reset}}
		s := signOf(&http.Response{StatusCode: status, Header: header}, now, time.Hour)
		if s.until.After(now.Add(time.Hour)) {
			t.Errorf("rests until %s", s.until)
		}
		if !s.until.IsZero() && s.why == "" {
			t.Error("rests without a reason")
		}
	})
}
