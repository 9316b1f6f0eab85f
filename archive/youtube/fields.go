package youtube

import (
	"net/url"
	"strconv"

	"github.com/sosodev/duration"
	yt "google.golang.org/api/youtube/v3"

	"videoteca/archive"
)

// fieldsOf is what the API says of a video. Counts of views and likes are left
// out: they change daily and would make every capture differ.
func (a *Adapter) fieldsOf(v *yt.Video) archive.Fields {
	var f archive.Fields
	if s := v.Snippet; s != nil {
		f = archive.Fields{
			Title: s.Title, Description: s.Description, Channel: s.ChannelTitle, ChannelID: s.ChannelId,
			Published: parseTime(s.PublishedAt), Tags: s.Tags,
		}
		f.ChannelURL = a.channelURL(s.ChannelId)
		// The title's language where it is told, since the title is shown with it.
		if f.Language = s.DefaultLanguage; f.Language == "" {
			f.Language = s.DefaultAudioLanguage
		}
	}
	if d := v.ContentDetails; d != nil {
		f.Seconds = lengthOf(d.Duration)
	}
	f.Status = statusWords(v)
	return f
}

func (a *Adapter) channelURL(id string) string {
	if id == "" {
		return ""
	}
	return originOf(a.o.WatchBase) + "/channel/" + url.PathEscape(id)
}

// lengthOf reads an ISO 8601 duration into seconds; 0 where it cannot. A stream
// on air has "P0D".
func lengthOf(iso string) float64 {
	d, err := duration.Parse(iso)
	if err != nil || d.Negative {
		return 0
	}
	return d.ToTimeDuration().Seconds()
}

// statusWords are the platform's own words that matter to whoever embeds the video.
func statusWords(v *yt.Video) []string {
	var words []string
	add := func(name, value string) {
		if value != "" {
			words = append(words, name+"="+value)
		}
	}
	if s := v.Status; s != nil {
		add("uploadStatus", s.UploadStatus)
		add("rejectionReason", s.RejectionReason)
		add("privacyStatus", s.PrivacyStatus)
		add("license", s.License)
		add("embeddable", strconv.FormatBool(s.Embeddable))
		add("madeForKids", strconv.FormatBool(s.MadeForKids))
	}
	if s := v.Snippet; s != nil && s.LiveBroadcastContent != "none" {
		add("liveBroadcastContent", s.LiveBroadcastContent)
	}
	return words
}

// fields is what oEmbed says of a video.
func (e embeddable) fields() archive.Fields {
	f := archive.Fields{Title: e.Title, Channel: e.AuthorName, Width: max(e.Width, 0), Height: max(e.Height, 0)}
	if u, err := url.Parse(e.AuthorURL); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		f.ChannelURL = e.AuthorURL
	}
	return f
}
