package web

import (
	"context"
	"fmt"
	"net/url"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// removeFile takes a wrong copy, captions or poster back. Readers get it no longer; the file stays in the store, so
// that it can be put back.
func (s *Server) removeFile(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	after, err := s.remove(c.Request.Context(), v.ID, form)
	if err != nil {
		return fmt.Errorf("removing a file of %s: %w", v.ID, err)
	}
	return s.backWithUndo(c, v, after, "removed", "remove-"+form.Get("what"))
}

func (s *Server) remove(ctx context.Context, id archive.VideoID, form url.Values) (archive.Video, error) {
	switch what := form.Get("what"); what {
	case "copy":
		return s.library.RemoveCopy(ctx, id, form.Get("which"), actorOf(ctx))
	case "captions":
		return s.library.RemoveCaptions(ctx, id, form.Get("which"), actorOf(ctx))
	case "poster":
		return s.library.RemovePoster(ctx, id, actorOf(ctx))
	default:
		return archive.Video{}, &archive.FieldError{Field: "what", Problem: fmt.Sprintf("%q is no kind of file", what), Cure: "use copy, captions or poster"}
	}
}

// removal is the button that takes a file back.
type removal struct{ ID, Lang, What, Which, Name, Text string }

// Removal is the button for a file: what it is, which, and what people call it.
func (p videoPage) Removal(what, which, name string) removal {
	return removal{p.Video.ID, p.Lang, what, which, name, p.T("upload.remove")}
}
