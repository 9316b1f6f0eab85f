package oembed

import (
	"net/url"
	"regexp"
	"strings"

	"videoteca/archive"
)

// peerTube is every instance, or with an origin the one there.
type peerTube struct {
	origin string // scheme and host in lower case, or empty
}

var (
	peerTubePath     = regexp.MustCompile(`^/(?:w|videos/watch|videos/embed)/([0-9A-Za-z-]{22,36})(?:[;/].*)?$`)
	peerTubePlaylist = regexp.MustCompile(`^/(?:w/p|videos/watch/playlist|video-playlists/embed)/([0-9A-Za-z-]{22,36})(?:[;/].*)?$`)
	longUUID         = regexp.MustCompile(`^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	peerTubeHost     = regexp.MustCompile(`^(?:[0-9a-z_-]+(?:\.[0-9a-z_-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$`)
)

// read knows an instance by its paths alone: whoever runs one chooses its name.
func (p peerTube) read(u *url.URL) (named, error) {
	if p.origin != "" && u.Host != hostOf(p.origin) {
		return named{}, archive.ErrNotRecognised
	}
	if uuid := uuidIn(peerTubePath, u.Path); uuid != "" && peerTubeHost.MatchString(u.Host) {
		id := uuid
		if p.origin == "" {
			id = u.Host + "/" + uuid
		}
		start, end := span(u, []string{"start"}, []string{"stop"})
		return named{id: id, page: p.page(id), start: start, end: end}, nil
	}
	if uuidIn(peerTubePlaylist, u.Path) != "" {
		return named{}, notAVideo("a playlist on PeerTube")
	}
	if p.origin != "" {
		return named{}, notAVideo("on PeerTube, but no video's own page")
	}
	return named{}, archive.ErrNotRecognised
}

// uuidIn is the uuid in its long form that the path holds, or nothing.
func uuidIn(form *regexp.Regexp, path string) string {
	m := form.FindStringSubmatch(path)
	if m == nil {
		return ""
	}
	if long := strings.ToLower(m[1]); longUUID.MatchString(long) {
		return long
	}
	return expandUUID(m[1])
}

// split is the base address of the instance and the uuid; empty where id is none.
func (p peerTube) split(id string) (base, uuid string) {
	base, uuid = p.origin, id
	if base == "" {
		host, rest, _ := strings.Cut(id, "/")
		if !peerTubeHost.MatchString(host) {
			return "", ""
		}
		base, uuid = "https://"+host, rest
	}
	if !longUUID.MatchString(uuid) {
		return "", ""
	}
	return base, uuid
}

// page is the form that every version of PeerTube knows, in its pages and in its endpoint.
func (p peerTube) page(id string) string { return p.join(id, "/videos/watch/", true) }

func (p peerTube) endpoint(id string) string { return p.join(id, "/services/oembed", false) }

func (p peerTube) api(id string) string { return p.join(id, "/api/v1/videos/", true) }

func (p peerTube) join(id, path string, withID bool) string {
	base, uuid := p.split(id)
	if uuid == "" {
		return ""
	}
	if withID {
		path += uuid
	}
	return base + path
}
