package storage

import (
	"time"

	"videoteca/archive"
)

// Keys are the places of the format's objects, for those who look at a bucket without reading records
// through a Store. The zero value is good.
type Keys struct{}

// Video is the key of a record.
func (Keys) Video(id archive.VideoID) string { return videoKey(id) }

// Claim is the key of the claim on a source.
func (Keys) Claim(key archive.SourceKey) string { return claimKey(key) }

// Event is the key of an event, by its ULID.
func (Keys) Event(id archive.VideoID, event string) string { return eventsPrefix(id) + event + ".json" }

// Events begins the keys of a video's events.
func (Keys) Events(id archive.VideoID) string { return eventsPrefix(id) }

// Capture is the key of a capture, by its ULID.
func (Keys) Capture(id archive.VideoID, capture string) string {
	return capturesPrefix(id) + capture + ".json"
}

// File is the key of a kept file.
func (Keys) File(id archive.VideoID, f archive.File) string { return fileKey(id, f) }

// Article is the key of an article, by its id.
func (Keys) Article(id string) string { return articleKey(id) }

// Channel is the key of what is known of a channel, by its archive.ChannelKey.
func (Keys) Channel(key archive.SourceKey) string { return channelKey(key) }

// Part is the key of a part of an audit's journal, counted from 1.
func (Keys) Part(audit string, part int) string { return partKey(audit, part) }

// Summary is the key of an audit's summary.
func (Keys) Summary(audit string) string { return auditKey(audit, "summary.json") }

// Drawn is when a ULID in lower case was drawn. What is none gets an error.
func Drawn(id string) (time.Time, error) { return ulidTime(id) }
