package web

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog" // the library's, which is not the standard one

	"videoteca/archive"
	"videoteca/internal/spool"
)

const (
	uploadsPath = "/api/v1/uploads"
	tusVersion  = "1.0.0"
	// tusExtensions are those of the protocol that are spoken here.
	tusExtensions = "creation,creation-with-upload,expiration,termination,checksum"
	// bodyPatience is how long a body may stand still before the connection counts as dead.
	bodyPatience = time.Minute
	// lockPatience is how long a request waits until one before it, on the same upload, has let go:
	// a client that lost its connection is back before the server knows.
	lockPatience = 20 * time.Second
	// silent is a level that nothing reaches.
	silent = slog.Level(1 << 30)
)

// newTus makes the protocol's side of resumable uploads, https://tus.io/protocols/resumable-upload.
// Who may ask, what is kept, and how errors look is ours; see resume.
func newTus(store tusStore) (*handler.UnroutedHandler, error) {
	parts := handler.NewStoreComposer()
	parts.UseCore(store)
	parts.UseTerminater(store)
	memorylocker.New().UseIn(parts)
	tus, err := handler.NewUnroutedHandler(handler.Config{
		StoreComposer: parts, BasePath: uploadsPath, DisableDownload: true, Cors: &handler.CorsConfig{Disable: true},
		NetworkTimeout: bodyPatience, AcquireLockTimeout: lockPatience, GracefulRequestCompletionTimeout: time.Second,
		Logger: slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: silent})),
	})
	if err != nil {
		return nil, fmt.Errorf("preparing resumable uploads: %w", err)
	}
	return tus, nil
}

// resumable routes uploads that come in pieces.
func (s *Server) resumable(edit *gin.RouterGroup) {
	edit.OPTIONS(uploadsPath, s.handle(s.resume(func(http.ResponseWriter, *http.Request) {}))) // the library answers it before
	edit.POST(uploadsPath, s.handle(s.resume(s.tus.PostFile)))
	edit.HEAD(uploadsPath+"/:id", s.handle(s.resume(s.tus.HeadFile)))
	edit.PATCH(uploadsPath+"/:id", s.handle(s.resume(s.tus.PatchFile)))
	edit.DELETE(uploadsPath+"/:id", s.handle(s.resume(s.tus.DelFile)))
}

// tusCall is what one request and the store tell each other past the protocol.
type tusCall struct {
	owner  string
	sum    []byte // SHA-256 that the body is to have; nil: any
	length int64  // of the body; -1: unknown
	upload spool.Resumable
	err    error // why the store refused
}

// tusKey is where a request keeps its tusCall.
type tusKey struct{}

// callOf is the request's own; the protocol's context keeps its values.
func callOf(ctx context.Context) *tusCall {
	call, _ := ctx.Value(tusKey{}).(*tusCall)
	if call == nil { // nobody asks the store but resume
		return &tusCall{}
	}
	return call
}

// resume lets the protocol answer a request on an upload, if it is of whoever began it.
func (s *Server) resume(answer http.HandlerFunc) func(*gin.Context) error {
	protocol := s.tus.Middleware(answer)
	return func(c *gin.Context) error {
		if s.spool == nil {
			return statusError(http.StatusNotImplemented)
		}
		call := &tusCall{owner: actorOf(c.Request.Context()), length: c.Request.ContentLength}
		h := c.Writer.Header()
		h.Set("Tus-Version", tusVersion)
		if c.Request.Method == http.MethodOptions {
			h.Set("Tus-Checksum-Algorithm", "sha256")
		}
		var err error
		if call.sum, err = readChecksum(c.GetHeader("Upload-Checksum")); err != nil {
			return err
		}
		id := c.Param("id")
		if id != "" {
			if call.upload, err = s.ownUpload(c.Request.Context(), id); err != nil {
				return tusRefusal(err)
			}
		}
		w := &tusWriter{ResponseWriter: c.Writer, call: call}
		protocol.ServeHTTP(w, tusRequest(c.Request, id, call))
		return w.refused()
	}
}

// tusRequest is the request as the library expects it: its path is the upload's id.
func tusRequest(r *http.Request, id string, call *tusCall) *http.Request {
	inner := r.WithContext(context.WithValue(r.Context(), tusKey{}, call))
	address := *r.URL
	address.Path = "/" + id
	inner.URL = &address
	inner.Header = r.Header.Clone()
	inner.Header.Del("X-HTTP-Method-Override") // the route has decided
	return inner
}

// ownUpload is an upload of whoever asks; of others' nobody is told that they are there.
func (s *Server) ownUpload(ctx context.Context, id string) (spool.Resumable, error) {
	r, err := s.spool.Look(id)
	if err != nil {
		return spool.Resumable{}, err
	}
	if r.Owner != actorOf(ctx) {
		return spool.Resumable{}, fmt.Errorf("upload %s of %s: %w", id, r.Owner, spool.ErrNoUpload)
	}
	return r, nil
}

// readChecksum reads Upload-Checksum: "sha256 " and the digest in base64.
func readChecksum(header string) ([]byte, error) {
	if header == "" {
		return nil, nil
	}
	algorithm, encoded, _ := strings.Cut(header, " ")
	sum, err := base64.StdEncoding.DecodeString(encoded)
	if algorithm != "sha256" || err != nil || len(sum) != len(digest("")) {
		return nil, &archive.FieldError{Field: "header.Upload-Checksum", Problem: "it is no SHA-256", Cure: `write it as "sha256 " and the digest in base64, or leave it out`, Cause: statusError(http.StatusBadRequest)}
	}
	return sum, nil
}

// tusWriter holds back what the library says of errors, since here they are written otherwise, and adds
// to everything else what the library does not know.
type tusWriter struct {
	http.ResponseWriter
	call    *tusCall
	status  int
	problem strings.Builder // the library's words: a code, a colon, and more
}

// longestProblem bounds what is kept of the library's words, in bytes.
const longestProblem = 1 << 10

// Unwrap lets http.ResponseController reach the connection.
func (w *tusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *tusWriter) WriteHeader(status int) {
	if w.status = status; status >= http.StatusBadRequest {
		return
	}
	h := w.Header()
	if h.Get("Tus-Extension") != "" {
		h.Set("Tus-Extension", tusExtensions)
	}
	if h.Get("Location") != "" { // relative: proxies and aliases have other hosts
		h.Set("Location", uploadsPath+"/"+w.call.upload.ID)
	}
	if !w.call.upload.Expires.IsZero() {
		h.Set("Upload-Expires", w.call.upload.Expires.UTC().Format(http.TimeFormat))
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (w *tusWriter) Write(p []byte) (int, error) {
	if w.status < http.StatusBadRequest {
		return w.ResponseWriter.Write(p)
	}
	w.problem.Write(p[:min(len(p), max(0, longestProblem-w.problem.Len()))])
	return len(p), nil
}

// refused is what the request failed with, nil if it did not.
func (w *tusWriter) refused() error {
	if w.status < http.StatusBadRequest {
		return nil
	}
	for _, name := range []string{"Content-Length", "Content-Type", "Location", "Upload-Offset"} {
		w.Header().Del(name)
	}
	if w.call.err != nil {
		return tusRefusal(w.call.err)
	}
	code, words, _ := strings.Cut(w.problem.String(), ": ")
	err := tusFault(code, w.status)
	if words = strings.TrimSpace(words); words != "" {
		err = errors.Join(err, errors.New(words)) // for the log
	}
	return err
}
