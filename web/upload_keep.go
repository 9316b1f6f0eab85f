package web

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/spool"
)

// APIUpload says what a finished resumable upload is to become.
type APIUpload struct {
	Upload string `json:"upload" doc:"Id of a finished upload: the last part of the Location that POST /api/v1/uploads gave"`
	Rights string `json:"rights,omitempty" doc:"Of copies: a licence's address, or a sentence: under what right the newsroom holds the file"`
}

// keepUpload gives a video a file that came in pieces. Whoever lost the answer may ask again: the
// same upload for the same use is kept once.
func (s *Server) keepUpload(ctx context.Context, kind uploadKind, id archive.VideoID, uploadID string, with upload) (archive.Video, error) {
	if s.spool == nil {
		return archive.Video{}, statusError(http.StatusNotImplemented)
	}
	r, err := s.ownUpload(ctx, uploadID)
	if err != nil {
		return archive.Video{}, keepRefusal(err)
	}
	v, err := s.catalog.Video(ctx, id)
	if err != nil {
		return archive.Video{}, err
	}
	if r.Purpose != kind.name || r.Video != string(v.ID) {
		return archive.Video{}, badUpload(fmt.Sprintf("it was begun as %s of %s", r.Purpose, r.Video), "use it as that", http.StatusConflict, spool.ErrUsed)
	}
	// To put gigabytes into the bucket takes longer than proxies and browsers wait. It goes on without them,
	// and they find it done when they ask again.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), uploadTime)
	defer cancel()
	before, err := s.spool.Use(r.ID, usedAs(kind, v.ID, with), func(body io.ReadSeeker, size int64) (err error) {
		v, err = kind.keep(s, ctx, v.ID, archive.Upload{Body: body, Size: size}, with)
		return err
	})
	switch field := (*archive.FieldError)(nil); {
	case errors.As(err, &field) && field.Field == "file": // it will never be taken
		return archive.Video{}, errors.Join(err, s.spool.Drop(r.ID))
	case err != nil:
		return archive.Video{}, keepRefusal(err)
	case before:
		return s.catalog.Video(ctx, id)
	}
	return v, nil
}

// usedAs tells one use of an upload from every other.
func usedAs(kind uploadKind, id archive.VideoID, with upload) string {
	sum := digest(strings.Join([]string{kind.name, string(id), with.language, with.rights}, "\x00"))
	return hex.EncodeToString(sum[:])
}

func keepRefusal(err error) error {
	switch {
	case errors.Is(err, spool.ErrNoUpload):
		return badUpload("there is no such upload here: it has expired, was given up, or is on another server", "send the file anew", http.StatusNotFound, err)
	case errors.Is(err, spool.ErrUnfinished):
		return badUpload("not all of it has come", "send the rest first", http.StatusConflict, err)
	case errors.Is(err, spool.ErrUsed):
		return badUpload("it was kept with other words already", "send the file anew", http.StatusConflict, err)
	}
	return spoolRefusal(err)
}

func badUpload(problem, cure string, status int, cause error) error {
	return &archive.FieldError{Field: "upload", Problem: problem, Cure: cure, Cause: errors.Join(statusError(status), cause)}
}

// jsonBody reports whether a body names an upload rather than being the file.
func jsonBody(c *gin.Context) bool {
	media, _, _ := strings.Cut(c.GetHeader("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(media), "application/json")
}

// namedUpload is the API's: the body names an upload that has come.
func (s *Server) namedUpload(ctx context.Context, c *gin.Context, kind uploadKind, id archive.VideoID) (archive.Video, error) {
	var asked APIUpload
	in := json.NewDecoder(io.LimitReader(c.Request.Body, apiBody))
	in.DisallowUnknownFields()
	if err := in.Decode(&asked); err != nil || asked.Upload == "" {
		return archive.Video{}, badUpload("the body names none", `send {"upload": "<id>"}, for copies with "rights", or the file itself as application/octet-stream`, http.StatusUnprocessableEntity, err)
	}
	return s.keepUpload(ctx, kind, id, asked.Upload, upload{rights: asked.Rights, language: c.Param("language")})
}
