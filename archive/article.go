package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Article is a page that embeds videos.
type Article struct {
	ID         string      `json:"id"`       // from the canonical address, see NewArticle
	Revision   int64       `json:"revision"` // grows with every write; 0: never written
	URL        string      `json:"url"`      // canonical
	Language   string      `json:"language,omitempty"`
	Title      string      `json:"title,omitempty"`
	Placements []Placement `json:"placements"`
}

// Placement is one video in one article.
type Placement struct {
	Video VideoID   `json:"video"`
	Added time.Time `json:"added"`
}

// NewArticle describes the page at address, with the id that follows from it.
func NewArticle(address, language string) (Article, error) {
	canonical, err := CanonicalAddress(address)
	if err != nil {
		return Article{}, err
	}
	sum := sha256.Sum256([]byte(canonical))
	return Article{ID: hex.EncodeToString(sum[:16]), URL: canonical, Language: language}, nil
}

// CanonicalAddress is the form of a page's address that two links to the same
// page share: lower-case scheme and host, no default port, no fragment, no
// campaign parameters (utm_*, fbclid, gclid), "/" for an empty path.
func CanonicalAddress(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", &FieldError{Field: "article", Problem: fmt.Sprintf("%q is not a web address", address), Cure: "give it in full, as https://example.org/story"}
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), canonicalHost(u)
	u.Fragment, u.RawFragment, u.User = "", "", nil
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = withoutCampaign(u.Query())
	return u.String(), nil
}

func canonicalHost(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if port := u.Port(); (u.Scheme == "http" && port == "80") || (u.Scheme == "https" && port == "443") {
		return strings.TrimSuffix(host, ":"+port)
	}
	return host
}

// withoutCampaign drops what marks the way a reader came; Encode sorts the rest.
func withoutCampaign(q url.Values) string {
	for name := range q {
		if strings.HasPrefix(name, "utm_") || name == "fbclid" || name == "gclid" {
			delete(q, name)
		}
	}
	return q.Encode()
}
