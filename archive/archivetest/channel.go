package archivetest

import (
	"fmt"
	"time"
)

// Channel is who uploads. A channel exists through its videos.
type Channel struct {
	ID     string
	Title  string
	Since  time.Time // of its first video
	Closed bool
}

// SetChannelClosed closes a channel, which makes all its videos missing, or
// opens it again, which brings them back as they were. The control's stays open.
func (p *Platform) SetChannelClosed(id string, closed bool) error {
	return p.alterChannel(id, func() { p.closed[id] = closed })
}

// RenameChannel gives a channel another title, with its videos too.
func (p *Platform) RenameChannel(id, title string) error {
	return p.alterChannel(id, func() { p.renamed[id] = title })
}

func (p *Platform) alterChannel(id string, alter func()) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch _, known := p.channel(id); {
	case !known:
		return fmt.Errorf("channel %s: %w", id, ErrUnknown)
	case id == ControlChannelID:
		return fmt.Errorf("changing channel %s: %w", id, ErrControl)
	}
	alter()
	return nil
}

// Channel is a channel by its id.
func (p *Platform) Channel(id string) (Channel, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.channel(id)
}

// Channels is every channel that has a video of its own, in the order of their
// first videos; those of Many are left out.
func (p *Platform) Channels() []Channel {
	p.mu.RLock()
	defer p.mu.RUnlock()
	all := make([]Channel, 0, len(p.channels.order))
	for _, id := range p.channels.order {
		if c, known := p.channel(id); known {
			all = append(all, c)
		}
	}
	return all
}

// channel is a channel as the public meets it, under the lock.
func (p *Platform) channel(id string) (Channel, bool) {
	c, known := p.channels.byID[id]
	if !known {
		c, known = p.manyChannel(id)
	}
	if title, ok := p.renamed[id]; ok {
		c.Title = title
	}
	c.Closed = p.closed[id]
	return c, known
}

// channels are those of videos, found without going through all of these.
type channels struct {
	order []string // by first video
	byID  map[string]Channel
}

func (cs *channels) enter(v Video) {
	c, known := cs.byID[v.ChannelID]
	switch {
	case !known:
		cs.order = append(cs.order, v.ChannelID)
		c = Channel{ID: v.ChannelID, Title: v.ChannelTitle, Since: v.Published}
	case v.Published.Before(c.Since):
		c.Since = v.Published
	}
	if cs.byID == nil {
		cs.byID = map[string]Channel{}
	}
	cs.byID[v.ChannelID] = c
}

// again enters all videos, where one may have left its channel.
func (cs *channels) again(order []string, videos map[string]Video) {
	*cs = channels{}
	for _, id := range order {
		cs.enter(videos[id])
	}
}
