package webfile

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"videoteca/archive"
)

const (
	// Name is the platform's name in records.
	Name = "web"
	// Method is the name of the one method.
	Method = "web.get"

	headBytes  = 64 << 10               // enough for signatures, most playlists and many moov boxes
	sniffBytes = 1 << 10                // enough to tell a segment from a page
	headTime   = 5 * time.Second        // the GET after it needs the time
	getTime    = 20 * time.Second       // where the client has no limit of its own
	betweenTwo = 250 * time.Millisecond // two requests of one round to one host
	enough     = 2                      // files in a row that a host may leave without an answer
	hostsOnce  = 4                      // hosts asked at the same time in one round
)

// Options wire an Adapter. HTTP is required and must be guarded (safehttp.New),
// since every address comes from outside.
type Options struct {
	HTTP    *http.Client
	Now     func() time.Time // nil: time.Now
	Vantage string           // "DE, Hetzner"
	Program string           // "videoteca v1.2.0"
	Log     *slog.Logger     // nil: discarded

	// AtOnce is how many files of one host are asked for at the same time in one
	// round, and Pause how long each of these waits between two. 0: one, and 250 ms; a negative
	// pause is none. A pace.Transport in HTTP holds the host's manners over all rounds.
	AtOnce int
	Pause  time.Duration
}

// Adapter implements archive.Platform.
type Adapter struct {
	http     *http.Client
	patience time.Duration // with one request
	atOnce   int
	pause    time.Duration
	now      func() time.Time
	vantage  string
	program  string
	log      *slog.Logger
}

var (
	_ archive.Platform = (*Adapter)(nil)
	_ archive.Grouper  = (*Adapter)(nil)
)

// New wires an adapter.
func New(o Options) *Adapter {
	a := &Adapter{
		http: new(http.Client), patience: getTime, atOnce: max(o.AtOnce, 1), pause: cmp.Or(o.Pause, betweenTwo),
		now: o.Now, vantage: o.Vantage, program: o.Program, log: o.Log,
	}
	if o.HTTP != nil {
		*a.http = *o.HTTP
		a.patience, a.http.Timeout = cmp.Or(o.HTTP.Timeout, getTime), 0 // its limit counts waiting for a turn too
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	return a
}

// Name implements archive.Platform.
func (a *Adapter) Name() string { return Name }

// Group implements archive.Grouper: the file's own host.
func (a *Adapter) Group(id string) string { return hostOf(id) }

// Player implements archive.Platform: the browser's own.
func (a *Adapter) Player() archive.Player { return archive.Player{Kind: archive.PlayerMedia} }

// Fetch implements archive.Platform. Of a file that is not playable nothing is
// told: its name alone is not something it showed.
func (a *Adapter) Fetch(ctx context.Context, ref archive.Reference) (archive.Fetched, error) {
	length := a.headLength(ctx, ref.Key.ID)
	got := a.look(ctx, ref.Key)
	fetched := archive.Fetched{At: a.now().UTC(), Observations: []archive.Observation{got.seen}}
	if got.seen.Outcome.Good() {
		fetched.Method = Method
		fetched.Fields = a.describe(ctx, got, length)
		fetched.Raw = got.raw()
	}
	if got.seen.Outcome.Bad() {
		fetched.Observations = append(fetched.Observations, a.control(ctx, got)...)
	}
	return fetched, ctx.Err()
}
