package webfile

import (
	"bytes"
	"math"
	"net/url"
	"strconv"
	"strings"
)

// playlist is what matters of an HLS playlist (RFC 8216).
type playlist struct {
	first   string  // the first variant or segment, as written; empty: it names none
	seconds float64 // length; 0 where it is live, a list of variants, or was cut
	width   int     // pixels, of the largest variant
	height  int
}

// parsePlaylist reads a playlist, or as much of it as was fetched.
func parsePlaylist(data []byte, whole bool) playlist {
	var p playlist
	var ended bool
	if !whole { // the last line may be half an address
		data = data[:bytes.LastIndexByte(data, '\n')+1]
	}
	for line := range strings.Lines(strings.ToValidUTF8(string(data), "")) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		switch {
		case line == "":
		case strings.HasPrefix(line, "#EXTINF:"):
			p.seconds += segmentLength(line)
		case strings.HasPrefix(line, "#EXT-X-STREAM-INF:"):
			p.measure(line)
		case line == "#EXT-X-ENDLIST":
			ended = true
		case line[0] != '#' && p.first == "":
			p.first = line
		}
	}
	if !ended || p.seconds > longestClip {
		p.seconds = 0
	}
	return p
}

// segmentLength reads "#EXTINF:9.009,title".
func segmentLength(line string) float64 {
	length, _, _ := strings.Cut(strings.TrimPrefix(line, "#EXTINF:"), ",")
	n, err := strconv.ParseFloat(strings.TrimSpace(length), 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > longestClip {
		return 0
	}
	return n
}

// measure reads RESOLUTION=1280x720 and keeps the largest.
func (p *playlist) measure(line string) {
	_, rest, found := strings.Cut(line, "RESOLUTION=")
	if !found {
		return
	}
	resolution, _, _ := strings.Cut(rest, ",")
	w, h, _ := strings.Cut(resolution, "x")
	width, errW := strconv.ParseUint(w, 10, 15)
	height, errH := strconv.ParseUint(h, 10, 15)
	if errW == nil && errH == nil && int(width*height) > p.width*p.height {
		p.width, p.height = int(width), int(height)
	}
}

// next is the address of the first variant or segment. Only http and https are
// followed; anything else gets an empty address.
func (p playlist) next(base *url.URL) string {
	if p.first == "" {
		return ""
	}
	u, err := base.Parse(p.first)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.String()
}
