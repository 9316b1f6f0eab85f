package catalog

import (
	"context"
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
SELECT registered, id, record FROM videos WHERE (registered, id) < (?, ?)
ORDER BY registered DESC, id DESC LIMIT ?`

// List returns a page of videos, the newest registered first. Videos that are
// registered meanwhile appear on no later page; none is shown twice. An After
// that no page gave gets an *archive.FieldError.
func (c *Catalog) List(ctx context.Context, q archive.Query) (archive.Page, error) {
	from, err := parseCursor(q.After)
	if err != nil {
		return archive.Page{}, err
	}
	limit := pageSize(q.Limit)
	rows, err := c.reader.QueryContext(ctx, selectPage, from.registered, from.id, limit+1)
	if err != nil {
		return archive.Page{}, fmt.Errorf("listing the catalog: %w", err)
	}
	defer rows.Close()
	var page archive.Page
	var last cursor
	for rows.Next() {
		if len(page.Videos) == limit { // one more than asked for: there is a next page
			page.Next = last.String()
			break
		}
		var record []byte
		if err := rows.Scan(&last.registered, &last.id, &record); err != nil {
			return archive.Page{}, fmt.Errorf("listing the catalog: %w", err)
		}
		v, err := decode(record)
		if err != nil {
			return archive.Page{}, err
		}
		page.Videos = append(page.Videos, v)
	}
	if err := rows.Err(); err != nil {
		return archive.Page{}, fmt.Errorf("listing the catalog: %w", err)
	}
	for i := range page.Videos {
		if err := c.hear(ctx, &page.Videos[i]); err != nil {
			return archive.Page{}, err
		}
	}
	return page, nil
}

func pageSize(limit int) int {
	if limit <= 0 {
		return defaultPage
	}
	return min(limit, longestPage)
}

// cursor is a place in the order of registration: that of the last video shown.
type cursor struct {
	registered int64 // microseconds since 1970
	id         string
}

// String is the form for callers. It is encoded so that nobody builds on its parts.
func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.registered, 10) + " " + c.id))
}

// parseCursor reads what String wrote. The empty one stands before the newest video.
func parseCursor(s string) (cursor, error) {
	if s == "" {
		return cursor{registered: math.MaxInt64}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return cursor{}, badCursor(err)
	}
	registered, id, _ := strings.Cut(string(text), " ")
	c := cursor{id: id}
	if c.registered, err = strconv.ParseInt(registered, 10, 64); err != nil {
		return cursor{}, badCursor(err)
	}
	if id == "" || c.String() != s { // one place has one form
		return cursor{}, badCursor(nil)
	}
	return c, nil
}

func badCursor(cause error) error {
	return &archive.FieldError{Field: "after", Problem: "no page ended there", Cure: "pass on the \"next\" of the page before, unaltered", Cause: cause}
}
