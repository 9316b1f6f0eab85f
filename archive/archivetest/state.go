package archivetest

import "net/http"

// State is what has become of a video.
//
//	state                      videos.list                  oEmbed  thumbnails  player
//	playable                   public                       200     yes         plays
//	unlisted                   privacyStatus unlisted       200     yes         plays
//	private                    absent                       403     no          error 100
//	removed                    absent                       404     no          error 100
//	embedding-off              embeddable false             401     yes         error 150
//	region-blocked             regionRestriction.blocked    200     yes         error 150 in those regions
//	region-blocked-everywhere  regionRestriction.allowed [] 200     yes         error 150
//	age-restricted             ytAgeRestricted              200     yes         error 150
//	scheduled                  upcoming, starting time      200     yes         waits, without an error
//	processing                 uploadStatus uploaded        200     yes         error 5
//	rejected                   uploadStatus rejected        404     no          error 100
//
// An id that was never there looks like removed.
type State string

// The states of a video.
const (
	Playable                State = "playable"
	Unlisted                State = "unlisted"
	Private                 State = "private"
	Removed                 State = "removed"
	EmbeddingOff            State = "embedding-off"
	RegionBlocked           State = "region-blocked"
	RegionBlockedEverywhere State = "region-blocked-everywhere"
	AgeRestricted           State = "age-restricted"
	Scheduled               State = "scheduled"
	Processing              State = "processing"
	Rejected                State = "rejected"
)

// States is every state, in the order in which people are offered them.
func States() []State {
	return []State{
		Playable, Unlisted, Private, Removed, EmbeddingOff, RegionBlocked, RegionBlockedEverywhere,
		AgeRestricted, Scheduled, Processing, Rejected,
	}
}

// Codes of the player's onError.
const (
	errorParameter = 2   // the id is not an id
	errorPlayer    = 5   // trouble in the player, transient
	errorGone      = 100 // removed or private
	errorEmbedding = 150 // not playable in an embedded player; 101 in disguise
	errorReferer   = 153 // the request named no page that embeds it
)

// listed reports whether a caller with a mere API key finds the video.
func (s State) listed() bool { return s != Private && s != Removed }

// gone reports whether nothing of the video is shown to the public.
func (s State) gone() bool { return s == Private || s == Removed || s == Rejected }

// oembedStatus is the status of oEmbed's answer.
func (s State) oembedStatus() int {
	switch s {
	case Private:
		return http.StatusForbidden
	case Removed, Rejected:
		return http.StatusNotFound
	case EmbeddingOff:
		return http.StatusUnauthorized
	}
	return http.StatusOK
}

// playerError is the player's code in somebody else's page, 0 where it plays.
func (s State) playerError() int {
	switch s {
	case Private, Removed, Rejected:
		return errorGone
	case EmbeddingOff, RegionBlocked, RegionBlockedEverywhere, AgeRestricted:
		return errorEmbedding
	case Processing:
		return errorPlayer
	}
	return 0
}
