package main

import (
	"context"
	"fmt"
	"io"
	"iter"

	"videoteca/archive"
	"videoteca/archive/audit"
)

type checkCommand struct {
	ID         []string `arg:"" optional:"" help:"Ids of videos."`
	All        bool     `help:"Check every video."`
	FailOnLoss bool     `help:"Exit with 5 if a source checked is suspect or gone afterwards."`
}

// Run makes one audit.
func (ch checkCommand) Run(ctx context.Context, s *Settings, c console) error {
	if ch.All == (len(ch.ID) > 0) {
		return fmt.Errorf("%w: name videos, or --all", errUsage)
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	videos, err := ch.videos(ctx, n)
	if err != nil {
		return err
	}
	summary, err := n.auditor.Run(ctx, audit.Request{
		Videos: videos, Plan: audit.Plan{Scope: "named", Actor: "local"},
		Tell: func(p audit.Progress) { fmt.Fprintf(c.err, "%d sources asked\n", p.Asked) },
	})
	if err != nil {
		return err
	}
	if s.JSON {
		err = writeJSON(c.out, summary)
	} else {
		err = printSummary(c.out, summary)
	}
	if err != nil {
		return err
	}
	if ch.FailOnLoss && summary.States[archive.Suspect]+summary.States[archive.Gone] > 0 {
		return errLoss
	}
	return nil
}

// videos are those named, read from the store, or all.
func (ch checkCommand) videos(ctx context.Context, n *newsroom) (iter.Seq2[archive.Video, error], error) {
	if ch.All {
		if err := n.refresh(ctx); err != nil {
			return nil, err
		}
		return n.catalog.All(ctx), nil
	}
	var named []archive.Video
	for _, name := range ch.ID {
		id, err := archive.ParseVideoID(name)
		if err != nil {
			return nil, err
		}
		v, err := n.store.Video(ctx, id)
		if err != nil {
			return nil, err
		}
		named = append(named, v)
	}
	return func(yield func(archive.Video, error) bool) {
		for _, v := range named {
			if !yield(v, nil) {
				return
			}
		}
	}, nil
}

func printSummary(w io.Writer, s audit.Summary) error {
	fmt.Fprintf(w, "audit %s: %d videos, %d sources, %d answers in %d parts, %s\n",
		s.Audit, s.Videos, s.Sources, s.Observations, s.Parts, s.Ended.Sub(s.Started).Round(1e7))
	var rows [][]string
	for _, state := range []archive.State{archive.Live, archive.Limited, archive.Unchecked, archive.Suspect, archive.Gone} {
		if n := s.States[state]; n > 0 {
			rows = append(rows, []string{state.String(), fmt.Sprint(n)})
		}
	}
	if err := table(w, rows); err != nil {
		return err
	}
	if len(s.Changes) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	changes := [][]string{{"VIDEO", "SOURCE", "FROM", "TO", "WHY"}}
	for _, ch := range s.Changes {
		changes = append(changes, []string{string(ch.Video), ch.Source.String(), ch.From.String(), ch.To.String(), short(ch.Reason, 60)})
	}
	return table(w, changes)
}
