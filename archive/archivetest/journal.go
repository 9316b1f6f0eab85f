package archivetest

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Call is one of the platform's methods, as calls are counted.
type Call string

// The methods that are counted.
const (
	CallVideos    Call = "videos.list"
	CallChannels  Call = "channels.list"
	CallOEmbed    Call = "oembed"
	CallFeed      Call = "feed"
	CallThumbnail Call = "thumbnail"
	CallPage      Call = "page"
	CallPlayer    Call = "player"
)

// Calls is every method.
func Calls() []Call {
	return []Call{CallVideos, CallChannels, CallOEmbed, CallFeed, CallThumbnail, CallPage, CallPlayer}
}

// keyless reports whether the method is asked by programs without a key.
func (c Call) keyless() bool { return c == CallOEmbed || c == CallFeed || c == CallThumbnail }

// keyed reports whether the method belongs to the Data API and costs units.
func (c Call) keyed() bool { return c == CallVideos || c == CallChannels }

// Request is one request as it came, without the API key.
type Request struct {
	Method    string
	Path      string
	Query     string // encoded, without key
	Referer   string
	UserAgent string
}

// journalLength is how many requests are remembered; a demo that runs for weeks must not grow.
const journalLength = 1000

type journal struct {
	mu       sync.Mutex
	requests []Request
	calls    map[Call]int
}

func (j *journal) note(r *http.Request) {
	query := r.URL.Query()
	query.Del("key")
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.requests) == journalLength {
		j.requests = slices.Delete(j.requests, 0, 1)
	}
	j.requests = append(j.requests, Request{
		Method: r.Method, Path: r.URL.Path, Query: query.Encode(),
		Referer: r.Referer(), UserAgent: strings.Clone(r.UserAgent()),
	})
}

func (j *journal) count(c Call) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.calls == nil {
		j.calls = map[Call]int{}
	}
	j.calls[c]++
}

// Requests is the last 1,000 requests, oldest first, those to the control page left out.
func (p *Platform) Requests() []Request {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	return slices.Clone(p.log.requests)
}

// Calls is how often a method was asked, whatever was answered.
func (p *Platform) Calls(c Call) int {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	return p.log.calls[c]
}

// Units is the quota used: one a call of the Data API, refused ones included.
func (p *Platform) Units() int { return p.Calls(CallVideos) + p.Calls(CallChannels) }

// ResetCounts forgets requests and calls.
func (p *Platform) ResetCounts() {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	p.log.requests, p.log.calls = nil, nil
}
