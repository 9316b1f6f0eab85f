package storage

import (
	"fmt"
	"strings"
)

// Limits of keys. S3 allows 1,024 bytes; some room is left for a prefix. A
// segment is a file name in a directory store, and file systems stop at 255.
const (
	maxKey     = 900 // bytes
	maxSegment = 255 // bytes
)

// CheckKey reports whether key may name an object; see Bucket for the rules.
// A bad one gets ErrBadKey, saying what is wrong.
func CheckKey(key string) error {
	if key == "" {
		return fmt.Errorf("%w: it is empty", ErrBadKey)
	}
	if err := checkSegments(key, strings.Split(key, "/")); err != nil {
		return err
	}
	return nil
}

// CheckPrefix reports whether prefix may begin a key: like CheckKey, but it may be empty
// and may end anywhere.
func CheckPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	segments := strings.Split(prefix, "/")
	if last := len(segments) - 1; segments[last] == "" {
		segments = segments[:last]
	}
	return checkSegments(prefix, segments)
}

func checkSegments(key string, segments []string) error {
	if len(key) > maxKey {
		return fmt.Errorf("%w: %d bytes are more than %d", ErrBadKey, len(key), maxKey)
	}
	for _, s := range segments {
		switch {
		case s == "":
			return fmt.Errorf("%w: %q has an empty segment", ErrBadKey, key)
		case s[0] == '.':
			return fmt.Errorf("%w: %q has a segment that starts with a dot", ErrBadKey, key)
		case len(s) > maxSegment:
			return fmt.Errorf("%w: a segment of %d bytes is longer than %d", ErrBadKey, len(s), maxSegment)
		}
		if i := strings.IndexFunc(s, outsideKey); i >= 0 {
			return fmt.Errorf("%w: %q has a character outside a-z, 0-9, dot, hyphen, underscore", ErrBadKey, key)
		}
	}
	return nil
}

func outsideKey(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_')
}
