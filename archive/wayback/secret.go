package wayback

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// hidden stands where a key stood.
const hidden = "[key]"

// Secret is half of the archive's keys. However it is printed, logged or marshalled,
// it shows that it is there and nothing else.
type Secret string

// Format implements fmt.Formatter for every verb.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.shown()) // a State keeps what it is given
}

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.shown()) }

// MarshalText implements encoding.TextMarshaler.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.shown()), nil }

func (s Secret) shown() string {
	if s == "" {
		return ""
	}
	return hidden
}

// longestText is how many bytes of the archive's own words are kept.
const longestText = 200

// hide takes the keys out of a text for people, and shortens it: servers quote back
// what they were sent.
func (c *Client) hide(text string) string {
	for _, key := range []Secret{c.o.AccessKey, c.o.SecretKey} {
		if key != "" {
			text = strings.ReplaceAll(text, string(key), hidden)
		}
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if len(text) <= longestText {
		return text
	}
	return strings.ToValidUTF8(text[:longestText], "") + "…"
}
