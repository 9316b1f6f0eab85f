package archivetest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options configures a Platform. The zero value works.
type Options struct {
	// BaseURL is the public address without a slash at the end, such as
	// "http://maketube.localhost:8090". Empty: each answer names the host that was asked.
	BaseURL string
	// Name is what the platform calls itself; empty: "MakeTube".
	Name string
	// Key is the one API key that is accepted; empty: any is, but there must be one.
	Key string
	// Region is where viewers sit, ISO 3166-1 alpha-2; empty: "SV".
	Region string
	// Delay is how long FaultSlow waits; empty: 15 s, longer than callers' patience.
	Delay time.Duration
	// TrustedOrigins may drive the control page from elsewhere, such as
	// "http://127.0.0.1:8080". One that is no origin is trusted by nobody.
	TrustedOrigins []string
	// Now is the clock, of the answers' Date header too; nil: time.Now.
	Now func() time.Time
}

const (
	defaultName   = "MakeTube"
	defaultRegion = "SV"
	defaultDelay  = 15 * time.Second
)

// Platform is a make-believe video platform. It is safe for concurrent use.
type Platform struct {
	o       Options
	routes  http.Handler
	log     journal
	gallery gallery
	views   views

	mu       sync.RWMutex
	base     string
	fault    Fault
	delay    time.Duration
	latency  map[Call]time.Duration
	order    []string // ids as added
	videos   map[string]Video
	many     int // videos of Many
	channels channels
	closed   map[string]bool   // by channel id
	renamed  map[string]string // by channel id
}

// New makes a platform with the control video alone.
func New(o Options) *Platform {
	if o.Name == "" {
		o.Name = defaultName
	}
	if o.Region == "" {
		o.Region = defaultRegion
	}
	if o.Delay <= 0 {
		o.Delay = defaultDelay
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &Platform{
		o: o, base: strings.TrimSuffix(o.BaseURL, "/"), fault: FaultNone, delay: o.Delay, views: newViews(),
		latency: map[Call]time.Duration{}, videos: map[string]Video{}, closed: map[string]bool{}, renamed: map[string]string{},
	}
	p.put(controlVideo())
	p.routes = p.routing()
	return p
}

// put stores a video that is known to be valid.
func (p *Platform) put(v Video) {
	v, err := v.checked()
	if err != nil {
		panic(err) // the control video is a constant of this package
	}
	p.order, p.videos[v.ID] = append(p.order, v.ID), v
	p.channels.enter(v)
}

// Add puts videos on the platform; one with a known id is replaced. It returns
// ErrInvalid (wrapped) for a video that cannot be, and adds none then.
func (p *Platform) Add(videos ...Video) error {
	ready := make([]Video, 0, len(videos))
	for _, v := range videos {
		if v.ID == ControlID {
			return fmt.Errorf("adding %s: %w", v.ID, ErrControl)
		}
		v, err := v.checked()
		if err != nil {
			return fmt.Errorf("adding a video: %w", err)
		}
		ready = append(ready, v)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	replaced := false
	for _, v := range ready {
		if _, known := p.videos[v.ID]; known {
			replaced = true
		} else {
			p.order = append(p.order, v.ID)
			p.channels.enter(v)
		}
		p.videos[v.ID] = v
	}
	if replaced {
		p.channels.again(p.order, p.videos)
	}
	return nil
}

// SetState says what has become of a video.
func (p *Platform) SetState(id string, s State) error {
	if id == ControlID {
		return fmt.Errorf("setting the state of %s: %w", id, ErrControl)
	}
	if !slices.Contains(States(), s) {
		return fmt.Errorf("state %q: %w", s, ErrInvalid)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	v, known := p.video(id)
	if !known {
		return fmt.Errorf("video %s: %w", id, ErrUnknown)
	}
	if _, own := p.videos[id]; !own { // one of Many, that is remembered from here on
		p.order = append(p.order, id)
		p.channels.enter(v)
	}
	v.State = s
	p.videos[id] = v
	return nil
}

// Video is a video as it was set, whether or not its channel is closed.
func (p *Platform) Video(id string) (Video, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.video(id)
}

// video is Video under the lock.
func (p *Platform) video(id string) (Video, bool) {
	if v, known := p.videos[id]; known {
		return v, true
	}
	return p.manyVideo(id)
}

// List is every video in the order of adding, the control first.
func (p *Platform) List() []Video {
	p.mu.RLock()
	defer p.mu.RUnlock()
	all := make([]Video, 0, len(p.order))
	for _, id := range p.order {
		all = append(all, p.videos[id])
	}
	return all
}

// seen is a video as the public meets it: that of a closed channel is removed,
// and so is one that never was.
func (p *Platform) seen(id string) Video {
	p.mu.RLock()
	defer p.mu.RUnlock()
	v, known := p.video(id)
	if !known || p.closed[v.ChannelID] {
		v.ID, v.State = id, Removed
	}
	if title, ok := p.renamed[v.ChannelID]; ok {
		v.ChannelTitle = title
	}
	return v
}

// SetBaseURL sets the public address, for a listener whose port is known late.
func (p *Platform) SetBaseURL(base string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.base = strings.TrimSuffix(base, "/")
}

// baseOf is the public address, or that under which the request came.
func (p *Platform) baseOf(r *http.Request) string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.base != "" {
		return p.base
	}
	return "http://" + r.Host
}
