package embeds

import (
	"html/template"

	"videoteca/archive"
	"videoteca/internal/i18n"
)

// view is what every page shows of a video. The templates read it and decide nothing.
type view struct {
	texts *i18n.Catalog

	Lang   string
	Theme  string
	Style  template.CSS
	Script template.JS

	Watching bool // the watch page: title and shape stand outside the player
	Shape    string
	Title    phrase
	Warning  phrase
	Caption  []string
	CapLang  string
	Length   string
	Platform string // of the first candidate
	Poster   *poster
	Open     string // where the poster leads without a script
	Reason   string
	Facts    []fact
	Links    []link
	Player   *playerData // nil: the page is the card
}

// T is a text of the interface.
func (v view) T(id string, pairs ...any) string { return v.texts.Text(v.Lang, id, pairs...) }

func (r *Renderer) view(v archive.Video, o Options) view {
	lang := r.language(v, o)
	choice := Choose(v, o.Players)
	out := view{
		texts: r.texts, Lang: lang, Theme: o.Theme, Style: r.style.Text, Script: r.script.Text,
		Shape:   frameSize(v).shape(),
		Title:   titleOf(v, lang),
		Warning: phraseOf(v.ContentWarning, lang, v.DefaultLanguage),
		Length:  i18n.FormatLength(length(v)),
		Open:    o.url("/v/" + string(v.ID)),
	}
	caption, tag := v.Caption.In(lang, v.DefaultLanguage)
	out.Caption, out.CapLang = paragraphs(caption), validTag(tag)
	out.Poster = posterOf(v, o, out.T("player.poster", "Title", out.Title.Text), lang)
	out.Facts = out.facts(v)
	out.Reason = out.reason(choice)
	out.Links = out.links(choice.Places)
	if choice.Ending == EndingPlayer {
		out.Platform = choice.Candidates[0].Name()
		out.Player = out.player(v, o, choice.Candidates)
	}
	return out
}
