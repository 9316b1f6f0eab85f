package archive

import (
	"strings"
	"time"
)

// Capture is an immutable record of what a source showed at one time.
type Capture struct {
	ID         string    `json:"id"` // ULID, given by the store
	Video      VideoID   `json:"video"`
	Source     SourceKey `json:"source"`
	URL        string    `json:"url"`
	At         time.Time `json:"at"`
	Method     string    `json:"method"`
	Program    string    `json:"program,omitempty"` // name and version that made it
	Vantage    string    `json:"vantage,omitempty"` // where it was made from
	Fields     Fields    `json:"fields"`
	Thumbnails []File    `json:"thumbnails,omitempty"`
	Raw        []File    `json:"raw,omitempty"` // the responses as they came
}

// File points at bytes kept under files/, named by their digest.
type File struct {
	Algorithm string `json:"algorithm"` // of the digest: "sha256"
	Digest    string `json:"digest"`    // hexadecimal
	Extension string `json:"extension"` // without the dot: "jpg", "json"
	Type      string `json:"type"`      // media type
	Bytes     int64  `json:"bytes"`
	Label     string `json:"label,omitempty"` // what the source calls it: "maxres", "videos.list"
	Width     int    `json:"width,omitempty"` // pixels, of pictures
	Height    int    `json:"height,omitempty"`
}

// Name is the file's name under files/<video>/: "<digest>.<extension>".
func (f File) Name() string { return f.Digest + "." + f.Extension }

// Picture is a thumbnail as fetched. The bytes have been decoded once, so the size is known.
type Picture struct {
	Label     string
	Extension string // "jpg", "png", "webp"
	Type      string
	Width     int
	Height    int
	Data      []byte
}

// Raw is a response body as it came.
type Raw struct {
	Label     string // which call it answers: "videos.list", "oembed"
	Extension string // "json", "xml", "bin"
	Type      string
	Data      []byte
}

// Fetched is what a platform found when it was asked about one source.
// Zero Fields and no pictures are a valid answer: the source may be gone.
type Fetched struct {
	Method       string // that gave the Fields; empty where none did
	At           time.Time
	Fields       Fields
	Pictures     []Picture
	Raw          []Raw
	Observations []Observation // one round, the controls' included
}

// Empty reports whether there is nothing worth a capture.
func (f Fetched) Empty() bool { return f.Fields.IsZero() && len(f.Pictures) == 0 }

// Reason is the most telling reason among the observations of key, for people.
func (f Fetched) Reason(key SourceKey) string {
	var why []string
	for _, o := range f.Observations {
		if o.Source == key && !o.vouches() && o.Reason != "" {
			why = append(why, o.Method+": "+o.Reason)
		}
	}
	return strings.Join(why, "; ")
}
