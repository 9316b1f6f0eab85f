package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"videoteca/archive"
)

// Whatever is sent as headers, what is kept of them is what the documents may hold.
func FuzzUploadHeaders(f *testing.F) {
	f.Add("filename UmV1bmnDs24ubXA0,purpose Y29waWVz,video N2szbXpxOXgwYWJk", "sha256 "+base64.StdEncoding.EncodeToString(make([]byte, sha256.Size)), "8")
	f.Add("purpose Y29waWVz,video N2szbXpxOXgwYWJk,rights UHJvcGlhLg==", "", "8")
	f.Add("purpose", "", "-1")
	f.Add("purpose Y29waWVz,,video ,filename !", "sha1 x", "4611686018427387904")
	f.Add("filename DQo=,purpose cG9zdGVy,video N2szbXpxOXgwYWJk", "sha256", "+1")
	f.Fuzz(func(t *testing.T, meta, checksum, size string) {
		about, err := readUploadAbout(http.Header{"Upload-Metadata": {meta}, "Upload-Length": {size}})
		kind, known := uploadKindOf(about.Purpose)
		id, badID := archive.ParseVideoID(about.Video)
		switch {
		case err != nil:
		case !known || about.Size < 1 || about.Size > kind.largest:
			t.Errorf("%q of %q bytes is taken as %+v", meta, size, about)
		case badID != nil || string(id) != about.Video:
			t.Errorf("%q is of the video %q", meta, about.Video)
		case !utf8.ValidString(about.Name) || strings.ContainsFunc(about.Name, unicode.IsControl) || len(about.Name) > longestName:
			t.Errorf("%q is called %q", meta, about.Name)
		default:
			if again, err := readMetadata(writeMetadata("purpose", about.Purpose, "video", about.Video, "filename", about.Name)); err != nil || again["filename"] != about.Name {
				t.Errorf("%q comes back as %v, %v", about.Name, again, err)
			}
		}
		if sum, err := readChecksum(checksum); err == nil && sum != nil && len(sum) != sha256.Size {
			t.Errorf("%q is the digest %x", checksum, sum)
		}
	})
}
