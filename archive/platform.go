package archive

import "context"

// Reference is what a platform reads from an address: which source it names.
type Reference struct {
	Key   SourceKey
	URL   string // the canonical page for people
	Start int    // seconds
	End   int    // seconds; 0: to the end
}

// Platform knows one host of videos. Several instances of one adapter may live
// side by side under different names. Implementations are safe for concurrent use.
type Platform interface {
	// Name is the platform's name in records, [a-z0-9-]: "youtube". It never changes.
	Name() string

	// Recognise reads an address that a person pasted. It asks no network.
	// An address of somebody else's gets ErrNotRecognised; one of this
	// platform that names no single video gets ErrNotAVideo.
	Recognise(address string) (Reference, error)

	// Fetch asks everything worth keeping about one source: fields, thumbnails,
	// raw responses, and the observations of one round. It returns an error only
	// if ctx ends; whatever goes wrong upstream is an Unclear observation.
	Fetch(ctx context.Context, ref Reference) (Fetched, error)

	// Probe observes up to 50 sources in one round: at least one observation for
	// each id, more where a second method was asked, and those of the platform's control.
	// It returns an error only if ctx ends.
	Probe(ctx context.Context, ids []string) ([]Observation, error)

	// Player says how readers' browsers play a source.
	Player() Player
}

// PlayerKind is a way of playing.
type PlayerKind string

// Kinds of player. A platform with the zero kind has no player that a page may use:
// its sources are links.
const (
	PlayerYouTube     PlayerKind = "youtube"     // an iframe that speaks YouTube's player messages
	PlayerVimeo       PlayerKind = "vimeo"       // an iframe that speaks Vimeo's; ids are "76979871", or "76979871:8272103f6e" with the hash of an unlisted one
	PlayerDailymotion PlayerKind = "dailymotion" // an iframe that says nothing to the page around it
	PlayerPeerTube    PlayerKind = "peertube"    // an iframe that speaks PeerTube's; ids are "host/uuid" where the platform has no Origin
	PlayerMedia       PlayerKind = "media"       // a <video> element
)

// Player says how a platform's sources are played in a page.
type Player struct {
	Kind   PlayerKind
	Label  string // what readers know it as: "YouTube"
	Origin string // scheme and host of the player: "https://www.youtube-nocookie.com"; empty where each source's id names its own
}

// ChannelProber is a platform whose channels can be asked about.
type ChannelProber interface {
	// ProbeChannels observes up to 50 channels, by the platform's own ids, in one round, under
	// the keys of ChannelKey. Otherwise it is as Platform's Probe.
	ProbeChannels(ctx context.Context, ids []string) ([]Observation, error)
}

// Grouper is a platform whose sources lie on many hosts.
type Grouper interface {
	// Group is the host that has the source, so that one host's trouble stalls no other's
	// sources. It asks no network.
	Group(id string) string
}
