package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"videoteca/archive"
)

// What a text may name: a video, one merged into it, a source by its id or address, an article by its address.
// All of it leads to ids, in whatever order: exact puts their places in that of registration.
const (
	selectByID       = `SELECT v.seq FROM videos v WHERE v.id = ? AND v.listed = 1`
	selectByAlias    = `SELECT v.seq FROM aliases a CROSS JOIN videos v ON v.id = a.video WHERE a.alias = ? AND v.listed = 1`
	selectBySourceID = `SELECT v.seq FROM sources s CROSS JOIN videos v ON v.id = s.video WHERE s.source_id = ? AND v.listed = 1`
	selectByURL      = `SELECT v.seq FROM sources s CROSS JOIN videos v ON v.id = s.video WHERE s.url = ? AND v.listed = 1`
	// A video that was merged away is found by the one that serves for it.
	selectByArticle = `SELECT v.seq FROM articles a CROSS JOIN placements p ON p.article = a.id
CROSS JOIN videos v ON v.id = COALESCE((SELECT video FROM aliases WHERE alias = p.video ORDER BY video LIMIT 1), p.video)
WHERE a.url = ? AND v.listed = 1`

	selectAt = `SELECT seq, record FROM videos WHERE seq = ? AND listed = 1`
)

// exactable reports whether a text could name something exactly.
func exactable(text string) bool { return text != "" && !strings.ContainsAny(text, " \t\n") }

// exact adds what the text names and what follows a place, and reports whether the page is full.
func (l *listing) exact(ctx context.Context, seq int64) (full bool, err error) {
	for _, at := range slices.Backward(slices.Sorted(maps.Keys(l.named))) {
		if at >= seq {
			continue
		}
		if full, err := l.add(ctx, tierExact, nil, selectAt, at); full || err != nil {
			return full, err
		}
	}
	return false, nil
}

// findNamed finds everything that the text names and that fulfils the conditions, whichever page it is on: the
// other tiers pass it over. It takes no records, so an article of thousands of videos costs some milliseconds.
func (l *listing) findNamed(ctx context.Context) error {
	l.named = map[int64]bool{}
	text := l.query.Text
	if !exactable(text) {
		return nil
	}
	article := text
	if canonical, err := archive.CanonicalAddress(text); err == nil {
		article = canonical
	}
	for _, try := range []struct{ statement, value string }{
		{selectByID, text}, {selectByAlias, text}, {selectBySourceID, text}, {selectByURL, text}, {selectByArticle, article},
	} {
		if err := l.findBy(ctx, try.statement, try.value); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) findBy(ctx context.Context, statement, value string) error {
	statement, args := having(statement, "v.seq", []any{value}, l.query.Filters())
	rows, err := l.catalog.asked.query(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var at int64
		if err := rows.Scan(&at); err != nil {
			return err
		}
		l.named[at] = true
	}
	return rows.Err()
}

// having narrows a statement to videos with all the labels; seq is what it calls their place.
func having(statement, seq string, args []any, filters []archive.Filter) (string, []any) {
	for _, f := range filters {
		statement += fmt.Sprintf(haveLabel, seq)
		args = append(args, f.Kind, fold(f.Value))
	}
	return statement, args
}
