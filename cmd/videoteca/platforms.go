package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"videoteca/archive"
	"videoteca/archive/oembed"
	"videoteca/archive/webfile"
	"videoteca/archive/youtube"
	"videoteca/internal/pace"
	"videoteca/internal/safehttp"
	"videoteca/internal/webpage"
)

// fetcher is the one client for addresses that came from outside.
func (s *Settings) fetcher(program string) (*http.Client, error) {
	if err := safehttp.CheckAllow(s.allowed()); err != nil {
		return nil, fmt.Errorf("%w: --allow-address: %w", errUsage, err)
	}
	return safehttp.New(safehttp.Options{Allow: s.allowed(), AllowedBy: "--allow-address", UserAgent: userAgent(program)}), nil
}

// allowed are the addresses named by --allow-address, and those of --youtube-like:
// who names a platform means it to be fetched.
func (s *Settings) allowed() []string {
	list := slices.Clone(s.AllowAddress)
	for _, like := range s.likes {
		list = append(list, like.Hosts...)
	}
	for _, like := range s.YoutubeLike {
		if _, base, ok := strings.Cut(like, "="); ok {
			if u, err := url.Parse(base); err == nil && u.Host != "" {
				list = append(list, u.Host)
			}
		}
	}
	return list
}

func userAgent(program string) string {
	return strings.Replace(program, " ", "/", 1) + " (a newsroom's video archive; checks whether the videos in its articles are still there)"
}

// platforms are YouTube, those that speak like it, plain files, and those that speak oEmbed.
func (s *Settings) platforms(b build, quota youtube.QuotaCounter, log *slog.Logger) (archive.Platforms, error) {
	client, err := s.fetcher(b.program())
	if err != nil {
		return nil, err
	}
	key, err := s.youtubeKey()
	if err != nil {
		return nil, err
	}
	client.Transport = s.paced(client.Transport, log)
	list := []youtube.Options{{Key: key, Control: s.YoutubeControl, Quota: quota}}
	for _, like := range s.YoutubeLike {
		o, err := likeYouTube(like)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	list = append(list, s.likes...)
	var platforms archive.Platforms
	for _, o := range list {
		o.HTTP, o.UserAgent, o.Program, o.Vantage, o.Log = client, userAgent(b.program()), b.program(), s.Vantage, log
		adapter, err := youtube.New(o)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errUsage, err)
		}
		platforms = append(platforms, adapter)
	}
	// Plain files come before the list, where some hosts claim every address.
	platforms = append(platforms, webfile.New(webfile.Options{HTTP: client, Vantage: s.Vantage, Program: b.program(), Log: log}))
	listed, err := oembed.Platforms(oembed.Options{HTTP: client, UserAgent: userAgent(b.program()), Program: b.program(), Vantage: s.Vantage, Log: log})
	if err != nil {
		return nil, fmt.Errorf("reading the list of oEmbed providers: %w", err)
	}
	return withoutTwins(append(platforms, listed...))
}

// articles reads the pages of articles, guarded and with manners like everything that came from outside.
func (s *Settings) articles(b build, log *slog.Logger) (webpage.Reader, error) {
	client, err := s.fetcher(b.program())
	if err != nil {
		return webpage.Reader{}, err
	}
	client.Transport = s.paced(client.Transport, log)
	return webpage.Reader{Client: client}, nil
}

// paced holds every host to the manners of a guest. Those that were named by hand are one's own,
// and have no need of them.
func (s *Settings) paced(next http.RoundTripper, log *slog.Logger) http.RoundTripper {
	guest := pace.New(pace.Options{Next: next, PerSecond: s.HostPace, Ours: func(err error) bool { return errors.Is(err, safehttp.ErrRefused) }, Log: log})
	own := map[string]bool{}
	for _, host := range s.allowed() {
		own[host] = true
	}
	return byHost(func(r *http.Request) http.RoundTripper {
		if own[r.URL.Host] {
			return next
		}
		return guest
	})
}

// byHost chooses how to send each request.
type byHost func(*http.Request) http.RoundTripper

// RoundTrip implements http.RoundTripper.
func (b byHost) RoundTrip(r *http.Request) (*http.Response, error) { return b(r).RoundTrip(r) }

// withoutTwins refuses two platforms of one name: the records of one would be asked of the other.
func withoutTwins(platforms archive.Platforms) (archive.Platforms, error) {
	named := map[string]bool{}
	for _, p := range platforms {
		if named[p.Name()] {
			return nil, fmt.Errorf("%w: --youtube-like: there is a platform called %s already; choose another name", errUsage, p.Name())
		}
		named[p.Name()] = true
	}
	return platforms, nil
}

var platformName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)

// likeYouTube reads NAME=URL, or NAME=URL#CONTROL with the id of a video known to be there.
func likeYouTube(s string) (youtube.Options, error) {
	name, base, ok := strings.Cut(s, "=")
	base, control, _ := strings.Cut(base, "#")
	u, err := url.Parse(base)
	if !ok || err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" {
		return youtube.Options{}, fmt.Errorf("%w: --youtube-like %q: write NAME=URL with scheme and host alone, as maketube=http://127.0.0.1:8090", errUsage, s)
	}
	if !platformName.MatchString(name) || name == "youtube" || name == webfile.Name {
		return youtube.Options{}, fmt.Errorf("%w: --youtube-like %q: the name is kept in records for ever; use 2 to 31 of a-z, 0-9 and hyphen, and neither youtube nor %s", errUsage, s, webfile.Name)
	}
	return youtube.At(name, name, base, control), nil
}

// players says how readers' browsers play each platform.
func players(platforms archive.Platforms) map[string]archive.Player {
	m := map[string]archive.Player{}
	for _, p := range platforms {
		m[p.Name()] = p.Player()
	}
	return m
}
