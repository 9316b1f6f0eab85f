package archivetest

import (
	"errors"
	"net/url"
	"strings"
)

var (
	errOtherHost = errors.New("not an address of this platform")
	errNoID      = errors.New("the address names no video")
)

// videoIDOf reads the id from any address form of the platform on the given
// host: watch?v=, embed/, shorts/, live/, v/ and e/. A missing scheme is forgiven.
func videoIDOf(address, host string) (string, error) {
	address = strings.TrimSpace(address)
	switch {
	case strings.HasPrefix(address, "//"):
		address = "http:" + address
	case !strings.Contains(address, "://"):
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.EqualFold(u.Host, host) {
		return "", errOtherHost
	}
	id := u.Query().Get("v")
	if first, rest, _ := strings.Cut(strings.Trim(u.Path, "/"), "/"); rest != "" {
		switch first {
		case "embed", "shorts", "live", "v", "e":
			id = rest
		}
	}
	if !wholeID.MatchString(id) {
		return "", errNoID
	}
	return id, nil
}

func hostOf(base string) string {
	_, rest, _ := strings.Cut(base, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}
