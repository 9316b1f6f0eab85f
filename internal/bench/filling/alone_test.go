package main

import (
	"database/sql"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// catalog makes a file with statements.
func catalogOf(t *testing.T, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "catalog.sqlite")
	db := opened(t, path)
	for _, text := range statements {
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return path
}

func opened(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // the file goes next
	return db
}

// small is a catalog of two videos, as far as the baseline looks at it.
func small() []string {
	return []string{
		"CREATE TABLE videos (seq INTEGER PRIMARY KEY, id TEXT, listed INTEGER, record BLOB)", "CREATE INDEX listed ON videos (listed, seq)",
		"CREATE TABLE labels (seq INTEGER, kind TEXT, value TEXT)", "CREATE TABLE facets (name TEXT)", "CREATE TABLE sources (id TEXT)", "CREATE TABLE counts (n INTEGER)",
		"CREATE TRIGGER counting AFTER INSERT ON videos BEGIN INSERT INTO counts VALUES (1); END",
		"CREATE VIRTUAL TABLE search USING fts5 (title, more)",
		`INSERT INTO videos VALUES (1, 'aaaaaaaaaaaa', 1, '{"title":{"es":"Una asamblea"}}'), (2, 'bbbbbbbbbbbb', 0, '{"title":{"es":"Otra"},"tags":["etiqueta 3"]}')`,
		"INSERT INTO labels VALUES (1, 'tag', 'etiqueta 3'), (2, 'tag', 'etiqueta 3')",
	}
}

func TestTheBaselineHasTablesAndIndicesAndNoTriggers(t *testing.T) {
	from, to := catalogOf(t, small()...), filepath.Join(t.TempDir(), "alone.sqlite")
	if err := copyRows(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
	db := opened(t, to)
	for question, want := range map[string]int{
		"SELECT count(*) FROM videos": 2, "SELECT count(*) FROM labels": 2,
		"SELECT count(*) FROM counts":                                               2, // those copied: a trigger would have made them four
		"SELECT count(*) FROM sqlite_master WHERE type = 'trigger'":                 0,
		"SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name='listed'": 1,
		`SELECT count(*) FROM search WHERE search MATCH '"asamblea"'`:               1,
		`SELECT count(*) FROM search WHERE search MATCH '"etiqueta"'`:               1,
	} {
		var got int
		if err := db.QueryRowContext(t.Context(), question).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, want %d, %v", question, got, want, err)
		}
	}
}

func TestACatalogThatLacksATableIsNotCopied(t *testing.T) {
	for name, c := range map[string]struct {
		statements []string
		says       string
	}{
		"no labels":  {small()[:2], "copying labels"},
		"no search":  {append(small()[:7:7], small()[8:]...), "writing the words"},
		"no catalog": {nil, "copying videos"},
	} {
		err := copyRows(t.Context(), catalogOf(t, c.statements...), filepath.Join(t.TempDir(), "alone.sqlite"))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func TestEachQuestionIsReadToItsEnd(t *testing.T) {
	var out strings.Builder
	path := catalogOf(t, append(small(), "INSERT INTO search (rowid, title) VALUES (1, 'asambleas')")...)
	if err := askAlone(t.Context(), path, &out); err != nil {
		t.Fatal(err)
	}
	if out.String() != "1 rows\n2 rows\n1 rows\n" {
		t.Errorf("it answers %s", &out)
	}
	if err := askAlone(t.Context(), catalogOf(t, small()[:2]...), io.Discard); err == nil || !strings.Contains(err.Error(), "asking") {
		t.Errorf("without labels: %v", err)
	}
	wrong := append(small(), "UPDATE videos SET seq = 2, record = NULL WHERE seq = 2", "DROP TABLE videos", "CREATE TABLE videos (seq TEXT, listed INTEGER, record BLOB)", "INSERT INTO videos VALUES ('no number', 1, NULL)")
	if err := askAlone(t.Context(), catalogOf(t, wrong...), io.Discard); err == nil {
		t.Error("a row that is no video's is counted")
	}
}

func TestARowOfTheTableHasItsRatios(t *testing.T) {
	var out strings.Builder
	bench{Out: &out}.row("rebuilt", figure{1500 * time.Millisecond, 60 << 20}, figure{500 * time.Millisecond, 40 << 20})
	if want := "| rebuilt | 1.5s | 3.0 | 60 MB | 1.5 |\n"; out.String() != want {
		t.Errorf("%q, want %q", &out, want)
	}
}
