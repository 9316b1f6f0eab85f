package youtube

import (
	"mime"

	"videoteca/archive"
)

// evidence is the body of an answer as it came but for the key, to be kept where it
// changes a source's state; nil where there is none.
func (a *Adapter) evidence(method string, got answer) *archive.Raw {
	if len(got.body) == 0 {
		return nil
	}
	extension, kind := filed(got.header.Get("Content-Type"))
	return &archive.Raw{Label: method, Extension: extension, Type: kind, Data: a.hideBytes(got.body)}
}

// filed is how a body of a content type is kept. What is none that this platform's
// methods send is bytes: a page in the place of an answer is never to be opened as a page.
func filed(contentType string) (extension, kind string) {
	kind, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
	case kind == "application/json":
		return "json", kind
	case kind == "text/xml", kind == "application/xml", kind == "application/atom+xml":
		return "xml", "application/xml"
	case kind == "image/jpeg":
		return "jpg", kind
	}
	return "bin", "application/octet-stream"
}
