package oembed

import (
	"encoding/json"

	"videoteca/archive"
)

// mostEvidence is the longest body that is kept with an observation: 256 KiB are more
// than any document, and thousands of observations wait in memory together.
const mostEvidence = 256 << 10

// evidence is the body of an answer as it came; nil where there is none or too much. What is
// not JSON is bytes: a page in the place of an answer is never to be opened as a page.
func evidence(method string, got answer) *archive.Raw {
	if len(got.body) == 0 || len(got.body) > mostEvidence {
		return nil
	}
	kept := archive.Raw{Label: method, Extension: "bin", Type: "application/octet-stream", Data: got.body}
	if json.Valid(got.body) {
		kept.Extension, kept.Type = "json", "application/json"
	}
	return &kept
}
