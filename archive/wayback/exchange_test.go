package wayback

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

// mapsOnly answers availability with nothing, and TimeMaps with next.
func mapsOnly(next http.RoundTripper) http.RoundTripper {
	return sends(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/wayback/available" {
			return answer(200, "{}"), nil
		}
		return next.RoundTrip(r)
	})
}

func TestAPassingTroubleIsMetWithPatience(t *testing.T) {
	for name, first := range map[string]*http.Response{
		"503":             answer(503, ""),
		"503 for 2 s":     answer(503, "", "Retry-After", "2"),
		"429 for 10 s":    answer(429, "", "Retry-After", "10"),
		"502 with a page": answer(502, "<html>"),
	} {
		synctest.Test(t, func(t *testing.T) {
			transport, asked := answers(first, answer(200, listOf("19990925000000 200 "+watch)))
			m, err := clientOf(mapsOnly(transport)).Lookup(t.Context(), watch, time.Time{})
			if err != nil || m.At.IsZero() || *asked != 2 {
				t.Errorf("%s: %+v, %v after %d requests", name, m, err, *asked)
			}
		})
	}
}

func TestALastingTroubleIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport, asked := answers(answer(500, ""))
		if _, err := clientOf(mapsOnly(transport)).Lookup(t.Context(), watch, time.Time{}); !errors.Is(err, ErrBusy) || *asked != maxTries {
			t.Errorf("%v after %d requests", err, *asked)
		}
	})
}

func TestALongRestIsKeptAcrossCalls(t *testing.T) {
	for name, c := range map[string]struct {
		res  *http.Response
		rest time.Duration
	}{
		"in seconds":        {answer(429, "", "Retry-After", "3600"), time.Hour},
		"until a time":      {answer(503, "", "Retry-After", "Sat, 01 Jan 2000 02:00:00 GMT"), 2*time.Hour - time.Minute},
		"without a word":    {answer(429, ""), shortRest},
		"for ever":          {answer(429, "", "Retry-After", "99999999999"), longestRest},
		"in words":          {answer(429, "", "Retry-After", "soon"), shortRest},
		"longer than a try": {answer(503, "", "Retry-After", "21"), 21 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Minute) // so that bursts and waits are behind
			transport, asked := answers(c.res)
			client := clientOf(mapsOnly(transport))
			_, err := client.Lookup(t.Context(), watch, time.Time{})
			var busy *BusyError
			if !errors.As(err, &busy) || (time.Until(busy.Until)-c.rest).Abs() > 2*time.Second || *asked != 1 {
				t.Fatalf("%s: %v after %d requests", name, err, *asked)
			}
			if _, err := client.Lookup(t.Context(), watch, time.Time{}); !errors.Is(err, ErrBusy) || *asked != 1 {
				t.Errorf("%s: asked while it rests: %v", name, err)
			}
			time.Sleep(c.rest + time.Second)
			if _, err := client.Lookup(t.Context(), watch, time.Time{}); !errors.Is(err, ErrBusy) || *asked < 2 {
				t.Errorf("%s: not asked after the rest: %v", name, err)
			}
		})
	}
}

func TestARestIsOfOneHostOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive()
		a.Keep(watch, on("1999-09-25"), http.StatusOK)
		o := At(base)
		o.AvailabilityBase = "https://other.stage/wayback/available"
		o.Transport = sends(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "other.stage" {
				return answer(429, "", "Retry-After", "3600"), nil
			}
			return a.RoundTripper().RoundTrip(r)
		})
		c := New(o)
		for range 2 {
			if m, err := c.Lookup(t.Context(), watch, time.Time{}); err != nil || m.At.IsZero() {
				t.Errorf("%+v, %v", m, err)
			}
		}
	})
}

func TestTheArchiveIsAskedAtItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive()
		fail(t, a, archivetest.WebArchiveEmptyAvailability)
		c := clientOf(a.RoundTripper())
		began := time.Now()
		for range 25 {
			if _, err := c.Lookup(t.Context(), watch, time.Time{}); !errors.Is(err, archive.ErrNotFound) {
				t.Fatal(err)
			}
		}
		if took(began) < 24*timeMapPause {
			t.Errorf("25 TimeMaps in %s", took(began))
		}
	})
}

func TestRedirectsStayWithinTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := map[string]int{}
		c := clientOf(mapsOnly(sends(func(r *http.Request) (*http.Response, error) {
			seen[r.URL.Host]++
			switch {
			case r.URL.Path == "/moved":
				res := answer(200, listOf("19990925000000 200 "+watch))
				res.Request = r
				return res, nil
			case seen[r.URL.Host] == 1:
				res := answer(302, "", "Location", base+"/moved")
				res.Request = r
				return res, nil
			}
			res := answer(302, "", "Location", "https://elsewhere.stage/")
			res.Request = r
			return res, nil
		})))
		if _, err := c.Lookup(t.Context(), watch, time.Time{}); err != nil {
			t.Errorf("within the host: %v", err)
		}
		if _, err := c.Lookup(t.Context(), watch, time.Time{}); !errors.Is(err, ErrUnclear) || seen["elsewhere.stage"] != 0 {
			t.Errorf("off the host: %v, %v", err, seen)
		}
	})
}

func TestAnAnswerThatBreaksOffIsTheWaysFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOf(mapsOnly(sends(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: &brokenBody{}}, nil
		})))
		if _, err := c.Lookup(t.Context(), watch, time.Time{}); !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
	})
}

// brokenBody is a body whose connection fails.
type brokenBody struct{}

func (*brokenBody) Read(p []byte) (int, error) { return copy(p, "["), errors.New("reset by peer") }
func (*brokenBody) Close() error               { return nil }
