package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

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
		Tell: func(p audit.Progress) { fmt.Fprintf(c.err, "%s asked\n", plural(int64(p.Asked), "source", "sources")) },
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
	name := "audit " + s.Audit
	if s.Audit == "" {
		name = "dry run"
	}
	fmt.Fprintf(w, "%s: %s, %s, %s in %s, %s\n",
		name, plural(int64(s.Videos), "video", "videos"), plural(int64(s.Sources), "source", "sources"),
		plural(int64(s.Observations), "answer", "answers"), plural(int64(s.Parts), "part", "parts"), s.Ended.Sub(s.Started).Round(1e7))
	var rows [][]string
	for _, state := range []archive.State{archive.Live, archive.Limited, archive.Unchecked, archive.Suspect, archive.Gone} {
		if n := s.States[state]; n > 0 {
			rows = append(rows, []string{state.String(), fmt.Sprint(n)})
		}
	}
	if err := table(w, rows); err != nil {
		return err
	}
	for _, line := range doubts(s) {
		fmt.Fprintln(w, line)
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

// doubts are what makes an audit's answers worth less than they look, a line each.
func doubts(s audit.Summary) []string {
	var lines []string
	for _, platform := range slices.Sorted(maps.Keys(s.Guards)) {
		if g := s.Guards[platform]; g.Up {
			lines = append(lines, fmt.Sprintf("the guard is up on %s: %d of %d sources turned bad within its time, so bad answers are held", platform, g.Turning, g.Sources))
		}
	}
	if n := s.Verdicts[archive.SaysHeld]; n > 0 {
		lines = append(lines, plural(int64(n), "round is held, and changes nothing", "rounds are held, and change nothing")+"; `videoteca release` lets those count that are true")
	}
	if s.Skewed > 0 {
		lines = append(lines, plural(int64(s.Skewed), "answer came", "answers came")+" with a clock more than 60 s off ours; look at this machine's first. Where it is half an hour, nothing is made of them")
	}
	if s.Failed > 0 {
		lines = append(lines, plural(int64(s.Failed), "record", "records")+" could not be written; the log says why, and the next audit judges again")
	}
	return lines
}
