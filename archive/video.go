package archive

import "time"

// Video is what the newsroom keeps of one video: its own words, the sources in
// order of preference, and its copies. Stored as one JSON record.
type Video struct {
	ID       VideoID   `json:"id"`
	Revision int64     `json:"revision"` // grows by one with every write; 0 before the first
	Created  time.Time `json:"created"`
	Updated  time.Time `json:"updated"`

	// The newsroom's own.
	DefaultLanguage string     `json:"defaultLanguage,omitempty"` // BCP 47; what Text falls back to
	Title           Text       `json:"title,omitempty"`
	Caption         Text       `json:"caption,omitempty"`
	Alt             Text       `json:"alt,omitempty"`
	Explanation     Text       `json:"explanation,omitempty"` // what readers of a withdrawn video are told
	EventDate       EDTF       `json:"eventDate,omitempty"`
	ContentWarning  Text       `json:"contentWarning,omitempty"`
	Rights          Rights     `json:"rights,omitzero"`
	Visibility      Visibility `json:"visibility,omitzero"`
	LegalHold       *LegalHold `json:"legalHold,omitempty"`    // nil: it may be erased
	Erasure         *Erasure   `json:"erasure,omitempty"`      // of a tombstone, nil of all others
	Notes           string     `json:"notes,omitempty"`        // for the newsroom alone
	RegisteredBy    string     `json:"registeredBy,omitempty"` // who registered it, as events name people; empty in records from before accounts
	Sites           []string   `json:"sites,omitempty"`        // origins that may frame it; empty: as the installation has it
	Tags            []string   `json:"tags,omitempty"`
	Collections     []string   `json:"collections,omitempty"`
	Aliases         []VideoID  `json:"aliases,omitempty"`    // ids of videos merged into this one
	MergedInto      VideoID    `json:"mergedInto,omitempty"` // of a duplicate: the video that serves for it

	Sources  []Source  `json:"sources"` // the preferred one first
	Copies   []Copy    `json:"copies,omitempty"`
	Captions []Caption `json:"captions,omitempty"` // for copies and media files, one a language
	Picture  *File     `json:"picture,omitempty"`  // the newsroom's own poster; nil: a thumbnail is the poster
}

// Rights says under what right the newsroom holds or shows a video.
type Rights struct {
	Holder  string    `json:"holder,omitempty"`
	URI     string    `json:"uri,omitempty"`  // a licence's address, http or https
	Text    string    `json:"text,omitempty"` // where no address says it
	Basis   string    `json:"basis,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
}

// Exposure is who may see a video.
type Exposure string

// Exposures. The zero value is Public, since an embed in an article must not
// go dark because a field is missing.
const (
	Public    Exposure = ""
	Embargoed Exposure = "embargoed"
	Withdrawn Exposure = "withdrawn"
	Erased    Exposure = "erased"
)

// Visibility is the exposure of a video and, for an embargo, its end.
type Visibility struct {
	Exposure Exposure  `json:"exposure,omitempty"`
	Until    time.Time `json:"until,omitzero"`
}

// Hidden reports whether the public may not know of the video at the time now.
func (v Visibility) Hidden(now time.Time) bool {
	return v.Exposure == Embargoed && now.Before(v.Until)
}

// Copy is a media file that the newsroom holds itself, with the statement under which it does.
type Copy struct {
	File   File      `json:"file"`
	Rights Rights    `json:"rights"`
	Added  time.Time `json:"added"`
}

// Caption is a track of timed text that the newsroom holds, WebVTT.
type Caption struct {
	Language string    `json:"language"` // BCP 47
	File     File      `json:"file"`
	Added    time.Time `json:"added"`
}

// Source returns the source with this key, or nil. The pointer is into v.
func (v *Video) Source(key SourceKey) *Source {
	for i := range v.Sources {
		if v.Sources[i].SourceKey == key {
			return &v.Sources[i]
		}
	}
	return nil
}

// DisplayTitle is the title for readers of lang: the newsroom's, else what the
// first described source calls it, else the first source's address.
// The tag is the language it is in, empty where unknown.
func (v *Video) DisplayTitle(lang string) (title, tag string) {
	if t, tag := v.Title.In(lang, v.DefaultLanguage); t != "" {
		return t, tag
	}
	for _, s := range v.Sources {
		if s.Described != nil && s.Described.Title != "" {
			return s.Described.Title, s.Described.Language
		}
	}
	if len(v.Sources) > 0 {
		return v.Sources[0].URL, ""
	}
	return string(v.ID), ""
}

// Poster returns the newsroom's own picture, else the largest thumbnail kept of
// the most preferred source that has any.
func (v *Video) Poster() (File, bool) {
	if v.Picture != nil {
		return *v.Picture, true
	}
	for _, s := range v.Sources {
		if s.Described == nil {
			continue
		}
		if f, ok := largest(s.Described.Thumbnails); ok {
			return f, true
		}
	}
	return File{}, false
}

// largest is the picture with the most pixels.
func largest(files []File) (File, bool) {
	var best File
	for _, f := range files {
		if f.Width*f.Height > best.Width*best.Height {
			best = f
		}
	}
	return best, best.Width > 0
}
