package catalog

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"

	"videoteca/archive"
)

// The sizes of a page that archive.Query names.
const (
	defaultPage = 50
	longestPage = 500
)

// selectPage goes down the index from a place in it: the thousandth page costs
// as much as the first.
const selectPage = `
SELECT seq, record FROM videos WHERE listed = 1 AND seq < ? ORDER BY seq DESC LIMIT ?`

// selectFiltered goes down the index of the rarest label; haveLabel is added for each of the others.
const (
	selectFiltered = `
SELECT l.seq, v.record FROM labels l CROSS JOIN videos v ON v.seq = l.seq
WHERE l.kind = ? AND l.value = ? AND l.seq < ?`
	haveLabel  = ` AND EXISTS (SELECT 1 FROM labels WHERE kind = ? AND value = ? AND seq = %s)`
	downLabels = ` ORDER BY l.seq DESC LIMIT ?`
)

// selectFound goes down the index of words.
const (
	selectFound = `
SELECT s.rowid, v.record FROM search s CROSS JOIN videos v ON v.seq = s.rowid
WHERE search MATCH ? AND s.rowid < ?`
	downFound = ` ORDER BY s.rowid DESC LIMIT ?`
)

// tiers of a search, in the order in which they are shown.
const (
	tierExact = iota // the text names them
	tierTitle        // all words are in the titles
	tierMore         // all words are somewhere
	tiers
)

// List returns a page of videos, the newest registered first; see archive.Query for what
// it may be narrowed by. Videos that are registered meanwhile appear on no later page; none is
// shown twice. An After that no page gave gets an *archive.FieldError. What the videos hold, but for
// their sources, is shared with others who list: it is read and not altered.
func (c *Catalog) List(ctx context.Context, q archive.Query) (archive.Page, error) {
	from, err := parseCursor(q.After)
	if err != nil {
		return archive.Page{}, err
	}
	l := &listing{catalog: c, query: q, limit: pageSize(q.Limit), version: c.changes(ctx)}
	l.page.Videos = make([]archive.Video, 0, min(l.limit, defaultPage))
	if err := l.list(ctx, from); err != nil {
		return archive.Page{}, fmt.Errorf("listing the catalog: %w", err)
	}
	return l.page, c.hear(ctx, l.page.Videos)
}

// listing is one page being made.
type listing struct {
	catalog *Catalog
	query   archive.Query
	limit   int
	version uint64 // of the catalog, before anything was read
	page    archive.Page
	last    cursor
	named   map[int64]bool // by the text, exactly: tierExact has them and no other
}

func (l *listing) list(ctx context.Context, from cursor) error {
	words := matchOf(l.query.Text)
	switch {
	case l.query.Text == "":
		_, err := l.down(ctx, tierMore, from.seq, "")
		return err
	case words == "" && !exactable(l.query.Text): // nothing in it can be searched for
		return nil
	}
	if err := l.findNamed(ctx); err != nil {
		return err
	}
	for tier := from.tier; tier < tiers; tier++ {
		seq := int64(math.MaxInt64)
		if tier == from.tier {
			seq = from.seq
		}
		if full, err := l.through(ctx, tier, seq, words); full || err != nil {
			return err
		}
	}
	return nil
}

// through adds what follows a place in one tier of a search, and reports whether the page is full.
func (l *listing) through(ctx context.Context, tier int, seq int64, words string) (full bool, err error) {
	switch {
	case tier == tierExact:
		return l.exact(ctx, seq)
	case words == "":
		return false, nil
	}
	return l.down(ctx, tier, seq, inTier(words, tier))
}

// down adds what follows a place in the order of registration, and reports whether the page is full.
func (l *listing) down(ctx context.Context, tier int, seq int64, match string) (full bool, err error) {
	statement, args, err := l.catalog.statement(ctx, l.query.Filters(), match, seq)
	if err != nil {
		return false, err
	}
	return l.add(ctx, tier, l.named, statement, append(args, l.limit-len(l.page.Videos)+len(l.named)+1)...)
}

// add adds the videos that a statement reads, but for those at the places in skip, and reports whether the page is full.
func (l *listing) add(ctx context.Context, tier int, skip map[int64]bool, statement string, args ...any) (full bool, err error) {
	rows, err := l.catalog.asked.query(ctx, statement, args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var at int64
		var record sql.RawBytes
		if err := rows.Scan(&at, &record); err != nil {
			return false, err
		}
		if skip[at] {
			continue
		}
		if len(l.page.Videos) >= l.limit { // one more than asked for: there is a next page
			l.page.Next = l.last.String()
			return true, nil
		}
		v, err := l.catalog.read.video(l.version, record)
		if err != nil {
			return false, err
		}
		l.page.Videos, l.last = append(l.page.Videos, v), cursor{tier, at}
	}
	return false, rows.Err()
}

// statement is how videos with all the labels are read, with the words where there is a match.
func (c *Catalog) statement(ctx context.Context, filters []archive.Filter, match string, seq int64) (string, []any, error) {
	filters, err := c.rarestFirst(ctx, filters)
	if err != nil {
		return "", nil, err
	}
	switch {
	case match != "":
		text, args := having(selectFound, "s.rowid", []any{match, seq}, filters)
		return text + downFound, args, nil
	case len(filters) == 0:
		return selectPage, []any{seq}, nil
	}
	text, args := having(selectFiltered, "l.seq", []any{filters[0].Kind, fold(filters[0].Value), seq}, filters[1:])
	return text + downLabels, args, nil
}

func pageSize(limit int) int {
	if limit <= 0 {
		return defaultPage
	}
	return min(limit, longestPage)
}

// cursor is a place in a listing: that of the last video shown.
type cursor struct {
	tier int
	seq  int64
}

// String is the form for callers. It is encoded so that nobody builds on its parts.
func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(c.tier) + " " + strconv.FormatInt(c.seq, 10)))
}

// parseCursor reads what String wrote. The empty one stands before everything.
func parseCursor(s string) (cursor, error) {
	if s == "" {
		return cursor{seq: math.MaxInt64}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return cursor{}, archive.NoPageEndedThere(err)
	}
	tier, seq, _ := strings.Cut(string(text), " ")
	var c cursor
	if c.tier, err = strconv.Atoi(tier); err != nil {
		return cursor{}, archive.NoPageEndedThere(err)
	}
	if c.seq, err = strconv.ParseInt(seq, 10, 64); err != nil {
		return cursor{}, archive.NoPageEndedThere(err)
	}
	if c.tier < tierExact || c.tier >= tiers || c.String() != s { // one place has one form
		return cursor{}, archive.NoPageEndedThere(nil)
	}
	return c, nil
}
