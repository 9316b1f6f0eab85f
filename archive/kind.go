package archive

import (
	"bytes"
	"encoding/binary"
)

// Kind is what a file is by its content, named by its extension. What is none of
// the kinds is not kept: a name and a declared type prove nothing.
type Kind string

// Kinds of file that a newsroom may keep.
const (
	KindMP4  Kind = "mp4"
	KindWebM Kind = "webm"
	KindVTT  Kind = "vtt"
	KindJPEG Kind = "jpg"
	KindPNG  Kind = "png"
	KindWebP Kind = "webp"
)

// Type is the media type.
func (k Kind) Type() string {
	switch k {
	case KindMP4, KindWebM:
		return "video/" + string(k)
	case KindVTT:
		return "text/vtt"
	case KindJPEG:
		return "image/jpeg"
	case KindPNG, KindWebP:
		return "image/" + string(k)
	}
	return ""
}

// KindHead is how many bytes of a file KindOf wants to see.
const KindHead = 512

// KindOf reads what a file is from its first bytes.
func KindOf(head []byte) (Kind, bool) {
	head = head[:min(len(head), KindHead)]
	switch {
	case isMP4(head):
		return KindMP4, true
	case bytes.HasPrefix(head, []byte{0x1a, 0x45, 0xdf, 0xa3}) && bytes.Contains(head[:min(len(head), 64)], []byte("webm")):
		return KindWebM, true // EBML with the document type of https://www.webmproject.org/docs/container/
	case isVTT(head):
		return KindVTT, true
	case bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}):
		return KindJPEG, true
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return KindPNG, true
	case bytes.HasPrefix(head, []byte("RIFF")) && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return KindWebP, true
	}
	return "", false
}

// isMP4 reports whether the file begins with a file type box (ISO/IEC 14496-12) of a
// brand that browsers play. QuickTime's own "qt  " is none.
func isMP4(head []byte) bool {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return false
	}
	size := binary.BigEndian.Uint32(head)
	if size < 16 || size > KindHead {
		return false
	}
	for _, brand := range []string{"isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash", "MSNV"} {
		if bytes.Contains(head[8:min(int(size), len(head))], []byte(brand)) {
			return true
		}
	}
	return false
}

// isVTT reports whether the file begins as https://www.w3.org/TR/webvtt1/ has it begin.
func isVTT(head []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(head, []byte("\ufeff")), []byte("WEBVTT"))
	return ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n' || rest[0] == '\r')
}
