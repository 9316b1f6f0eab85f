package oembed

import (
	"net/url"
	"regexp"
	"slices"

	"videoteca/archive"
)

// postID is what TikTok and X number their posts with.
var postID = regexp.MustCompile(`^[1-9][0-9]{0,24}$`)

type tiktok struct{}

var (
	tiktokPath = regexp.MustCompile(`^/@([0-9A-Za-z_.]*)/video/([1-9][0-9]{0,24})/?$`)
	tiktokBare = regexp.MustCompile(`^/(?:embed|embed/v[0-9]|player/v[0-9]|share/video|v)/([1-9][0-9]{0,24})(?:\.html)?/?$`)
)

func (tiktok) read(u *url.URL) (named, error) {
	if !under(u, "tiktok.com") {
		return named{}, archive.ErrNotRecognised
	}
	if m := tiktokPath.FindStringSubmatch(u.Path); m != nil && m[1] != "" {
		return named{id: m[2], page: "https://www.tiktok.com/@" + m[1] + "/video/" + m[2]}, nil
	} else if m != nil {
		return named{id: m[2], page: tiktok{}.page(m[2])}, nil
	}
	if m := tiktokBare.FindStringSubmatch(u.Path); m != nil {
		return named{id: m[1], page: tiktok{}.page(m[1])}, nil
	}
	if slices.Contains([]string{"vm.tiktok.com", "vt.tiktok.com"}, u.Host) || len(u.Path) > 3 && u.Path[:3] == "/t/" {
		return named{}, notAVideo("a short link; open it in a browser and give the address it leads to")
	}
	return named{}, notAVideo("on TikTok, but no video's own page")
}

// page has a placeholder for the author, whom the id does not tell.
func (tiktok) page(id string) string {
	if !postID.MatchString(id) {
		return ""
	}
	return "https://www.tiktok.com/@_/video/" + id
}

func (tiktok) endpoint(string) string { return "https://www.tiktok.com/oembed" }

type xCom struct{}

// xPath is a post's page; a photo's or video's number may follow.
var xPath = regexp.MustCompile(`^/(?:([0-9A-Za-z_]{1,30})|i/web)/status(?:es)?/([1-9][0-9]{0,24})(?:/.*)?$`)

func (xCom) read(u *url.URL) (named, error) {
	if !under(u, "x.com") && !under(u, "twitter.com") {
		return named{}, archive.ErrNotRecognised
	}
	m := xPath.FindStringSubmatch(u.Path)
	if m == nil {
		return named{}, notAVideo("on X, but no post's own page")
	}
	if m[1] == "" {
		return named{id: m[2], page: xCom{}.page(m[2])}, nil
	}
	return named{id: m[2], page: "https://x.com/" + m[1] + "/status/" + m[2]}, nil
}

// page has a placeholder for the author, whom the id does not tell.
func (xCom) page(id string) string {
	if !postID.MatchString(id) {
		return ""
	}
	return "https://x.com/i/status/" + id
}

func (xCom) endpoint(string) string { return "https://publish.x.com/oembed" }
