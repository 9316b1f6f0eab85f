package oembed

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"videoteca/archive"
)

// named is what an address names.
type named struct {
	id, page   string
	start, end int // seconds
}

// provider is what is one host's own: how its addresses are read and made.
type provider interface {
	// read finds what an address names. Somebody else's gets ErrNotRecognised,
	// one that names no single video ErrNotAVideo.
	read(u *url.URL) (named, error)
	// page is the address for people, made from the id alone; empty where the id is none.
	page(id string) string
	// endpoint answers for the id.
	endpoint(id string) string
}

// traits is how a provider differs from the specification and from others.
type traits struct {
	label   string
	kind    archive.PlayerKind
	origin  string     // of the player
	control string     // id of a video known to play
	query   url.Values // parameters beyond the specification's
	told    bool       // length, date and description are members of the answer, as documented by the provider
	sited   bool       // whether a video is shown depends on the site that asks, and what is not shown may look missing
	guessed bool       // the id alone does not name the page, whose path has an author's name too
}

// Adapter is one platform that speaks oEmbed. It is safe for concurrent use.
type Adapter struct {
	o        Options
	provider provider
	traits   traits
	asking   *http.Client // follows redirects within a host only
}

var (
	_ archive.Platform = (*Adapter)(nil)
	_ archive.Grouper  = (*Adapter)(nil)
)

// New wires an adapter. It asks no network. The error names the option that cannot be used.
func New(o Options) (*Adapter, error) {
	p, t, err := providerOf(o)
	if err != nil {
		return nil, err
	}
	return wire(o, p, t)
}

func wire(o Options, p provider, t traits) (*Adapter, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("oEmbed platform %q: %w", o.Name, err)
	}
	if o.Endpoint != "" {
		t.control = "" // the provider's own is unknown elsewhere
	}
	t.label = cmp.Or(o.Label, t.label)
	t.origin = cmp.Or(strings.ToLower(o.Origin), t.origin)
	t.control = cmp.Or(o.Control, t.control)
	if t.control != "" && p.page(t.control) == "" {
		return nil, fmt.Errorf("control of platform %s: %q is no id of %s", o.Name, t.control, o.Provider)
	}
	asking := &http.Client{Transport: o.HTTP.Transport, CheckRedirect: withinHost}
	return &Adapter{o: o, provider: p, traits: t, asking: asking}, nil
}

func providerOf(o Options) (provider, traits, error) {
	switch o.Provider {
	case Vimeo:
		return vimeo{}, vimeoTraits(), nil
	case Dailymotion:
		return dailymotion{}, dailymotionTraits(), nil
	case TikTok:
		return tiktok{}, traits{label: "TikTok", guessed: true}, nil
	case X:
		return xCom{}, traits{label: "X", guessed: true}, nil
	case PeerTube:
		return peerTube{origin: strings.ToLower(o.Origin)}, traits{label: "PeerTube", kind: archive.PlayerPeerTube}, nil
	}
	list, err := parseProviders()
	if err != nil {
		return nil, traits{}, err
	}
	for _, l := range list {
		if l.name == o.Provider {
			return l, traits{label: l.label}, nil
		}
	}
	return nil, traits{}, fmt.Errorf("oEmbed provider %q is not known", o.Provider)
}

// Platforms are all providers in the order in which they are to be asked:
// those with rules of their own, PeerTube, which is known by its paths on any
// host, and the provider list. Of shared, HTTP, UserAgent, Site, Program,
// Vantage, Now and Log are used.
func Platforms(shared Options) (archive.Platforms, error) {
	shared.Name, shared.Label, shared.Endpoint, shared.Origin, shared.Control = "", "", "", "", ""
	var all archive.Platforms
	for _, name := range []string{Vimeo, Dailymotion, TikTok, X, PeerTube} {
		shared.Provider = name
		a, err := New(shared)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	list, err := parseProviders()
	if err != nil {
		return nil, err
	}
	for _, l := range list {
		shared.Provider = l.name
		a, err := wire(shared, l, traits{label: l.label})
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// Name is the platform's name in records.
func (a *Adapter) Name() string { return a.o.Name }

// Player is the provider's own; of most it is the zero kind with a label, a link.
func (a *Adapter) Player() archive.Player {
	return archive.Player{Kind: a.traits.kind, Label: a.traits.label, Origin: a.traits.origin}
}

// Recognise reads any form of a video's address, with or without a scheme, and
// where to start and end.
func (a *Adapter) Recognise(address string) (archive.Reference, error) {
	u, err := parseAddress(address)
	if err != nil {
		return archive.Reference{}, err
	}
	got, err := a.provider.read(u)
	if err != nil {
		return archive.Reference{}, err
	}
	return archive.Reference{Key: a.key(got.id), URL: got.page, Start: got.start, End: got.end}, nil
}

func (a *Adapter) key(id string) archive.SourceKey {
	return archive.SourceKey{Platform: a.o.Name, ID: id}
}

// method is the name of the oEmbed method in observations.
func (a *Adapter) method() string { return "oembed." + a.o.Provider }

// endpoint is the address that answers for an id, without its query.
func (a *Adapter) endpoint(id string) string {
	if a.provider.page(id) == "" {
		return ""
	}
	return cmp.Or(a.o.Endpoint, a.provider.endpoint(id))
}
