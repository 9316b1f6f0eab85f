package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	_ "modernc.org/sqlite" // the driver that the catalog uses as well
)

// rowTables are the catalog's tables with the rows that its videos make; its triggers keep the rest.
func rowTables() []string { return []string{"videos", "labels", "facets", "sources", "counts"} }

// questions are the list, the filter and the search that the service is asked, as plain SQL.
func questions() []string {
	return []string{
		"SELECT seq, record FROM videos WHERE listed = 1 ORDER BY seq DESC LIMIT 31",
		"SELECT l.seq, v.record FROM labels l CROSS JOIN videos v ON v.seq = l.seq WHERE l.kind = 'tag' AND l.value = 'etiqueta 3' ORDER BY l.seq DESC LIMIT 31",
		`SELECT s.rowid, v.record FROM search s CROSS JOIN videos v ON v.seq = s.rowid WHERE search MATCH '"asamblea"*' ORDER BY s.rowid DESC LIMIT 31`,
	}
}

// copyRows writes the rows of a catalog into a new file, with the same tables and indices but no triggers, and the
// words of the videos into an index of full text of the same kind.
func copyRows(ctx context.Context, from, to string) (err error) {
	db, err := sql.Open("sqlite", to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // what is attached is so for one connection
	if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = WAL; ATTACH ? AS before", from); err != nil {
		return fmt.Errorf("opening %s: %w", from, err)
	}
	if err := sameSchema(ctx, db); err != nil {
		return fmt.Errorf("the schema of %s: %w", from, err)
	}
	for _, table := range rowTables() {
		if _, err := db.ExecContext(ctx, "INSERT INTO main."+table+" SELECT * FROM before."+table); err != nil {
			return fmt.Errorf("copying %s: %w", table, err)
		}
	}
	_, err = db.ExecContext(ctx, `INSERT INTO main.search (rowid, title, more)
		SELECT seq, record ->> '$.title.es', concat_ws(' ', record ->> '$.caption.es', record ->> '$.tags[0]', record ->> '$.sources[0].described.title', record ->> '$.sources[0].described.channel', record ->> '$.sources[0].url', id)
		FROM before.videos`)
	if err != nil {
		return fmt.Errorf("writing the words: %w", err)
	}
	return nil
}

// sameSchema makes the tables and indices of the attached catalog that hold the rows.
func sameSchema(ctx context.Context, db *sql.DB) error {
	names := "'" + strings.Join(append(rowTables(), "search"), "', '") + "'"
	rows, err := db.QueryContext(ctx, "SELECT sql FROM before.sqlite_master WHERE tbl_name IN ("+names+") AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC")
	if err != nil {
		return err
	}
	defer rows.Close()
	var statements []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		statements = append(statements, text)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, text := range statements {
		if _, err := db.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// askAlone asks a catalog and writes how many rows each question gave.
func askAlone(ctx context.Context, path string, out io.Writer) (err error) {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, statement := range questions() {
		n, err := count(ctx, db, statement)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, n, "rows")
	}
	return nil
}

// count reads all that a question gives.
func count(ctx context.Context, db *sql.DB, statement string) (n int, err error) {
	rows, err := db.QueryContext(ctx, statement)
	if err != nil {
		return 0, fmt.Errorf("asking %q: %w", statement, err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var record []byte
		if err := rows.Scan(&seq, &record); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}
