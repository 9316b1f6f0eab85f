package wayback

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

func TestACaptureIsOrderedAndFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive()
		c := clientOf(a.RoundTripper())
		ordered := time.Now().UTC()
		job, err := c.Save(t.Context(), watch)
		if err != nil || !strings.HasPrefix(job, "spn2-") {
			t.Fatalf("%q, %v", job, err)
		}
		if m, done, err := c.Status(t.Context(), job); err != nil || done || m != (archive.Memento{}) {
			t.Errorf("at once: %+v, %v, %v", m, done, err)
		}
		time.Sleep(2 * time.Minute)
		m, done, err := c.Status(t.Context(), job)
		if err != nil || !done || !m.At.Equal(ordered) || m.URL != base+"/web/"+ordered.Format(stampForm)+"/"+watch {
			t.Errorf("%+v, %v, %v", m, done, err)
		}
		if c.pageOf(m) != watch {
			t.Errorf("the page of %s is %s", m.URL, c.pageOf(m))
		}
		if _, err := c.Lookup(t.Context(), watch, time.Time{}); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("a fresh capture is in the index: %v", err)
		}
		time.Sleep(2 * time.Hour)
		if found, err := c.Lookup(t.Context(), watch, time.Time{}); err != nil || found != m {
			t.Errorf("later: %+v, %v", found, err)
		}
		if _, done, err := c.Status(t.Context(), job); !errors.Is(err, ErrNoJob) || !done {
			t.Errorf("a forgotten job: %v, %v", done, err)
		}
	})
}

func TestTheSamePageWithinTheHourIsTheSameJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOf(newArchive().RoundTripper())
		first, err := c.Save(t.Context(), watch)
		if err != nil {
			t.Fatal(err)
		}
		if second, err := c.Save(t.Context(), watch); err != nil || second != first {
			t.Errorf("%q and %q, %v", first, second, err)
		}
	})
}

func TestErrorsWithStatus200AreErrors(t *testing.T) {
	for code, want := range map[string]Refusal{
		"error:too-many-daily-captures": {Again: Tomorrow},
		"error:user-session-limit":      {Again: Later, General: true},
		"error:blocked-url":             {Again: Never},
		"error:not-found":               {Again: Never},
		"error:job-failed":              {Again: Later},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newArchive()
			c := clientOf(a.RoundTripper())
			a.Refuse(watch, code)
			job, err := c.Save(t.Context(), watch)
			var refused *RefusedError
			if !errors.As(err, &refused) || refused.Refusal != want || refused.Code != code || refused.Message == "" || job != "" {
				t.Errorf("order, %s: %q, %v", code, job, err)
			}
			a.Refuse(watch, "")
			if job, err = c.Save(t.Context(), watch); err != nil {
				t.Fatal(err)
			}
			a.FailJobs(watch, code)
			_, done, err := c.Status(t.Context(), job)
			if refused = nil; !errors.As(err, &refused) || refused.Refusal != want || !done {
				t.Errorf("status, %s: %v, %v", code, done, err)
			}
		})
	}
}

func TestSevenCapturesAMinuteWhoeverAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive()
		c := clientOf(a.RoundTripper())
		failed := make(chan error, 30)
		for range 30 {
			go func() {
				_, err := c.Save(t.Context(), watch)
				failed <- err
			}()
		}
		began := time.Now()
		for range 30 {
			if err := <-failed; err != nil {
				t.Errorf("the archive, which counts too: %v", err)
			}
		}
		if took(began) < 29*time.Minute/7 {
			t.Errorf("30 orders in %s", took(began))
		}
	})
}

func TestOrdersAreGivenOnce(t *testing.T) {
	for name, res := range map[string]*http.Response{
		"503": answer(503, ""), "429": answer(429, "", "Retry-After", "5"), "520": answer(520, "<html>"),
	} {
		synctest.Test(t, func(t *testing.T) {
			transport, asked := answers(res)
			if _, err := clientOf(transport).Save(t.Context(), watch); !errors.Is(err, ErrBusy) || *asked != 1 {
				t.Errorf("%s: %v after %d orders", name, err, *asked)
			}
		})
	}
}

func TestWithoutTheRightKeysNothingIsCaptured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive()
		without := New(Options{Transport: a.RoundTripper()})
		if _, err := without.Save(t.Context(), watch); !errors.Is(err, ErrKeys) || without.Keyed() || len(a.Asked()) != 0 {
			t.Errorf("%v, asked %v", err, a.Asked())
		}
		o := At(base)
		o.Transport, o.AccessKey, o.SecretKey = a.RoundTripper(), accessKey, "another"
		if _, err := New(o).Save(t.Context(), watch); !errors.Is(err, ErrKeys) || errors.Is(err, ErrUnclear) {
			t.Error(err)
		}
		for _, res := range []*http.Response{
			answer(403, "<html>"), answer(401, ""), answer(200, `{"message":"You need to be logged in to use Save Page Now."}`),
		} {
			transport, _ := answers(res)
			if _, err := clientOf(transport).Save(t.Context(), watch); !errors.Is(err, ErrKeys) {
				t.Errorf("%d: %v", res.StatusCode, err)
			}
		}
	})
}

func TestWhatSavePageNowNeverSaysIsUnclear(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":          "",
		"an empty object":  "{}",
		"a page":           "<html>You are in the queue</html>",
		"a job in a path":  `{"job_id":"../../etc"}`,
		"a number":         `{"job_id":7}`,
		"an endless job":   `{"job_id":"` + strings.Repeat("a", 300) + `"}`,
		"a list":           `[]`,
		"garbage":          "\x00\x9f }{",
		"an endless story": `{"message":"` + strings.Repeat("a", smallLimit) + `"}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			transport, _ := answers(answer(200, body))
			c := clientOf(transport)
			if job, err := c.Save(t.Context(), watch); !errors.Is(err, ErrUnclear) || job != "" {
				t.Errorf("order, %s: %q, %v", name, job, err)
			}
			if _, done, err := c.Status(t.Context(), "spn2-1"); !errors.Is(err, ErrUnclear) || done {
				t.Errorf("status, %s: %v, %v", name, done, err)
			}
		})
	}
}

func TestASuccessWithoutAMementoIsNone(t *testing.T) {
	for name, body := range map[string]string{
		"no time":     `{"status":"success","original_url":"` + watch + `"}`,
		"no page":     `{"status":"success","timestamp":"20190925000000"}`,
		"a script":    `{"status":"success","timestamp":"20190925000000","original_url":"javascript:alert(1)"}`,
		"a home page": `{"status":"success","timestamp":"20190925000000","original_url":"http://192.168.1.1/"}`,
		"a new state": `{"status":"paused"}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			transport, _ := answers(answer(200, body))
			m, done, err := clientOf(transport).Status(t.Context(), "spn2-1")
			if !errors.Is(err, ErrUnclear) || done || m != (archive.Memento{}) {
				t.Errorf("%s: %+v, %v, %v", name, m, done, err)
			}
		})
	}
}

func TestAJobThatIsNoneIsNotAskedAfter(t *testing.T) {
	a := newArchive()
	c := clientOf(a.RoundTripper())
	for _, job := range []string{"", "..", "a/b", "a?b", strings.Repeat("a", 201)} {
		if _, done, err := c.Status(t.Context(), job); !errors.Is(err, ErrNoJob) || !done || len(a.Asked()) != 0 {
			t.Errorf("%q: %v, %v", job, done, err)
		}
	}
}

func TestWhileOrdersFailLookingUpGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive()
		a.Keep(watch, on("1999-09-25"), http.StatusOK)
		fail(t, a, archivetest.WebArchiveSaveDown)
		c := clientOf(a.RoundTripper())
		if _, err := c.Save(t.Context(), watch); !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
		if _, err := c.Lookup(t.Context(), watch, time.Time{}); err != nil {
			t.Error(err)
		}
	})
}
