package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/gin-gonic/gin"

	"videoteca/embeds"
)

const (
	// brotliLevel is the last before time grows faster than the body shrinks: of
	// embed.js it makes 4.7 KB in 3 ms, the highest 4.4 KB in 65.
	brotliLevel = 6
	// smallest is below which a body is not worth compressing, in bytes.
	smallest = 512
)

// answer is a document as it is sent, made once and sent many times: the body in
// every encoding, and the headers as they go out. Nothing of it may be altered.
type answer struct {
	document embeds.Document
	header   http.Header
	plain    encoded
	gzip     *encoded // nil: not worth it
	brotli   *encoded
}

// encoded is a body in one encoding, with the headers that depend on it.
type encoded struct {
	body     []byte
	encoding []string
	etag     []string // strong, and another for each encoding (RFC 9110, 8.8.1)
	length   []string
}

// plainAnswer is a document that is sent once, which is not worth compressing.
func plainAnswer(d embeds.Document) *answer { return answerWith(d, nil) }

// answerWith has headers beside the document's own.
func answerWith(d embeds.Document, more http.Header) *answer {
	a := &answer{document: d, header: http.Header{}}
	maps.Copy(a.header, more)
	for name, value := range d.Header {
		a.header[http.CanonicalHeaderKey(name)] = []string{value}
	}
	a.plain = *newEncoded(d.Body, "", etagOf(d.Body))
	return a
}

// newAnswer compresses a document. It has all its headers but those of an encoding, so
// that sending it is one copy.
func newAnswer(d embeds.Document, more http.Header) (*answer, error) {
	a := answerWith(d, more)
	etag := strings.TrimSuffix(a.plain.etag[0], `"`)
	if len(d.Body) < smallest || strings.HasPrefix(d.Header["Content-Type"], "application/zip") {
		return a, nil
	}
	var small bytes.Buffer
	zip, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	if err := write(zip, d.Body); err != nil {
		return nil, err
	}
	a.gzip = newEncoded(bytes.Clone(small.Bytes()), "gzip", etag+`-gzip"`)
	small.Reset()
	if err := write(brotli.NewWriterLevel(&small, brotliLevel), d.Body); err != nil {
		return nil, err
	}
	a.brotli = newEncoded(bytes.Clone(small.Bytes()), "br", etag+`-br"`)
	a.header["Vary"] = varyOn(a.header["Vary"])
	return a, nil
}

type compressor interface {
	Write(p []byte) (int, error)
	Close() error
}

func write(to compressor, body []byte) error {
	if _, err := to.Write(body); err != nil {
		return fmt.Errorf("compressing: %w", err)
	}
	if err := to.Close(); err != nil {
		return fmt.Errorf("compressing: %w", err)
	}
	return nil
}

func newEncoded(body []byte, encoding, etag string) *encoded {
	e := &encoded{body: body, etag: []string{etag}, length: []string{strconv.Itoa(len(body))}}
	if encoding != "" {
		e.encoding = []string{encoding}
	}
	return e
}

// size is how much memory an answer holds, in bytes.
func (a *answer) size() int {
	n := len(a.plain.body)
	for _, e := range []*encoded{a.gzip, a.brotli} {
		if e != nil {
			n += len(e.body)
		}
	}
	return n
}

// choose is the best encoding that the request accepts.
func (a *answer) choose(accept string) *encoded {
	if a.gzip == nil || accept == "" {
		return &a.plain
	}
	if accepts(accept, "br") {
		return a.brotli
	}
	if accepts(accept, "gzip") {
		return a.gzip
	}
	return &a.plain
}

// accepts reads an Accept-Encoding for one coding: named, and not with a weight of
// nothing (RFC 9110, 12.5.3). A wildcard is not taken up: whoever can read brotli says so.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, weighted := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		if !weighted {
			return true
		}
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(strings.ToLower(weight), " ", ""), "q="), 64)
		return err == nil && q > 0
	}
	return false
}

// send sends an answer as the request's conditions, encodings and ranges ask.
func (a *answer) send(c *gin.Context) {
	h := c.Writer.Header()
	for name, value := range a.header {
		h[name] = value
	}
	if a.document.Status != http.StatusOK {
		a.write(c, a.document.Status, &a.plain)
		return
	}
	if c.Request.Header["Range"] != nil { // of the bytes as they are: parts of two encodings do not fit together
		h["Etag"] = a.plain.etag
		http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(a.plain.body))
		return
	}
	e := a.choose(c.Request.Header.Get("Accept-Encoding"))
	h["Etag"] = e.etag
	if replaced(c.Request, e.etag[0]) {
		for _, name := range []string{"Content-Type", "Content-Language", "Etag"} { // of a body that is not sent
			delete(h, name)
		}
		c.Status(http.StatusPreconditionFailed)
		c.Writer.WriteHeaderNow()
		return
	}
	if unchanged(c.Request, e.etag[0]) {
		delete(h, "Content-Type")
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return
	}
	a.write(c, http.StatusOK, e)
}

func (a *answer) write(c *gin.Context, status int, e *encoded) {
	h := c.Writer.Header()
	h["Content-Length"] = e.length
	if e.encoding != nil {
		h["Content-Encoding"] = e.encoding
	}
	c.Status(status)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return
	}
	_, _ = c.Writer.Write(e.body) // nobody is left to be told
}

// varyOn tells caches that the encoding was chosen by the request.
func varyOn(vary []string) []string {
	if len(vary) == 0 {
		return []string{"Accept-Encoding"}
	}
	return []string{strings.Join(vary, ", ") + ", Accept-Encoding"}
}

// replaced reports whether the client wants another body than this one or none (RFC 9110, 13.1.1).
// A weak validator never matches here.
func replaced(r *http.Request, etag string) bool {
	condition := r.Header.Get("If-Match")
	return condition != "" && !names(condition, etag, "")
}

// unchanged reports whether the client says that it has this very body (RFC 9110, 13.1.2).
func unchanged(r *http.Request, etag string) bool {
	return names(r.Header.Get("If-None-Match"), etag, "W/")
}

// names reports whether a condition names a validator, with or without the prefix, or any there is.
func names(condition, etag, prefix string) bool {
	for part := range strings.SplitSeq(condition, ",") {
		if part = strings.TrimSpace(part); part == "*" || strings.TrimPrefix(part, prefix) == etag {
			return true
		}
	}
	return false
}
