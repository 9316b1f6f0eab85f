package main

import (
	"context"
	"fmt"
	"strings"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/web"
)

type snippetCommand struct {
	ID       string `arg:"" help:"Id of the video."`
	Form     string `enum:"frame,static,all" default:"frame" help:"Form of the markup: frame, static or all."`
	Language string `placeholder:"TAG" help:"Language of the embed's interface, BCP 47."`
}

// Run prints the markup. It is made with the base URL that the store keeps.
func (sn snippetCommand) Run(ctx context.Context, s *Settings, c console) error {
	id, err := archive.ParseVideoID(sn.ID)
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
	renderer, err := embeds.New()
	if err != nil {
		return err
	}
	_, hasPoster := v.Poster()
	snippets, err := renderer.Snippets(v, embeds.Options{BaseURL: n.baseURL(ctx), Language: sn.Language, Players: players(n.platforms), HasPoster: hasPoster})
	if err != nil {
		return err
	}
	return sn.print(s, c, snippets)
}

func (sn snippetCommand) print(s *Settings, c console, snippets []embeds.Snippet) error {
	var chosen []embeds.Snippet
	for _, snippet := range snippets {
		if sn.Form == "all" || snippet.Kind == sn.Form {
			chosen = append(chosen, snippet)
		}
	}
	if s.JSON {
		return writeJSON(c.out, web.APISnippetList{Items: chosen})
	}
	for _, snippet := range chosen {
		if snippet.Warning != "" {
			fmt.Fprintln(c.err, "warning:", snippet.Warning)
		}
		fmt.Fprintln(c.out, strings.TrimSpace(snippet.HTML))
	}
	return nil
}
