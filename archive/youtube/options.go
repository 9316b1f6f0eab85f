package youtube

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// Methods, as observations name them.
const (
	MethodList      = "youtube.videos.list"
	MethodOEmbed    = "youtube.oembed"
	MethodThumbnail = "youtube.thumbnail"
	MethodChannels  = "youtube.channels.list"
	MethodFeed      = "youtube.feed"
)

// ErrQuota says that the day's quota of the Data API is used up.
var ErrQuota = errors.New("the day's quota is used up")

// QuotaCounter counts what the Data API is asked in a day, for all processes
// that share a key. It is safe for concurrent use.
type QuotaCounter interface {
	// Spend notes units about to be used. It returns ErrQuota (wrapped) when the
	// day has none left; nothing is asked then. After any other error the call
	// goes ahead uncounted: the API holds its own limit, and a counter that cannot
	// be reached must not blind the audit.
	Spend(ctx context.Context, units int) error

	// Gone notes that the API itself said that the day has no units left, which then holds for all
	// processes until the day ends.
	Gone(ctx context.Context) error
}

// Options configures an Adapter. The zero value is YouTube itself without a key.
type Options struct {
	Name  string // of the platform in records; empty: "youtube"
	Label string // for readers; empty: "YouTube"

	// Hosts are the exact hosts, with the port where there is one, of the addresses
	// to be recognised. Empty: YouTube's own family of hosts.
	Hosts []string

	// Addresses, http or https. Empty ones are YouTube's.
	APIBase       string // above youtube/v3/
	OEmbedBase    string // the endpoint itself
	ThumbnailBase string // above ID/SIZE.jpg
	WatchBase     string // the page, before ?v=ID
	FeedBase      string // of channels, before ?channel_id=ID
	PlayerBase    string // above ID

	Key     string // of the Data API; empty: the API is not asked
	Control string // id of a video known to play; empty: YouTube's oldest, for other instances none
	// ControlChannel is the id of a channel known to be there; empty: that of YouTube's own
	// control, for other instances the one that the API names as the control video's.
	ControlChannel string
	Quota          QuotaCounter // nil: unlimited, until the API says that the day's quota is gone

	HTTP      *http.Client      // whose Transport sends the requests; nil: Transport is used
	Transport http.RoundTripper // nil: http.DefaultTransport
	UserAgent string            // empty: Program and what it is for

	Program string           // name and version, for observations
	Vantage string           // where the requests come from, for observations
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: discarded
}

// YouTube's own addresses, and the first video ever uploaded to it.
const (
	ownName      = "youtube"
	ownLabel     = "YouTube"
	ownAPI       = "https://youtube.googleapis.com/"
	ownOEmbed    = "https://www.youtube.com/oembed"
	ownThumbnail = "https://i.ytimg.com/vi"
	ownWatch     = "https://www.youtube.com/watch"
	ownFeed      = "https://www.youtube.com/feeds/videos.xml"
	ownPlayer    = "https://www.youtube-nocookie.com/embed"
	ownControl   = "jNQXAC9IVRw"              // 23 April 2005
	ownChannel   = "UC4QobU6STFB0P71PMvOGN5A" // of the control
)

// At is the options of an instance all of whose addresses lie under base, a
// scheme and a host such as "http://video.localhost:8090".
func At(name, label, base, control string) Options {
	return Options{
		Name: name, Label: label, Hosts: []string{hostOf(base)},
		APIBase: base + "/", OEmbedBase: base + "/oembed", ThumbnailBase: base + "/vi",
		WatchBase: base + "/watch", FeedBase: base + "/feeds/videos.xml", PlayerBase: base + "/embed", Control: control,
	}
}

// withDefaults fills what is empty.
func (o Options) withDefaults() Options {
	if o.ControlChannel == "" && o.WatchBase == "" && (o.Control == "" || o.Control == ownControl) {
		o.ControlChannel = ownChannel
	}
	if o.Control == "" && o.WatchBase == "" {
		o.Control = ownControl
	}
	for _, f := range []struct {
		field    *string
		standard string
	}{
		{&o.Name, ownName}, {&o.Label, ownLabel},
		{&o.APIBase, ownAPI}, {&o.OEmbedBase, ownOEmbed}, {&o.ThumbnailBase, ownThumbnail},
		{&o.WatchBase, ownWatch}, {&o.FeedBase, ownFeed}, {&o.PlayerBase, ownPlayer},
		{&o.UserAgent, agentOf(o.Program)},
	} {
		if *f.field == "" {
			*f.field = f.standard
		}
	}
	if o.HTTP != nil && o.HTTP.Transport != nil {
		o.Transport = o.HTTP.Transport
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// agentOf tells the asked what asks and what for.
func agentOf(program string) string {
	if program == "" {
		program = "Videoteca"
	}
	return program + " (a newsroom's video archive, checking whether the videos in its articles are still there)"
}
