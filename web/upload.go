package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/spool"
)

// uploadTime is how long a file may take to come: 4 GiB at 1.2 MB/s.
const uploadTime = time.Hour

// uploadKind is a kind of file that the newsroom may give a video.
type uploadKind struct {
	name    string // in addresses and forms
	largest int64  // bytes
	keep    func(s *Server, ctx context.Context, id archive.VideoID, u archive.Upload, with upload) (archive.Video, error)
}

// upload is what is said of a file beside its bytes.
type upload struct {
	rights   string
	language string
}

func uploadKinds() []uploadKind {
	return []uploadKind{
		{"copies", archive.LargestCopy, func(s *Server, ctx context.Context, id archive.VideoID, u archive.Upload, with upload) (archive.Video, error) {
			return s.library.AddCopy(ctx, id, u, archive.ParseRights(with.rights), actorOf(ctx))
		}},
		{"captions", archive.LargestCaptions, func(s *Server, ctx context.Context, id archive.VideoID, u archive.Upload, with upload) (archive.Video, error) {
			return s.library.SetCaptions(ctx, id, with.language, u, actorOf(ctx))
		}},
		{"poster", archive.LargestPoster, func(s *Server, ctx context.Context, id archive.VideoID, u archive.Upload, with upload) (archive.Video, error) {
			return s.library.SetPoster(ctx, id, u, actorOf(ctx))
		}},
	}
}

// take brings a file in and keeps it. What breaks off midway leaves nothing.
func (s *Server) take(ctx context.Context, kind uploadKind, id archive.VideoID, body io.Reader, size int64, with upload) (archive.Video, error) {
	if s.spool == nil {
		return archive.Video{}, statusError(http.StatusNotImplemented)
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
		if _, err = s.take(c.Request.Context(), kind, v.ID, file, -1, said); err == nil {
			return s.back(c, v.ID, "kept")
		}
		page, pageErr := s.videoPage(c, v)
		if pageErr != nil {
			return pageErr
		}
		var field *archive.FieldError
		if !errors.As(err, &field) {
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

// uploadParts reads the fields of a form up to its file, which it leaves to be read.
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
		}
	}
}

// uploadRaw is the API's: the body is the file.
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
		v, err := s.take(ctx, kind, id, c.Request.Body, c.Request.ContentLength, upload{rights: c.Query("rights"), language: c.Param("language")})
		if err != nil {
			return fmt.Errorf("keeping a file of %s: %w", id, err)
		}
		c.Header("ETag", etagOfRevision(v.Revision))
		writeJSON(c, http.StatusOK, NewAPIVideo(v, s.baseURL(), c.Query("lang")))
		return nil
	}
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
}

// uploadResponses are what may come of sending a file.
func uploadResponses(video *huma.Schema) map[string]*huma.Response {
	responses := map[string]*huma.Response{"200": {
		Description: "The video with the file", Content: map[string]*huma.MediaType{"application/json": {Schema: video}},
		Headers: map[string]*huma.Param{"ETag": {Schema: &huma.Schema{Type: "string"}}},
	}}
	for _, status := range []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone, http.StatusPreconditionFailed,
		http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusInsufficientStorage,
	} {
		responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/ErrorModel"}}},
		}
	}
	return responses
}

// uploadOperations describes them in the API's description.
func uploadOperations(api huma.API) {
	video := &huma.Schema{Ref: "#/components/schemas/APIVideo"}
	describe := func(method, path, id, summary, description string, more ...*huma.Param) {
		params := append([]*huma.Param{
			{Name: "id", In: "path", Required: true, Description: "Of the video", Example: "7k3mzq9x0abd", Schema: &huma.Schema{Type: "string"}},
			{Name: "If-Match", In: "header", Description: "The ETag that was seen: 412 where the video has changed since", Example: `"7"`, Schema: &huma.Schema{Type: "string"}},
		}, more...)
		api.OpenAPI().AddOperation(&huma.Operation{
			OperationID: id, Method: method, Path: path, Summary: summary, Description: description, Parameters: params, Tags: []string{tagFiles},
			Extensions:  map[string]any{permitted: []people.Permission{people.Edit}},
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}},
			Responses:   uploadResponses(video),
		})
	}
	describe(http.MethodPost, "/api/v1/videos/{id}/copies", "add-copy", "Keep a copy of the video",
		"The body is an mp4 or webm file of at most 4 GiB, by its content. Without rights it is refused.",
		&huma.Param{Name: "rights", In: "query", Required: true, Description: "A licence's address, or a sentence: under what right the newsroom holds the file", Example: "https://creativecommons.org/licenses/by/4.0/", Schema: &huma.Schema{Type: "string"}})
	describe(http.MethodPut, "/api/v1/videos/{id}/captions/{language}", "set-captions", "Keep captions for copies and media files",
		"The body is a WebVTT file of at most 2 MiB.",
		&huma.Param{Name: "language", In: "path", Required: true, Description: "BCP 47", Example: "es", Schema: &huma.Schema{Type: "string"}})
	describe(http.MethodPut, "/api/v1/videos/{id}/poster", "set-poster", "Keep a poster of the newsroom's own",
		"The body is a JPEG, PNG or WebP picture of at most 12 MiB and 40 megapixels.")
}
