package archive

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// crockford is Crockford's base32 alphabet in lower case: no i, l, o, u.
const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

// videoIDLength is 12 characters of 5 bits: 60 random bits, so that a library of
// a million videos meets a collision once in about two million libraries.
const videoIDLength = 12

// VideoID names a video for ever: 12 characters of lower-case Crockford base32,
// such as "7k3mzq9x0abd". It stands in published articles and is never reused.
type VideoID string

// NewVideoID draws a random id.
func NewVideoID() VideoID {
	var raw [videoIDLength]byte
	_, _ = rand.Read(raw[:]) // never fails, see crypto/rand.Read
	for i, b := range raw {
		raw[i] = crockford[b&31]
	}
	return VideoID(raw[:])
}

// ErrBadID says that a string is not a VideoID.
var ErrBadID = errors.New("not a video id")

// ParseVideoID reads an id. Upper case is accepted, since people retype
// ids from paper; everything else is refused with ErrBadID.
func ParseVideoID(s string) (VideoID, error) {
	lower := strings.ToLower(s)
	if len(lower) != videoIDLength {
		return "", fmt.Errorf("%w: %q has %d characters, not %d", ErrBadID, s, len(s), videoIDLength)
	}
	for _, c := range lower {
		if !strings.ContainsRune(crockford, c) {
			return "", fmt.Errorf("%w: %q has a character outside 0-9 and a-z without i, l, o, u", ErrBadID, s)
		}
	}
	return VideoID(lower), nil
}

// SourceKey identifies a source: a platform and the platform's own id.
type SourceKey struct {
	Platform string `json:"platform"`
	ID       string `json:"id"`
}

// String is "platform:id", for people and for command lines.
func (k SourceKey) String() string { return k.Platform + ":" + k.ID }

// Compare orders keys by platform, then by id.
func (k SourceKey) Compare(other SourceKey) int {
	return cmp.Or(cmp.Compare(k.Platform, other.Platform), cmp.Compare(k.ID, other.ID))
}

// Digest is the hexadecimal SHA-256 of platform, line feed, id: the name of the
// claim that says which video owns the source.
func (k SourceKey) Digest() string {
	sum := sha256.Sum256([]byte(k.Platform + "\n" + k.ID))
	return hex.EncodeToString(sum[:])
}
