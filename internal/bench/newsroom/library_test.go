package newsroom_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"videoteca/archive"
	"videoteca/internal/posters"
	"videoteca/storage/catalog"
	"videoteca/web"
)

// operator is a token of the length that is asked for.
const operator = "dGhlIHRva2VuIG9mIHRoZSB0ZXN0cywgMjU2IGJpdHMgbG9uZw"

// library is a catalog of made-up videos behind the newsroom's pages.
type library struct {
	*catalog.Catalog
	path    string
	handler http.Handler
}

func (l library) List(ctx context.Context, q archive.Query) (archive.Page, error) {
	return l.Catalog.List(ctx, q)
}

// Make, Poster, Ready, Check: nothing of what the list needs.
type idle struct{ web.Library }

func (idle) Poster(context.Context, archive.Video, int) (posters.Picture, error) {
	return posters.Picture{}, posters.ErrNoPoster
}
func (idle) Ready(context.Context) web.ReadyReport                      { return web.ReadyReport{Store: true} }
func (idle) CheckSources(context.Context, []web.SourceOf, string) error { return nil }

func (idle) Check(context.Context, []archive.VideoID, string) error { return nil }

func newLibrary(tb testing.TB, videos int) library {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "catalog.sqlite")
	c, err := catalog.Open(tb.Context(), path, catalog.Options{Store: "bench"})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	began := time.Now()
	for from := 0; from < videos; from += 1000 {
		var batch []catalog.Entry
		for n := from; n < min(from+1000, videos); n++ {
			batch = append(batch, catalog.Entry{Video: madeUp(n), ETag: strconv.Itoa(n)})
		}
		if err := c.Put(tb.Context(), batch...); err != nil {
			tb.Fatal(err)
		}
	}
	tb.Logf("%d videos written into the catalog in %s", videos, time.Since(began).Round(time.Millisecond))
	l := library{Catalog: c, path: path}
	server, err := web.New(web.Options{BaseURL: "http://127.0.0.1:8080", Listen: "127.0.0.1:8080", Token: operator, Catalog: l, Library: idle{}, Checker: idle{}, Posters: idle{}, Health: idle{}})
	if err != nil {
		tb.Fatal(err)
	}
	l.handler = server.Handler()
	return l
}

// madeUp is the n-th video: a tenth are of one tag, a hundredth mention a rare word.
func madeUp(n int) archive.Video {
	registered := time.Date(2019, 1, 1, 0, n, 0, 0, time.UTC)
	v := archive.Video{
		ID: archive.VideoID(fmt.Sprintf("%012d", n)), Revision: 1, Created: registered, Updated: registered, DefaultLanguage: "es",
		Title: archive.Text{"es": fmt.Sprintf("Reunión número %d en la ciudad %d", n, n%1000)}, Tags: []string{fmt.Sprintf("etiqueta %d", n%10)},
		EventDate: archive.EDTF(registered.Format(time.DateOnly)), RegisteredBy: "ana",
		Sources: []archive.Source{{
			SourceKey: archive.SourceKey{Platform: "youtube", ID: fmt.Sprintf("v%010d", n)}, URL: fmt.Sprintf("https://www.youtube.com/watch?v=v%010d", n),
			Standing: archive.Standing{State: archive.Live}, Described: &archive.Description{Fields: archive.Fields{Title: "Título de la plataforma", Channel: fmt.Sprintf("Canal %d", n%200)}},
		}},
	}
	if n%100 == 0 {
		v.Caption = archive.Text{"es": "Asamblea extraordinaria"}
	}
	return v
}

// questions are what is asked through the web, and the SQL that answers it.
func questions() map[string]struct{ address, statement string } {
	return map[string]struct{ address, statement string }{
		"list":   {"/api/v1/videos?limit=30", "SELECT seq, record FROM videos WHERE listed = 1 AND seq < 9223372036854775807 ORDER BY seq DESC LIMIT 31"},
		"filter": {"/api/v1/videos?limit=30&tag=etiqueta+3", "SELECT l.seq, v.record FROM labels l CROSS JOIN videos v ON v.seq = l.seq WHERE l.kind = 'tag' AND l.value = 'etiqueta 3' AND l.seq < 9223372036854775807 ORDER BY l.seq DESC LIMIT 31"},
		"search": {"/api/v1/videos?limit=30&q=asamblea", `SELECT s.rowid, v.record FROM search s CROSS JOIN videos v ON v.seq = s.rowid WHERE search MATCH '"asamblea"*' AND s.rowid < 9223372036854775807 ORDER BY s.rowid DESC LIMIT 31`},
	}
}

func (l library) ask(tb testing.TB, address string) int {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, address, nil)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:40000"
	r.Header.Set("Authorization", "Bearer "+operator)
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		tb.Fatalf("%s: %d %s", address, w.Code, w.Body)
	}
	return w.Body.Len()
}

// alone runs a statement and reads what it gives, as somebody without a service would.
func alone(tb testing.TB, db *sql.DB, statement string) int {
	tb.Helper()
	rows, err := db.QueryContext(tb.Context(), statement)
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var seq int64
		var record []byte
		if err := rows.Scan(&seq, &record); err != nil {
			tb.Fatal(err)
		}
		n++
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return n
}

// So that the benchmark compares the same: every statement gives a page and one row more.
func TestTheQuestionsHaveAnswers(t *testing.T) {
	l := newLibrary(t, 4000)
	db, err := sql.Open("sqlite", l.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for name, q := range questions() {
		if got := alone(t, db, q.statement); got != 31 {
			t.Errorf("%s: the statement gives %d rows", name, got)
		}
		if got := l.ask(t, q.address); got < 10_000 {
			t.Errorf("%s: the answer has %d bytes", name, got)
		}
	}
}

// BenchmarkLibrary asks a library of VIDEOTECA_BENCH_VIDEOS (100,000) videos. The figure "x SQL" is the
// time through the web over that of the same SQL alone.
func BenchmarkLibrary(b *testing.B) {
	videos := 100_000
	if text := os.Getenv("VIDEOTECA_BENCH_VIDEOS"); text != "" {
		var err error
		if videos, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	l := newLibrary(b, videos)
	db, err := sql.Open("sqlite", l.path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	for name, q := range questions() {
		b.Run(name, func(b *testing.B) {
			l.ask(b, q.address)
			alone(b, db, q.statement)
			var web, plain time.Duration
			for b.Loop() { // in turns, so that whatever else the machine does hits both
				began := time.Now()
				l.ask(b, q.address)
				between := time.Now()
				alone(b, db, q.statement)
				web += between.Sub(began)
				plain += time.Since(between)
			}
			b.ReportMetric(float64(web)/float64(plain), "xSQL")
		})
	}
}
