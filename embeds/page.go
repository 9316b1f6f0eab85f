package embeds

import (
	"fmt"
	"html/template"
	"net/url"

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
	page := embedPage{r.view(v, o), o.oembed(v.ID, "json"), o.oembed(v.ID, "xml")}
	body, err := r.render("embed.html", page)
	if err != nil {
		return Document{}, err
	}
	header := r.header(page.Lang, Choose(v, o).Candidates, o.framedBy(v))
	header["Link"] = o.discovery(v.ID)
	return Document{Status: 200, Header: header, Body: body}, nil
}

// discovery are the links by which consumers of oEmbed find their answers.
func (o Options) discovery(id archive.VideoID) string {
	return fmt.Sprintf(`<%s>; rel="alternate"; type="application/json+oembed", <%s>; rel="alternate"; type="text/xml+oembed"`, o.oembed(id, "json"), o.oembed(id, "xml"))
}

// oembed is the address of the oEmbed answer for the video as asked.
func (o Options) oembed(id archive.VideoID, format string) string {
	if o.Static {
		return ""
	}
	return o.url("/oembed?format=" + format + "&url=" + url.QueryEscape(o.url("/v/"+string(id)+o.Query())))
}

// embedPage is what the embed page shows beside the player.
type embedPage struct {
	view
	OEmbedJSON string
	OEmbedXML  string
}

// withdrawn reports whether readers get an explanation instead of the video.
func withdrawn(v archive.Video) bool {
	return v.Visibility.Exposure == archive.Withdrawn || v.Visibility.Exposure == archive.Erased
}

// notice is a page that has something to say and nothing to show.
type notice struct {
	Lang   string
	Theme  string
	Style  template.CSS
	Script template.JS // of a page that is sent without headers
	Title  string
	Text   prose
	Policy string // for a page that is sent without headers
}

func (r *Renderer) withdrawn(v archive.Video, o Options) (Document, error) {
	return r.noticePage(200, r.withdrawal(v, o), o)
}

// withdrawal is what readers are told of a withdrawn video. What was said of an
// erased one is erased with it.
func (r *Renderer) withdrawal(v archive.Video, o Options) notice {
	lang := r.language(v, o)
	n := r.notice(lang, "withdrawn", o)
	own := proseOf(v.Explanation, lang, v.DefaultLanguage)
	if len(own.Paragraphs) > 0 && v.Visibility.Exposure == archive.Withdrawn {
		n.Text = own
	}
	return n
}

// NotFound is the page of an id that names no video, status 404.
func (r *Renderer) NotFound(o Options) (Document, error) {
	return r.noticePage(404, r.notice(r.Language(o), "notFound", o), o)
}

// Unavailable is the page for when nobody could be asked whether there is such
// a video, status 503; the sender may be asked again in a few seconds.
func (r *Renderer) Unavailable(o Options) (Document, error) {
	d, err := r.noticePage(503, r.notice(r.Language(o), "unavailable", o), o)
	if err == nil {
		d.Header["Retry-After"] = "5" // seconds: as long as an absent id is remembered at most
	}
	return d, err
}

func (r *Renderer) notice(lang, id string, o Options) notice {
	return notice{
		Lang: lang, Theme: o.Theme, Style: r.style.Text,
		Title: r.texts.Text(lang, "message."+id),
		Text:  prose{Paragraphs: []string{r.texts.Text(lang, "message."+id+"Text")}},
	}
}

func (r *Renderer) noticePage(status int, n notice, o Options) (Document, error) {
	if o.Static {
		n.Policy, n.Script = r.policy(nil, o), r.file.Text
	}
	body, err := r.render("notice.html", n)
	if err != nil {
		return Document{}, err
	}
	return Document{Status: status, Header: r.header(n.Lang, nil, o), Body: body}, nil
}
