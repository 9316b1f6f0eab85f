package pace

import (
	"log/slog"
	"net/http"
	"time"
)

// Standard manners.
const (
	defaultAtOnce    = 4   // what a browser of old opened to one host
	defaultPerSecond = 5.0 // below what any known limit of a public endpoint comes to
	burstSeconds     = 2   // a host that was left alone may be asked so many seconds' worth at once
	defaultMaxRest   = 30 * time.Minute
)

// Options configure a Transport. The zero value has the standard manners.
type Options struct {
	Next      http.RoundTripper // sends; nil: http.DefaultTransport
	AtOnce    int               // requests to one host under way, until their bodies are closed; 0: 4
	PerSecond float64           // to one host, after a burst of twice as many; 0: 5; negative: no limit
	MaxRest   time.Duration     // the longest that a host is left alone; 0: 30 min
	// Ours reports whether an error is one of our own making that says nothing of
	// the host, such as a guard's refusal to send. nil: none is.
	Ours func(error) bool
	// Now is the clock by which hosts rest; nil: time.Now. Turns are waited for by the machine's.
	Now func() time.Time
	Log *slog.Logger // nil: discarded
}

func (o Options) withDefaults() Options {
	if o.Next == nil {
		o.Next = http.DefaultTransport
	}
	if o.AtOnce <= 0 {
		o.AtOnce = defaultAtOnce
	}
	if o.PerSecond == 0 {
		o.PerSecond = defaultPerSecond
	}
	if o.MaxRest <= 0 {
		o.MaxRest = defaultMaxRest
	}
	if o.Ours == nil {
		o.Ours = func(error) bool { return false }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
