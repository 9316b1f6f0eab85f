package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
)

// APIExportRequest says which videos are wanted.
type APIExportRequest struct {
	IDs []string `json:"ids,omitempty" nullable:"false" maxItems:"500" doc:"Of the videos; none: all that the query chooses" example:"[\"7k3mzq9x0abd\"]"`
}

// APIExport is many videos in one document.
type APIExport struct {
	Items   []APIVideo `json:"items" nullable:"false" doc:"The videos"`
	Missing []string   `json:"missing,omitempty" nullable:"false" doc:"Ids of videos that there are not"`
}

type exportInput struct {
	APIFilter
	Body *APIExportRequest
}

type exportOutput struct {
	ContentType string `header:"Content-Type"`
	Body        func(huma.Context)
}

func (s *Server) exportOperation(api huma.API) {
	schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[APIExport](), true, "APIExport")
	operate(s, api, huma.Operation{
		OperationID: "export-videos", Method: http.MethodPost, Path: "/api/v1/videos/export", Tags: []string{tagMany},
		Summary:     "Export many videos as one document",
		Description: "Those with the ids, or without any all that the query chooses, however many. The document is sent as it is read; a connection that is cut means that it is not whole.",
		Responses:   map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}},
	}, s.exportVideos, people.Export)
}

func (s *Server) exportVideos(ctx context.Context, in *exportInput) (*exportOutput, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	e := exporting{server: s, query: q, language: in.Language}
	if in.Body != nil {
		for i, text := range in.Body.IDs {
			id, err := parseIDIn(fmt.Sprintf("ids[%d]", i), text)
			if err != nil {
				return nil, err
			}
			e.ids = append(e.ids, id)
		}
	}
	if err := e.begin(ctx); err != nil {
		return nil, err
	}
	return &exportOutput{ContentType: "application/json", Body: e.send}, nil
}

// exporting is one document on its way out.
type exporting struct {
	server   *Server
	query    archive.Query
	ids      []archive.VideoID
	language string
	first    archive.Page
	missing  []string
}

// begin reads the first page, while the export can still be refused.
func (e *exporting) begin(ctx context.Context) (err error) {
	e.first, err = e.page(ctx, "")
	return err
}

// page reads the videos named, which come on one page, or one page of those that the query chooses.
func (e *exporting) page(ctx context.Context, after string) (archive.Page, error) {
	if len(e.ids) == 0 {
		q := e.query
		q.After, q.Limit = after, 500
		page, err := e.server.catalog.List(ctx, q)
		if err != nil {
			return page, fmt.Errorf("exporting: %w", err)
		}
		return page, nil
	}
	var page archive.Page
	for _, id := range e.ids {
		v, err := e.server.catalog.Video(ctx, id)
		switch {
		case isMissing(err):
			e.missing = append(e.missing, string(id))
		case err != nil:
			return page, fmt.Errorf("exporting %s: %w", id, err)
		default:
			page.Videos = append(page.Videos, v)
		}
	}
	return page, nil
}

// each does something with every video, page by page. Each page may take as long as a whole answer else.
func (e *exporting) each(c *gin.Context, do func(archive.Video) error) error {
	for page := e.first; ; {
		extendWriting(c, time.Now().Add(writeTime))
		for _, v := range page.Videos {
			if err := do(v); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		var err error
		if page, err = e.page(c.Request.Context(), page.Next); err != nil {
			return err
		}
	}
}

// finish cuts the connection where the document could not be written to its end, so that half of it does not look whole.
func (e *exporting) finish(c *gin.Context, err error) {
	if err == nil {
		return
	}
	e.server.log.WarnContext(c.Request.Context(), "an export was broken off", slog.Any("error", err))
	panic(http.ErrAbortHandler)
}

// send writes the document as JSON.
func (e *exporting) send(ctx huma.Context) {
	ctx.SetStatus(http.StatusOK)
	c := humagin.Unwrap(ctx)
	e.finish(c, e.writeJSON(c, ctx.BodyWriter()))
}

func (e *exporting) writeJSON(c *gin.Context, to io.Writer) error {
	out := &listWriter{to: to}
	if err := out.text(`{"items":[`); err != nil {
		return err
	}
	if err := e.each(c, func(v archive.Video) error {
		return out.item(NewAPIVideo(v, e.server.baseURL(), e.language))
	}); err != nil {
		return err
	}
	if len(e.missing) == 0 {
		return out.text("]}\n")
	}
	missing, err := json.Marshal(e.missing)
	if err != nil {
		return err
	}
	return out.text(`],"missing":` + string(missing) + "}\n")
}

// listWriter writes the items of a JSON list as they come.
type listWriter struct {
	to    io.Writer
	begun bool
}

func (w *listWriter) text(s string) error {
	_, err := w.to.Write([]byte(s))
	return err
}

func (w *listWriter) item(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if w.begun {
		data = append([]byte(",\n"), data...)
	}
	w.begun = true
	_, err = w.to.Write(data)
	return err
}
