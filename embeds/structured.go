package embeds

import (
	"strconv"
	"strings"
	"time"

	"videoteca/archive"
)

// videoObject describes a video to search engines: https://schema.org/VideoObject,
// with what https://developers.google.com/search/docs/appearance/structured-data/video
// requires, name, thumbnailUrl and uploadDate. It is left out where there is no
// such date: an invented one would be a lie that stands in search results.
type videoObject struct {
	Context     string    `json:"@context"`
	Type        string    `json:"@type"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Thumbnails  []string  `json:"thumbnailUrl,omitempty"`
	Uploaded    string    `json:"uploadDate,omitempty"` // ISO 8601 with a zone
	Duration    string    `json:"duration,omitempty"`   // ISO 8601
	Embed       string    `json:"embedUrl"`
	Content     string    `json:"contentUrl,omitempty"` // of a copy, which anybody may fetch
	URL         string    `json:"url"`
	Language    string    `json:"inLanguage,omitempty"`
	Publisher   *creator  `json:"creator,omitempty"`
	Regions     string    `json:"regionsAllowed,omitempty"`
	Clip        *clipPart `json:"hasPart,omitempty"`
}

type creator struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type clipPart struct {
	Type  string `json:"@type"`
	Name  string `json:"name"`
	Start int    `json:"startOffset"` // seconds
	End   int    `json:"endOffset,omitempty"`
	URL   string `json:"url"`
}

func (r *Renderer) videoObject(v archive.Video, o Options) videoObject {
	lang := r.language(v, o)
	title, told := titleOf(v, lang), described(v)
	out := videoObject{
		Context: "https://schema.org", Type: "VideoObject", Name: title.Text,
		Description: proseOf(v.Caption, lang, v.DefaultLanguage).join(),
		Uploaded:    uploaded(v, told), Duration: isoDuration(length(v)),
		Embed: o.url("/e/" + string(v.ID) + o.Query()), URL: o.url("/v/" + string(v.ID)),
		Language: told.Language,
	}
	for _, p := range publicPosters(v, o.posterAlways()) {
		out.Thumbnails = append(out.Thumbnails, p.URL)
	}
	if name := line(told.Channel); name != "" {
		out.Publisher = &creator{Type: "Organization", Name: name}
		if _, ok := originOf(told.ChannelURL); ok {
			out.Publisher.URL = told.ChannelURL
		}
	}
	if copies := copiesOf(v, o.absolute()); len(copies) > 0 {
		out.Content = copies[0].Address
	}
	out.Regions = regions(v)
	if o.Start > 0 || o.End > 0 {
		out.Clip = &clipPart{Type: "Clip", Name: title.Text, Start: o.Start, End: o.End, URL: o.url("/v/" + string(v.ID) + o.Query())}
	}
	return out
}

// uploaded is when the source was published, else when the newsroom took it in,
// which is when it was first to be had here.
func uploaded(v archive.Video, told archive.Fields) string {
	at := told.Published
	if at.IsZero() {
		at = v.Created
	}
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// isoDuration writes seconds as PT1H2M3S; empty for none.
func isoDuration(seconds float64) string {
	total := int(seconds + 0.5)
	if total <= 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("PT")
	for _, part := range []struct {
		n    int
		unit string
	}{{total / 3600, "H"}, {total / 60 % 60, "M"}, {total % 60, "S"}} {
		if part.n > 0 {
			out.WriteString(strconv.Itoa(part.n) + part.unit)
		}
	}
	return out.String()
}

// regions are those in which the preferred source may be seen, where it names them.
func regions(v archive.Video) string {
	if len(v.Sources) == 0 {
		return ""
	}
	for _, r := range v.Sources[0].Standing.Restrictions {
		if r.Aspect == archive.AspectRegion {
			return strings.Join(r.Allowed, ",")
		}
	}
	return ""
}
