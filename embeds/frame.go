package embeds

import (
	"fmt"
	"html/template"
	"strings"

	"videoteca/archive"
)

// defaultWidth is the width of a snippet in pixels before styles stretch it.
const defaultWidth = 640

// tallWidth is the same for vertical videos, which at 640 would not fit a screen.
const tallWidth = 360

// snippetSize is how large a video is shown where nobody says otherwise.
func snippetSize(v archive.Video, o Options) size {
	shape := shapeOf(v, o)
	if shape.ratio() < 0.9 {
		return shape.atWidth(tallWidth)
	}
	return shape.atWidth(defaultWidth)
}

// frame is what the templates of snippets read.
type frame struct {
	Address string // of the embed page, as asked
	Watch   string // of the watch page, as asked
	Script  string // of embed.js
	Lang    string // of the article
	Title   phrase
	Caption prose
	Warned  phrase // the content warning
	Warn    string // what stands before it
	Allow   string
	Width   int
	Height  int
	Frame   template.CSS
	Image   template.CSS
	Poster  poster
	Label   string
	Warning string
	Quoted  bool // for WordPress, which listens to a frame only if a quotation stands before it
}

func (r *Renderer) frame(v archive.Video, o Options, at size) frame {
	lang := r.language(v, o)
	o.Language = lang // so that the frame speaks as the article does
	shape := shapeOf(v, o)
	f := frame{
		Address: o.url("/e/"+string(v.ID)) + o.Query(), Watch: o.watch(v.ID), Script: o.url("/embed.js"),
		Lang: lang, Title: titleOf(v, lang), Caption: proseOf(v.Caption, lang, v.DefaultLanguage),
		Warned: phraseOf(v.ContentWarning, lang, v.DefaultLanguage), Warn: r.texts.Text(lang, "watch.warning"),
		Allow: PlayerAllow, Width: at.width, Height: at.height,
		Frame: frameStyle(shape), Image: imageStyle(shape),
		Label: r.texts.Text(lang, "snippet.watch"),
	}
	f.Poster = *posterOf(v, o.absolute().posterAlways(), r.texts.Text(lang, "player.poster", "Title", f.Title.Text), lang)
	if o.Loopback() {
		f.Warning = r.texts.Text(lang, "snippet.loopback", "Address", o.BaseURL)
	}
	return f
}

// posterAlways is o for markup that outlives the present: a video without a
// picture may get one, and until then its address answers with a stand-in.
func (o Options) posterAlways() Options {
	o.HasPoster = true
	return o
}

// frameStyle lets a frame shrink with its column and keeps its shape.
func frameStyle(shape size) template.CSS {
	return style("display:block;width:100%", limit(shape), "height:auto", "aspect-ratio:"+slashed(shape), "border:0")
}

// imageStyle gives a poster the shape that the player will have in its place, so
// that nothing moves when it comes.
func imageStyle(shape size) template.CSS {
	return style("display:block;width:100%", limit(shape), "height:auto", "aspect-ratio:"+slashed(shape), "object-fit:cover")
}

// limit keeps a vertical video from being higher than a screen.
func limit(shape size) string {
	if shape.ratio() < 0.9 {
		return fmt.Sprintf("max-width:%dpx", tallWidth)
	}
	return ""
}

func slashed(shape size) string {
	low := shape.reduced()
	return fmt.Sprintf("%d/%d", low.width, low.height)
}

// style joins declarations, which are ours and numbers alone.
func style(declarations ...string) template.CSS {
	var out []string
	for _, d := range declarations {
		if d != "" {
			out = append(out, d)
		}
	}
	return template.CSS(strings.Join(out, ";"))
}
