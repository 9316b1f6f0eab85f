package embeds

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"videoteca/archive"
)

// phrase is a text of the newsroom's or a platform's, with its language if known.
type phrase struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"` // BCP 47, may be empty
}

// prose is a text of several paragraphs.
type prose struct {
	Paragraphs []string `json:"paragraphs,omitempty"`
	Lang       string   `json:"lang,omitempty"`
}

// line makes one line of a text: what is no UTF-8 and what cannot be seen goes,
// every run of white space is one space.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// paragraphs splits a text at its line breaks.
func paragraphs(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if p = line(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// join puts the paragraphs back together.
func (p prose) join() string { return strings.Join(p.Paragraphs, "\n") }

func proseOf(t archive.Text, lang, fallback string) prose {
	text, tag := t.In(lang, fallback)
	return prose{paragraphs(text), validTag(tag)}
}

// sameBase reports whether two tags are of one language: "es" and "es-SV".
func sameBase(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return strings.EqualFold(a, b)
}

func titleOf(v archive.Video, lang string) phrase {
	text, tag := v.DisplayTitle(lang)
	if text = line(text); text == "" {
		text = string(v.ID)
	}
	return phrase{Text: text, Lang: validTag(tag)}
}

func phraseOf(t archive.Text, lang, fallback string) phrase {
	text, tag := t.In(lang, fallback)
	return phrase{Text: line(text), Lang: validTag(tag)}
}

func validTag(tag string) string {
	if !archive.ValidLanguage(tag) {
		return ""
	}
	return tag
}

// described is what the most preferred source that told anything told.
func described(v archive.Video) archive.Fields {
	for _, s := range v.Sources {
		if s.Described != nil && !s.Described.IsZero() {
			return s.Described.Fields
		}
	}
	return archive.Fields{}
}

// length is the length in seconds that any source tells, 0 if none does.
func length(v archive.Video) float64 {
	for _, s := range v.Sources {
		if s.Described != nil && s.Described.Seconds > 0 {
			return s.Described.Seconds
		}
	}
	return 0
}

// size is a picture's in pixels.
type size struct{ width, height int }

// shapeOf is the shape that was asked for, else the one that the video is known to have.
func shapeOf(v archive.Video, o Options) size {
	width, height, _ := strings.Cut(o.Ratio, ":")
	w, errW := strconv.Atoi(width)
	h, errH := strconv.Atoi(height)
	if errW == nil && errH == nil && w > 0 && h > 0 {
		return size{w, h}
	}
	return frameSize(v).reduced()
}

// frameSize is the shape of the video as played, in pixels; 16:9 where no
// source tells it, or tells one that no page could show.
func frameSize(v archive.Video) size {
	for _, s := range v.Sources {
		if s.Described == nil {
			continue
		}
		if got := (size{s.Described.Width, s.Described.Height}); got.plausible() {
			return got.usual()
		}
	}
	for _, c := range v.Copies {
		if got := (size{c.File.Width, c.File.Height}); got.plausible() {
			return got.usual()
		}
	}
	return size{16, 9}
}

// plausible keeps out shapes that no page could show.
func (s size) plausible() bool {
	return s.width > 0 && s.height > 0 && s.ratio() > 0.3 && s.ratio() < 4
}

func (s size) ratio() float64 { return float64(s.width) / float64(s.height) }

// usual is the usual shape within two per cent of this one. Platforms round the
// sizes that they tell: YouTube's oEmbed says 200 by 113 of a video in 16:9.
func (s size) usual() size {
	for _, u := range []size{{16, 9}, {9, 16}, {4, 3}, {1, 1}} {
		if math.Abs(s.ratio()/u.ratio()-1) < 0.02 {
			return u
		}
	}
	return s
}

// Width and Height are for templates.
func (s size) Width() int  { return s.width }
func (s size) Height() int { return s.height }

// atWidth is the same shape at another width.
func (s size) atWidth(width int) size {
	return size{width, max(1, int(math.Round(float64(width)/s.ratio())))}
}

// within is the same shape, no wider and no higher than the limits; 0 is no limit.
func (s size) within(width, height int) size {
	if width > 0 && s.width > width {
		s = s.atWidth(width)
	}
	if height > 0 && s.height > height {
		s = size{max(1, int(math.Floor(float64(height)*s.ratio()))), height}
	}
	return s
}

// lowest terms, for CSS.
func (s size) reduced() size {
	a, b := s.width, s.height
	for b != 0 {
		a, b = b, a%b
	}
	return size{s.width / a, s.height / a}
}

// shape is the class of page.css nearest to the video's shape: a page whose
// styles are admitted by digest cannot carry a number of its own.
func (s size) shape() string {
	switch r := s.ratio(); {
	case r < 0.75:
		return "tall"
	case r < 1.15:
		return "square"
	case r < 1.55:
		return "classic"
	}
	return "wide"
}
