package archivetest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive/archivetest"
)

const (
	archiveHost = "https://archive.stage"
	somePage    = "https://www.youtube.com/watch?v=AbCdEfGhIjK"
)

// visitor asks a make-believe archive in memory.
type visitor struct {
	*testing.T
	archive *archivetest.WebArchive
	key     string
}

func newVisitor(t *testing.T) *visitor {
	return &visitor{t, archivetest.NewWebArchive(archivetest.WebArchiveOptions{AccessKey: "AK", SecretKey: "SK"}), "LOW AK:SK"}
}

// send asks for a path, with a form where there is one.
func (v *visitor) send(path string, form url.Values) (*http.Response, string) {
	v.Helper()
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(v.Context(), method, archiveHost+path, body)
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Authorization", v.key)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := v.archive.RoundTripper().RoundTrip(r)
	if err != nil {
		v.Fatal(err)
	}
	data, err := io.ReadAll(res.Body)
	if err != nil {
		v.Fatal(err)
	}
	return res, string(data)
}

// fields is an answer's JSON object.
func (v *visitor) fields(path string, form url.Values) map[string]any {
	v.Helper()
	res, body := v.send(path, form)
	var object map[string]any
	if err := json.Unmarshal([]byte(body), &object); err != nil || res.StatusCode != http.StatusOK {
		v.Fatalf("%s: %d, %v: %s", path, res.StatusCode, err, body)
	}
	return object
}

func (v *visitor) rows(page string) [][]string {
	v.Helper()
	_, body := v.send("/web/timemap/json/"+page, nil)
	var rows [][]string
	if err := json.Unmarshal([]byte(body), &rows); err != nil {
		v.Fatalf("%v: %s", err, body)
	}
	return rows
}

func (v *visitor) order(page string) map[string]any {
	v.Helper()
	return v.fields("/save", url.Values{"url": {page}})
}

func (v *visitor) fail(f archivetest.WebArchiveFault) {
	v.Helper()
	if err := v.archive.SetFault(f); err != nil {
		v.Fatal(err)
	}
}

func at(stamp string) time.Time {
	t, err := time.Parse("20060102", stamp)
	if err != nil {
		panic(err)
	}
	return t
}

func TestAvailabilityHasTheShapeOfARealOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisitor(t)
		v.archive.Keep(somePage, at("19970101"), http.StatusOK)
		v.archive.Keep(somePage, at("19990101"), http.StatusOK)
		v.archive.Keep(somePage, at("19991201"), http.StatusNotFound)
		ask := "/wayback/available?url=" + url.QueryEscape(somePage)
		for query, stamp := range map[string]string{ask: "19990101000000", ask + "&timestamp=19970601000000": "19970101000000"} {
			want := map[string]any{"url": somePage, "archived_snapshots": map[string]any{"closest": map[string]any{
				"available": true, "status": "200", "timestamp": stamp, "url": "http://archive.stage/web/" + stamp + "/" + somePage,
			}}}
			if got := v.fields(query, nil); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %v", query, got)
			}
		}
		if got := v.fields("/wayback/available?url=x", nil); len(got["archived_snapshots"].(map[string]any)) != 0 {
			t.Errorf("%v", got)
		}
	})
}

func TestATimeMapHasTheShapeOfARealOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisitor(t)
		if rows := v.rows(somePage); len(rows) != 0 {
			t.Errorf("of nothing: %v", rows)
		}
		v.archive.Keep(somePage, at("19990101"), http.StatusOK)
		v.archive.Keep("http://youtube.com/watch?v=abcdefghijk", at("19970101"), http.StatusNotFound)
		rows := v.rows(somePage)
		if len(rows) != 3 || rows[0][1] != "timestamp" || rows[0][2] != "original" || rows[0][4] != "statuscode" {
			t.Fatalf("%v", rows)
		}
		if rows[1][1] != "19970101000000" || rows[1][4] != "404" || rows[2][2] != somePage || rows[1][0] != rows[2][0] {
			t.Errorf("the index folds case, the oldest first: %v", rows)
		}
	})
}

func TestACaptureIsMadeAndListedInItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisitor(t)
		job := fmt.Sprint(v.order(somePage)["job_id"])
		if !strings.HasPrefix(job, "spn2-") || len(job) != len("spn2-")+40 {
			t.Errorf("job %q", job)
		}
		stamp := time.Now().UTC().Format("20060102150405")
		if got := v.fields("/save/status/"+job, nil); got["status"] != "pending" {
			t.Errorf("at once: %v", got)
		}
		if again := v.order(somePage); again["job_id"] != job || again["message"] == nil {
			t.Errorf("ordered twice: %v", again)
		}
		time.Sleep(2 * time.Minute)
		if got := v.fields("/save/status/"+job, nil); got["status"] != "success" || got["timestamp"] != stamp || got["original_url"] != somePage {
			t.Errorf("made: %v", got)
		}
		if rows := v.rows(somePage); len(rows) != 0 {
			t.Errorf("listed at once: %v", rows)
		}
		time.Sleep(time.Hour)
		if rows := v.rows(somePage); len(rows) != 2 || rows[1][1] != stamp {
			t.Errorf("listed later: %v", rows)
		}
		if res, _ := v.send("/save/status/"+job, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("remembered for over an hour: %d", res.StatusCode)
		}
	})
}

func TestTroublesOfACaptureComeWithStatus200(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisitor(t)
		v.archive.Refuse(somePage, "error:blocked-url")
		if got := v.order(somePage); got["status_ext"] != "error:blocked-url" || got["status"] != "error" || got["job_id"] != nil {
			t.Errorf("%v", got)
		}
		v.archive.Refuse(somePage, "")
		job := fmt.Sprint(v.order(somePage)["job_id"])
		v.archive.FailJobs(somePage, "error:no-access")
		if got := v.fields("/save/status/"+job, nil); got["status_ext"] != "error:no-access" || got["job_id"] != job {
			t.Errorf("%v", got)
		}
		v.archive.Move(somePage, "https://consent.youtube.com/")
		job = fmt.Sprint(v.order(somePage)["job_id"])
		time.Sleep(2 * time.Minute)
		if got := v.fields("/save/status/"+job, nil); got["original_url"] != "https://consent.youtube.com/" {
			t.Errorf("%v", got)
		}
	})
}

func TestOrdersNeedKeysAndPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisitor(t)
		for _, key := range []string{"", "LOW AK:other", "LOW :"} {
			v.key = key
			for path, form := range map[string]url.Values{"/save": {"url": {somePage}}, "/save/status/spn2-1": nil} {
				if res, body := v.send(path, form); res.StatusCode != http.StatusUnauthorized || !strings.Contains(body, "logged in") {
					t.Errorf("%q at %s: %d %s", key, path, res.StatusCode, body)
				}
			}
		}
		v.key = "LOW AK:SK"
		for range 7 {
			v.order(somePage)
		}
		if res, _ := v.send("/save", url.Values{"url": {somePage}}); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") == "" {
			t.Errorf("the eighth order in a minute: %d", res.StatusCode)
		}
		time.Sleep(time.Minute)
		v.order(somePage)
	})
}

func TestFaultsTouchWhatTheySay(t *testing.T) {
	paths := map[string]string{
		"availability": "/wayback/available?url=x", "timemap": "/web/timemap/json/https://x.example.org/", "status": "/save/status/spn2-1",
	}
	for fault, want := range map[archivetest.WebArchiveFault]map[string]int{
		archivetest.WebArchiveWell:              {"availability": 200, "timemap": 200, "status": 404},
		archivetest.WebArchiveDown:              {"availability": 503, "timemap": 503, "status": 503},
		archivetest.WebArchiveGarbage:           {"availability": 200, "timemap": 200, "status": 200},
		archivetest.WebArchiveRateLimited:       {"availability": 429, "timemap": 429, "status": 429},
		archivetest.WebArchiveEmptyAvailability: {"availability": 200, "timemap": 200, "status": 404},
		archivetest.WebArchiveEmptyIndex:        {"availability": 200, "timemap": 200, "status": 404},
		archivetest.WebArchiveSaveDown:          {"availability": 200, "timemap": 200, "status": 503},
	} {
		v := newVisitor(t)
		v.fail(fault)
		for service, path := range paths {
			res, body := v.send(path, nil)
			if res.StatusCode != want[service] || (res.StatusCode == 429) != (res.Header.Get("Retry-After") != "") {
				t.Errorf("%s, %s: %d", fault, service, res.StatusCode)
			}
			if fault == archivetest.WebArchiveGarbage && json.Valid([]byte(body)) || fault == archivetest.WebArchiveEmptyIndex && service != "status" && body != "" {
				t.Errorf("%s, %s: %q", fault, service, body)
			}
		}
	}
}

func TestAnArchiveThatHangsUpIsAnError(t *testing.T) {
	v := newVisitor(t)
	v.fail(archivetest.WebArchiveHangUp)
	client := &http.Client{Transport: v.archive.RoundTripper("archive.stage")}
	if _, err := client.Get(archiveHost + "/wayback/available?url=x"); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	var unknown *net.DNSError
	if _, err := client.Get("https://other.stage/"); !errors.As(err, &unknown) || !unknown.IsNotFound {
		t.Error(err)
	}
}

func TestAFaultThatIsNoneIsRefused(t *testing.T) {
	v := newVisitor(t)
	if err := v.archive.SetFault("tired"); !errors.Is(err, archivetest.ErrInvalid) {
		t.Error(err)
	}
	for _, f := range archivetest.WebArchiveFaults() {
		v.fail(f)
	}
}

func TestWhatWasAskedIsRemembered(t *testing.T) {
	v := newVisitor(t)
	v.send("/wayback/available?url="+url.QueryEscape(somePage), nil)
	v.send("/web/timemap/json/"+somePage, nil)
	v.order(somePage)
	v.send("/save/status/spn2-0a", nil)
	want := []string{"availability " + somePage, "timemap " + somePage, "save " + somePage, "status spn2-0a"}
	if got := v.archive.Asked(); !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	for range 1200 {
		v.send("/save/status/spn2-0b", nil)
	}
	if got := v.archive.Asked(); len(got) != 1000 || got[0] != "status spn2-0b" {
		t.Errorf("%d are remembered, the first %q", len(got), got[0])
	}
}

func TestAMementoIsAPageForPeople(t *testing.T) {
	v := newVisitor(t)
	res, body := v.send("/web/19990101000000/https://example.org/?q=<script>", nil)
	if res.StatusCode != 200 || res.Header.Get("Memento-Datetime") != "Fri, 01 Jan 1999 00:00:00 GMT" || strings.Contains(body, "<script>") || !strings.Contains(body, "https://example.org/") {
		t.Errorf("%d %v %s", res.StatusCode, res.Header, body)
	}
	for _, path := range []string{"/web/x/https://example.org/", "/", "/save", "/nowhere"} {
		if res, _ := v.send(path, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}
