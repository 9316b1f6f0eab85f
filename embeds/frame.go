package embeds

import (
	"fmt"
	"html/template"

	"videoteca/archive"
)

// defaultWidth is the width of a snippet in pixels before styles stretch it.
const defaultWidth = 640

// tallWidth is the same for vertical videos, which at 640 would not fit a screen.
const tallWidth = 360

// snippetSize is how large a video is shown where nobody says otherwise.
func snippetSize(v archive.Video) size {
	shape := frameSize(v)
	if shape.ratio() < 0.9 {
		return shape.atWidth(tallWidth)
	}
	return shape.atWidth(defaultWidth)
}

// frame is what the templates of snippets read.
type frame struct {
	Address string
	Watch   string
	Lang    string
	Title   phrase
	Caption []string
	CapLang string
	Allow   string
	Width   int
	Height  int
	Style   template.CSS
	Poster  *poster
	Label   string
	Warning string
}

func (r *Renderer) frame(v archive.Video, o Options, at size) frame {
	lang := r.language(v, o)
	caption, tag := v.Caption.In(lang, v.DefaultLanguage)
	f := frame{
		Address: o.url("/e/"+string(v.ID)) + o.query(),
		Watch:   o.url("/v/" + string(v.ID)),
		Lang:    lang, Title: titleOf(v, lang), Caption: paragraphs(caption), CapLang: validTag(tag),
		Allow: PlayerAllow, Width: at.width, Height: at.height,
		Style: frameStyle(frameSize(v)),
		Label: r.texts.Text(lang, "snippet.watch"),
	}
	if p := posterOf(v, o, r.texts.Text(lang, "player.poster", "Title", f.Title.Text), lang); p != nil {
		p.Src = o.url(PosterPath(v.ID, nearestWidth(o.widths(), defaultWidth)))
		f.Poster = p
	}
	if o.Loopback() {
		f.Warning = r.texts.Text(lang, "snippet.loopback", "Address", o.BaseURL)
	}
	return f
}

// frameStyle lets a frame shrink with its column and keeps its shape. A vertical
// video gets a limit, or it would be higher than a screen.
func frameStyle(shape size) template.CSS {
	limit := ""
	if shape.ratio() < 0.9 {
		limit = fmt.Sprintf("max-width:%dpx;", tallWidth)
	}
	low := shape.reduced()
	return template.CSS(fmt.Sprintf("display:block;width:100%%;%sheight:auto;aspect-ratio:%d/%d;border:0", limit, low.width, low.height)) // numbers only
}
