package wayback

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// closest is an availability answer.
func closest(url, stamp, status string, available bool) string {
	return fmt.Sprintf(`{"url":"x","archived_snapshots":{"closest":{"available":%v,"url":%q,"timestamp":%q,"status":%q}}}`, available, url, stamp, status)
}

func TestAnAvailableMementoOfThePageIsTaken(t *testing.T) {
	for name, url := range map[string]string{
		"as it comes":     "http://web.archive.org/web/20190925101112/" + watch,
		"with a port":     "http://web.archive.org/web/20190925101112/http://www.youtube.com:80/watch?v=AbCdEfGhIjK",
		"with a modifier": "https://web.archive.org/web/20190925101112id_/" + watch,
	} {
		at, found, err := closestOf([]byte(closest(url, "20190925101112", "200", true)), watch)
		if err != nil || !found || at.Format(stampForm) != "20190925101112" {
			t.Errorf("%s: %s, %v, %v", name, at, found, err)
		}
	}
}

func TestWhatIsNoMementoOfThePageIsNone(t *testing.T) {
	good := "http://web.archive.org/web/20190925101112/" + watch
	for name, body := range map[string]string{
		"nothing":              `{"archived_snapshots":{}}`,
		"an empty object":      `{}`,
		"null":                 `{"archived_snapshots":{"closest":null}}`,
		"not available":        closest(good, "20190925101112", "200", false),
		"an error page":        closest(good, "20190925101112", "404", true),
		"a redirect":           closest(good, "20190925101112", "302", true),
		"no status":            closest(good, "20190925101112", "", true),
		"no time":              closest(good, "20190925", "200", true),
		"a time that is none":  closest(good, "20199999101112", "200", true),
		"another video":        closest("http://web.archive.org/web/20190925101112/https://www.youtube.com/watch?v=abcdefghijk", "20190925101112", "200", true),
		"no memento's address": closest("https://www.example.org/", "20190925101112", "200", true),
		"a script":             closest("javascript:alert(1)", "20190925101112", "200", true),
	} {
		if at, found, err := closestOf([]byte(body), watch); err != nil || found {
			t.Errorf("%s: %s, %v", name, at, err)
		}
	}
}

func TestWhatIsNoAnswerIsUnclear(t *testing.T) {
	for _, body := range []string{"", "<html>", "[]", `{"archived_snapshots":{"closest":{"status":200}}}`, "\xff"} {
		if _, found, err := closestOf([]byte(body), watch); found || !errors.Is(err, ErrUnclear) {
			t.Errorf("%q: %v, %v", body, found, err)
		}
	}
}

// FuzzAvailability: a memento that is taken names the page and a time that the answer had.
func FuzzAvailability(f *testing.F) {
	f.Add(closest("http://web.archive.org/web/20190925101112/"+watch, "20190925101112", "200", true))
	f.Add(`{"archived_snapshots":{}}`)
	f.Add(closest("http://web.archive.org/web/20190925101112/x", "2", "2xx", true))
	f.Fuzz(func(t *testing.T, body string) {
		at, found, err := closestOf([]byte(body), watch)
		if found && (err != nil || at.Year() < firstYear || !strings.Contains(body, "web")) {
			t.Errorf("%q: %s, %v", body, at, err)
		}
	})
}

// FuzzSavePageNow: a job that is accepted can stand in an address, and a memento is one.
func FuzzSavePageNow(f *testing.F) {
	f.Add(`{"url":"x","job_id":"spn2-0a"}`)
	f.Add(`{"status":"success","timestamp":"20190925101112","original_url":"` + watch + `"}`)
	f.Add(`{"status":"error","status_ext":"error:blocked-url","message":"no"}`)
	f.Add(`{"status":"pending"}`)
	f.Add(`{"job_id":"../../x"}`)
	c := New(Options{})
	f.Fuzz(func(t *testing.T, body string) {
		answer, err := spnOf([]byte(body))
		if err != nil {
			return
		}
		if job, err := c.accepted(answer); err == nil && !jobForm.MatchString(job) {
			t.Errorf("job %q", job)
		}
		m, done, err := c.outcome(answer)
		if err == nil && done && (m.At.Year() < firstYear || !strings.HasPrefix(m.URL, ownMemento)) {
			t.Errorf("%+v", m)
		}
	})
}
