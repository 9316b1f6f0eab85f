package oembed

import (
	"net/url"
	"regexp"
	"strings"

	"videoteca/archive"
)

type vimeo struct{}

var (
	// vimeoPath is a video's page, also within a channel, a group, a showcase or the
	// owner's manager; what follows the id may be the hash of an unlisted one.
	vimeoPath   = regexp.MustCompile(`^/(?:channels/[^/]+/|groups/[^/]+/videos/|(?:album|showcase)/[^/]+/video/|manage/videos/|video/)?([1-9][0-9]{0,19})(?:/([^/]*))?(?:/.*)?$`)
	vimeoPlayer = regexp.MustCompile(`^/video/([1-9][0-9]{0,19})(?:/.*)?$`)
	vimeoHash   = regexp.MustCompile(`^[0-9a-f]{6,64}$`)
	vimeoID     = regexp.MustCompile(`^([1-9][0-9]{0,19})(?::([0-9a-f]{6,64}))?$`)
)

func vimeoTraits() traits {
	return traits{
		label: "Vimeo", kind: archive.PlayerVimeo, origin: "https://player.vimeo.com", told: true, sited: true,
		control: "76979871",                    // the video that Vimeo's own documentation plays
		query:   url.Values{"width": {"1280"}}, // the thumbnail is as wide as the player asked for
	}
}

func (vimeo) read(u *url.URL) (named, error) {
	if !under(u, "vimeo.com") {
		return named{}, archive.ErrNotRecognised
	}
	id, hash := vimeoParts(u)
	if id == "" {
		return named{}, notAVideo("on Vimeo, but no video's own page")
	}
	if h := u.Query().Get("h"); vimeoHash.MatchString(h) {
		hash = h
	}
	if hash != "" {
		id += ":" + hash
	}
	start, end := span(u, []string{"t"}, nil)
	return named{id: id, page: vimeo{}.page(id), start: start, end: end}, nil
}

func vimeoParts(u *url.URL) (id, hash string) {
	switch u.Host {
	case "player.vimeo.com":
		if m := vimeoPlayer.FindStringSubmatch(u.Path); m != nil {
			return m[1], ""
		}
	case "vimeo.com", "www.vimeo.com":
		if m := vimeoPath.FindStringSubmatch(u.Path); m != nil {
			if vimeoHash.MatchString(m[2]) {
				hash = m[2]
			}
			return m[1], hash
		}
	}
	return "", ""
}

func (vimeo) page(id string) string {
	if !vimeoID.MatchString(id) {
		return ""
	}
	return "https://vimeo.com/" + strings.Replace(id, ":", "/", 1)
}

func (vimeo) endpoint(string) string { return "https://vimeo.com/api/oembed.json" }
