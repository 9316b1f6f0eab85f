package scan

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// addressIn finds addresses within other text. Slashes may be escaped as PHP's json_encode does.
var addressIn = regexp.MustCompile(`https?:\\?/\\?/[^\s"'<>\x60{}|^]+`)

// addresses offers every address in a text.
func (r *reader) addresses(form Form, text, label string) {
	if strings.HasPrefix(text, "//") {
		r.offer(form, text, label)
		return
	}
	if !strings.Contains(text, "http") {
		return
	}
	for _, address := range addressIn.FindAllString(text, mostFound) {
		address = strings.NewReplacer(`\/`, "/", `\u0026`, "&", `&amp;`, "&").Replace(address)
		r.offer(form, strings.TrimRight(address, `\,.;)]`), label)
	}
}

// thumbnail is where YouTube keeps pictures of videos.
var thumbnail = regexp.MustCompile(`(?:i[0-9]?\.ytimg\.com|img\.youtube\.com)\\?/(?:vi|vi_webp|an_webp)\\?/([A-Za-z0-9_-]{11})\\?/`)

func (r *reader) thumbnails(text string) {
	for _, m := range thumbnail.FindAllStringSubmatch(text, mostFound) {
		r.offer(Picture, "https://www.youtube.com/watch?v="+m[1], "")
	}
}

// comment reads the blocks of WordPress's editor, which stand in what an author saves:
// <!-- wp:embed {"url":"https://…"} /-->.
func (r *reader) comment(text string) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "wp:") || !strings.Contains(text, "embed") && !strings.HasPrefix(text, "wp:video") {
		return
	}
	r.addresses(Address, text, "")
}

// playerCall is how pages make a player by YouTube's IFrame API: new YT.Player("x", {videoId: "…"}).
var playerCall = regexp.MustCompile(`["']?videoId["']?\s*:\s*["']([A-Za-z0-9_-]{11})["']`)

func (r *reader) script(text string) {
	switch {
	case r.kind == "application/ld+json":
		r.structured(text)
	case strings.Contains(text, "YT.Player"):
		for _, m := range playerCall.FindAllStringSubmatch(text, mostFound) {
			r.offer(Facade, "https://www.youtube.com/watch?v="+m[1], "")
		}
	}
}

// structured reads JSON-LD for schema.org's VideoObject, wherever in the document it stands.
func (r *reader) structured(text string) {
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return
	}
	r.objects(value, 0)
}

// nested bounds how deep JSON-LD is followed.
const nested = 32

func (r *reader) objects(value any, depth int) {
	if depth > nested {
		return
	}
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			r.objects(one, depth+1)
		}
	case map[string]any:
		if isVideo(v["@type"]) {
			name, _ := v["name"].(string)
			for _, property := range []string{"embedUrl", "contentUrl", "url"} {
				if address, ok := v[property].(string); ok && r.offer(Metadata, address, name) >= 0 {
					break
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			r.objects(v[name], depth+1)
		}
	}
}

func isVideo(kind any) bool {
	switch k := kind.(type) {
	case string:
		return k == "VideoObject" || strings.HasSuffix(k, "/VideoObject")
	case []any:
		for _, one := range k {
			if isVideo(one) {
				return true
			}
		}
	}
	return false
}

// meta reads what a page says of itself.
func (r *reader) meta(e element) {
	if r.depth > 0 {
		return
	}
	d := &r.document
	rel := " " + strings.ToLower(e.get("rel")) + " "
	if strings.Contains(rel, " canonical ") && d.Canonical == "" {
		d.Canonical = r.resolve(e.get("href"))
	}
	switch strings.ToLower(e.get("property", "name", "itemprop")) {
	case "og:title":
		d.Title = label(e.get("content"))
	case "og:video", "og:video:url", "og:video:secure_url", "twitter:player", "embedurl", "contenturl":
		r.offer(Metadata, e.get("content", "href"), "")
	}
}
