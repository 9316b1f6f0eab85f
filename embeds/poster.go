package embeds

import (
	"fmt"
	"strings"

	"videoteca/archive"
)

// poster is the picture that this server holds of a video.
type poster struct {
	Src    string
	Srcset string
	Width  int
	Height int
	Alt    string
	Lang   string // of Alt, where it is not the page's; BCP 47
}

func posterOf(v archive.Video, o Options, alt, lang string) *poster {
	if !o.HasPoster {
		return nil
	}
	var spoken string
	if own := phraseOf(v.Alt, lang, v.DefaultLanguage); own.Text != "" {
		alt = own.Text
		if own.Lang != lang {
			spoken = own.Lang
		}
	}
	shape, widths := posterShape(v), o.widths()
	var sources []string
	for _, w := range widths {
		sources = append(sources, fmt.Sprintf("%s %dw", o.local(PosterPath(v.ID, w)), w))
	}
	fallback := nearestWidth(widths, 640)
	at := shape.atWidth(fallback)
	return &poster{Src: o.local(PosterPath(v.ID, fallback)), Srcset: strings.Join(sources, ", "), Width: at.width, Height: at.height, Alt: alt, Lang: spoken}
}

// posterShape is the shape of the picture that posters are made from.
func posterShape(v archive.Video) size {
	if f, ok := v.Poster(); ok && f.Height > 0 {
		return size{f.Width, f.Height}
	}
	return size{16, 9}
}

// nearestWidth is the largest width up to want, else the smallest there is.
func nearestWidth(ascending []int, want int) int {
	best := ascending[0]
	for _, w := range ascending {
		if w <= want {
			best = w
		}
	}
	return best
}

// watch is the address of the watch page, as asked; from a file, of the file beside it.
func (o Options) watch(id archive.VideoID) string {
	if o.Static {
		return o.local("/v/" + FileName(id, o.Language) + ".html")
	}
	return o.url("/v/" + string(id) + o.Query())
}

// FileName is what the files of a video are called, before their extension: those in
// its own language, and those in each language of the interface.
func FileName(id archive.VideoID, language string) string {
	if language == "" {
		return string(id)
	}
	return string(id) + "." + strings.ToLower(language)
}

// PosterPath is the public path of a poster, width in pixels.
func PosterPath(id archive.VideoID, width int) string { return fmt.Sprintf("/p/%s/%d.jpg", id, width) }
