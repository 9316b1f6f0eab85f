package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

type overruleInput struct {
	ID   string `path:"id"`
	Body struct {
		Source string `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
		As     string `json:"as" enum:"alive,dead,ignore,none" doc:"What the source is, whatever is computed; ignore: it is not asked any more; none takes a ruling back"`
		Reason string `json:"reason" doc:"How you know; it stands in the evidence"`
	}
}

type releaseInput struct {
	ID   string `path:"id"`
	Body struct {
		Source string `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
		Reason string `json:"reason" doc:"How you know that it is gone"`
	}
}

func (s *Server) decisionOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "overrule-source", Method: http.MethodPost, Path: "/api/v1/videos/{id}/overrule",
		Summary:     "Say what a source is, above what is computed",
		Description: "The computed state goes on underneath, so taking the ruling back shows what the platform says.",
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.overruleSource, people.Audit)
	operate(s, api, huma.Operation{
		OperationID: "release-source", Method: http.MethodPost, Path: "/api/v1/videos/{id}/release",
		Summary:     "Let the bad rounds count that the guard holds",
		Description: "Where a fifth of a platform's sources turn bad at once, their rounds are held until two methods agree, or a person says that they are true.",
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.releaseSource, people.Audit)
}

func (s *Server) overruleSource(ctx context.Context, in *overruleInput) (*videoOutput, error) {
	as := archive.Ruling(in.Body.As)
	if in.Body.As == "none" {
		as = archive.RulesNothing
	}
	return s.decided(ctx, in.ID, in.Body.Source, func(v archive.Video, key archive.SourceKey) (archive.Video, error) {
		return s.library.Rule(ctx, v.ID, key, as, in.Body.Reason, actorOf(ctx))
	})
}

func (s *Server) releaseSource(ctx context.Context, in *releaseInput) (*videoOutput, error) {
	return s.decided(ctx, in.ID, in.Body.Source, func(v archive.Video, key archive.SourceKey) (archive.Video, error) {
		return s.library.ReleaseHeld(ctx, v.ID, key, in.Body.Reason, actorOf(ctx))
	})
}

func (s *Server) decided(ctx context.Context, id, source string, decide func(archive.Video, archive.SourceKey) (archive.Video, error)) (*videoOutput, error) {
	v, err := s.videoOf(ctx, id)
	if err != nil {
		return nil, err
	}
	key, err := sourceKey(source)
	if err != nil {
		return nil, err
	}
	changed, err := decide(v, key)
	if errors.Is(err, archive.ErrNotFound) { // of the two that may be missing, the video is there
		return nil, notItsSource(v, key)
	}
	if err != nil {
		return nil, fmt.Errorf("deciding about %s of %s: %w", key, v.ID, err)
	}
	return s.videoOutput(changed, ""), nil
}
