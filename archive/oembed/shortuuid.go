package oembed

import (
	"encoding/hex"
	"math/big"
	"strings"
)

// PeerTube's short form of a uuid is its 128 bits in Flickr's base58 (the npm
// package short-uuid), filled to 22 characters.
const (
	base58      = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
	shortLength = 22
	uuidBytes   = 16
)

// expandUUID is the long form, empty where short is none.
func expandUUID(short string) string {
	if len(short) != shortLength {
		return ""
	}
	n := new(big.Int)
	for _, c := range short {
		digit := strings.IndexRune(base58, c)
		if digit < 0 {
			return ""
		}
		n.Mul(n, big.NewInt(int64(len(base58))))
		n.Add(n, big.NewInt(int64(digit)))
	}
	if n.BitLen() > 8*uuidBytes {
		return ""
	}
	s := hex.EncodeToString(n.FillBytes(make([]byte, uuidBytes)))
	return strings.Join([]string{s[:8], s[8:12], s[12:16], s[16:20], s[20:]}, "-")
}
