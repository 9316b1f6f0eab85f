package archivetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
)

// basePage is what every page has.
type basePage struct {
	texts
	Language string
	Platform string
	Style    template.CSS
}

func (p *Platform) basePage(r *http.Request, style string) basePage {
	language := languageOf(r)
	return basePage{
		texts: p.views.texts[language], Language: language, Platform: p.o.Name,
		Style: template.CSS(source("page.css") + source(style)),
	}
}

// source is a file of the pages, which are part of the program.
func source(name string) string {
	body, err := pageFiles.ReadFile("pages/" + name)
	if err != nil {
		panic(err)
	}
	return string(body)
}

// render writes a whole page or none. The policy is a Content-Security-Policy
// to be added to the styles and pictures that every page may have.
func (p *Platform) render(w http.ResponseWriter, name, policy string, page any) {
	var out bytes.Buffer
	if err := p.views.pages.ExecuteTemplate(&out, name, page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; "+policy)
	write(w, out.Bytes())
}

// digestOf names an inline script in a Content-Security-Policy.
func digestOf(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

type watchPage struct {
	basePage
	Video       Video
	Unavailable bool
	Base        string
	WatchURL    string
	OEmbed      string // discovery address
	Player      string
	Picture     string
}

// watch answers 200 whether or not there is such a video, as the real pages do:
// a status check of it says nothing.
func (p *Platform) watch(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if id == "" {
		id = r.URL.Query().Get("v")
	}
	base, v := p.baseOf(r), p.seen(id)
	page := watchPage{
		basePage: p.basePage(r, "watch.css"), Video: v, Base: base,
		Unavailable: v.State.gone() || p.blockedHere(v), WatchURL: base + "/watch?v=" + url.QueryEscape(id),
	}
	if !page.Unavailable {
		page.OEmbed = base + "/oembed?format=json&url=" + url.QueryEscape(page.WatchURL)
		page.Player = "/embed/" + v.ID + "?" + ownPage + "&hl=" + page.Language
		page.Picture = thumbnailURL(base, v.ID, High)
	}
	p.render(w, "watch.html", "frame-src 'self'", page)
}

type channelView struct {
	basePage
	Channel Channel
	Videos  []Video
}

func (p *Platform) channelPage(w http.ResponseWriter, r *http.Request) {
	c, known := p.Channel(r.PathValue("id"))
	if !known || c.Closed {
		http.NotFound(w, r)
		return
	}
	page := channelView{basePage: p.basePage(r, "watch.css"), Channel: c}
	for _, v := range p.List() {
		if v.ChannelID == c.ID && !v.State.gone() && v.State != Unlisted {
			page.Videos = append(page.Videos, v)
		}
	}
	p.render(w, "channel.html", "", page)
}

// consent is where FaultConsent sends everybody; it answers 200 and is no answer.
func (p *Platform) consent(w http.ResponseWriter, r *http.Request) {
	p.render(w, "consent.html", "", p.basePage(r, "watch.css"))
}
