package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/web"
)

type snippetCommand struct {
	ID       string `arg:"" help:"Id of the video."`
	Form     string `enum:"article,wordpress,frame,static,markdown,oembed,jsonld,all" default:"article" help:"Form of the markup: article, wordpress, frame, static, markdown, oembed, jsonld or all."`
	Start    string `placeholder:"SECONDS" help:"Where to begin."`
	End      string `placeholder:"SECONDS" help:"Where to end."`
	Captions string `placeholder:"TAG" help:"Captions to show from the beginning, BCP 47."`
	Language string `name:"lang" aliases:"language" env:"VIDEOTECA_LANG,VIDEOTECA_LANGUAGE" placeholder:"TAG" help:"Language of the article and of the embed's interface, BCP 47."`
	Theme    string `placeholder:"THEME" help:"light or dark, where the reader's own is not to be followed."`
	Ratio    string `placeholder:"W:H" help:"16:9, 9:16, 4:3 or 1:1."`
	Prefer   string `placeholder:"WHICH" help:"source or copy: which is offered first."`
}

func (sn snippetCommand) asked() (embeds.Asked, error) {
	return embeds.CheckQuery(url.Values{
		"start": {sn.Start}, "end": {sn.End}, "captions": {sn.Captions}, "lang": {sn.Language},
		"theme": {sn.Theme}, "ratio": {sn.Ratio}, "prefer": {sn.Prefer},
	})
}

// Run prints the markup. It is made with the base URL that the store keeps.
func (sn snippetCommand) Run(ctx context.Context, s *Settings, c console) error {
	id, err := archive.ParseVideoID(sn.ID)
	if err != nil {
		return err
	}
	asked, err := sn.asked()
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
	base, err := n.baseURL()
	if err != nil {
		return err
	}
	renderer, err := embeds.New()
	if err != nil {
		return err
	}
	snippets, err := renderer.Snippets(v, embeds.Options{Asked: asked, BaseURL: base, Now: time.Now(), Players: players(n.platforms)})
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
