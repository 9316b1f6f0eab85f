package web

import (
	"context"
	"fmt"
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

// APIHostRuling is what a person says of all sources of a host.
type APIHostRuling struct {
	Host   string `json:"host" doc:"Of the sources' pages, or an address there" example:"video.example.org"`
	As     string `json:"as" enum:"alive,dead,ignore,none" doc:"What the sources are, whatever is computed; ignore: they are not asked any more; none takes rulings back" example:"ignore"`
	Reason string `json:"reason" doc:"How you know; it stands in the evidence" example:"The host is being moved."`
}

// APIRuled is how far a ruling over a host reaches.
type APIRuled struct {
	Videos int `json:"videos" doc:"That have a source there" example:"12"`
}

type overruleInput struct {
	APIChange
	Body APIRuling
}

type releaseInput struct {
	APIChange
	Body APIRelease
}

type ruleHostInput struct{ Body APIHostRuling }

type ruleHostOutput struct{ Body APIRuled }

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
	if s.settings == nil {
		return
	}
	operate(s, api, huma.Operation{
		OperationID: "overrule-host", Method: http.MethodPost, Path: "/api/v1/rulings", Tags: []string{tagSources},
		Summary:     "Say what all sources of a host are",
		Description: "As overrule-source, of every source whose page is at the host. Sources that are registered later are not ruled over. Where it breaks off, to repeat it completes it.",
	}, s.overruleHost, people.Audit)
}

func (s *Server) overruleSource(ctx context.Context, in *overruleInput) (*videoOutput, error) {
	return s.changeSource(ctx, in.APIChange, in.Body.Source, "ruling over a source of", func(ctx context.Context, id archive.VideoID, key archive.SourceKey) (archive.Video, error) {
		return s.library.Rule(ctx, id, key, rulingOf(in.Body.As), in.Body.Reason, actorOf(ctx))
	})
}

func (s *Server) overruleHost(ctx context.Context, in *ruleHostInput) (*ruleHostOutput, error) {
	n, err := s.ruleHost(ctx, in.Body.Host, rulingOf(in.Body.As), in.Body.Reason)
	if err != nil {
		return nil, fmt.Errorf("ruling over a host: %w", err)
	}
	return &ruleHostOutput{Body: APIRuled{Videos: n}}, nil
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
