package embeds

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

// Options is what a page depends on beside the video. The zero value renders
// English pages with relative addresses and no players.
type Options struct {
	Asked

	BaseURL  string                    // public address of this installation, without a slash at its end
	Reader   string                    // Accept-Language, heeded where no language is asked for
	Relative string                    // the way from a page to the top of the tree that it stands in, such as ".."; empty: from the root of BaseURL
	Static   bool                      // the page is a file among files, and nothing here can be asked anything
	Now      time.Time                 // for embargoes and rights; the zero time is before all of them
	Players  map[string]archive.Player // by name of the platform

	HasPoster    bool  // whether /p/{id}/{width}.jpg answers for this video
	PosterWidths []int // pixels, ascending; empty: DefaultPosterWidths

	Reports   bool     // whether player errors are posted to /e/{id}/trouble
	Ancestors []string // origins that may frame the pages; empty: all
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
	if o.Relative != "" {
		return o.Relative + path
	}
	base, err := url.Parse(o.BaseURL)
	if err != nil {
		return path
	}
	return strings.TrimSuffix(base.Path, "/") + path
}

// absolute is o for what stands in pages of other people.
func (o Options) absolute() Options {
	o.Relative = strings.TrimSuffix(o.BaseURL, "/")
	return o
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

// framedBy is o with the sites that the video names, where it names any.
func (o Options) framedBy(v archive.Video) Options {
	if len(v.Sites) > 0 {
		o.Ancestors = v.Sites
	}
	return o
}

// clip is the part of a source to be played, in seconds; zero is from the start, to the end.
type clip struct{ start, end int }

// clip is what the page was asked for, else what the source was registered with.
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
