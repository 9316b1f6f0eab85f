package webfile

import (
	"bytes"
	"net/http"
	"strings"
)

// Media types as told in records.
const (
	typeMP4      = "video/mp4"
	typeWebM     = "video/webm"
	typeMatroska = "video/x-matroska"
	typeOgg      = "video/ogg"
	typeTS       = "video/mp2t"
	typePlaylist = "application/vnd.apple.mpegurl"
)

// sniff tells the media type by the first bytes of a file; "" is none that is
// known here. What a server calls a file is not asked: half of them call a
// missing one "video/mp4" and serve a page.
func sniff(data []byte) string {
	switch {
	case len(data) >= 8 && isMP4Box(string(data[4:8])):
		return typeMP4
	case bytes.HasPrefix(data, []byte{0x1a, 0x45, 0xdf, 0xa3}): // EBML; the document type follows within its header
		if bytes.Contains(data[:min(len(data), 64)], []byte("webm")) {
			return typeWebM
		}
		return typeMatroska
	case bytes.HasPrefix(data, []byte("OggS")):
		return typeOgg
	case isPlaylist(data):
		return typePlaylist
	case isTransportStream(data):
		return typeTS
	}
	return ""
}

// isMP4Box reports whether a file of the ISO family may begin with this box.
func isMP4Box(kind string) bool {
	return kind == "ftyp" || kind == "styp" || kind == "moof" || kind == "sidx"
}

func isPlaylist(data []byte) bool {
	return bytes.HasPrefix(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("#EXTM3U"))
}

// isTransportStream looks for the sync byte of the first two 188-byte packets.
func isTransportStream(data []byte) bool {
	return len(data) > 188 && data[0] == 0x47 && data[188] == 0x47
}

// whatInstead names for people what came where media was wanted.
func whatInstead(data []byte) string {
	if len(data) == 0 {
		return "nothing"
	}
	kind, _, _ := strings.Cut(http.DetectContentType(data), ";")
	return kind
}
