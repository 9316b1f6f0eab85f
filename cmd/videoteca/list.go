package main

import (
	"context"
	"fmt"

	"videoteca/archive"
	"videoteca/web"
)

type listCommand struct {
	Limit int    `default:"50" help:"At most this many videos."`
	After string `placeholder:"CURSOR" help:"The next page: what the page before gave as next."`
}

// Run lists a page of videos.
func (l listCommand) Run(ctx context.Context, s *Settings, c console) error {
	n, err := open(ctx, s, defaultPosters, c)
	if err != nil {
		return err
	}
	defer n.close()
	if err := n.refresh(ctx); err != nil {
		return err
	}
	page, err := n.catalog.List(ctx, archive.Query{After: l.After, Limit: l.Limit})
	if err != nil {
		return err
	}
	if s.JSON {
		return writeJSON(c.out, web.NewAPIVideoList(page, n.baseURL(ctx), ""))
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
