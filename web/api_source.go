package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

// APISourceURL is the address of a mirror.
type APISourceURL struct {
	URL string `json:"url" format:"uri" doc:"Address of the mirror's page or file" example:"https://vimeo.com/76979871"`
}

// APISourceName is one source of a video.
type APISourceName struct {
	Source string `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
}

// APISourceMove is one step of a source among the others.
type APISourceMove struct {
	Source string `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
	To     string `json:"to" enum:"up,down" doc:"One place; at the end of the list nothing changes" example:"up"`
}

// APISourceOrder is all sources of a video in the order that is wanted.
type APISourceOrder struct {
	Sources []string `json:"sources" nullable:"false" doc:"platform:id of every source, the preferred one first" example:"[\"youtube:aaaaaaaaaaa\",\"vimeo:76979871\"]"`
}

// APIMerge names a duplicate.
type APIMerge struct {
	Duplicate string `json:"duplicate" doc:"Id of the video that shows the same; it leads to the one kept from then on" example:"5h2n8wd1tq6v"`
}

type addSourceInput struct {
	APIChange
	Body APISourceURL
}

type preferInput struct {
	APIChange
	Body APISourceName
}

type moveInput struct {
	APIChange
	Body APISourceMove
}

type orderInput struct {
	APIChange
	Body APISourceOrder
}

type mergeInput struct {
	APIChange
	Body APIMerge
}

func (s *Server) sourceOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "add-source", Method: http.MethodPost, Path: "/api/v1/videos/{id}/sources", DefaultStatus: http.StatusCreated, Tags: []string{tagSources},
		Summary: "Add a mirror", Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusGone},
		Description: "With 200 instead of 201 where the video has the source already. One that belongs to another video is a conflict, which names that video: merge the two if they show the same.",
	}, s.addSource, people.Edit)
	describeKnown(api, "/api/v1/videos/{id}/sources")
	operate(s, api, huma.Operation{
		OperationID: "order-sources", Method: http.MethodPut, Path: "/api/v1/videos/{id}/sources", Tags: []string{tagSources},
		Summary: "Put all sources into an order", Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusGone},
		Description: "Each source of the video is named once; a list that names others, or not all, is a conflict.",
	}, s.orderSources, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "prefer-source", Method: http.MethodPost, Path: "/api/v1/videos/{id}/prefer", Tags: []string{tagSources},
		Summary: "Put a source first", Errors: []int{http.StatusNotFound, http.StatusGone},
		Description: "Readers get the first source that plays. The others keep their order.",
	}, s.preferSource, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "move-source", Method: http.MethodPost, Path: "/api/v1/videos/{id}/move", Tags: []string{tagSources},
		Summary: "Move a source one place up or down", Errors: []int{http.StatusNotFound, http.StatusGone},
		Description: "The first is the one that readers get, as long as it plays.",
	}, s.moveSource, people.Edit)
	if s.merger != nil {
		operate(s, api, huma.Operation{
			OperationID: "merge-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/merge", Tags: []string{tagVideos},
			Summary: "Make one video of two that show the same", Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusGone},
			Description: "The video named in the address is kept. It takes over the duplicate's sources, captures, copies, captions and labels, and its texts where it has none; both ids serve for ever. This cannot be undone.",
		}, s.mergeVideo, people.Edit)
	}
}

func (s *Server) addSource(ctx context.Context, in *addSourceInput) (*registerOutput, error) {
	id, err := parseID(in.ID)
	if err != nil {
		return nil, err
	}
	if err := archive.CheckAddress("url", in.Body.URL); err != nil {
		return nil, err
	}
	if ctx, err = seeing(ctx, in.IfMatch); err != nil {
		return nil, err
	}
	done, err := s.library.AddSource(ctx, id, in.Body.URL, actorOf(ctx))
	if err != nil {
		return nil, fmt.Errorf("adding a source to %s: %w", id, err)
	}
	return s.registered(done), nil
}

func (s *Server) preferSource(ctx context.Context, in *preferInput) (*videoOutput, error) {
	return s.changeSource(ctx, in.APIChange, in.Body.Source, "preferring a source of", func(ctx context.Context, id archive.VideoID, key archive.SourceKey) (archive.Video, error) {
		return s.library.Prefer(ctx, id, key, actorOf(ctx))
	})
}

func (s *Server) moveSource(ctx context.Context, in *moveInput) (*videoOutput, error) {
	by := 1
	if in.Body.To == "up" {
		by = -1
	}
	return s.changeSource(ctx, in.APIChange, in.Body.Source, "moving a source of", func(ctx context.Context, id archive.VideoID, key archive.SourceKey) (archive.Video, error) {
		return s.library.Move(ctx, id, key, by, actorOf(ctx))
	})
}

func (s *Server) orderSources(ctx context.Context, in *orderInput) (*videoOutput, error) {
	var order []archive.SourceKey
	for i, name := range in.Body.Sources {
		key, err := sourceKeyIn(fmt.Sprintf("sources[%d]", i), name)
		if err != nil {
			return nil, err
		}
		order = append(order, key)
	}
	return s.change(ctx, in.APIChange, "ordering the sources of", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.Reorder(ctx, id, order, actorOf(ctx))
	})
}

func (s *Server) mergeVideo(ctx context.Context, in *mergeInput) (*videoOutput, error) {
	duplicate, err := parseIDIn("duplicate", in.Body.Duplicate)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, in.APIChange, "merging into", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.merger.Merge(ctx, id, duplicate, actorOf(ctx))
	})
}

func notItsSource(v archive.Video, key archive.SourceKey) error {
	var names []string
	for _, s := range v.Sources {
		names = append(names, s.SourceKey.String())
	}
	return &archive.FieldError{
		Field: "source", Problem: fmt.Sprintf("the video has no source %s", key),
		Cure: "name one of its own: " + strings.Join(names, ", "), Cause: archive.ErrNotFound,
	}
}
