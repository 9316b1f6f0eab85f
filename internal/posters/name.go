package posters

import (
	"fmt"
	"path/filepath"
	"strings"

	"videoteca/archive"
)

// rendering names the way posters are drawn. A change that readers would see
// gets another, so that files of the old one are made again and age out.
const rendering = "r1"

// shortestDigest is 128 bits in hexadecimal: names must not meet by chance.
const shortestDigest = 32

// original is what posters are drawn from, and how. With a content warning they
// are veiled: blurred here and not in the page, so that a mail, a feed and an
// article without scripts show no more than the page does.
type original struct {
	archive.File
	veiled bool
}

// originalOf is the original of a video's posters, if it has a picture.
func originalOf(v archive.Video) (original, bool) {
	f, ok := v.Poster()
	return original{f, len(v.ContentWarning) > 0}, ok
}

// id tells originals apart.
func (o original) id() string {
	if o.veiled {
		return o.Digest + "-veiled"
	}
	return o.Digest
}

// poster is one width of one original.
type poster struct {
	original original
	width    int // pixels, at most the original's where that is known
}

// posterOf narrows the width to the original's, so that a small thumbnail is not
// kept four times over.
func posterOf(of original, width int) poster {
	if of.Width > 0 {
		width = min(width, of.Width)
	}
	return poster{original: of, width: width}
}

// postersOf are the different posters of one original, the smallest first.
func postersOf(of original) []poster {
	var out []poster
	for _, w := range Widths() {
		if p := posterOf(of, w); len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

// name is the file's path under the cache's directory.
func (p poster) name() string {
	id := p.original.id()
	return filepath.Join(id[:2], fmt.Sprintf("%s-%d.%s.jpg", id, p.width, rendering))
}

// checkDigest refuses a digest that is none: it becomes a file's name, and one
// with "../" in it would name another.
func checkDigest(f original) error {
	if len(f.Digest) < shortestDigest || strings.Trim(f.Digest, "0123456789abcdef") != "" {
		return fmt.Errorf("the thumbnail's digest %q is not hexadecimal", f.Digest)
	}
	return nil
}
