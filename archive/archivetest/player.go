package archivetest

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// ownPage marks a player in the platform's own watch page, where neither
// embedding nor age stands in the way.
const ownPage = "context=watch"

// playerPage is the page of the player.
type playerPage struct {
	basePage
	Title  string
	Error  int    // of onError; 0: it plays
	Reason string // for people, where it does not
	Data   playerData
	Script template.JS
}

// playerData is what the player's script reads.
type playerData struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	API      bool     `json:"api"`    // enablejsapi=1: it talks to the page around it
	Origin   string   `json:"origin"` // to which messages go; "*" where the address names none
	Silent   bool     `json:"silent"`
	Error    int      `json:"error"`
	Waits    bool     `json:"waits"` // scheduled: it does not begin
	Autoplay bool     `json:"autoplay"`
	Start    float64  `json:"start"`    // s
	End      float64  `json:"end"`      // s
	Duration float64  `json:"duration"` // s
	Vertical bool     `json:"vertical"`
	Texts    texts    `json:"texts"`
	Scene    roomData `json:"scene"`
}

type roomData struct {
	Top    string      `json:"top"`
	Bottom string      `json:"bottom"`
	Shapes []shapeData `json:"shapes"`
}

type shapeData struct {
	D     string  `json:"d"`
	Fill  string  `json:"fill"`
	Depth float64 `json:"depth"`
}

// player is the page in an article's frame. The request's Referer and the
// video's state decide whether it plays; the answer is 200 in any case.
func (p *Platform) player(w http.ResponseWriter, r *http.Request) {
	v := p.seen(r.PathValue("id"))
	code, reason := p.trouble(v, r)
	if v.State.gone() {
		v.Title = "" // nobody is told what it was
	}
	page := playerPage{basePage: p.basePage(r, "player.css"), Title: v.Title, Error: code}
	page.Data = p.playerDataOf(v, r.URL.Query())
	page.Data.Error, page.Data.Silent = code, p.Fault() == FaultSilentPlayer
	if code != 0 {
		page.Reason, page.Data.Scene = page.T(reason), roomData{}
	}
	page.Data.Texts = texts{}
	for _, key := range []string{"play", "pause", "mute", "unmute", "seek"} {
		page.Data.Texts[key] = page.T(key)
	}
	script := source("player.js")
	page.Script = template.JS(script)
	p.render(w, "player.html", "script-src "+digestOf(script), page)
}

// trouble is the player's error code and the key of the text that people read; 0: it plays.
func (p *Platform) trouble(v Video, r *http.Request) (code int, reason string) {
	switch {
	case !wholeID.MatchString(v.ID):
		return errorParameter, "player-2"
	case r.Referer() == "":
		return errorReferer, "player-153"
	case v.State == RegionBlocked && !p.blockedHere(v):
		return 0, ""
	case (v.State == EmbeddingOff || v.State == AgeRestricted) && p.inOwnPage(r):
		return 0, ""
	}
	return v.State.playerError(), "player-" + string(v.State)
}

// blockedHere reports whether the viewer's region does not get the video.
func (p *Platform) blockedHere(v Video) bool {
	return v.State == RegionBlockedEverywhere || v.State == RegionBlocked && slices.Contains(p.blockedRegions(v), p.o.Region)
}

func (p *Platform) inOwnPage(r *http.Request) bool {
	from, err := url.Parse(r.Referer())
	return err == nil && from.Host == r.Host && strings.Contains(r.URL.RawQuery, ownPage)
}

func (p *Platform) playerDataOf(v Video, q url.Values) playerData {
	d := playerData{
		ID: v.ID, Title: v.Title, API: q.Get("enablejsapi") == "1", Origin: targetOf(q.Get("origin")),
		Waits: v.State == Scheduled, Autoplay: q.Get("autoplay") == "1", Vertical: v.Vertical,
		Duration: v.Duration.Seconds(), Start: seconds(q.Get("start")), End: seconds(q.Get("end")),
	}
	if d.Start >= d.Duration {
		d.Start = 0
	}
	if d.End <= d.Start || d.End > d.Duration {
		d.End = d.Duration
	}
	if c, err := parseColor(v.Color); err == nil {
		d.Scene = roomOf(v.Scene, c).data()
	}
	return d
}

// targetOf is the origin to post to. What is no origin would throw in the
// browser; then everybody is told, as without one.
func targetOf(origin string) string {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "*"
	}
	return fmt.Sprintf("%s://%s", u.Scheme, u.Host)
}

func seconds(s string) float64 {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return float64(n)
}

func (r room) data() roomData {
	d := roomData{Top: css(r.top), Bottom: css(r.bottom)}
	for _, s := range r.shapes {
		d.Shapes = append(d.Shapes, shapeData{D: s.svg(), Fill: css(s.fill), Depth: s.depth})
	}
	return d
}
