package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// Dossier writes all the evidence on a video, as a zip. It fails with archive.ErrNotFound
// before the first byte where there is no such video.
type Dossier interface {
	Write(ctx context.Context, w io.Writer, id archive.VideoID) error
}

// dossierTime is how long one dossier may take: the journals of a quarter are read for it.
const dossierTime = 30 * time.Minute

// dossierFile is /videos/{id}/dossier.zip.
func (s *Server) dossierFile(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	body := &lateBody{c: c, name: fmt.Sprintf("dossier-%s-%s.zip", v.ID, s.now().UTC().Format("20060102T150405Z"))}
	if c.Request.Method == http.MethodHead {
		body.begin()
		return nil
	}
	extendWriting(c, time.Now().Add(dossierTime))
	err = s.dossier.Write(c.Request.Context(), body, v.ID)
	if err == nil || !body.begun {
		return err
	}
	s.log.WarnContext(c.Request.Context(), "a dossier ended midway", slog.String("video", string(v.ID)), slog.Any("error", err))
	panic(http.ErrAbortHandler) // cuts the connection, so that half a zip does not look whole
}

// lateBody sends its headers with the first byte: what fails before it is answered as an error.
type lateBody struct {
	c     *gin.Context
	name  string
	begun bool
}

func (b *lateBody) begin() {
	b.begun = true
	b.c.Header("Content-Type", "application/zip")
	b.c.Header("Content-Disposition", `attachment; filename="`+b.name+`"`)
	b.c.Header("Cache-Control", "no-store")
	b.c.Status(http.StatusOK)
}

// Write implements io.Writer.
func (b *lateBody) Write(p []byte) (int, error) {
	if !b.begun {
		b.begin()
	}
	return b.c.Writer.Write(p)
}
