package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"videoteca/archive"
)

// mostWords bounds what one search asks for: more words narrow it no further that anybody would notice.
const mostWords = 16

// matchOf turns what somebody typed into an expression of FTS5: every word is the beginning of
// one that must be there. Words are quoted, so nothing in them is an operator. Empty where there
// is no letter or digit.
func matchOf(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && !unicode.Is(unicode.Co, r)
	})
	if len(words) > mostWords {
		words = words[:mostWords]
	}
	for i, w := range words {
		words[i] = `"` + w + `"*`
	}
	return strings.Join(words, " ")
}

// inTier narrows an expression to a tier, so that what one tier shows no other does.
func inTier(words string, tier int) string {
	inTitle := "{title} : (" + words + ")"
	if tier == tierTitle {
		return inTitle
	}
	return "(" + words + ") NOT (" + inTitle + ")"
}

// exactable reports whether a text could name something exactly.
func exactable(text string) bool { return text != "" && !strings.ContainsAny(text, " \t\n") }

const (
	selectByID       = `SELECT seq, record FROM videos WHERE listed = 1 AND id = ?`
	selectByAlias    = `SELECT v.seq, v.record FROM aliases a CROSS JOIN videos v ON v.id = a.video WHERE a.alias = ? AND v.listed = 1 LIMIT 20`
	selectBySourceID = `SELECT v.seq, v.record FROM sources s CROSS JOIN videos v ON v.id = s.video WHERE s.source_id = ? AND v.listed = 1 LIMIT 20`
	selectByURL      = `SELECT v.seq, v.record FROM sources s CROSS JOIN videos v ON v.id = s.video WHERE s.url = ? AND v.listed = 1 LIMIT 20`
	selectByArticle  = `SELECT v.seq, v.record FROM articles a CROSS JOIN placements p ON p.article = a.id CROSS JOIN videos v ON v.id = p.video WHERE a.url = ? AND v.listed = 1 LIMIT 20`
)

// exact finds what the text names: a video, a source's id or address, an article's address. On the first
// page it comes first; on the others it is passed over.
func (l *listing) exact(ctx context.Context, show bool) error {
	l.skip = map[int64]bool{}
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
		if err := l.exactly(ctx, try.statement, try.value, show); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) exactly(ctx context.Context, statement, value string, show bool) error {
	rows, err := l.catalog.asked.query(ctx, statement, value)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var at int64
		var record sql.RawBytes
		if err := rows.Scan(&at, &record); err != nil {
			return err
		}
		v, err := l.catalog.read.video(l.version, record)
		if err != nil {
			return err
		}
		if l.skip[at] || !has(v, l.query.Filters()) {
			continue
		}
		l.skip[at] = true
		if show && len(l.page.Videos) < l.limit {
			l.page.Videos = append(l.page.Videos, v)
			l.last = cursor{tierTitle, 1<<63 - 1}
		}
	}
	return rows.Err()
}

// has reports whether a video fulfils all conditions but that of being used, which it does not know itself.
func has(v archive.Video, filters []archive.Filter) bool {
	labels := map[label]bool{}
	for _, l := range labelsOf(v) {
		labels[label{kind: l.kind, value: l.value}] = true
	}
	for _, f := range filters {
		if f.Kind != "used" && !labels[label{kind: f.Kind, value: fold(f.Value)}] {
			return false
		}
	}
	return true
}

const selectFacet = "SELECT videos FROM facets WHERE kind = ? AND value = ?"

// rarestFirst puts the condition first that the fewest videos fulfil, by the kept counts.
func (c *Catalog) rarestFirst(ctx context.Context, filters []archive.Filter) ([]archive.Filter, error) {
	if len(filters) < 2 {
		return filters, nil
	}
	rarest, fewest := 0, -1
	for i, f := range filters {
		var n int
		err := c.reader.QueryRowContext(ctx, selectFacet, f.Kind, fold(f.Value)).Scan(&n)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if fewest < 0 || n < fewest {
			rarest, fewest = i, n
		}
	}
	ordered := append([]archive.Filter{filters[rarest]}, filters[:rarest]...)
	return append(ordered, filters[rarest+1:]...), nil
}

const selectFacets = "SELECT value, shown, videos FROM facets WHERE kind = ? ORDER BY videos DESC LIMIT ?"

// mostFacets bounds what Facets returns.
const mostFacets = 1000

// Facets are the values of one kind of filter, those of most videos first, at most n. They are
// kept, not counted when asked for.
func (c *Catalog) Facets(ctx context.Context, kind string, n int) ([]archive.Facet, error) {
	rows, err := c.reader.QueryContext(ctx, selectFacets, kind, min(max(n, 0), mostFacets))
	if err != nil {
		return nil, fmt.Errorf("reading the values of %s: %w", kind, err)
	}
	defer rows.Close()
	var list []archive.Facet
	for rows.Next() {
		var f archive.Facet
		if err := rows.Scan(&f.Value, &f.Label, &f.Videos); err != nil {
			return nil, fmt.Errorf("reading the values of %s: %w", kind, err)
		}
		list = append(list, f)
	}
	return list, rows.Err()
}
