package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

// APIRuling is what a person says of a source.
type APIRuling struct {
	Source string `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
	As     string `json:"as" enum:"alive,dead,ignore,none" doc:"What the source is, whatever is computed; ignore: it is not asked any more; none takes a ruling back" example:"alive"`
	Reason string `json:"reason" doc:"How you know; it stands in the evidence" example:"I watched it on the channel this morning."`
}

// APIRelease is why held rounds may count.
type APIRelease struct {
	Source string `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
	Reason string `json:"reason" doc:"How you know that it is gone" example:"The channel announced that it closes."`
}

type overruleInput struct {
	APIChange
	Body APIRuling
}

type releaseInput struct {
	APIChange
	Body APIRelease
}

func (s *Server) decisionOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "overrule-source", Method: http.MethodPost, Path: "/api/v1/videos/{id}/overrule", Tags: []string{tagSources},
		Summary:     "Say what a source is, above what is computed",
		Description: "The computed state goes on underneath, so taking the ruling back shows what the platform says.",
		Errors:      []int{http.StatusNotFound, http.StatusGone},
	}, s.overruleSource, people.Audit)
	operate(s, api, huma.Operation{
		OperationID: "release-source", Method: http.MethodPost, Path: "/api/v1/videos/{id}/release", Tags: []string{tagSources},
		Summary:     "Let the bad rounds count that the guard holds",
		Description: "Where a fifth of a platform's sources turn bad at once, their rounds are held until two methods agree, or a person says that they are true.",
		Errors:      []int{http.StatusNotFound, http.StatusGone},
	}, s.releaseSource, people.Audit)
}

func (s *Server) overruleSource(ctx context.Context, in *overruleInput) (*videoOutput, error) {
	return s.changeSource(ctx, in.APIChange, in.Body.Source, "ruling over a source of", func(ctx context.Context, id archive.VideoID, key archive.SourceKey) (archive.Video, error) {
		return s.library.Rule(ctx, id, key, rulingOf(in.Body.As), in.Body.Reason, actorOf(ctx))
	})
}

func rulingOf(as string) archive.Ruling {
	if as == "none" {
		return archive.RulesNothing
	}
	return archive.Ruling(as)
}

func (s *Server) releaseSource(ctx context.Context, in *releaseInput) (*videoOutput, error) {
	return s.changeSource(ctx, in.APIChange, in.Body.Source, "releasing held rounds of", func(ctx context.Context, id archive.VideoID, key archive.SourceKey) (archive.Video, error) {
		return s.library.ReleaseHeld(ctx, id, key, in.Body.Reason, actorOf(ctx))
	})
}
