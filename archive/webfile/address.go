package webfile

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/idna"

	"videoteca/archive"
)

// longestAddress is what browsers and servers agree to carry, in bytes.
const longestAddress = 2048

// playable reports whether a path names a file that browsers play in <video>,
// or a playlist for it.
func playable(path string) bool {
	switch extension(path) {
	case "mp4", "m4v", "webm", "ogv", "m3u8":
		return true
	}
	return false
}

// extension is in lower case and without the dot.
func extension(p string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(p), "."))
}

// Recognise implements archive.Platform. The id is the address in one spelling
// and without its fragment, so that one file is one source whichever part of it
// an article begins with. "#t=10,20" becomes Start and End.
func (a *Adapter) Recognise(address string) (archive.Reference, error) {
	u, err := parse(address)
	if err != nil {
		return archive.Reference{}, err
	}
	start, end := clip(u.Fragment)
	u.Fragment, u.RawFragment = "", ""
	id := u.String()
	if len(id) > longestAddress {
		return archive.Reference{}, fmt.Errorf("%w: it is longer than %d bytes", archive.ErrNotAVideo, longestAddress)
	}
	return archive.Reference{Key: archive.SourceKey{Platform: Name, ID: id}, URL: id, Start: start, End: end}, nil
}

// parse reads an http(s) address of a media file into one spelling.
func parse(address string) (*url.URL, error) {
	address = strings.TrimSpace(address)
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || !playable(u.Path) {
		return nil, archive.ErrNotRecognised
	}
	if u.User != nil {
		return nil, fmt.Errorf("%w: an address with a user name or password cannot be published", archive.ErrNotAVideo)
	}
	host, err := hostname(u)
	if err != nil {
		return nil, archive.ErrNotRecognised
	}
	u.Host = host
	u.ForceQuery = false
	return new(url.URL).ResolveReference(u), nil // without dot segments
}

// hostname is lower-case, in ASCII, without the root dot and the default port.
func hostname(u *url.URL) (string, error) {
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-_.:") != "" {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", fmt.Errorf("host name %q: %w", host, err)
		}
		host = ascii
	}
	if host == "" {
		return "", archive.ErrNotRecognised
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	port := u.Port()
	if port == "" || (u.Scheme == "http" && port == "80") || (u.Scheme == "https" && port == "443") {
		return host, nil
	}
	return host + ":" + port, nil
}

// fileName is what people would call the file: the last part of its path.
func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(path.Base(u.Path), ""))
}
