package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/reasons"
)

// statusError is an error that is nothing but a status, such as 404.
type statusError int

func (e statusError) Error() string { return http.StatusText(int(e)) }

// fault is what people get to see of an error.
type fault struct {
	status int
	needs  people.Permission   // that whoever asks has not, may be empty
	field  *archive.FieldError // what to correct, may be nil
	where  string              // in which part of the request the field stands; empty: as it follows from the method
	owner  *archive.OwnedError // of a source that is somebody else's, may be nil
}

// retryAfter is in seconds: as long as an absent id is remembered at most.
const retryAfter = "5"

// faultOf is the table from errors to statuses. What it does not name is ours: 500.
func faultOf(err error) fault {
	var status statusError
	var field *archive.FieldError
	var owned *archive.OwnedError
	var tooLong *http.MaxBytesError
	var forbidden forbiddenError
	switch {
	case errors.As(err, &forbidden):
		return fault{status: http.StatusForbidden, needs: forbidden.permission}
	case errors.As(err, &tooLong):
		return fault{status: http.StatusRequestEntityTooLarge}
	case errors.As(err, &field):
		switch {
		case errors.As(field.Cause, &status): // a field may have a status of its own: 413
		case errors.Is(field.Cause, archive.ErrConflict):
			status = http.StatusConflict
		default:
			status = http.StatusUnprocessableEntity
		}
		var placed placedError
		_ = errors.As(err, &placed)
		return fault{status: int(status), field: field, where: placed.where}
	case errors.As(err, &status):
		return fault{status: int(status)}
	case errors.As(err, &owned):
		return fault{status: http.StatusConflict, owner: owned}
	}
	for _, known := range []struct {
		err    error
		status int
	}{
		{archive.ErrNotFound, http.StatusNotFound},
		{archive.ErrBadID, http.StatusNotFound},
		{archive.ErrNotRecognised, http.StatusUnprocessableEntity},
		{archive.ErrNotAVideo, http.StatusUnprocessableEntity},
		{archive.ErrConflict, http.StatusConflict},
		{archive.ErrStale, http.StatusPreconditionFailed},
		{archive.ErrExists, http.StatusConflict},
		{archive.ErrErased, http.StatusGone},
		{archive.ErrFull, http.StatusInsufficientStorage}, // before what is unavailable, as which a full store also counts
		{archive.ErrUnavailable, http.StatusServiceUnavailable},
		{context.DeadlineExceeded, http.StatusServiceUnavailable},
		{context.Canceled, http.StatusServiceUnavailable}, // shutting down: whoever went away does not read it
	} {
		if errors.Is(err, known.err) {
			return fault{status: known.status}
		}
	}
	return fault{status: http.StatusInternalServerError}
}

// fail logs an error and renders what people may see of it.
func (s *Server) fail(c *gin.Context, err error) {
	f := faultOf(err)
	if requestID(c.Request.Context()) == "" { // readers' requests get one only when something is to be said of them
		s.identify(c)
	}
	s.logFault(c.Request.Context(), err, f)
	s.answer(c, f)
}

// logFault writes what people are not shown.
func (s *Server) logFault(ctx context.Context, err error, f fault) {
	level := slog.LevelDebug
	switch {
	case ctx.Err() != nil: // the client has gone
	case f.status == http.StatusInternalServerError:
		level = slog.LevelError
	case f.status > http.StatusInternalServerError:
		level = slog.LevelWarn
	}
	s.log.LogAttrs(ctx, level, "request failed", slog.String("request", requestID(ctx)), slog.Int("status", f.status), slog.Any("error", err))
}

// answer renders a fault in the form of its route. No cache keeps one: an absence is remembered here, and what a
// cache added would keep an id that has just been registered absent for longer.
func (s *Server) answer(c *gin.Context, f fault) {
	h := c.Writer.Header()
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	if f.status == http.StatusServiceUnavailable || f.status == http.StatusLocked {
		h.Set("Retry-After", retryAfter)
	}
	switch formOf(c.Request.URL.Path) {
	case formData:
		s.answerData(c, f)
	case formEmbed:
		s.answerEmbed(c, f)
	default:
		s.answerPage(c, f)
	}
}

func (s *Server) answerData(c *gin.Context, f fault) {
	if f.status == http.StatusUnauthorized {
		c.Header("WWW-Authenticate", `Bearer realm="videoteca"`)
	}
	c.Header("Content-Type", "application/problem+json")
	where := inBody
	if strings.HasPrefix(c.Request.URL.Path, uploadsPath) {
		where = "" // these name headers
	}
	writeJSON(c, f.status, s.problem(c.Request.Context(), f, where))
}

// answerEmbed fills a frame in somebody's article, so it speaks of the video alone.
func (s *Server) answerEmbed(c *gin.Context, f fault) {
	o := s.embedOptions(c)
	if o.Language == "" {
		c.Header("Vary", "Accept-Language")
	}
	render := s.embeds.Unavailable
	if f.status == http.StatusNotFound {
		render = s.embeds.NotFound
	}
	d, err := render(o)
	if err != nil || (f.status != d.Status && f.status != http.StatusInternalServerError) {
		s.answerPage(c, f)
		return
	}
	d.Status = f.status
	plainAnswer(d).send(c)
}

// errorPage is what people get who look at a page.
type errorPage struct {
	layout
	Status  int
	Text    string
	Problem *reasons.Said // what is wrong with what they sent
	Cure    *reasons.Said
	Request string // the id of the log's lines, where the log says more
}

func (s *Server) answerPage(c *gin.Context, f fault) {
	if f.status == http.StatusUnauthorized {
		s.answerSignIn(c)
		return
	}
	id := messageOf(f)
	page := errorPage{Status: f.status}
	page.layout = s.layout(c, id)
	page.Text = page.T(id + "Text")
	if f.field != nil {
		page.Problem, page.Cure = page.inEnglish(f.field.Problem), page.inEnglish(f.field.Cure)
	}
	if f.owner != nil {
		page.Problem = page.inEnglish(f.owner.Error())
	}
	if f.status >= http.StatusInternalServerError {
		page.Request = requestID(c.Request.Context())
	}
	if err := s.page(c, f.status, "error", page); err != nil {
		s.log.ErrorContext(c.Request.Context(), "error page not rendered", slog.Any("error", err))
		c.String(http.StatusInternalServerError, "%s", http.StatusText(http.StatusInternalServerError))
	}
}

// messageOf is the id of the text for a fault.
func messageOf(f fault) string {
	if f.needs != "" {
		return "error.role"
	}
	switch f.status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusConflict, http.StatusGone,
		http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge, http.StatusMisdirectedRequest,
		http.StatusUnprocessableEntity, http.StatusLocked, http.StatusTooManyRequests,
		http.StatusNotImplemented, http.StatusServiceUnavailable, http.StatusInsufficientStorage:
		return fmt.Sprintf("error.s%d", f.status)
	}
	return "error.s500"
}
