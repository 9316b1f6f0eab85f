package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"videoteca/archive"
	"videoteca/web"
)

type listCommand struct {
	Limit  int               `default:"50" help:"At most this many videos."`
	Search string            `placeholder:"WORDS" help:"Words that titles, captions, descriptions, channels or labels must have; or an id or address, whole."`
	Filter map[string]string `placeholder:"KIND=VALUE" help:"Condition, such as state=gone, tag=ONU or event=2019-09; see docs/search.md. May be given several times."`
	After  string            `placeholder:"CURSOR" help:"The next page: what the page before gave as next."`
}

// Run lists a page of videos.
func (l listCommand) Run(ctx context.Context, s *Settings, c console) error {
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	if err := n.refresh(ctx); err != nil {
		return err
	}
	q, err := l.query()
	if err != nil {
		return err
	}
	page, err := n.catalog.List(ctx, q)
	if err != nil {
		return err
	}
	if s.JSON {
		base, err := n.baseURL()
		if err != nil {
			return err
		}
		return writeJSON(c.out, web.NewAPIVideoList(page, base, ""))
	}
	rows := [][]string{{"ID", "STATE", "REGISTERED", "TITLE"}}
	for _, v := range page.Videos {
		api := web.NewAPIVideo(v, "", "")
		rows = append(rows, []string{api.ID, api.State, when(v.Created), short(api.Title, 70)})
	}
	if err := table(c.out, rows); err != nil {
		return err
	}
	if page.Next != "" {
		fmt.Fprintf(c.out, "\nmore: videoteca list --after %s\n", page.Next)
	}
	return nil
}

func (l listCommand) query() (archive.Query, error) {
	v := url.Values{"q": {l.Search}, "after": {l.After}}
	for kind, value := range l.Filter {
		if !slices.Contains(archive.FilterKinds(), kind) {
			return archive.Query{}, fmt.Errorf("%w: --filter: %q is none of %s", errUsage, kind, strings.Join(archive.FilterKinds(), ", "))
		}
		v.Set(kind, value)
	}
	q, err := archive.ParseQuery(v)
	if err != nil {
		return q, fmt.Errorf("%w: --filter: %w", errUsage, err)
	}
	q.Limit = l.Limit
	return q, nil
}

// reindexCommand reads the whole store into the catalog anew.
type reindexCommand struct{}

// Run reads every record, whatever the catalog has of it.
func (reindexCommand) Run(ctx context.Context, s *Settings, c console) error {
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	if n.away != nil {
		return n.away
	}
	filled, err := n.catalog.Reindex(ctx, origin{n.store}, n.progress(ctx))
	if err != nil {
		return err
	}
	if _, err := n.catalog.ReindexArticles(ctx, origin{n.store}); err != nil {
		return err
	}
	if s.JSON {
		return writeJSON(c.out, filled)
	}
	fmt.Fprintf(c.out, "%s read, %d could not be read, %d removed\n", plural(int64(filled.Read), "video", "videos"), filled.Failed, filled.Removed)
	return nil
}
