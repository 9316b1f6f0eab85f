package oembed

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// Providers with rules of their own. Any other Options.Provider is a name in
// the provider list.
const (
	Vimeo       = "vimeo"
	Dailymotion = "dailymotion"
	TikTok      = "tiktok"
	X           = "x"
	PeerTube    = "peertube"
)

// Options configure an Adapter. Provider and HTTP are required.
type Options struct {
	Provider string // one of the constants above, or a name in the provider list
	Name     string // of the platform in records; empty: Provider
	Label    string // for readers; empty: the provider's own

	// HTTP must be guarded (safehttp.New): endpoints, hosts and thumbnails
	// come from outside. It must have a Transport, since the default one is not guarded.
	HTTP      *http.Client
	UserAgent string // empty: that of HTTP

	Endpoint string // of oEmbed, http or https; empty: the provider's own. PeerTube has Origin instead
	Origin   string // scheme and host of the player; empty: the provider's own. Of PeerTube: the one host that is recognised; empty: any
	Control  string // id of a video known to play; empty: Vimeo's own at its own endpoint, elsewhere none

	// Site is the address of the newsroom's own site, sent to Vimeo as Referer: it
	// shows videos that are limited to some sites to these alone. Empty: none is sent.
	Site string

	Program string           // name and version, for observations
	Vantage string           // where the requests come from, for observations
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: discarded
}

var platformName = regexp.MustCompile(`^[a-z0-9-]+$`)

// check says which option cannot be used.
func (o Options) check() error {
	if o.HTTP == nil || o.HTTP.Transport == nil {
		return errors.New("HTTP: a guarded client is required, since addresses come from outside")
	}
	if !platformName.MatchString(o.Name) {
		return fmt.Errorf("name %q: use a-z, 0-9 and hyphens", o.Name)
	}
	if o.Provider == PeerTube && o.Endpoint != "" {
		return errors.New("the endpoint follows from Origin")
	}
	if err := checkAddress(o.Endpoint); err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	if err := checkAddress(o.Site); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	if err := checkAddress(o.Origin); err != nil {
		return fmt.Errorf("origin: %w", err)
	}
	if u, err := url.Parse(o.Origin); err != nil || u.Path != "" || u.RawQuery != "" {
		return fmt.Errorf("origin: %q is more than a scheme and a host", o.Origin)
	}
	return nil
}

// checkAddress refuses what is neither empty nor an http or https address.
func checkAddress(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%q is not an http or https address", address)
	}
	return nil
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = o.Provider
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
