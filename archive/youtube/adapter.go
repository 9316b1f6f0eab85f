package youtube

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"

	"videoteca/archive"
)

// Adapter is one instance of a platform that speaks like YouTube. It is safe
// for concurrent use.
type Adapter struct {
	o      Options
	budget *budget
	learnt atomic.Pointer[string] // id of the control video's channel, as the API names it
	vouch  voucher
}

var (
	_ archive.Platform      = (*Adapter)(nil)
	_ archive.ChannelProber = (*Adapter)(nil)
)

var platformName = regexp.MustCompile(`^[a-z0-9-]+$`)

// New wires an adapter. It asks no network. The error names the option that cannot be used.
func New(o Options) (*Adapter, error) {
	o = o.withDefaults()
	if !platformName.MatchString(o.Name) {
		return nil, fmt.Errorf("platform name %q: use a-z, 0-9 and hyphens", o.Name)
	}
	for _, b := range []struct{ option, address string }{
		{"APIBase", o.APIBase}, {"OEmbedBase", o.OEmbedBase}, {"ThumbnailBase", o.ThumbnailBase},
		{"WatchBase", o.WatchBase}, {"FeedBase", o.FeedBase}, {"PlayerBase", o.PlayerBase},
	} {
		if err := checkBase(b.address); err != nil {
			return nil, fmt.Errorf("%s of platform %s: %w", b.option, o.Name, err)
		}
	}
	if !strings.HasSuffix(o.APIBase, "/") {
		o.APIBase += "/" // the client resolves its paths against it
	}
	if o.Control != "" && !wholeID.MatchString(o.Control) {
		return nil, fmt.Errorf("control of platform %s: %q is no video id", o.Name, o.Control)
	}
	return &Adapter{o: o, budget: newBudget(o.Quota, o.Now, o.Log)}, nil
}

func checkBase(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%q is not an http or https address", address)
	}
	if u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("%q has more than a scheme, a host and a path", address)
	}
	return nil
}

// Name is the platform's name in records.
func (a *Adapter) Name() string { return a.o.Name }

// Player is the iframe player at PlayerBase.
func (a *Adapter) Player() archive.Player {
	return archive.Player{Kind: archive.PlayerYouTube, Label: a.o.Label, Origin: originOf(a.o.PlayerBase)}
}

func (a *Adapter) watchURL(id string) string {
	return a.o.WatchBase + "?v=" + url.QueryEscape(id)
}

func (a *Adapter) key(id string) archive.SourceKey {
	return archive.SourceKey{Platform: a.o.Name, ID: id}
}

// hostOf is the host and port of an address, empty where it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// originOf is the scheme and host of an address that checkBase has passed.
func originOf(address string) string {
	scheme, _, _ := strings.Cut(address, "://")
	return strings.ToLower(scheme) + "://" + hostOf(address)
}
