package embeds

import (
	"encoding/xml"
	"fmt"
	"strings"

	"videoteca/archive"
)

// oembedVersion is the only one there is; consumers compare it as a string.
const oembedVersion = "1.0"

// OEmbedRequest is what a consumer asks beside the address.
type OEmbedRequest struct {
	MaxWidth  int    // pixels; 0: no limit
	MaxHeight int    // pixels; 0: no limit
	Format    string // "json", "xml"; empty: json
	Quoted    bool   // put a link in a quotation before the frame, as WordPress wants it
}

// oembedAnswer is an answer of type video as https://oembed.com/ defines it. The
// type is video and never rich, which several consumers ignore.
type oembedAnswer struct {
	XMLName         xml.Name `json:"-" xml:"oembed"`
	Type            string   `json:"type" xml:"type"`
	Version         string   `json:"version" xml:"version"`
	Title           string   `json:"title" xml:"title"`
	AuthorName      string   `json:"author_name,omitempty" xml:"author_name,omitempty"`
	AuthorURL       string   `json:"author_url,omitempty" xml:"author_url,omitempty"`
	ProviderName    string   `json:"provider_name" xml:"provider_name"`
	ProviderURL     string   `json:"provider_url" xml:"provider_url"`
	CacheAge        int      `json:"cache_age" xml:"cache_age"` // seconds
	ThumbnailURL    string   `json:"thumbnail_url,omitempty" xml:"thumbnail_url,omitempty"`
	ThumbnailWidth  int      `json:"thumbnail_width,omitempty" xml:"thumbnail_width,omitempty"`
	ThumbnailHeight int      `json:"thumbnail_height,omitempty" xml:"thumbnail_height,omitempty"`
	HTML            string   `json:"html" xml:"html"`
	Width           int      `json:"width" xml:"width"`
	Height          int      `json:"height" xml:"height"`
}

// OEmbed answers an oEmbed request for a video: status 501 for a format that is
// not JSON or XML, 404 for a video that the public does not get.
func (r *Renderer) OEmbed(v archive.Video, o Options, q OEmbedRequest) (Document, error) {
	if q.Format != "" && q.Format != "json" && q.Format != "xml" {
		return jsonDocument(501, problem{Title: "the formats are json and xml", Status: 501})
	}
	if v.Visibility.Hidden(o.Now) || withdrawn(v) {
		return jsonDocument(404, problem{Title: r.texts.Text(r.Language(o), "message.notFound"), Status: 404})
	}
	answer, err := r.oembed(v, o, q)
	if err != nil {
		return Document{}, err
	}
	if q.Format != "xml" {
		return jsonDocument(200, answer)
	}
	body, err := xml.MarshalIndent(answer, "", "  ")
	if err != nil {
		return Document{}, fmt.Errorf("writing oEmbed of %s: %w", v.ID, err)
	}
	return Document{Status: 200, Header: dataHeader("text/xml; charset=utf-8"), Body: append([]byte(xml.Header), append(body, '\n')...)}, nil
}

func (r *Renderer) oembed(v archive.Video, o Options, q OEmbedRequest) (oembedAnswer, error) {
	at := snippetSize(v, o).within(q.MaxWidth, q.MaxHeight)
	f := r.frame(v, o, at)
	f.Quoted = q.Quoted
	html, err := r.render("oembed.snippet", f)
	if err != nil {
		return oembedAnswer{}, err
	}
	told := described(v)
	answer := oembedAnswer{
		Type: "video", Version: oembedVersion,
		Title:        titleOf(v, r.language(v, o)).Text,
		AuthorName:   line(told.Channel),
		ProviderName: "Videoteca", ProviderURL: o.url("/"),
		CacheAge: 3600, // an hour: the markup stays good, title and poster may change
		HTML:     strings.TrimSpace(string(html)), Width: at.width, Height: at.height,
	}
	if _, ok := originOf(told.ChannelURL); ok && answer.AuthorName != "" {
		answer.AuthorURL = told.ChannelURL
	}
	answer.thumbnail(v, o, q)
	return answer, nil
}

// thumbnail sets all three fields, to the largest poster that fits, or none.
func (a *oembedAnswer) thumbnail(v archive.Video, o Options, q OEmbedRequest) {
	for _, p := range publicPosters(v, o) {
		if (q.MaxWidth > 0 && p.Width > q.MaxWidth) || (q.MaxHeight > 0 && p.Height > q.MaxHeight) {
			continue
		}
		a.ThumbnailURL, a.ThumbnailWidth, a.ThumbnailHeight = p.URL, p.Width, p.Height
	}
}
