package archive

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// PictureProber is a platform that shows a picture of each source.
type PictureProber interface {
	// ProbePictures asks again for one picture of each source, among those that were kept of it; where
	// pictures have fixed addresses, on condition that it has changed since. The observation's Shows names the
	// picture, its Digest is of what came, and its Status is 304 where the condition did not hold. It comes beside a Probe of the same round, so
	// it says nothing of whether the source plays. A source with no picture that can be asked for is
	// not observed. It returns an error only if ctx ends.
	ProbePictures(ctx context.Context, shown []Shown) ([]Observation, error)
}

// Shown is a source with the pictures that were kept of it.
type Shown struct {
	ID       string // the platform's own
	URL      string // of its page
	Pictures []File
	At       time.Time // when they were fetched
}

// Picture is the one with a label, or nil.
func (s Shown) Picture(label string) *File {
	i := slices.IndexFunc(s.Pictures, func(f File) bool { return f.Label == label })
	if i < 0 {
		return nil
	}
	return &s.Pictures[i]
}

// ShowsAnew reports whether the answer is a picture of the source other than the one kept under its label.
func (o Observation) ShowsAnew(kept []File) bool {
	if o.Shows == "" || !o.Answers || o.Status == http.StatusNotModified || o.Digest == "" {
		return false
	}
	f := Shown{Pictures: kept}.Picture(o.Shows)
	return f != nil && f.Digest != o.Digest
}
