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
	c, known := p.Channel(id)
	if !known {
		return fmt.Errorf("channel %s: %w", id, ErrUnknown)
	}
	if c.ID == controlVideo().ChannelID {
		return fmt.Errorf("closing channel %s: %w", id, ErrControl)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed[id] = closed
	return nil
}

// Channel is a channel by its id.
func (p *Platform) Channel(id string) (Channel, bool) {
	for _, c := range p.Channels() {
		if c.ID == id {
			return c, true
		}
	}
	return Channel{}, false
}

// Channels is every channel, in the order of their first videos.
func (p *Platform) Channels() []Channel {
	var all []Channel
	at := map[string]int{}
	for _, v := range p.List() {
		i, known := at[v.ChannelID]
		if !known {
			at[v.ChannelID] = len(all)
			all = append(all, Channel{ID: v.ChannelID, Title: v.ChannelTitle, Since: v.Published, Closed: p.isClosed(v.ChannelID)})
			continue
		}
		if v.Published.Before(all[i].Since) {
			all[i].Since = v.Published
		}
	}
	return all
}

func (p *Platform) isClosed(id string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.closed[id]
}
