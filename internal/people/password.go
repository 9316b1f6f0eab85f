package people

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Cost is what hashing a password takes, by RFC 9106. The zero value is the document's second
// recommended option with one lane: 64 MiB, three passes.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
	Lanes  uint8
}

func (c Cost) orDefault() Cost {
	if c == (Cost{}) {
		return Cost{Memory: 64 << 10, Passes: 3, Lanes: 1}
	}
	return c
}

const (
	saltBytes = 16
	hashBytes = 32

	// mostMemory and mostPasses bound what a stored hash may ask for, in case somebody wrote
	// into the bucket what would bring the process down.
	mostMemory = 1 << 20 // KiB
	mostPasses = 16
)

// errBadHash says that a stored password hash cannot be read.
var errBadHash = errors.New("not an argon2id hash")

// hasher hashes passwords, few at a time: each takes tens of MiB.
type hasher struct {
	cost  Cost
	slots chan struct{}
	dummy string // a hash that no password has, for logins that do not exist
}

// hashesAtOnce bounds the memory that signing in takes in all.
const hashesAtOnce = 2

func newHasher(c Cost) *hasher {
	h := &hasher{cost: c.orDefault(), slots: make(chan struct{}, hashesAtOnce)}
	h.dummy = h.encode(rand.Text())
	return h
}

// hash encodes a password as a PHC string: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	release, err := h.admit(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return h.encode(password), nil
}

func (h *hasher) encode(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails, see crypto/rand.Read
	sum := argon2.IDKey(prepared(password), salt, h.cost.Passes, h.cost.Memory, h.cost.Lanes, hashBytes)
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.Memory, h.cost.Passes, h.cost.Lanes, b.EncodeToString(salt), b.EncodeToString(sum))
}

// matches compares a password with a stored hash; an empty one takes as long and matches nothing.
func (h *hasher) matches(ctx context.Context, password, stored string) (bool, error) {
	release, err := h.admit(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	empty := stored == ""
	if empty {
		stored = h.dummy
	}
	p, err := parseHash(stored)
	if err != nil {
		return false, err
	}
	sum := argon2.IDKey(prepared(password), p.salt, p.cost.Passes, p.cost.Memory, p.cost.Lanes, uint32(len(p.sum))) //nolint:gosec // parseHash bounds the length
	return subtle.ConstantTimeCompare(sum, p.sum) == 1 && !empty, nil
}

// prepared brings a password into the form that is hashed, NFC as RFC 8265 has it: one keyboard writes
// ñ as one code point and another as two.
func prepared(password string) []byte { return norm.NFC.Bytes([]byte(password)) }

func (h *hasher) admit(ctx context.Context) (release func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting to hash a password: %w", context.Cause(ctx))
	}
}

// stale reports whether a hash was made at another cost than is asked for today.
func (h *hasher) stale(stored string) bool {
	p, err := parseHash(stored)
	return err == nil && p.cost != h.cost
}

// parsedHash is a PHC string in its parts.
type parsedHash struct {
	cost      Cost
	salt, sum []byte
}

func parseHash(s string) (parsedHash, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return parsedHash{}, errBadHash
	}
	var p parsedHash
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.cost.Memory, &p.cost.Passes, &p.cost.Lanes); err != nil || n != 3 || parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", p.cost.Memory, p.cost.Passes, p.cost.Lanes) {
		return parsedHash{}, errBadHash
	}
	if p.cost.Lanes == 0 || p.cost.Passes == 0 || p.cost.Passes > mostPasses || p.cost.Memory < 8*uint32(p.cost.Lanes) || p.cost.Memory > mostMemory {
		return parsedHash{}, errBadHash
	}
	var err1, err2 error
	p.salt, err1 = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	p.sum, err2 = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(p.salt) < 8 || len(p.salt) > 64 || len(p.sum) < 16 || len(p.sum) > 64 {
		return parsedHash{}, errBadHash
	}
	return p, nil
}
