package main

import (
	"context"
	"fmt"
	"io"

	"videoteca/archive"
	"videoteca/internal/i18n"
	"videoteca/web"
)

type showCommand struct {
	ID string `arg:"" help:"Id of the video."`
}

// Run shows one video as the store has it, and when its sources were heard since.
func (sh showCommand) Run(ctx context.Context, s *Settings, c console) error {
	id, err := archive.ParseVideoID(sh.ID)
	if err != nil {
		return err
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	v, err := n.store.Video(ctx, id)
	if err != nil {
		return err
	}
	return n.print(ctx, s, c, v)
}

// print shows a video, with what was heard of its sources since the record was written.
func (n *newsroom) print(ctx context.Context, s *Settings, c console, v archive.Video) error {
	v, err := n.catalog.Heard(ctx, v)
	if err != nil {
		return err
	}
	if !s.JSON {
		return printVideo(c.out, v)
	}
	base, err := n.baseURL()
	if err != nil {
		return err
	}
	return writeJSON(c.out, web.NewAPIVideo(v, base, ""))
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
			s.SourceKey.String(), s.State().String(), outcome,
			when(s.Standing.LastGood), when(s.Standing.FirstBad), when(s.Standing.LastRound), short(s.Standing.Reason, 60),
		})
	}
	if err := table(w, sources); err != nil {
		return err
	}
	printRulings(w, v)
	return printFiles(w, v)
}

// printRulings says which states are a person's word, and what the answers make of these sources.
func printRulings(w io.Writer, v archive.Video) {
	for _, s := range v.Sources {
		if o := s.Overrule; o != nil {
			fmt.Fprintf(w, "%s is %s by %s's ruling (%s, %s); computed: %s\n", s.SourceKey, o.As, oneLine(o.By), oneLine(o.Reason), when(o.At), s.Standing.State)
		}
	}
}

// printFiles lists what the newsroom holds itself.
func printFiles(w io.Writer, v archive.Video) error {
	files := [][]string{{"FILE", "SIZE", "RIGHTS OR LANGUAGE", "DIGEST"}}
	for _, held := range v.Copies {
		rights := held.Rights.URI + held.Rights.Text
		files = append(files, []string{"copy " + held.File.Type, i18n.FormatBytes(held.File.Bytes), short(rights, 60), short(held.File.Digest, 16)})
	}
	for _, held := range v.Captions {
		files = append(files, []string{"captions", i18n.FormatBytes(held.File.Bytes), held.Language, short(held.File.Digest, 16)})
	}
	if p := v.Picture; p != nil {
		files = append(files, []string{"poster " + p.Type, i18n.FormatBytes(p.Bytes), "", short(p.Digest, 16)})
	}
	if len(files) == 1 {
		return nil
	}
	fmt.Fprintln(w)
	return table(w, files)
}
