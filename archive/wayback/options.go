package wayback

import (
	"log/slog"
	"net/http"
	"time"
)

// Options configure a Client. The zero value looks up at the Internet Archive and, without
// keys, asks for no captures.
type Options struct {
	AvailabilityBase string // empty: https://archive.org/wayback/available
	TimeMapBase      string // the page's address follows; empty: https://web.archive.org/web/timemap/json/
	SaveBase         string // empty: https://web.archive.org/save
	MementoBase      string // time and address follow; empty: https://web.archive.org/web/

	// AccessKey and SecretKey are from https://archive.org/account/s3.php.
	AccessKey Secret
	SecretKey Secret

	Transport http.RoundTripper // nil: http.DefaultTransport
	UserAgent string            // empty: what this is for
	Now       func() time.Time  // nil: time.Now
	Log       *slog.Logger      // nil: discarded
}

// The Internet Archive's own addresses.
const (
	ownAvailability = "https://archive.org/wayback/available"
	ownTimeMap      = "https://web.archive.org/web/timemap/json/"
	ownSave         = "https://web.archive.org/save"
	ownMemento      = "https://web.archive.org/web/"
	ownAgent        = "Videoteca (a newsroom's video archive, looking for archived pages of the videos in its articles)"
)

// At is the options of an archive all of whose addresses lie under base, a scheme and a
// host such as "http://archive.localhost:8091".
func At(base string) Options {
	return Options{
		AvailabilityBase: base + "/wayback/available", TimeMapBase: base + "/web/timemap/json/",
		SaveBase: base + "/save", MementoBase: base + "/web/",
	}
}

func (o Options) withDefaults() Options {
	for _, f := range []struct {
		field    *string
		standard string
	}{
		{&o.AvailabilityBase, ownAvailability}, {&o.TimeMapBase, ownTimeMap},
		{&o.SaveBase, ownSave}, {&o.MementoBase, ownMemento}, {&o.UserAgent, ownAgent},
	} {
		if *f.field == "" {
			*f.field = f.standard
		}
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
