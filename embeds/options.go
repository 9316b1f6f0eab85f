package embeds

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"videoteca/archive"
)

// Options is what a page depends on beside the video. The zero value renders
// English pages with relative addresses and no players.
type Options struct {
	BaseURL  string    // public address of this installation, without a slash at its end
	Language string    // BCP 47, of the interface; empty: the video's default language, else English
	Now      time.Time // for embargoes; the zero time is before all of them
	Theme    string    // ThemeLight, ThemeDark, or empty: as the reader's system has it

	Players map[string]archive.Player // by name of the platform

	Start int // seconds; 0: where the source was registered to start
	End   int // seconds; 0: where the source was registered to end

	HasPoster    bool  // whether /p/{id}/{width}.jpg answers for this video
	PosterWidths []int // pixels, ascending; empty: DefaultPosterWidths

	Reports bool // whether player errors are posted to /e/{id}/trouble
}

// Themes of a page.
const (
	ThemeLight = "light"
	ThemeDark  = "dark"
)

// DefaultPosterWidths are the widths, in pixels, that posters are made in.
func DefaultPosterWidths() []int { return []int{320, 640, 960, 1280} }

func (o Options) widths() []int {
	if len(o.PosterWidths) == 0 {
		return DefaultPosterWidths()
	}
	return slices.Sorted(slices.Values(o.PosterWidths))
}

// url is the absolute public address of a path such as "/v/7k3mzq9x0abd".
func (o Options) url(path string) string { return strings.TrimSuffix(o.BaseURL, "/") + path }

// local is the same address for use inside our own pages: without the host, so
// that a page loads its poster from the alias it was asked under.
func (o Options) local(path string) string {
	base, err := url.Parse(o.BaseURL)
	if err != nil {
		return path
	}
	return strings.TrimSuffix(base.Path, "/") + path
}

// Loopback reports whether the base URL works on this computer alone.
func (o Options) Loopback() bool {
	base, err := url.Parse(o.BaseURL)
	if err != nil {
		return false
	}
	host := base.Hostname()
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// clip is the part of a source to be played: what the page was asked for, else
// what the source was registered with.
func (o Options) clip(s archive.Source) clip {
	part := clip{start: s.Start, end: s.End}
	if o.Start > 0 || o.End > 0 {
		part = clip{start: o.Start, end: o.End}
	}
	if part.end > 0 && part.end <= part.start {
		part.end = 0
	}
	return part
}

// longestClip bounds start and end in seconds: four weeks is longer than any video.
const longestClip = 28 * 24 * 60 * 60

// ParseQuery reads what a page's address may ask for: start and end in seconds,
// lang as a BCP 47 tag, theme as light or dark. What it cannot read it leaves
// out, since an address in an article must go on working whatever was added to it.
func ParseQuery(q url.Values) Options {
	var o Options
	o.Start, o.End = seconds(q.Get("start")), seconds(q.Get("end"))
	if o.End <= o.Start {
		o.End = 0
	}
	if lang := q.Get("lang"); len(lang) <= longestTag && archive.ValidLanguage(lang) {
		o.Language = lang
	}
	if theme := q.Get("theme"); theme == ThemeLight || theme == ThemeDark {
		o.Theme = theme
	}
	return o
}

// longestTag is what RFC 5646, 4.4.1, asks implementations to have room for.
const longestTag = 35

func seconds(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > longestClip {
		return 0
	}
	return n
}

// query is the address part that ParseQuery reads back; empty where nothing is asked.
func (o Options) query() string {
	q := url.Values{}
	if o.Start > 0 {
		q.Set("start", strconv.Itoa(o.Start))
	}
	if o.End > 0 {
		q.Set("end", strconv.Itoa(o.End))
	}
	if o.Language != "" {
		q.Set("lang", o.Language)
	}
	if o.Theme != "" {
		q.Set("theme", o.Theme)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}
