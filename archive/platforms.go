package archive

import (
	"errors"
	"fmt"
)

// Platforms are the platforms of an installation, asked in order.
type Platforms []Platform

// Named returns the platform with this name, or nil.
func (ps Platforms) Named(name string) Platform {
	for _, p := range ps {
		if p.Name() == name {
			return p
		}
	}
	return nil
}

// Recognise finds the platform that knows the address. If none does, or if the
// address names no single video, the error is a *FieldError for "url" that wraps the cause.
func (ps Platforms) Recognise(address string) (Platform, Reference, error) {
	for _, p := range ps {
		ref, err := p.Recognise(address)
		if err == nil {
			return p, ref, nil
		}
		if !errors.Is(err, ErrNotRecognised) {
			return nil, Reference{}, addressError(address, err, "give the address of one video's own page")
		}
	}
	return nil, Reference{}, addressError(address, ErrNotRecognised, "give the address of a video on a known platform, or of an .mp4, .webm or .m3u8 file")
}

func addressError(address string, cause error, cure string) error {
	return &FieldError{Field: "url", Problem: fmt.Sprintf("%q: %v", address, cause), Cure: cure, Cause: cause}
}
