package webfile

import (
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
	headTime   = 5 * time.Second        // a HEAD only describes; the GET after it needs the time
	pace       = 250 * time.Millisecond // between two requests of one round to one host
	patience   = 2                      // files in a row that a host may leave without an answer
	atOnce     = 4                      // requests of one round under way
)

// Options wire an Adapter. HTTP is required and must be guarded (safehttp.New),
// since every address comes from outside.
type Options struct {
	HTTP    *http.Client
	Now     func() time.Time // nil: time.Now
	Vantage string           // "DE, Hetzner"
	Program string           // "videoteca v1.2.0"
	Log     *slog.Logger     // nil: discarded
}

// Adapter implements archive.Platform.
type Adapter struct {
	http    *http.Client
	now     func() time.Time
	vantage string
	program string
	log     *slog.Logger
}

var _ archive.Platform = (*Adapter)(nil)

// New wires an adapter.
func New(o Options) *Adapter {
	a := &Adapter{http: o.HTTP, now: o.Now, vantage: o.Vantage, program: o.Program, log: o.Log}
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
