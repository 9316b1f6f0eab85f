package embeds

import (
	"net/url"
	"regexp"
	"strconv"

	"videoteca/archive"
)

// playerID is what may stand in the path of a player's address. Anything else,
// dots and slashes above all, could name another page of the same host.
var playerID = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)

// candidateOf builds the address of a place's player, if it has one.
func candidateOf(p Place) (Candidate, bool) {
	switch p.Player.Kind {
	case archive.PlayerYouTube:
		origin, ok := originOf(p.Player.Origin)
		if !ok || !playerID.MatchString(p.Source.ID) {
			return Candidate{}, false
		}
		return Candidate{Place: p, Address: origin + "/embed/" + p.Source.ID, Origin: origin}, true
	case archive.PlayerMedia:
		origin, ok := originOf(p.Source.ID)
		if !ok {
			return Candidate{}, false
		}
		return Candidate{Place: p, Address: p.Source.ID, Origin: origin}, true
	}
	return Candidate{}, false
}

// originOf is the origin of a web address; anything but http and https has none here.
func originOf(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", false
	}
	if !plainHost.MatchString(u.Host) {
		return "", false
	}
	return u.Scheme + "://" + u.Host, true
}

// plainHost keeps out of a policy header what would end or widen a directive:
// spaces, semicolons, commas, wildcards.
var plainHost = regexp.MustCompile(`^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+)(:\d{1,5})?$`)

// clip is the part of a video to be played, in seconds; zero is from the start, to the end.
type clip struct{ start, end int }

// playing is the address with everything a player needs but the origin of the
// page, which only the browser knows (the page has aliases).
func (c Candidate) playing(part clip) string {
	if c.Player.Kind == archive.PlayerMedia {
		return c.Address + mediaFragment(part)
	}
	q := url.Values{"enablejsapi": {"1"}, "playsinline": {"1"}, "rel": {"0"}, "autoplay": {"1"}}
	if part.start > 0 {
		q.Set("start", strconv.Itoa(part.start))
	}
	if part.end > 0 {
		q.Set("end", strconv.Itoa(part.end))
	}
	return c.Address + "?" + q.Encode()
}

// mediaFragment selects a part of a media file: https://www.w3.org/TR/media-frags/
func mediaFragment(part clip) string {
	if part == (clip{}) {
		return ""
	}
	fragment := "#t=" + strconv.Itoa(part.start)
	if part.end > 0 {
		fragment += "," + strconv.Itoa(part.end)
	}
	return fragment
}
