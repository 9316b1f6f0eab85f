package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

// APIUndo names a change of a video as its event does.
type APIUndo struct {
	Revision int64  `json:"revision" minimum:"1" doc:"That the change reached: the ETag of its answer, and in the activity the event's" example:"7"`
	Verb     string `json:"verb" enum:"describe,label,prefer,order,withdraw,embargo,publish,remove-copy,remove-captions,remove-poster" doc:"Of the change's event. withdraw, embargo and publish need the permission withdraw, the others edit" example:"describe"`
}

type undoInput struct {
	APIChange
	Body APIUndo
}

func (s *Server) undoOperation(api huma.API) {
	if s.undoer == nil {
		return
	}
	operate(s, api, huma.Operation{
		OperationID: "undo-change", Method: http.MethodPost, Path: "/api/v1/videos/{id}/undo", Tags: []string{tagVideos},
		Summary: "Undo a change", Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusGone},
		Description: "The fields that the change altered get the values that they had before; changes of other fields stay. Where one of these fields has been changed since, it is a conflict and nothing is altered. The last sixteen changes of a video can be undone. Undoing is an event of its own.",
	}, s.undoChange, people.Edit, people.Withdraw)
}

func (s *Server) undoChange(ctx context.Context, in *undoInput) (*videoOutput, error) {
	needs, ok := undoNeeds(in.Body.Verb)
	if !ok {
		return nil, &archive.FieldError{Field: "verb", Problem: fmt.Sprintf("%q cannot be undone", in.Body.Verb), Cure: "name the verb of the change's event"}
	}
	if !whoOf(ctx).May(needs) {
		return nil, forbiddenError{needs}
	}
	if _, err := s.videoOf(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.change(ctx, in.APIChange, "undoing a change of", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		v, err := s.undoer.Undo(ctx, id, archive.Undoing{Revision: in.Body.Revision, Verb: in.Body.Verb}, actorOf(ctx))
		return v, undoProblem(in.Body.Revision, err)
	})
}

// undoProblem says of a change that cannot be undone why, as of the field that names it.
func undoProblem(revision int64, err error) error {
	var conflict *archive.ConflictError
	switch {
	case errors.As(err, &conflict):
		return &archive.FieldError{
			Field: "revision", Problem: cmp.Or(conflict.Field, "what the change altered") + " has been changed since",
			Cure: "undo the later change first, or correct it by hand", Cause: err,
		}
	case isMissing(err): // of the two that may be missing, the video is there
		return &archive.FieldError{
			Field: "revision", Problem: fmt.Sprintf("no change that can be undone led to revision %d", revision),
			Cure: "name one of the last sixteen changes, as the video's activity has them", Cause: err,
		}
	}
	return err
}
