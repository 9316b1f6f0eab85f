package embeds

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"videoteca/archive"
)

// Ids as they may stand in the address of a player. Anything else, dots and
// slashes above all, could name another page of the same host.
var (
	playerID   = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)
	vimeoID    = regexp.MustCompile(`^([0-9]{1,20})(?::([0-9A-Za-z]{1,64}))?$`)
	peerTubeID = regexp.MustCompile(`^(?:([^/]+)/)?([0-9A-Za-z-]{1,64})$`)
)

// candidateOf builds the address of a place's player, if it has one.
func candidateOf(p Place) (Candidate, bool) {
	var address string
	id := p.Source.ID
	origin, ok := originOf(p.Player.Origin)
	switch p.Player.Kind {
	case archive.PlayerYouTube:
		address, ok = origin+"/embed/"+id, ok && playerID.MatchString(id)
	case archive.PlayerDailymotion:
		address, ok = origin+"/player.html?video="+id, ok && playerID.MatchString(id)
	case archive.PlayerVimeo:
		address, ok = vimeoAddress(origin, id, ok)
	case archive.PlayerPeerTube:
		origin, address, ok = peerTubeAddress(origin, id, ok)
	case archive.PlayerMedia:
		address = id
		origin, ok = originOf(id)
	default:
		ok = false
	}
	return Candidate{Place: p, Address: address, Origin: origin}, ok
}

// vimeoAddress carries the hash without which an unlisted video is not shown.
func vimeoAddress(origin, id string, ok bool) (string, bool) {
	m := vimeoID.FindStringSubmatch(id)
	if !ok || m == nil {
		return "", false
	}
	address := origin + "/video/" + m[1]
	if m[2] != "" {
		address += "?h=" + m[2]
	}
	return address, true
}

// peerTubeAddress is at the host that the id names, where the platform has none of its own.
func peerTubeAddress(origin, id string, ok bool) (player, address string, _ bool) {
	m := peerTubeID.FindStringSubmatch(id)
	if m == nil {
		return "", "", false
	}
	if m[1] != "" {
		origin, ok = originOf("https://" + m[1])
	}
	return origin, origin + "/videos/embed/" + m[2], ok
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

// playing is the address with everything a player needs but the origin of the
// page, which only the browser knows (the page has aliases).
func (c Candidate) playing(part clip, o Options, lang string) string {
	if c.kind() == archive.PlayerMedia {
		return c.Address + mediaFragment(part)
	}
	q := url.Values{"autoplay": {"1"}}
	switch c.Player.Kind {
	case archive.PlayerYouTube:
		forYouTube(q, part, o, lang)
	case archive.PlayerVimeo:
		q.Set("dnt", "1") // no cookies, no statistics of the reader
		set(q, "texttrack", o.Captions)
	case archive.PlayerDailymotion:
		setSeconds(q, "startTime", part.start)
		set(q, "subtitles-default", o.Captions)
	case archive.PlayerPeerTube:
		q.Set("api", "1")
		q.Set("p2p", "0") // readers' addresses are not handed to other readers
		q.Set("warningTitle", "0")
		setSeconds(q, "start", part.start)
		setSeconds(q, "stop", part.end)
		set(q, "subtitle", o.Captions)
	}
	address := c.Address + "?" + q.Encode()
	if strings.Contains(c.Address, "?") {
		address = c.Address + "&" + q.Encode()
	}
	if c.Player.Kind == archive.PlayerVimeo && part.start > 0 {
		address += "#t=" + strconv.Itoa(part.start) + "s"
	}
	return address
}

// forYouTube sets what https://developers.google.com/youtube/player_parameters names.
func forYouTube(q url.Values, part clip, o Options, lang string) {
	q.Set("enablejsapi", "1")
	q.Set("playsinline", "1")
	q.Set("rel", "0")
	set(q, "hl", lang)
	setSeconds(q, "start", part.start)
	setSeconds(q, "end", part.end)
	if o.Captions != "" {
		q.Set("cc_load_policy", "1")
		q.Set("cc_lang_pref", o.Captions)
	}
}

func set(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

func setSeconds(q url.Values, name string, n int) {
	if n > 0 {
		q.Set(name, strconv.Itoa(n))
	}
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
