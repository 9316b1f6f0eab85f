package embeds

import (
	"html/template"

	"videoteca/archive"
	"videoteca/internal/i18n"
)

// view is what every page shows of a video. The templates read it and decide nothing.
type view struct {
	texts *i18n.Catalog
	ratio size

	Lang   string
	Theme  string
	Style  template.CSS
	Script template.JS
	Policy string // for a page that is sent without headers; empty otherwise

	Watching bool // the watch page: title and shape stand outside the player
	Shape    string
	Title    phrase
	Caption  prose
	Length   string
	Poster   *poster
	Open     string // where the poster leads without a script
	Stage    Stage
}

// T is a text of the interface.
func (v view) T(id string, pairs ...any) string { return v.texts.Text(v.Lang, id, pairs...) }

func (r *Renderer) view(v archive.Video, o Options) view {
	lang := r.language(v, o)
	choice := Choose(v, o)
	out := view{
		texts: r.texts, Lang: lang, Theme: o.Theme, Style: r.style.Text, Script: r.scriptOf(o).Text,
		ratio:   shapeOf(v, o),
		Title:   titleOf(v, lang),
		Caption: proseOf(v.Caption, lang, v.DefaultLanguage),
		Length:  i18n.FormatLength(length(v)),
		Open:    o.watch(v.ID),
	}
	out.Shape = out.ratio.shape()
	out.Poster = posterOf(v, o, out.T("player.poster", "Title", out.Title.Text), lang)
	out.Stage = out.stage(v, o, choice)
	if o.Static {
		out.Policy = r.policy(choice.Candidates, o)
	}
	return out
}
