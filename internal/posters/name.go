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

// poster is one width of one original.
type poster struct {
	original archive.File
	width    int // pixels, at most the original's where that is known
}

// posterOf narrows the width to the original's, so that a small thumbnail is not
// kept four times over.
func posterOf(original archive.File, width int) poster {
	if original.Width > 0 {
		width = min(width, original.Width)
	}
	return poster{original: original, width: width}
}

// postersOf are the different posters of one original, the smallest first.
func postersOf(original archive.File) []poster {
	var out []poster
	for _, w := range Widths() {
		if p := posterOf(original, w); len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

// name is the file's path under the cache's directory.
func (p poster) name() string {
	d := p.original.Digest
	return filepath.Join(d[:2], fmt.Sprintf("%s-%d.%s.jpg", d, p.width, rendering))
}

// checkDigest refuses a digest that is none: it becomes a file's name, and one
// with "../" in it would name another.
func checkDigest(f archive.File) error {
	if len(f.Digest) < shortestDigest || strings.Trim(f.Digest, "0123456789abcdef") != "" {
		return fmt.Errorf("the thumbnail's digest %q is not hexadecimal", f.Digest)
	}
	return nil
}
