package archive

import (
	"strings"
	"time"
)

// channelMark sets a channel's key apart from a video's of the same platform; no
// platform's video ids have it.
const channelMark = "channel/"

// ChannelKey is the key under which a platform's channel is observed and judged, as if it were a source.
func ChannelKey(platform, channelID string) SourceKey {
	return SourceKey{Platform: platform, ID: channelMark + channelID}
}

// ChannelID is the platform's own id of the channel that the key is of, and whether it is one.
func (k SourceKey) ChannelID() (id string, isChannel bool) {
	return strings.CutPrefix(k.ID, channelMark)
}

// Channel is what is known of one channel: whoever published the videos of many sources.
// One that closes takes them all along.
type Channel struct {
	Key      SourceKey `json:"key"` // see ChannelKey
	Name     string    `json:"name,omitempty"`
	URL      string    `json:"url,omitempty"`
	Added    time.Time `json:"added"`
	Revision int64     `json:"revision"`
	Standing Standing  `json:"standing"`
}

// ChannelOf is the key of the channel that published the source, if it is known.
func (s Source) ChannelOf() (SourceKey, bool) {
	if s.Described == nil || s.Described.ChannelID == "" {
		return SourceKey{}, false
	}
	return ChannelKey(s.Platform, s.Described.ChannelID), true
}
