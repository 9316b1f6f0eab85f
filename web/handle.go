package web

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// longestBody bounds what is read of any request, in bytes: every text of a
// video in several languages fits in.
const longestBody = 2 << 20 // 2 MiB

// handle turns a handler that may fail into one for Gin. What a handler wrote before
// it failed stands; all of them write last.
func (s *Server) handle(h func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.fail(c, err)
		}
	}
}

// guard turns a check into a middleware: an error ends the request.
func (s *Server) guard(c *gin.Context, err error) {
	if err != nil {
		s.fail(c, err)
		c.Abort()
	}
}

type requestKey struct{}

// identify gives a request the id under which the log has it. An id that
// the request brings along is not used: it could name somebody else's.
func (s *Server) identify(c *gin.Context) {
	id := rand.Text()[:13] // 65 bits
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestKey{}, id))
	c.Header("X-Request-Id", id)
}

// requestID is the id that identify gave.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// record logs and counts a request, also one whose connection is cut. The query is left out: it may hold a token.
func (s *Server) record(c *gin.Context) {
	began := time.Now()
	defer func() { s.recorded(c, time.Since(began)) }()
	c.Next()
}

func (s *Server) recorded(c *gin.Context, took time.Duration) {
	status := c.Writer.Status()
	s.metrics.count(c.Request.Method, c.FullPath(), status, took)
	if !s.log.Enabled(c.Request.Context(), requestLevel(c, status)) {
		return
	}
	s.log.LogAttrs(c.Request.Context(), requestLevel(c, status), "request",
		slog.String("request", requestID(c.Request.Context())),
		slog.String("method", c.Request.Method), slog.String("path", c.Request.URL.Path),
		slog.Int("status", status), slog.Int("bytes", max(0, c.Writer.Size())),
		slog.Duration("took", took), slog.String("client", s.client(c)))
}

// client is the address of who asked, of the newsroom's people alone: readers are nobody's business.
func (s *Server) client(c *gin.Context) string {
	if ofReaders(c.FullPath()) {
		return ""
	}
	return c.ClientIP()
}

// ofReaders reports whether a route is of the public contract.
func ofReaders(route string) bool {
	for _, public := range []string{"/e/", "/v/", "/p/", "/m/", "/oembed", "/embed.js"} {
		if strings.HasPrefix(route, public) {
			return true
		}
	}
	return false
}

// requestLevel keeps what readers and probes ask all day out of an ordinary log.
func requestLevel(c *gin.Context, status int) slog.Level {
	if status >= http.StatusInternalServerError {
		return slog.LevelWarn
	}
	path := c.FullPath()
	if ofReaders(path) {
		return slog.LevelDebug
	}
	for _, frequent := range []string{"/assets/", "/healthz", "/readyz", "/metrics"} {
		if strings.HasPrefix(path, frequent) {
			return slog.LevelDebug
		}
	}
	return slog.LevelInfo
}

// recover turns a panic into an answer, unless part of one is on its way: then it cuts the connection, so that half an
// answer does not look whole, as handlers themselves ask for by panicking with http.ErrAbortHandler.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		ctx := c.Request.Context()
		err, _ := cause.(error)
		cut, gone := errors.Is(err, http.ErrAbortHandler), ctx.Err() != nil // the API's writer panics where the client has gone
		if !cut && !gone {
			s.log.ErrorContext(ctx, "panic", slog.String("request", requestID(ctx)), slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
		}
		c.Abort()
		switch {
		case cut || c.Writer.Written():
			panic(http.ErrAbortHandler)
		case !gone:
			s.answer(c, fault{status: http.StatusInternalServerError})
		}
	}()
	c.Next()
}

func (s *Server) limitBody(c *gin.Context) {
	most := int64(longestBody)
	for _, kind := range uploadKinds() {
		if strings.Contains(c.FullPath(), "/:id/"+kind.name) {
			most = kind.largest + longestBody // the file's own limit is told apart by the one who reads it
		}
	}
	if strings.HasPrefix(c.FullPath(), uploadsPath) {
		most = archive.LargestCopy + longestBody
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, most)
}
