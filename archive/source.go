package archive

import "time"

// Source is one place upstream where a video can be watched.
type Source struct {
	SourceKey
	URL       string       `json:"url"` // the canonical page for people, http or https
	Added     time.Time    `json:"added"`
	Start     int          `json:"start,omitempty"` // seconds; where the registered address said to begin
	End       int          `json:"end,omitempty"`   // seconds; 0: to the end
	Described *Description `json:"described,omitempty"`
	Standing  Standing     `json:"standing"`
	Archived  *Memento     `json:"archived,omitempty"` // the source's page as a web archive keeps it
	Archiving *Archiving   `json:"archiving,omitempty"`
	Overrule  *Overrule    `json:"overrule,omitempty"` // a person's ruling above the standing
	Purged    []Purge      `json:"purged,omitempty"`   // what retention took, the oldest first
}

// Archiving is what was asked of a web archive about the source's page.
type Archiving struct {
	LookedUp time.Time `json:"lookedUp,omitzero"` // when a memento was last looked for
	Asked    time.Time `json:"asked,omitzero"`    // when a capture was last asked for
	Job      string    `json:"job,omitempty"`     // of the capture that was asked for, until it ends
	Trouble  string    `json:"trouble,omitempty"` // why there is none, for people
}

// Memento is a page as a web archive kept it (RFC 7089).
type Memento struct {
	URL string    `json:"url"` // http or https
	At  time.Time `json:"at"`
}

// Description is what the newest capture says of a source: data of the
// platform, not of the newsroom, with the capture it was read from.
type Description struct {
	Capture string    `json:"capture"` // id of the capture
	At      time.Time `json:"at"`
	Method  string    `json:"method"`
	Fields
	Thumbnails []File `json:"thumbnails,omitempty"`
}

// Fields is what a platform says of a video. A zero field was not told.
type Fields struct {
	Title       string    `json:"title,omitempty"`
	Description string    `json:"description,omitempty"`
	Channel     string    `json:"channel,omitempty"`
	ChannelID   string    `json:"channelId,omitempty"`
	ChannelURL  string    `json:"channelUrl,omitempty"`
	Published   time.Time `json:"published,omitzero"`
	Seconds     float64   `json:"seconds,omitempty"` // length
	Language    string    `json:"language,omitempty"`
	Width       int       `json:"width,omitempty"`  // pixels, of the picture as played
	Height      int       `json:"height,omitempty"` // pixels
	Tags        []string  `json:"tags,omitempty"`
	MediaType   string    `json:"mediaType,omitempty"` // of a plain file: "video/mp4"
	Bytes       int64     `json:"bytes,omitempty"`     // of a plain file
	Status      []string  `json:"status,omitempty"`    // the platform's own words, "privacyStatus=unlisted"
}

// IsZero reports whether the platform told nothing that tells one video from another.
func (f Fields) IsZero() bool {
	return f.Title == "" && f.Description == "" && f.Channel == "" && f.Seconds == 0 &&
		f.Published.IsZero() && f.MediaType == "" && f.Bytes == 0
}
