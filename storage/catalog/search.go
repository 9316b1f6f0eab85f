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
