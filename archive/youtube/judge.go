package youtube

import (
	"strings"
	"time"

	yt "google.golang.org/api/youtube/v3"

	"videoteca/archive"
)

// judgeVideo reads an item of videos.list, as of the time at.
//
//	uploadStatus deleted, rejected, failed          removed
//	privacyStatus private, publishAt to come        restricted: scheduled
//	privacyStatus private                           private
//	embeddable false                                embedding-disabled, beside any restriction
//	any restriction (see restrictionsOf)            restricted
//	else, unlisted included                         playable
//
// An item without the part that would tell is playable, and sees less.
func judgeVideo(v *yt.Video, at time.Time) verdict {
	if outcome, reason := goneBy(v.Status, at); outcome.Bad() {
		return verdict{outcome: outcome, reason: reason}
	}
	found := verdict{restrictions: restrictionsOf(v, at), sees: seenIn(v)}
	found.outcome, found.reason = archive.Playable, strings.Join(wordsOf(found.restrictions), "; ")
	switch {
	case v.Status != nil && !v.Status.Embeddable:
		found.outcome = archive.EmbeddingDisabled
	case len(found.restrictions) > 0:
		found.outcome = archive.Restricted
	}
	if found.outcome == archive.Playable {
		found.answers, found.reason = true, noted(v.Status)
	}
	return found
}

// goneBy is a bad outcome by the status, or the zero one.
func goneBy(s *yt.VideoStatus, at time.Time) (archive.Outcome, string) {
	if s == nil {
		return archive.Unclear, ""
	}
	switch s.UploadStatus {
	case "deleted":
		return archive.Removed, "uploadStatus=deleted"
	case "rejected":
		return archive.Removed, withDetail("uploadStatus=rejected", "rejectionReason", s.RejectionReason)
	case "failed":
		return archive.Removed, withDetail("uploadStatus=failed", "failureReason", s.FailureReason)
	}
	if s.PrivacyStatus == "private" && !parseTime(s.PublishAt).After(at) {
		return archive.Private, "privacyStatus=private"
	}
	return archive.Unclear, ""
}

// noted is what is worth knowing of a video that plays: one that is unlisted is
// often on its way to being private, and one made for kids plays with fewer functions.
func noted(s *yt.VideoStatus) string {
	var words []string
	if s != nil && s.PrivacyStatus == "unlisted" {
		words = append(words, "privacyStatus=unlisted")
	}
	if s != nil && s.MadeForKids {
		words = append(words, "madeForKids=true")
	}
	return strings.Join(words, "; ")
}

func withDetail(word, name, value string) string {
	if value == "" {
		return word
	}
	return word + ", " + name + "=" + value
}

// seenIn is which restrictions the parts of the item would have shown.
func seenIn(v *yt.Video) []archive.Aspect {
	var sees []archive.Aspect
	if v.Status != nil {
		sees = append(sees, archive.AspectEmbedding, archive.AspectProcessing)
	}
	if v.ContentDetails != nil {
		sees = append(sees, archive.AspectRegion, archive.AspectAge)
	}
	if v.Status != nil && v.Snippet != nil {
		sees = append(sees, archive.AspectScheduled)
	}
	return sees
}

// parseTime reads RFC 3339; the zero time where it cannot.
func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
