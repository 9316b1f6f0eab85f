package newsroom_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
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

// question is what is asked through the web, and all the SQL that answers it, the page's statement first.
type question struct {
	address    string
	statements []statement
}

type statement struct {
	text string
	args []any
}

// heard is how the ledger is asked for the sources of a page.
const heard = `SELECT h.platform, h.source_id, h.last_round, h.last_clear, h.last_good, h.pictured, h.outcome, h.method, h.reason
FROM json_each(?) k CROSS JOIN heard h ON h.platform = k.value->>0 AND h.source_id = k.value->>1`

const last = int64(1<<63 - 1)

func (l library) questions(tb testing.TB) map[string]question {
	page := statement{"SELECT seq, record FROM videos WHERE listed = 1 AND seq < ? ORDER BY seq DESC LIMIT ?", []any{last, 31}}
	tagged := statement{"SELECT l.seq, v.record FROM labels l CROSS JOIN videos v ON v.seq = l.seq WHERE l.kind = ? AND l.value = ? AND l.seq < ? ORDER BY l.seq DESC LIMIT ?", []any{"tag", "etiqueta 3", last, 31}}
	const words, inTitles = `"asamblea"*`, `{title} : ("asamblea"*)` // those that have it in their titles come first
	found := "SELECT s.rowid, v.record FROM search s CROSS JOIN videos v ON v.seq = s.rowid WHERE search MATCH ? AND s.rowid < ? ORDER BY s.rowid DESC LIMIT ?"
	search := []statement{{found, []any{"(" + words + ") NOT (" + inTitles + ")", last, 31}}, {found, []any{inTitles, last, 31}}, l.heardOf(tb, archive.Query{Limit: 30, Text: "asamblea"})}
	return map[string]question{
		"list":   {"/api/v1/videos?limit=30", []statement{page, l.heardOf(tb, archive.Query{Limit: 30})}},
		"filter": {"/api/v1/videos?limit=30&tag=etiqueta+3", []statement{tagged, l.heardOf(tb, archive.Query{Limit: 30, Tag: "etiqueta 3"})}},
		"search": {"/api/v1/videos?limit=30&q=asamblea", append(search, exact("asamblea")...)},
	}
}

func (l library) heardOf(tb testing.TB, q archive.Query) statement {
	tb.Helper()
	found, err := l.List(tb.Context(), q)
	if err != nil {
		tb.Fatal(err)
	}
	var pairs [][2]string
	for _, v := range found.Videos {
		for _, s := range v.Sources {
			pairs = append(pairs, [2]string{s.Platform, s.ID})
		}
	}
	keys, err := json.Marshal(pairs)
	if err != nil {
		tb.Fatal(err)
	}
	return statement{heard, []any{string(keys)}}
}

// exact is how a search looks whether its text names something.
func exact(text string) (list []statement) {
	for _, s := range []string{
		"SELECT seq, record FROM videos WHERE listed = 1 AND id = ?",
		"SELECT v.seq, v.record FROM aliases a CROSS JOIN videos v ON v.id = a.video WHERE a.alias = ? AND v.listed = 1 LIMIT 20",
		"SELECT v.seq, v.record FROM sources s CROSS JOIN videos v ON v.id = s.video WHERE s.source_id = ? AND v.listed = 1 LIMIT 20",
		"SELECT v.seq, v.record FROM sources s CROSS JOIN videos v ON v.id = s.video WHERE s.url = ? AND v.listed = 1 LIMIT 20",
		"SELECT v.seq, v.record FROM articles a CROSS JOIN placements p ON p.article = a.id CROSS JOIN videos v ON v.id = p.video WHERE a.url = ? AND v.listed = 1 LIMIT 20",
	} {
		list = append(list, statement{s, []any{text}})
	}
	return list
}

// connection counts what is written to it, as a socket would take it.
type connection struct {
	header http.Header
	status int
	bytes  int
}

func (c *connection) Header() http.Header    { return c.header }
func (c *connection) WriteHeader(status int) { c.status = status }
func (c *connection) Write(p []byte) (int, error) {
	c.bytes += len(p)
	return len(p), nil
}

func (l library) ask(tb testing.TB, address string) int {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, address, nil)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:40000"
	r.Header.Set("Authorization", "Bearer "+operator)
	w := &connection{header: http.Header{}, status: http.StatusOK}
	l.handler.ServeHTTP(w, r)
	if w.status != http.StatusOK {
		tb.Fatalf("%s: %d", address, w.status)
	}
	return w.bytes
}

// alone runs the statements, prepared, and reads what they give, as somebody without a service would. It
// returns how many rows the first gives.
func alone(tb testing.TB, prepared []*sql.Stmt, q question) int {
	tb.Helper()
	rows := 0
	for i, p := range prepared {
		n := read(tb, p, q.statements[i].args)
		if i == 0 {
			rows = n
		}
	}
	return rows
}

func read(tb testing.TB, p *sql.Stmt, args []any) (n int) {
	tb.Helper()
	rows, err := p.QueryContext(tb.Context(), args...)
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		tb.Fatal(err)
	}
	values := make([]sql.RawBytes, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			tb.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return n
}

func prepare(tb testing.TB, db *sql.DB, q question) (list []*sql.Stmt) {
	tb.Helper()
	for _, s := range q.statements {
		p, err := db.PrepareContext(tb.Context(), s.text)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = p.Close() })
		list = append(list, p)
	}
	return list
}

// So that the benchmark compares the same: every statement gives a page and one row more.
func TestTheQuestionsHaveAnswers(t *testing.T) {
	l := newLibrary(t, 4000)
	db, err := sql.Open("sqlite", l.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for name, q := range l.questions(t) {
		if got := alone(t, prepare(t, db, q), q); got != 31 {
			t.Errorf("%s: the statement gives %d rows", name, got)
		}
		if got := l.ask(t, q.address); got < 10_000 {
			t.Errorf("%s: the answer has %d bytes", name, got)
		}
	}
}

// BenchmarkLibrary asks a library of VIDEOTECA_BENCH_VIDEOS (100,000) videos. The figure "x SQL" is the
// median time through the web over that of the same SQL alone, prepared in one process.
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
	for name, q := range l.questions(b) {
		b.Run(name, func(b *testing.B) {
			prepared := prepare(b, db, q)
			l.ask(b, q.address)
			alone(b, prepared, q)
			var web, plain []time.Duration
			for b.Loop() { // in turns, so that whatever else the machine does hits both
				began := time.Now()
				l.ask(b, q.address)
				between := time.Now()
				alone(b, prepared, q)
				web, plain = append(web, between.Sub(began)), append(plain, time.Since(between))
			}
			slices.Sort(web)
			slices.Sort(plain)
			b.ReportMetric(float64(web[len(web)/2])/float64(plain[len(plain)/2]), "xSQL")
		})
	}
}
