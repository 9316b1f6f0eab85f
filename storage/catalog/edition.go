package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const (
	selectEdition        = "SELECT revision, etag FROM videos WHERE id = ?"
	selectArticleEdition = "SELECT revision, etag FROM articles WHERE id = ?"
)

// edition is which form of a record a row has.
type edition struct {
	revision int64
	etag     string
}

// values are those of an edition for a statement. Nil ones are equal to no row's.
func (e *edition) values() (revision, etag any) {
	if e == nil {
		return nil, nil
	}
	return e.revision, e.etag
}

// edition reads which form of a record the catalog has; nil where it has none. Whoever reads a record from the store
// afterwards may let it replace that edition, whatever the revisions, and no other: a row that is altered meanwhile has a
// form that the store got later.
func (c *Catalog) edition(ctx context.Context, query, id string) (*edition, error) {
	var e edition
	err := c.reader.QueryRowContext(ctx, query, id).Scan(&e.revision, &e.etag)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading which form of a record the catalog has: %w", err)
	}
	return &e, nil
}
