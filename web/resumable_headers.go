package web

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"videoteca/archive"
	"videoteca/internal/spool"
)

// longestName is of a file's name, in bytes: what file systems take.
const longestName = 255

// readUploadAbout reads what the headers of a beginning say, and whether such a file may come.
func readUploadAbout(h http.Header) (spool.About, error) {
	size, err := readBytes(h, "Upload-Length", "send the size of the whole file when the upload begins")
	if err != nil {
		return spool.About{}, err
	}
	said, err := readMetadata(h.Get("Upload-Metadata"))
	if err != nil {
		return spool.About{}, err
	}
	purpose, ok := uploadKindOf(said["purpose"])
	if !ok {
		return spool.About{}, badAbout("purpose", "it is missing, or no purpose", "send copies, captions or poster, in base64")
	}
	id, err := archive.ParseVideoID(said["video"])
	if err != nil {
		return spool.About{}, badAbout("video", "it is missing, or no id", "send the id of the video, in base64")
	}
	name := said["filename"]
	if len(name) > longestName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return spool.About{}, badAbout("filename", "it is no file's name", fmt.Sprintf("send at most %d bytes of UTF-8 without control characters, in base64, or none", longestName))
	}
	var field *archive.FieldError
	if err := purpose.check(upload{rights: said["rights"], language: said["language"]}); errors.As(err, &field) {
		return spool.About{}, badAbout(field.Field, field.Problem, field.Cure)
	}
	switch {
	case size > purpose.largest:
		return spool.About{}, badHeader("Upload-Length", fmt.Sprintf("%d bytes are too many", size), fmt.Sprintf("send at most %d bytes", purpose.largest), http.StatusRequestEntityTooLarge)
	case size == 0:
		return spool.About{}, badHeader("Upload-Length", "the file is empty", "send one that is not", http.StatusUnprocessableEntity)
	}
	return spool.About{Size: size, Name: name, Purpose: purpose.name, Video: string(id)}, nil
}

// readMetadata reads Upload-Metadata: keys, each followed by a space and its value in base64, with commas between. A
// key alone has an empty value.
func readMetadata(header string) (map[string]string, error) {
	said := map[string]string{}
	if strings.TrimSpace(header) == "" {
		return said, nil
	}
	for pair := range strings.SplitSeq(header, ",") {
		key, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, err := base64.StdEncoding.DecodeString(encoded)
		if _, twice := said[key]; key == "" || twice || err != nil {
			return nil, badHeader("Upload-Metadata", fmt.Sprintf("%q is no key with a value in base64, or the key is there twice", pair), `write it as "key dmFsdWU=", with commas between`, http.StatusBadRequest)
		}
		said[key] = string(value)
	}
	return said, nil
}

// writeMetadata is the opposite of readMetadata.
func writeMetadata(pairs ...string) string {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(all, ",")
}

// readChecksum reads Upload-Checksum: "sha256 " and the digest in base64. Nil: there is none.
func readChecksum(header string) ([]byte, error) {
	if header == "" {
		return nil, nil
	}
	algorithm, encoded, _ := strings.Cut(header, " ")
	sum, err := base64.StdEncoding.DecodeString(encoded)
	if algorithm != "sha256" || err != nil || len(sum) != len(digest("")) {
		return nil, badHeader("Upload-Checksum", "it is no SHA-256", `write it as "sha256 " and the digest in base64, or leave it out`, http.StatusBadRequest)
	}
	return sum, nil
}

// readBytes reads a header that has to be a number of bytes.
func readBytes(h http.Header, name, cure string) (int64, error) {
	n, err := strconv.ParseUint(h.Get(name), 10, 63)
	if err != nil {
		return 0, badHeader(name, "it is no number of bytes", cure, http.StatusBadRequest)
	}
	return int64(n), nil
}

func badHeader(name, problem, cure string, status int) error {
	return &archive.FieldError{Field: "header." + name, Problem: problem, Cure: cure, Cause: statusError(status)}
}

func badAbout(name, problem, cure string) error {
	return badHeader("Upload-Metadata."+name, problem, cure, http.StatusUnprocessableEntity)
}
