package people

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

const (
	secretBytes = 32 // 256 bits
	tokenPrefix = "vtk_"
)

// newSecret draws 256 random bits, in unpadded URL-safe base64. None begins with a hyphen, which a
// command line would take for a flag.
func newSecret() string {
	secret := make([]byte, secretBytes)
	for {
		_, _ = rand.Read(secret) // never fails, see crypto/rand.Read
		if s := base64.RawURLEncoding.EncodeToString(secret); s[0] != '-' {
			return s
		}
	}
}

// hashOf is what is kept of a secret: hexadecimal SHA-256. Secrets are looked up by it, so the time
// a comparison takes tells nothing of the secret.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// plausible reports whether s has the form of a secret, so that nothing else costs a look into the store.
func plausible(s string) bool {
	data, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(data) == secretBytes
}

// IsToken reports whether a secret has the form of a program's token.
func IsToken(secret string) bool {
	rest, ok := strings.CutPrefix(secret, tokenPrefix)
	return ok && plausible(rest)
}

// newID draws a name for something that is not secret: 65 bits, lower case.
func newID() string { return strings.ToLower(rand.Text()[:13]) }
