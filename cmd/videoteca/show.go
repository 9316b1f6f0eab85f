package main

import (
	"context"
	"fmt"
	"io"

	"videoteca/archive"
	"videoteca/web"
)

type showCommand struct {
	ID string `arg:"" help:"Id of the video."`
}

// Run shows one video, as the store has it.
func (sh showCommand) Run(ctx context.Context, s *Settings, c console) error {
	id, err := archive.ParseVideoID(sh.ID)
	if err != nil {
		return err
	}
	n, err := open(ctx, s, defaultPosters, c)
	if err != nil {
		return err
	}
	defer n.close()
	v, err := n.store.Video(ctx, id)
	if err != nil {
		return err
	}
	if s.JSON {
		return writeJSON(c.out, web.NewAPIVideo(v, n.baseURL(ctx), ""))
	}
	return printVideo(c.out, v)
}

func printVideo(w io.Writer, v archive.Video) error {
	title, _ := v.DisplayTitle("")
	rows := [][]string{
		{"id", string(v.ID)}, {"title", title}, {"event date", string(v.EventDate)},
		{"registered", when(v.Created)}, {"changed", when(v.Updated) + fmt.Sprintf(" (revision %d)", v.Revision)},
	}
	if err := table(w, rows); err != nil {
		return err
	}
	fmt.Fprintln(w)
	sources := [][]string{{"SOURCE", "STATE", "OUTCOME", "LAST GOOD", "FIRST BAD", "LAST ASKED", "WHY"}}
	for _, s := range v.Sources {
		outcome := string(s.Standing.Outcome)
		if outcome == "" {
			outcome = "-"
		}
		sources = append(sources, []string{
			s.SourceKey.String(), s.Standing.State.String(), outcome,
			when(s.Standing.LastGood), when(s.Standing.FirstBad), when(s.Standing.LastRound), short(s.Standing.Reason, 60),
		})
	}
	return table(w, sources)
}
