package oembed

import (
	"encoding/json"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"videoteca/archive"
)

// document is an oEmbed answer (oEmbed 1.0, section 2.3.4), and what Vimeo and
// Dailymotion document beyond it. A member of another kind than expected was not told.
type document struct {
	Type         text   `json:"type"`
	Version      text   `json:"version"`
	Title        text   `json:"title"`
	AuthorName   text   `json:"author_name"`
	AuthorURL    text   `json:"author_url"`
	HTML         text   `json:"html"` // only whether there is any
	Width        number `json:"width"`
	Height       number `json:"height"`
	ThumbnailURL text   `json:"thumbnail_url"`

	Seconds      number `json:"duration"`
	Description  text   `json:"description"`
	Uploaded     text   `json:"upload_date"`
	DomainStatus number `json:"domain_status_code"` // Vimeo: 403 where the video is limited to other sites
}

// parseDocument reads an answer whatever its content type says. ok is false for
// what is no oEmbed document: a web page, an error in JSON, a list.
func parseDocument(body []byte) (d document, ok bool) {
	if err := json.Unmarshal(body, &d); err != nil {
		return document{}, false
	}
	switch d.Type {
	case "video", "rich", "link", "photo":
		return d, d.Title != "" || d.HTML != "" || d.AuthorName != ""
	}
	return d, d.Version != "" && d.HTML != ""
}

// fields are what a document says. The size is that of a video alone: a post's
// is of the box around it.
func (d document) fields(t traits) archive.Fields {
	f := archive.Fields{Title: plain(d.Title, longestTitle), Channel: plain(d.AuthorName, longestTitle), ChannelURL: httpAddress(d.AuthorURL)}
	if d.Type == "video" {
		f.Width, f.Height = pixels(d.Width), pixels(d.Height)
	}
	if t.told {
		f.Seconds = length(d.Seconds)
		f.Description = plain(d.Description, longestDescription)
		f.Published = uploaded(string(d.Uploaded))
	}
	return f
}

// How much of a text is kept, in characters.
const (
	longestTitle       = 500
	longestDescription = 20_000
)

// plain is a text without control characters but line ends and tabs. Markup in it stays as it
// is: it is text, and whoever shows it escapes it.
func plain(s text, longest int) string {
	clean := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(s), "")))
	if runes := []rune(clean); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return clean
}

// httpAddress is an address that may become a link, or nothing.
func httpAddress(s text) string {
	u, err := url.Parse(string(s))
	if err != nil || u.Host == "" || u.User != nil || len(s) > longestAddress || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.String()
}

const (
	mostPixels  = 1 << 16         // 65,536: eight times 8K
	mostSeconds = 7 * 24 * 3600.0 // a week: more is a mistake
)

func pixels(n number) int {
	if n < 1 || n > mostPixels {
		return 0
	}
	return int(n)
}

func length(n number) float64 {
	if n <= 0 || n > mostSeconds {
		return 0
	}
	return float64(n)
}

// uploaded reads "2013-10-15 14:08:29". No zone is told; it is taken for UTC,
// which leaves the day right to within one.
func uploaded(s string) time.Time {
	t, err := time.Parse(time.DateTime, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// text is a JSON string, or a number as it is written; anything else is empty.
type text string

// UnmarshalJSON never fails: a member of a wrong kind must not lose the others.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = ""
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = text(s)
		return nil
	}
	var n json.Number
	if json.Unmarshal(data, &n) == nil {
		*t = text(n)
	}
	return nil
}

// number is a JSON number, or a string that holds one; anything else is 0.
type number float64

// UnmarshalJSON never fails, as text's.
func (n *number) UnmarshalJSON(data []byte) error {
	*n = 0
	f, err := strconv.ParseFloat(strings.Trim(string(data), `"`), 64)
	if err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
		*n = number(f)
	}
	return nil
}
