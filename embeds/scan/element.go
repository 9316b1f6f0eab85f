package scan

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// element is a start tag.
type element struct {
	name       string
	attributes map[string]string
}

// get returns the first of the attributes that has a value.
func (e element) get(names ...string) string {
	for _, name := range names {
		if v := strings.TrimSpace(e.attributes[name]); v != "" {
			return v
		}
	}
	return ""
}

func (e element) label() string {
	return e.get("title", "playlabel", "videotitle", "aria-label", "data-title", "alt")
}

// embedded looks at an element that may be a player, or stand in for one.
func (r *reader) embedded(e element) {
	switch e.name {
	case "iframe", "amp-iframe":
		r.frame(e)
	case "embed", "amp-video", "video", "source", "youtube-video", "vimeo-video", "media-player", "hls-video":
		r.offer(Player, e.get("src", "data-src"), e.label())
	case "object":
		r.offer(Player, e.get("data"), e.label())
	case "param":
		if name := strings.ToLower(e.get("name")); name == "movie" || name == "src" {
			r.offer(Player, e.get("value"), "")
		}
	}
	r.stand(e)
}

// frame reads a frame, also one whose address a script puts in place later.
func (r *reader) frame(e element) {
	known := false
	for _, name := range []string{"src", "data-src", "data-lazy-src", "data-litespeed-src", "data-cmp-src", "data-cookieblock-src", "data-original", "data-url"} {
		if address := e.get(name); address != "" && r.offer(Player, address, e.label()) >= 0 {
			known = true
		}
	}
	if inner := e.attributes["srcdoc"]; inner != "" && r.depth < deepest {
		r.read([]byte(inner), r.depth+1)
		known = true
	}
	if address := e.get("src"); !known && address != "" && !strings.HasPrefix(address, "about:") {
		r.stranger(address)
	}
}

// The ids that stand-ins name. YouTube's have 11 characters, Vimeo's are numbers,
// Dailymotion's begin with an x or k.
var (
	youtubeID     = regexp.MustCompile(`^[A-Za-z0-9_-]{11}$`)
	vimeoID       = regexp.MustCompile(`^[0-9]{5,12}$`)
	dailymotionID = regexp.MustCompile(`^[xk][A-Za-z0-9]{5,18}$`)
)

// host is how a platform is named in markup, and how its ids become addresses.
type host struct {
	name    string
	id      *regexp.Regexp
	address func(id string) string
}

func hosts() []host {
	return []host{
		{"youtube", youtubeID, func(id string) string { return "https://www.youtube.com/watch?v=" + id }},
		{"vimeo", vimeoID, func(id string) string { return "https://vimeo.com/" + id }},
		{"dailymotion", dailymotionID, func(id string) string { return "https://www.dailymotion.com/video/" + id }},
	}
}

// idAttributes are those that hold a bare id on elements that name their platform elsewhere:
// lite-youtube and lite-vimeo (videoid), AMP (data-videoid), Plyr (data-plyr-embed-id),
// WP Rocket (data-id), and the usual hand-made ones.
const idAttributes = "videoid video-id data-videoid data-video-id data-plyr-embed-id data-embed-id data-embed data-id data-video data-code"

// stand sees stand-ins: elements that name a platform and an id, and attributes of scripts that hold
// whole addresses, in JSON too.
func (r *reader) stand(e element) {
	named := strings.ToLower(e.name + " " + e.attributes["class"] + " " + e.attributes["data-plyr-provider"] + " " + e.attributes["data-type"] + " " + e.attributes["data-provider"])
	for _, h := range hosts() {
		id := e.get("data-"+h.name+"-id", "data-"+h.name, "data-"+h.name+"-video-id")
		if id == "" && h.name == "youtube" {
			id = e.get("data-ytid", "data-yt-id", "data-yt")
		}
		if id == "" && strings.Contains(named, h.name) {
			id = e.get(strings.Fields(idAttributes)...)
		}
		if h.id.MatchString(id) {
			r.offer(Facade, h.address(id)+begin(e), e.label())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.attributes)) {
		value := e.attributes[name]
		switch {
		case name == "style", e.name == "img" && name == "src":
			r.thumbnails(value)
		case e.name == "iframe", e.name == "amp-iframe": // read already
		case strings.HasPrefix(name, "data-"):
			r.addresses(Facade, value, e.label())
			r.thumbnails(value)
		}
	}
}

// begin carries over the second at which a stand-in begins, as its player's parameters have it.
func begin(e element) string {
	start := e.get("videostartat", "data-start", "data-param-start")
	if q, err := url.ParseQuery(html.UnescapeString(e.get("params", "data-params", "data-query"))); err == nil && start == "" {
		start = q.Get("start")
	}
	if start == "" || strings.Trim(start, "0123456789") != "" || len(start) > 6 || e.name == "lite-vimeo" {
		return ""
	}
	return "&t=" + start
}
