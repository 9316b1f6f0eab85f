package archivetest

import (
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mementoStamp is how the archive writes a time, in UTC.
const mementoStamp = "20060102150405"

const (
	timeMapPath = "/web/timemap/json/"
	statusPath  = "/save/status/"
	mementoPath = "/web/"
)

// ServeHTTP answers for the whole archive, under any host name. Pages stand in paths as
// they are, with slashes side by side, so no ServeMux is asked.
func (a *WebArchive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", a.o.Now().UTC().Format(http.TimeFormat))
	whole := r.URL.RequestURI()
	switch path := r.URL.Path; {
	case path == "/wayback/available":
		a.serve(w, r, serviceAvailability, r.URL.Query().Get("url"), a.available)
	case strings.HasPrefix(path, timeMapPath):
		a.serve(w, r, serviceTimeMap, strings.TrimPrefix(whole, timeMapPath), a.timeMap)
	case path == "/save" && r.Method == http.MethodPost:
		a.serve(w, r, serviceSave, r.FormValue("url"), a.save)
	case strings.HasPrefix(path, statusPath):
		a.serve(w, r, serviceStatus, strings.TrimPrefix(path, statusPath), a.jobStatus)
	case strings.HasPrefix(path, mementoPath):
		a.memento(w, strings.TrimPrefix(whole, mementoPath))
	default:
		http.NotFound(w, r)
	}
}

// serve answers with the archive's fault where that touches the service, else with the
// handler, which is told what the request is about.
func (a *WebArchive) serve(w http.ResponseWriter, r *http.Request, s service, about string, next func(http.ResponseWriter, *http.Request, string)) {
	if f := a.note(s, about); f.touches(s) {
		answerWebArchiveFault(w, f)
		return
	}
	next(w, r, about)
}

// available names the good memento nearest to the wanted time, else the newest.
func (a *WebArchive) available(w http.ResponseWriter, r *http.Request, page string) {
	snapshots := map[string]any{}
	near, err := time.Parse(mementoStamp, r.URL.Query().Get("timestamp"))
	if err != nil {
		near = a.o.Now()
	}
	good := slices.DeleteFunc(a.listed(page), func(p keptPage) bool { return p.status != http.StatusOK })
	if len(good) > 0 {
		best := slices.MinFunc(good, func(a, b keptPage) int {
			return int(a.at.Sub(near).Abs().Seconds() - b.at.Sub(near).Abs().Seconds())
		})
		snapshots["closest"] = map[string]any{
			"available": true, "status": strconv.Itoa(best.status), "timestamp": best.at.Format(mementoStamp),
			"url": "http://" + r.Host + mementoPath + best.at.Format(mementoStamp) + "/" + best.page,
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"url": page, "archived_snapshots": snapshots})
}

// timeMap lists the mementos, the oldest first.
func (a *WebArchive) timeMap(w http.ResponseWriter, _ *http.Request, page string) {
	rows := [][]string{}
	for i, p := range a.listed(page) {
		if i == 0 {
			rows = append(rows, []string{"urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "redirect", "robotflags", "length", "offset", "filename"})
		}
		rows = append(rows, []string{
			indexKey(p.page), p.at.Format(mementoStamp), p.page, "text/html", strconv.Itoa(p.status),
			"MAKEBELIEVEMAKEBELIEVEMAKEBELIEV", "-", "-", "4096", "0", "make-believe.warc.gz",
		})
	}
	writeJSON(w, http.StatusOK, rows)
}

// memento is a page for people, so that links of the demo lead somewhere.
func (a *WebArchive) memento(w http.ResponseWriter, rest string) {
	stamp, page, _ := strings.Cut(rest, "/")
	at, err := time.Parse(mementoStamp, stamp)
	if err != nil {
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Memento-Datetime", at.Format(http.TimeFormat))
	write(w, fmt.Appendf(nil, `<!doctype html><html lang="en"><title>Make-believe web archive</title><p>Make-believe: %s as it was on %s.`,
		html.EscapeString(page), at.Format(time.RFC3339)))
}

// RoundTripper answers in memory what the archive would over a network, for the given hosts;
// without any, for every host. Another host is one that DNS does not know.
func (a *WebArchive) RoundTripper(hosts ...string) http.RoundTripper {
	return roundTripper(func(r *http.Request) (res *http.Response, err error) {
		if len(hosts) > 0 && !slices.Contains(hosts, r.URL.Host) {
			return nil, &net.DNSError{Err: "no such host", Name: r.URL.Host, IsNotFound: true}
		}
		defer func() {
			switch stopped := recover(); stopped {
			case nil:
			case http.ErrAbortHandler:
				res, err = nil, io.EOF
			default:
				panic(stopped)
			}
		}()
		asked := r.Clone(r.Context())
		if asked.Host == "" {
			asked.Host = r.URL.Host
		}
		w := &written{header: http.Header{}}
		a.ServeHTTP(w, asked)
		return w.response(r), r.Context().Err()
	})
}

// roundTripper lets a function send requests.
type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
