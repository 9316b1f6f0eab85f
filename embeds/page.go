package embeds

import (
	"html/template"

	"videoteca/archive"
)

// Page is the embed page, /e/{id}: the poster that becomes a player when it is
// clicked, or the preserved card where nothing can be played. It fills whatever
// frame it is put into. A withdrawn or erased video gets the explanation and no
// media; an embargoed one is not known.
func (r *Renderer) Page(v archive.Video, o Options) (Document, error) {
	if v.Visibility.Hidden(o.Now) {
		return r.NotFound(o)
	}
	if withdrawn(v) {
		return r.withdrawn(v, o)
	}
	page := r.view(v, o)
	body, err := r.render("embed.html", page)
	if err != nil {
		return Document{}, err
	}
	return Document{Status: 200, Header: r.header(page.Lang, Candidates(v, o.Players)), Body: body}, nil
}

// withdrawn reports whether readers get an explanation instead of the video.
func withdrawn(v archive.Video) bool {
	return v.Visibility.Exposure == archive.Withdrawn || v.Visibility.Exposure == archive.Erased
}

// notice is a page that has something to say and nothing to show.
type notice struct {
	Lang     string
	Theme    string
	Style    template.CSS
	Title    string
	Text     []string
	TextLang string
}

func (r *Renderer) withdrawn(v archive.Video, o Options) (Document, error) {
	return r.noticePage(200, r.withdrawal(v, o))
}

// withdrawal is what readers are told of a withdrawn video. What was said of an
// erased one is erased with it.
func (r *Renderer) withdrawal(v archive.Video, o Options) notice {
	lang := r.language(v, o)
	n := r.notice(lang, "withdrawn", o)
	explanation, tag := v.Explanation.In(lang, v.DefaultLanguage)
	if own := paragraphs(explanation); len(own) > 0 && v.Visibility.Exposure == archive.Withdrawn {
		n.Text, n.TextLang = own, validTag(tag)
	}
	return n
}

// NotFound is the page of an id that names no video, status 404.
func (r *Renderer) NotFound(o Options) (Document, error) {
	return r.noticePage(404, r.notice(r.texts.Match(o.Language), "notFound", o))
}

// Unavailable is the page for when nobody could be asked whether there is such
// a video, status 503; the sender may be asked again in a few seconds.
func (r *Renderer) Unavailable(o Options) (Document, error) {
	d, err := r.noticePage(503, r.notice(r.texts.Match(o.Language), "unavailable", o))
	if err == nil {
		d.Header["Retry-After"] = "5" // seconds: as long as an absent id is remembered at most
	}
	return d, err
}

func (r *Renderer) notice(lang, id string, o Options) notice {
	return notice{
		Lang: lang, Theme: o.Theme, Style: r.style.Text,
		Title: r.texts.Text(lang, "message."+id),
		Text:  []string{r.texts.Text(lang, "message."+id+"Text")},
	}
}

func (r *Renderer) noticePage(status int, n notice) (Document, error) {
	body, err := r.render("notice.html", n)
	if err != nil {
		return Document{}, err
	}
	return Document{Status: status, Header: r.header(n.Lang, nil), Body: body}, nil
}
