package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

type removeCopyInput struct {
	APIChange
	Digest string `path:"digest" doc:"Hexadecimal SHA-256 of the copy, as the video names it" example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
}

type removeCaptionsInput struct {
	APIChange
	Language string `path:"language" doc:"BCP 47; of the captions" example:"es"`
}

type removePosterInput struct{ APIChange }

func (s *Server) removalOperations(api huma.API) {
	gone := []int{http.StatusNotFound, http.StatusGone}
	operate(s, api, huma.Operation{
		OperationID: "remove-copy", Method: http.MethodDelete, Path: "/api/v1/videos/{id}/copies/{digest}", Tags: []string{tagFiles},
		Summary: "Take a copy back", Errors: gone,
		Description: "Readers get it no longer. The file stays in the store, so that this can be undone; erasing the video deletes it.",
	}, s.removeCopy, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "remove-captions", Method: http.MethodDelete, Path: "/api/v1/videos/{id}/captions/{language}", Tags: []string{tagFiles},
		Summary: "Take captions back", Errors: gone,
		Description: "Those in one language. The file stays in the store, so that this can be undone.",
	}, s.removeCaptions, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "remove-poster", Method: http.MethodDelete, Path: "/api/v1/videos/{id}/poster", Tags: []string{tagFiles},
		Summary: "Take the newsroom's own poster back", Errors: gone,
		Description: "A thumbnail of a source is the poster again. The picture stays in the store, so that this can be undone.",
	}, s.removePoster, people.Edit)
}

func (s *Server) removeCopy(ctx context.Context, in *removeCopyInput) (*videoOutput, error) {
	return s.removing(ctx, in.APIChange, func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.RemoveCopy(ctx, id, in.Digest, actorOf(ctx))
	}, func(v archive.Video) *archive.FieldError {
		var digests []string
		for _, held := range v.Copies {
			digests = append(digests, held.File.Digest)
		}
		return notHeld("digest", "the video has no copy "+in.Digest, digests)
	})
}

func (s *Server) removeCaptions(ctx context.Context, in *removeCaptionsInput) (*videoOutput, error) {
	return s.removing(ctx, in.APIChange, func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.RemoveCaptions(ctx, id, in.Language, actorOf(ctx))
	}, func(v archive.Video) *archive.FieldError {
		var languages []string
		for _, held := range v.Captions {
			languages = append(languages, held.Language)
		}
		return notHeld("language", "the video has no captions in "+in.Language, languages)
	})
}

func (s *Server) removePoster(ctx context.Context, in *removePosterInput) (*videoOutput, error) {
	return s.removing(ctx, in.APIChange, func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.RemovePoster(ctx, id, actorOf(ctx))
	}, func(archive.Video) *archive.FieldError {
		return notHeld("poster", "the video has no poster of the newsroom's own", nil)
	})
}

// removing takes a file back. Where the video is there and the file is not, missing says what it has instead.
func (s *Server) removing(
	ctx context.Context, in APIChange,
	remove func(context.Context, archive.VideoID) (archive.Video, error), missing func(archive.Video) *archive.FieldError,
) (*videoOutput, error) {
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, in, "removing a file of", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		changed, err := remove(ctx, id)
		if isMissing(err) {
			return archive.Video{}, placedError{inPath, missing(v)}
		}
		return changed, err
	})
}

// notHeld is a 404 that names the part of the address at fault.
func notHeld(field, problem string, held []string) *archive.FieldError {
	cure := "there is nothing to take back"
	if len(held) > 0 {
		cure = "name one of its own: " + strings.Join(held, ", ")
	}
	return &archive.FieldError{Field: field, Problem: problem, Cure: cure, Cause: errors.Join(statusError(http.StatusNotFound), archive.ErrNotFound)}
}
