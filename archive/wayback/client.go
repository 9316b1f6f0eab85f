package wayback

import (
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

// How often the archive is asked. Save Page Now takes 7 captures a minute of one account;
// a pause of 9 s keeps to that in every minute, wherever it begins. The index asked clients
// for at most 30 requests a minute; availability and status are cheap.
const (
	savePause    = 9 * time.Second
	timeMapPause = 2500 * time.Millisecond
	smallPause   = time.Second
)

// Client asks the Internet Archive. It is safe for concurrent use; the pauses between
// requests hold for all callers together.
type Client struct {
	o       Options
	lookups *http.Client
	keyed   *http.Client

	smalls   *rate.Limiter
	timeMaps *rate.Limiter
	saves    *rate.Limiter
	rests    rests
}

// New makes a client. It asks nothing.
func New(o Options) *Client {
	o = o.withDefaults()
	return &Client{
		o:       o,
		lookups: &http.Client{Transport: o.Transport, CheckRedirect: withinHost},
		keyed:   &http.Client{Transport: o.Transport, CheckRedirect: noRedirect},
		smalls:  rate.NewLimiter(rate.Every(smallPause), 1), timeMaps: rate.NewLimiter(rate.Every(timeMapPause), 1),
		saves: rate.NewLimiter(rate.Every(savePause), 1),
	}
}

// Keyed reports whether captures can be asked for.
func (c *Client) Keyed() bool { return c.o.AccessKey != "" && c.o.SecretKey != "" }

const maxRedirects = 3

// withinHost stops where a redirect leaves the host, or TLS: another host's answer says nothing.
func withinHost(next *http.Request, via []*http.Request) error {
	first := via[0].URL
	if len(via) > maxRedirects || next.URL.Host != first.Host || first.Scheme == "https" && next.URL.Scheme != "https" {
		return http.ErrUseLastResponse
	}
	return nil
}

// noRedirect keeps the keys to the address they are meant for.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
