package oembed

import (
	"net/url"
	"regexp"

	"videoteca/archive"
)

type dailymotion struct{}

// Ids begin with x, those of private videos with k. A title may follow: "x7tgad0_a-title".
const dailymotionForm = `(x[0-9a-z]{1,20}|k[0-9A-Za-z]{1,40})`

var (
	dailymotionID     = regexp.MustCompile(`^` + dailymotionForm + `$`)
	dailymotionPath   = regexp.MustCompile(`^/(?:[a-z]{2}/)?(?:embed/)?video/` + dailymotionForm + `(?:_[^/]*)?/?$`)
	dailymotionShort  = regexp.MustCompile(`^/` + dailymotionForm + `/?$`)
	dailymotionPlayer = regexp.MustCompile(`^/player(?:/[0-9A-Za-z]+)?\.html$`)
)

func dailymotionTraits() traits {
	return traits{label: "Dailymotion", kind: archive.PlayerDailymotion, origin: "https://geo.dailymotion.com", told: true}
}

func (dailymotion) read(u *url.URL) (named, error) {
	if !under(u, "dailymotion.com") && !under(u, "dai.ly") {
		return named{}, archive.ErrNotRecognised
	}
	id := dailymotionOf(u)
	if id == "" {
		return named{}, notAVideo("on Dailymotion, but no video's own page")
	}
	start, end := span(u, []string{"start", "startTime", "t"}, nil)
	return named{id: id, page: dailymotion{}.page(id), start: start, end: end}, nil
}

func dailymotionOf(u *url.URL) string {
	form := dailymotionPath
	switch {
	case under(u, "dai.ly"):
		form = dailymotionShort
	case dailymotionPlayer.MatchString(u.Path):
		return dailymotionID.FindString(u.Query().Get("video"))
	}
	if m := form.FindStringSubmatch(u.Path); m != nil {
		return m[1]
	}
	return ""
}

func (dailymotion) page(id string) string {
	if !dailymotionID.MatchString(id) {
		return ""
	}
	return "https://www.dailymotion.com/video/" + id
}

func (dailymotion) endpoint(string) string { return "https://www.dailymotion.com/services/oembed" }
