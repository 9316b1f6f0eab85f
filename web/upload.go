package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/spool"
)

// uploadTime is how long a file may take to come: 4 GiB at 1.2 MB/s.
const uploadTime = time.Hour

// uploadKind is a kind of file that the newsroom may give a video.
type uploadKind struct {
	name    string // in addresses and forms
	verb    string // of the change that keeping one is
	largest int64  // bytes
	kinds   []archive.Kind
	check   func(with upload) error // reports what is wrong with what is said of a file, before any of it is read
	keep    func(s *Server, ctx context.Context, id archive.VideoID, u archive.Upload, with upload) (archive.Video, error)
}

// upload is what is said of a file beside its bytes.
type upload struct {
	rights   string
	language string
	came     string // id of the upload by which the file came in pieces; empty: it comes now
}

func uploadKinds() []uploadKind {
	return []uploadKind{
		{"copies", "copy", archive.LargestCopy, []archive.Kind{archive.KindMP4, archive.KindWebM}, checkRights, func(s *Server, ctx context.Context, id archive.VideoID, u archive.Upload, with upload) (archive.Video, error) {
			return s.library.AddCopy(ctx, id, u, archive.ParseRights(with.rights), actorOf(ctx))
		}},
		{"captions", "captions", archive.LargestCaptions, []archive.Kind{archive.KindVTT}, checkCaptionsLanguage, func(s *Server, ctx context.Context, id archive.VideoID, u archive.Upload, with upload) (archive.Video, error) {
			return s.library.SetCaptions(ctx, id, with.language, u, actorOf(ctx))
		}},
		{"poster", "poster", archive.LargestPoster, []archive.Kind{archive.KindJPEG, archive.KindPNG, archive.KindWebP}, anything, func(s *Server, ctx context.Context, id archive.VideoID, u archive.Upload, with upload) (archive.Video, error) {
			return s.library.SetPoster(ctx, id, u, actorOf(ctx))
		}},
	}
}

func checkRights(with upload) error { return archive.ParseRights(with.rights).Check() }

func checkCaptionsLanguage(with upload) error {
	if with.language == "" {
		return &archive.FieldError{Field: "language", Problem: "nothing says in which language the captions are", Cure: "use BCP 47, such as es, en or pt-BR"}
	}
	return checkLanguage("language", with.language)
}

func anything(upload) error { return nil }

// uploadKindOf finds a kind by its name.
func uploadKindOf(name string) (uploadKind, bool) {
	kinds := uploadKinds()
	at := slices.IndexFunc(kinds, func(k uploadKind) bool { return k.name == name })
	if at < 0 {
		return uploadKind{}, false
	}
	return kinds[at], true
}

// take brings a file in and keeps it. What breaks off midway leaves nothing.
func (s *Server) take(ctx context.Context, kind uploadKind, id archive.VideoID, body io.Reader, size int64, with upload) (archive.Video, error) {
	if s.spool == nil {
		return archive.Video{}, statusError(http.StatusNotImplemented)
	}
	if err := kind.check(with); err != nil {
		return archive.Video{}, err
	}
	file, err := s.spool.Take(body, size, kind.largest)
	switch {
	case errors.Is(err, spool.ErrTooLarge):
		return archive.Video{}, &archive.FieldError{Field: "file", Problem: err.Error(), Cure: fmt.Sprintf("send at most %d bytes", kind.largest), Cause: statusError(http.StatusRequestEntityTooLarge)}
	case errors.Is(err, spool.ErrNoRoom):
		return archive.Video{}, errors.Join(statusError(http.StatusInsufficientStorage), err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return archive.Video{}, errors.Join(statusError(http.StatusBadRequest), err)
	case err != nil:
		return archive.Video{}, err
	}
	v, err := kind.keep(s, ctx, id, archive.Upload{Body: file, Size: file.Size}, with)
	return v, errors.Join(err, file.Close())
}

// uploadForm is the newsroom's form: what is said of the file comes before the file,
// which is read as it comes.
func (s *Server) uploadForm(kind uploadKind) func(*gin.Context) error {
	return func(c *gin.Context) error {
		v, err := s.video(c, c.Param("id"))
		if err != nil {
			return err
		}
		extendReading(c, time.Now().Add(uploadTime))
		parts, err := c.Request.MultipartReader()
		if err != nil {
			return errors.Join(statusError(http.StatusBadRequest), err)
		}
		said, file, err := uploadParts(parts)
		if err != nil {
			return err
		}
		var after archive.Video
		if said.came != "" {
			after, err = s.keepUpload(c.Request.Context(), kind, v.ID, said.came, said)
		} else {
			after, err = s.take(c.Request.Context(), kind, v.ID, file, -1, said)
		}
		if err == nil {
			return s.backWithUndo(c, v, after, "kept", kind.verb)
		}
		page, pageErr := s.videoPage(c, v)
		if pageErr != nil {
			return pageErr
		}
		var field *archive.FieldError
		if !errors.As(err, &field) || field.Field == "upload" {
			return fmt.Errorf("keeping a file of %s: %w", v.ID, err)
		}
		page.Refused = map[string]string{kind.name: page.T("upload.refused." + refusal(kind, field))}
		return s.page(c, http.StatusUnprocessableEntity, "newsroom/video", page)
	}
}

// refusal is the id of what people are told: of the file by its kind, else of the field.
func refusal(kind uploadKind, field *archive.FieldError) string {
	if field.Field == "file" {
		return kind.name
	}
	return field.Field
}

// longestSaid bounds a field of an upload's form, in bytes.
const longestSaid = 16 << 10

// uploadParts reads the fields of a form up to its file, which it leaves to be read, or up to the id of
// an upload by which it came already.
func uploadParts(parts *multipart.Reader) (upload, io.Reader, error) {
	var said upload
	for {
		part, err := parts.NextPart()
		if err != nil {
			return said, nil, &archive.FieldError{Field: "file", Problem: "there is none", Cure: "choose a file", Cause: err}
		}
		if part.FormName() == "file" {
			return said, part, nil
		}
		value, err := io.ReadAll(io.LimitReader(part, longestSaid))
		if err != nil {
			return said, nil, errors.Join(statusError(http.StatusBadRequest), err)
		}
		switch part.FormName() {
		case "rights":
			said.rights = string(value)
		case "language":
			said.language = string(value)
		case "upload":
			said.came = string(value)
			return said, nil, nil
		}
	}
}

// uploadRaw is the API's: the body is the file, or names an upload that has come.
func (s *Server) uploadRaw(kind uploadKind) func(*gin.Context) error {
	return func(c *gin.Context) error {
		id, err := parseID(c.Param("id"))
		if err != nil {
			return err
		}
		ctx, err := seeing(c.Request.Context(), c.GetHeader("If-Match"))
		if err != nil {
			return err
		}
		extendReading(c, time.Now().Add(uploadTime))
		var v archive.Video
		if jsonBody(c) {
			v, err = s.namedUpload(ctx, c, kind, id)
		} else {
			v, err = s.take(ctx, kind, id, c.Request.Body, c.Request.ContentLength, upload{rights: c.Query("rights"), language: c.Param("language")})
		}
		if err != nil {
			return fmt.Errorf("keeping a file of %s: %w", id, inAddress(err))
		}
		c.Header("ETag", etagOfVideo(v))
		writeJSON(c, http.StatusOK, NewAPIVideo(v, s.baseURL(), c.Query("lang")))
		return nil
	}
}

// inAddress says where a program gave the language of captions.
func inAddress(err error) error {
	var field *archive.FieldError
	if errors.As(err, &field) && field.Field == "language" {
		return placedError{inPath, err}
	}
	return err
}

// extendReading gives a request's body more time than the server's ordinary limit,
// and the answer the time that is left after it.
func extendReading(c *gin.Context, until time.Time) {
	controller := http.NewResponseController(c.Writer)
	_ = controller.SetReadDeadline(until) // where there are no deadlines, as in tests, there is nothing to extend
	_ = controller.SetWriteDeadline(until.Add(writeTime))
}

// uploads routes what brings files in. They are not huma's, which reads bodies into memory.
func (s *Server) uploads(newsroom, api *gin.RouterGroup) {
	for _, kind := range uploadKinds() {
		newsroom.POST("/videos/:id/"+kind.name, s.handle(s.uploadForm(kind)))
	}
	kinds := uploadKinds()
	api.POST("/api/v1/videos/:id/copies", s.handle(s.uploadRaw(kinds[0])))
	api.PUT("/api/v1/videos/:id/captions/:language", s.handle(s.uploadRaw(kinds[1])))
	api.PUT("/api/v1/videos/:id/poster", s.handle(s.uploadRaw(kinds[2])))
	s.resumable(api)
}
