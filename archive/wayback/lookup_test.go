package wayback

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

func TestLookupAsksAvailabilityAndThenTheTimeMap(t *testing.T) {
	for name, c := range map[string]struct {
		fault    archivetest.WebArchiveFault
		timeMaps int
	}{
		"availability knows":      {archivetest.WebArchiveWell, 0},
		"availability cannot say": {archivetest.WebArchiveEmptyAvailability, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newArchive()
			a.Keep(watch, on("1999-09-25"), http.StatusOK)
			fail(t, a, c.fault)
			m, err := clientOf(a.RoundTripper()).Lookup(t.Context(), watch+"#t=3", time.Time{})
			if err != nil || m.URL != base+"/web/19990925000000/"+watch || !m.At.Equal(on("1999-09-25")) {
				t.Errorf("%s: %+v, %v", name, m, err)
			}
			if about(a, "timemap") != c.timeMaps || about(a, "availability") != 1 {
				t.Errorf("%s: %v", name, a.Asked())
			}
		})
	}
}

func TestLookupFindsTheMementoNearestToAnyTime(t *testing.T) {
	for _, fault := range []archivetest.WebArchiveFault{archivetest.WebArchiveWell, archivetest.WebArchiveEmptyAvailability} {
		synctest.Test(t, func(t *testing.T) {
			a := newArchive()
			for _, day := range []string{"1997-01-01", "1998-01-01", "1999-01-01"} {
				a.Keep(watch, on(day), http.StatusOK)
			}
			a.Keep(watch, on("1999-12-01"), http.StatusNotFound)
			fail(t, a, fault)
			c := clientOf(a.RoundTripper())
			for near, want := range map[time.Time]string{
				{}: "1999-01-01", on("1997-12-30"): "1998-01-01", on("1996-02-01"): "1997-01-01",
			} {
				if m, err := c.Lookup(t.Context(), watch, near); err != nil || !m.At.Equal(on(want)) {
					t.Errorf("%s, near %s: %+v, %v", fault, near, m, err)
				}
			}
		})
	}
}

func TestNoneIsOnlyWhatTheTimeMapSays(t *testing.T) {
	for fault, want := range map[archivetest.WebArchiveFault]error{
		archivetest.WebArchiveWell:              archive.ErrNotFound,
		archivetest.WebArchiveEmptyAvailability: archive.ErrNotFound,
		archivetest.WebArchiveEmptyIndex:        ErrUnclear,
		archivetest.WebArchiveGarbage:           ErrUnclear,
		archivetest.WebArchiveDown:              ErrBusy,
		archivetest.WebArchiveHangUp:            ErrBusy,
		archivetest.WebArchiveRateLimited:       ErrBusy,
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newArchive()
			a.Keep("https://www.youtube.com/watch?v=abcdefghijk", on("1999-01-01"), http.StatusOK) // differs in case alone
			fail(t, a, fault)
			m, err := clientOf(a.RoundTripper()).Lookup(t.Context(), watch, time.Time{})
			if !errors.Is(err, want) || m != (archive.Memento{}) {
				t.Errorf("%s: %+v, %v", fault, m, err)
			}
			if !errors.Is(want, archive.ErrNotFound) && errors.Is(err, archive.ErrNotFound) {
				t.Errorf("%s was taken for none: %v", fault, err)
			}
		})
	}
}

func TestTheTimeMapsStatusCounts(t *testing.T) {
	for status, want := range map[int]error{
		http.StatusOK: archive.ErrNotFound, http.StatusNotFound: archive.ErrNotFound,
		http.StatusForbidden: ErrUnclear, http.StatusBadRequest: ErrUnclear, http.StatusFound: ErrUnclear,
	} {
		synctest.Test(t, func(t *testing.T) {
			all, _ := answers(answer(status, "[]", "Location", "https://elsewhere.example.org/"))
			if _, err := clientOf(all).Lookup(t.Context(), watch, time.Time{}); !errors.Is(err, want) {
				t.Errorf("%d: %v", status, err)
			}
		})
	}
}

func TestAHugeTimeMapIsReadWithinBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		row := `,["com,youtube)/watch","19990925000000","` + watch + `","text/html","200","X"]`
		endless := &endless{head: "[" + header + row, row: `,["` + strings.Repeat("x", 1<<15) + `"]`}
		c := clientOf(sends(func(r *http.Request) (*http.Response, error) {
			if strings.HasPrefix(r.URL.Path, "/wayback/") {
				return answer(200, "{}"), nil
			}
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: endless, Request: r}, nil
		}))
		m, err := c.Lookup(t.Context(), watch, time.Time{})
		if err != nil || !m.At.Equal(on("1999-09-25")) {
			t.Errorf("%+v, %v", m, err)
		}
		if endless.read < timeMapLimit || endless.read > timeMapLimit+(64<<10) {
			t.Errorf("%d bytes were read", endless.read)
		}
	})
}

// endless is a list that goes on for as long as somebody reads it.
type endless struct {
	head, row string
	read      int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.head == "" {
		e.head = e.row
	}
	n := copy(p, e.head)
	e.head = e.head[n:]
	e.read += n
	return n, nil
}

func (e *endless) Close() error { return nil }

func TestAPageThatIsNotPublicIsNotLookedUp(t *testing.T) {
	a := newArchive()
	c := clientOf(a.RoundTripper())
	if _, err := c.Lookup(t.Context(), "http://cms.local/v", time.Time{}); !errors.Is(err, ErrNotPublic) {
		t.Error(err)
	}
	if _, err := c.Save(t.Context(), "http://cms.local/v"); !errors.Is(err, ErrNotPublic) {
		t.Error(err)
	}
	if len(a.Asked()) != 0 {
		t.Errorf("asked %v", a.Asked())
	}
}

func TestTheOwnAddressesAreTheInternetArchives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive()
		a.Keep(watch, on("1999-09-25"), http.StatusOK)
		c := New(Options{Transport: a.RoundTripper("archive.org", "web.archive.org"), AccessKey: accessKey, SecretKey: secretKey})
		if m, err := c.Lookup(t.Context(), watch, time.Time{}); err != nil || m.URL != "https://web.archive.org/web/19990925000000/"+watch {
			t.Errorf("%+v, %v", m, err)
		}
		fail(t, a, archivetest.WebArchiveEmptyAvailability)
		if m, err := c.Lookup(t.Context(), watch, time.Time{}); err != nil || !strings.HasPrefix(m.URL, "https://web.archive.org/web/1999") {
			t.Errorf("%+v, %v", m, err)
		}
		if _, err := c.Save(t.Context(), watch); err != nil {
			t.Error(err)
		}
	})
}

func TestLookupEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := sends(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		began := time.Now()
		_, err := clientOf(stuck).Lookup(ctx, watch, time.Time{})
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrBusy) || took(began) != 3*time.Second {
			t.Errorf("%v after %s", err, took(began))
		}
		began = time.Now()
		_, err = clientOf(stuck).Lookup(t.Context(), watch, time.Time{})
		var busy *BusyError
		if !errors.As(err, &busy) || busy.Why != "no answer in time" {
			t.Errorf("%v", err)
		}
		if took(began) < smallTimeout+maxTries*timeMapTimeout || took(began) > smallTimeout+maxTries*timeMapTimeout+10*time.Second {
			t.Errorf("patience of %s", took(began))
		}
	})
}
