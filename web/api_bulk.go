package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

// APIBulk is one thing to be done to many videos.
type APIBulk struct {
	IDs               []string          `json:"ids" maxItems:"500" doc:"Of the videos"`
	Action            string            `json:"action" enum:"label,check,withdraw,publish"`
	AddTags           []string          `json:"addTags,omitempty"`
	RemoveTags        []string          `json:"removeTags,omitempty"`
	AddCollections    []string          `json:"addCollections,omitempty"`
	RemoveCollections []string          `json:"removeCollections,omitempty"`
	Explanation       map[string]string `json:"explanation,omitempty" doc:"What readers of withdrawn videos are told, by language tag"`
}

// APIBulkItem is what became of one of them.
type APIBulkItem struct {
	ID    string `json:"id"`
	Error string `json:"error,omitempty" doc:"Why it was not done; absent: it was"`
}

type bulkInput struct{ Body APIBulk }

type bulkOutput struct {
	Body struct {
		Items []APIBulkItem `json:"items" nullable:"false"`
	}
}

type withdrawInput struct {
	ID   string `path:"id"`
	Body struct {
		Explanation map[string]string `json:"explanation" doc:"What readers are told, by language tag"`
	}
}

type embargoInput struct {
	ID   string `path:"id"`
	Body struct {
		Until time.Time `json:"until" doc:"When the public may learn of it"`
	}
}

func (s *Server) bulkOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "bulk", Method: http.MethodPost, Path: "/api/v1/bulk",
		Summary:     "Do one thing to many videos",
		Description: "The answer says of each what became of it: one that fails stops none of the others.",
	}, s.bulk, people.Edit, people.Audit, people.Withdraw)
	operate(s, api, huma.Operation{
		OperationID: "withdraw-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/withdraw",
		Summary: "Show readers an explanation in place of a video", Errors: []int{http.StatusNotFound, http.StatusGone},
	}, s.withdrawVideo, people.Withdraw)
	operate(s, api, huma.Operation{
		OperationID: "embargo-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/embargo",
		Summary: "Keep a video unknown to the public until a time", Errors: []int{http.StatusNotFound, http.StatusGone},
	}, s.embargoVideo, people.Withdraw)
	operate(s, api, huma.Operation{
		OperationID: "publish-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/publish",
		Summary: "End a withdrawal or an embargo", Errors: []int{http.StatusNotFound, http.StatusGone},
	}, s.publishVideo, people.Withdraw)
}

func (s *Server) bulk(ctx context.Context, in *bulkInput) (*bulkOutput, error) {
	ids, err := idsOf(in.Body.IDs)
	if err != nil {
		return nil, err
	}
	b := bulk{Action: in.Body.Action, Explanation: in.Body.Explanation, Labels: archive.Labels{
		AddTags: in.Body.AddTags, RemoveTags: in.Body.RemoveTags, AddCollections: in.Body.AddCollections, RemoveCollections: in.Body.RemoveCollections,
	}}
	if err := b.check(whoOf(ctx), ids); err != nil {
		return nil, err
	}
	out := &bulkOutput{}
	out.Body.Items = make([]APIBulkItem, 0, len(ids))
	for _, id := range ids {
		item := APIBulkItem{ID: string(id)}
		if _, err := s.do(ctx, b, id); err != nil {
			item.Error = s.shortly(ctx, err)
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, nil
}

func (s *Server) withdrawVideo(ctx context.Context, in *withdrawInput) (*videoOutput, error) {
	return s.changed(ctx, in.ID, func(id archive.VideoID) (archive.Video, error) {
		return s.library.Withdraw(ctx, id, in.Body.Explanation, actorOf(ctx))
	})
}

func (s *Server) embargoVideo(ctx context.Context, in *embargoInput) (*videoOutput, error) {
	return s.changed(ctx, in.ID, func(id archive.VideoID) (archive.Video, error) {
		return s.library.Embargo(ctx, id, in.Body.Until, actorOf(ctx))
	})
}

func (s *Server) publishVideo(ctx context.Context, in *checkInput) (*videoOutput, error) {
	return s.changed(ctx, in.ID, func(id archive.VideoID) (archive.Video, error) {
		return s.library.Publish(ctx, id, actorOf(ctx))
	})
}

func (s *Server) changed(ctx context.Context, raw string, change func(archive.VideoID) (archive.Video, error)) (*videoOutput, error) {
	id, err := parseID(raw)
	if err != nil {
		return nil, err
	}
	v, err := change(id)
	if err != nil {
		return nil, err
	}
	return s.videoOutput(v, ""), nil
}
