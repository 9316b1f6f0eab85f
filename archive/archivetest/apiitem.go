package archivetest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// videoItem is an item of videos.list; parts that were not asked for are nil.
type videoItem struct {
	Kind                 string         `json:"kind"`
	Etag                 string         `json:"etag"`
	ID                   string         `json:"id"`
	Snippet              *snippet       `json:"snippet,omitempty"`
	ContentDetails       *details       `json:"contentDetails,omitempty"`
	Status               *status        `json:"status,omitempty"`
	LiveStreamingDetails *liveStreaming `json:"liveStreamingDetails,omitempty"`
}

type snippet struct {
	PublishedAt          string           `json:"publishedAt"`
	ChannelID            string           `json:"channelId"`
	Title                string           `json:"title"`
	Description          string           `json:"description"`
	Thumbnails           map[Size]picture `json:"thumbnails"`
	ChannelTitle         string           `json:"channelTitle"`
	Tags                 []string         `json:"tags,omitempty"`
	CategoryID           string           `json:"categoryId"`
	LiveBroadcastContent string           `json:"liveBroadcastContent"`
	DefaultLanguage      string           `json:"defaultLanguage"`
	Localized            localized        `json:"localized"`
	DefaultAudioLanguage string           `json:"defaultAudioLanguage"`
}

type picture struct {
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

type localized struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

type details struct {
	Duration          string             `json:"duration"`
	Dimension         string             `json:"dimension"`
	Definition        string             `json:"definition"`
	Caption           string             `json:"caption"`
	LicensedContent   bool               `json:"licensedContent"`
	RegionRestriction *regionRestriction `json:"regionRestriction,omitempty"`
	ContentRating     contentRating      `json:"contentRating"`
	Projection        string             `json:"projection"`
}

// regionRestriction keeps absent and empty apart: an empty allowed list blocks everywhere.
type regionRestriction struct {
	Allowed *[]string `json:"allowed,omitempty"`
	Blocked *[]string `json:"blocked,omitempty"`
}

type contentRating struct {
	YtRating string `json:"ytRating,omitempty"`
}

type status struct {
	UploadStatus        string `json:"uploadStatus"`
	RejectionReason     string `json:"rejectionReason,omitempty"`
	PrivacyStatus       string `json:"privacyStatus"`
	License             string `json:"license"`
	Embeddable          bool   `json:"embeddable"`
	PublicStatsViewable bool   `json:"publicStatsViewable"`
	MadeForKids         bool   `json:"madeForKids"`
}

type liveStreaming struct {
	ScheduledStartTime string `json:"scheduledStartTime"`
}

// item is what a caller with an API key is told of a listed video.
func (p *Platform) item(v Video, parts []string, base string) videoItem {
	it := videoItem{Kind: "youtube#video", ID: v.ID}
	if slices.Contains(parts, "snippet") {
		it.Snippet = snippetOf(v, base)
	}
	if slices.Contains(parts, "contentDetails") {
		it.ContentDetails = p.detailsOf(v)
	}
	if slices.Contains(parts, "status") {
		it.Status = statusOf(v)
	}
	if v.State == Scheduled && slices.Contains(parts, "liveStreamingDetails") {
		it.LiveStreamingDetails = &liveStreaming{ScheduledStartTime: stamp(p.startsAt(v))}
	}
	it.Etag = etagOf(it)
	return it
}

// startsAt is a day ahead, by the hour so that answers within it agree, where not set.
func (p *Platform) startsAt(v Video) time.Time {
	if !v.Starts.IsZero() {
		return v.Starts
	}
	return p.o.Now().Add(24 * time.Hour).Truncate(time.Hour)
}

func snippetOf(v Video, base string) *snippet {
	s := &snippet{
		PublishedAt: stamp(v.Published), ChannelID: v.ChannelID, Title: v.Title, Description: v.Description,
		Thumbnails: map[Size]picture{}, ChannelTitle: v.ChannelTitle, Tags: v.Tags, CategoryID: "25", // News & Politics
		LiveBroadcastContent: "none", DefaultLanguage: v.Language, DefaultAudioLanguage: v.Language,
		Localized: localized{v.Title, v.Description},
	}
	if v.State == Scheduled {
		s.LiveBroadcastContent = "upcoming"
	}
	if v.State.gone() {
		return s // a rejected upload has no picture left
	}
	for _, size := range v.Largest.andSmaller() {
		shape := size.shape()
		s.Thumbnails[size] = picture{URL: thumbnailURL(base, v.ID, size), Width: shape.X, Height: shape.Y}
	}
	return s
}

func (p *Platform) detailsOf(v Video) *details {
	d := &details{Duration: isoDuration(v.Duration), Dimension: "2d", Definition: "sd", Caption: "false", Projection: "rectangular"}
	if v.Largest == MaxRes {
		d.Definition = "hd"
	}
	switch v.State {
	case Scheduled, Processing:
		d.Duration = isoDuration(0)
	case RegionBlocked:
		blocked := p.blockedRegions(v)
		d.RegionRestriction = &regionRestriction{Blocked: &blocked}
	case RegionBlockedEverywhere:
		d.RegionRestriction = &regionRestriction{Allowed: &[]string{}}
	case AgeRestricted:
		d.ContentRating.YtRating = "ytAgeRestricted"
	}
	return d
}

// blockedRegions is where a region-blocked video does not play.
func (p *Platform) blockedRegions(v Video) []string {
	if len(v.Regions) == 0 {
		return []string{p.o.Region}
	}
	return v.Regions
}

func statusOf(v Video) *status {
	s := &status{
		UploadStatus: "processed", PrivacyStatus: "public", License: "youtube",
		Embeddable: v.State != EmbeddingOff, PublicStatsViewable: true, MadeForKids: v.MadeForKids,
	}
	switch v.State {
	case Unlisted:
		s.PrivacyStatus = "unlisted"
	case Processing:
		s.UploadStatus = "uploaded"
	case Rejected:
		s.UploadStatus, s.RejectionReason = "rejected", "copyright"
	}
	return s
}

type channelEntry struct {
	Kind    string          `json:"kind"`
	Etag    string          `json:"etag"`
	ID      string          `json:"id"`
	Snippet *channelSnippet `json:"snippet,omitempty"`
	Status  *channelStatus  `json:"status,omitempty"`
}

type channelSnippet struct {
	Title       string    `json:"title"`
	Description string    `json:"description"`
	PublishedAt string    `json:"publishedAt"`
	Localized   localized `json:"localized"`
}

type channelStatus struct {
	PrivacyStatus     string `json:"privacyStatus"`
	IsLinked          bool   `json:"isLinked"`
	LongUploadsStatus string `json:"longUploadsStatus"`
}

func channelItem(c Channel, parts []string) channelEntry {
	e := channelEntry{Kind: "youtube#channel", ID: c.ID}
	if slices.Contains(parts, "snippet") {
		e.Snippet = &channelSnippet{Title: c.Title, PublishedAt: stamp(c.Since), Localized: localized{Title: c.Title}}
	}
	if slices.Contains(parts, "status") {
		e.Status = &channelStatus{PrivacyStatus: "public", IsLinked: true, LongUploadsStatus: "longUploadsUnspecified"}
	}
	e.Etag = etagOf(e)
	return e
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// isoDuration writes whole seconds as ISO 8601 the way the API does; nothing is "P0D".
func isoDuration(d time.Duration) string {
	s := int64(d / time.Second)
	if s <= 0 {
		return "P0D"
	}
	var out strings.Builder
	out.WriteByte('P')
	if days := s / 86400; days > 0 {
		fmt.Fprintf(&out, "%dD", days)
	}
	if s %= 86400; s == 0 {
		return out.String()
	}
	out.WriteByte('T')
	for _, unit := range []struct {
		seconds int64
		letter  byte
	}{{3600, 'H'}, {60, 'M'}, {1, 'S'}} {
		if n := s / unit.seconds; n > 0 {
			fmt.Fprintf(&out, "%d%c", n, unit.letter)
		}
		s %= unit.seconds
	}
	return out.String()
}
