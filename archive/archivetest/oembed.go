package archivetest

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
)

// oembedAnswer is oEmbed's answer for a video, with the fields that YouTube sends.
type oembedAnswer struct {
	Title           string `json:"title"`
	AuthorName      string `json:"author_name"`
	AuthorURL       string `json:"author_url"`
	Type            string `json:"type"`
	Height          int    `json:"height"`
	Width           int    `json:"width"`
	Version         string `json:"version"`
	ProviderName    string `json:"provider_name"`
	ProviderURL     string `json:"provider_url"`
	ThumbnailHeight int    `json:"thumbnail_height"`
	ThumbnailWidth  int    `json:"thumbnail_width"`
	ThumbnailURL    string `json:"thumbnail_url"`
	HTML            string `json:"html"`
}

// oembed speaks JSON alone: 501 for another format, as the specification has it.
func (p *Platform) oembed(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if f := q.Get("format"); f != "" && f != "json" {
		http.Error(w, "Not Implemented", http.StatusNotImplemented)
		return
	}
	id, err := p.named(q.Get("url"), r)
	switch {
	case errors.Is(err, errOtherHost):
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	case err != nil:
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return
	}
	v := p.seen(id)
	if code := v.State.oembedStatus(); code != http.StatusOK {
		http.Error(w, http.StatusText(code), code)
		return
	}
	writeJSON(w, http.StatusOK, p.oembedOf(v, p.baseOf(r), q))
}

// named is the id in an address under the public host or that of the request.
func (p *Platform) named(address string, r *http.Request) (string, error) {
	id, err := videoIDOf(address, hostOf(p.baseOf(r)))
	if errors.Is(err, errOtherHost) {
		return videoIDOf(address, r.Host)
	}
	return id, err
}

func (p *Platform) oembedOf(v Video, base string, q url.Values) oembedAnswer {
	width, height := boxed(v.Vertical, bound(q.Get("maxwidth")), bound(q.Get("maxheight")))
	thumbnail := High
	if len(v.Largest.andSmaller()) < len(High.andSmaller()) {
		thumbnail = v.Largest
	}
	shape := thumbnail.shape()
	return oembedAnswer{
		Title: v.Title, AuthorName: v.ChannelTitle, AuthorURL: base + "/channel/" + url.PathEscape(v.ChannelID),
		Type: "video", Width: width, Height: height, Version: "1.0",
		ProviderName: p.o.Name, ProviderURL: base + "/",
		ThumbnailWidth: shape.X, ThumbnailHeight: shape.Y, ThumbnailURL: thumbnailURL(base, v.ID, thumbnail),
		HTML: fmt.Sprintf(`<iframe width="%d" height="%d" src="%s/embed/%s?feature=oembed" frameborder="0" `+
			`allow="accelerometer; autoplay; clipboard-write; encrypted-media; gyroscope; picture-in-picture; web-share" `+
			`referrerpolicy="strict-origin-when-cross-origin" allowfullscreen title="%s"></iframe>`,
			width, height, base, v.ID, html.EscapeString(v.Title)),
	}
}

// Without bounds YouTube answers 200 wide, and a vertical video 200 high.
const bareSide = 200

// boxed is the largest player of the video's shape within the bounds, 0 being none.
func boxed(vertical bool, maxWidth, maxHeight int) (width, height int) {
	across, down := 16, 9
	if vertical {
		across, down = 9, 16
	}
	switch {
	case maxWidth == 0 && maxHeight == 0 && vertical:
		maxHeight = bareSide
	case maxWidth == 0 && maxHeight == 0:
		maxWidth = bareSide
	}
	if maxHeight == 0 || maxWidth != 0 && maxWidth*down <= maxHeight*across {
		return maxWidth, (maxWidth*down + across/2) / across
	}
	return (maxHeight*across + down/2) / down, maxHeight
}

// bound reads maxwidth or maxheight; what is no sensible number is ignored.
func bound(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 10_000 {
		return 0
	}
	return n
}
