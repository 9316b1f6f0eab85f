package youtube

import (
	"time"

	yt "google.golang.org/api/youtube/v3"

	"videoteca/archive"
)

// allRegions is how many regions ISO 3166-1 has: a list that blocks as many
// blocks everywhere.
const allRegions = 249

// restrictionsOf is everything that limits who may play the video where, as of the time at.
func restrictionsOf(v *yt.Video, at time.Time) []archive.Restriction {
	var found []archive.Restriction
	if v.Status != nil && !v.Status.Embeddable {
		found = append(found, archive.Restriction{Aspect: archive.AspectEmbedding})
	}
	if v.ContentDetails != nil {
		found = append(found, contentRestrictions(v.ContentDetails)...)
	}
	if from, scheduled := scheduledFor(v, at); scheduled {
		found = append(found, archive.Restriction{Aspect: archive.AspectScheduled, From: from})
	}
	if inProcess(v) {
		found = append(found, archive.Restriction{Aspect: archive.AspectProcessing})
	}
	return found
}

func contentRestrictions(d *yt.VideoContentDetails) []archive.Restriction {
	var found []archive.Restriction
	if r, limited := regionLimit(d.RegionRestriction); limited {
		found = append(found, r)
	}
	if d.ContentRating != nil && d.ContentRating.YtRating == "ytAgeRestricted" {
		found = append(found, archive.Restriction{Aspect: archive.AspectAge})
	}
	return found
}

// regionLimit reads the region lists. An allowed list that is present and empty
// allows nobody; a blocked list that is empty blocks nobody.
func regionLimit(r *yt.VideoContentDetailsRegionRestriction) (archive.Restriction, bool) {
	if r == nil || r.Allowed == nil && len(r.Blocked) == 0 {
		return archive.Restriction{}, false
	}
	nowhere := r.Allowed != nil && len(r.Allowed) == 0 || len(r.Blocked) >= allRegions
	limit := archive.Restriction{Aspect: archive.AspectRegion, Nowhere: nowhere}
	if !nowhere {
		limit.Allowed, limit.Blocked = r.Allowed, r.Blocked
	}
	return limit, true
}

// scheduledFor is when a video begins that does not play yet; zero where not told.
func scheduledFor(v *yt.Video, at time.Time) (from time.Time, scheduled bool) {
	if v.Status != nil && v.Status.PrivacyStatus == "private" {
		from = parseTime(v.Status.PublishAt)
		return from, from.After(at)
	}
	if v.Snippet == nil || v.Snippet.LiveBroadcastContent != "upcoming" {
		return time.Time{}, false
	}
	if v.LiveStreamingDetails != nil {
		from = parseTime(v.LiveStreamingDetails.ScheduledStartTime)
	}
	return from, true
}

// inProcess reports whether the upload does not play yet. A stream that is
// on air or announced counts as uploaded too, and is not waiting to be processed.
func inProcess(v *yt.Video) bool {
	if v.Status == nil || v.Status.UploadStatus != "uploaded" {
		return false
	}
	return v.Snippet == nil || v.Snippet.LiveBroadcastContent == "" || v.Snippet.LiveBroadcastContent == "none"
}

// wordsOf names the restrictions in the API's own words.
func wordsOf(restrictions []archive.Restriction) []string {
	names := map[archive.Aspect]string{
		archive.AspectEmbedding:  "embeddable=false",
		archive.AspectRegion:     "regionRestriction",
		archive.AspectAge:        "ytAgeRestricted",
		archive.AspectScheduled:  "scheduled",
		archive.AspectProcessing: "uploadStatus=uploaded",
	}
	var words []string
	for _, r := range restrictions {
		words = append(words, names[r.Aspect])
	}
	return words
}
