package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

// APIWithdrawal is what readers of a withdrawn video are told.
type APIWithdrawal struct {
	Explanation map[string]string `json:"explanation" doc:"What readers are told, by language tag" example:"{\"es\":\"Revisamos este video.\"}"`
}

// APIEmbargo is the end of an embargo.
type APIEmbargo struct {
	Until time.Time `json:"until" doc:"When the public may learn of it; still to come" example:"2030-05-01T06:00:00Z"`
}

// APIReason is why something is done.
type APIReason struct {
	Reason string `json:"reason" doc:"The case, or the request that demands it" example:"Case 12-2025"`
}

// APIErasure is the demand to erase a video.
type APIErasure struct {
	Basis   string `json:"basis" doc:"The law or the court's file" example:"GDPR Art. 17(1)(d)"`
	Reason  string `json:"reason,omitempty" doc:"For the newsroom" example:"Asked by letter on 3 March"`
	Confirm string `json:"confirm" doc:"The video's id once more: of everything here, this alone cannot be undone" example:"7k3mzq9x0abd"`
}

// APIErasurePreview is every object that erasing would delete.
type APIErasurePreview struct {
	Items   []APIBelonging `json:"items" nullable:"false" doc:"The objects"`
	Objects int            `json:"objects" doc:"In all"`
	Bytes   int64          `json:"bytes" doc:"In all"`
	Held    *APILegalHold  `json:"held,omitempty" doc:"The legal hold that stands against it"`
}

// APIBelonging is one object of the store that is a video's own.
type APIBelonging struct {
	Key   string `json:"key" example:"files/7k/7k3mzq9x0abd/9f86d081.jpg" doc:"Where it stands in the store"`
	Bytes int64  `json:"bytes" example:"48213" doc:"Its size"`
	File  string `json:"file,omitempty" doc:"Hexadecimal SHA-256, where it is a file"`
}

type withdrawInput struct {
	APIChange
	Body APIWithdrawal
}

type embargoInput struct {
	APIChange
	Body APIEmbargo
}

type publishInput struct{ APIChange }

type holdInput struct {
	APIChange
	Body APIReason
}

type eraseInput struct {
	APIChange
	Body APIErasure
}

type erasurePreviewInput struct{ APITarget }

type erasurePreviewOutput struct{ Body APIErasurePreview }

func (s *Server) takedownOperations(api huma.API) {
	gone := []int{http.StatusNotFound, http.StatusGone}
	operate(s, api, huma.Operation{
		OperationID: "withdraw-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/withdraw", Tags: []string{tagTakedown},
		Summary: "Show readers an explanation in place of a video", Errors: gone,
		Description: "Everything is kept. Readers have a right to know why, so an explanation is required, in any language.",
	}, s.withdrawVideo, people.Withdraw)
	operate(s, api, huma.Operation{
		OperationID: "embargo-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/embargo", Tags: []string{tagTakedown},
		Summary: "Keep a video unknown to the public until a time", Errors: gone,
		Description: "Embeds and watch pages answer as if there were no such video, and show it from then on by themselves.",
	}, s.embargoVideo, people.Withdraw)
	operate(s, api, huma.Operation{
		OperationID: "publish-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/publish", Tags: []string{tagTakedown},
		Summary: "End a withdrawal or an embargo", Errors: gone,
		Description: "Readers see the video again. The explanation of a withdrawal stays in the record.",
	}, s.publishVideo, people.Withdraw)
	operate(s, api, huma.Operation{
		OperationID: "hold-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/hold", Tags: []string{tagTakedown},
		Summary: "Put a video under a legal hold", Errors: gone,
		Description: "As long as it stands, nothing of the video may be erased.",
	}, s.holdVideo, people.Erase)
	operate(s, api, huma.Operation{
		OperationID: "lift-hold", Method: http.MethodPost, Path: "/api/v1/videos/{id}/lift-hold", Tags: []string{tagTakedown},
		Summary: "Lift a legal hold", Errors: gone,
		Description: "A reason is required, as for the hold itself.",
	}, s.liftVideoHold, people.Erase)
	if s.eraser == nil {
		return
	}
	operate(s, api, huma.Operation{
		OperationID: "preview-erasure", Method: http.MethodGet, Path: "/api/v1/videos/{id}/erasure", Tags: []string{tagTakedown},
		Summary: "List what erasing a video would delete", Errors: []int{http.StatusNotFound},
		Description: "Every object of the store that is the video's own, on one page, and the legal hold that stands against it. Nothing is changed.",
	}, s.previewErasure, people.Erase)
	operate(s, api, huma.Operation{
		OperationID: "erase-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/erasure", Tags: []string{tagTakedown},
		Summary: "Erase a video for good", Errors: []int{http.StatusNotFound, http.StatusConflict},
		Description: "Deletes what the preview lists and leaves a tombstone, which has digests and the legal basis and never content. A legal hold refuses it. Versions that the bucket keeps, backups and caches of others are not reached.",
	}, s.eraseVideo, people.Erase)
}

func (s *Server) withdrawVideo(ctx context.Context, in *withdrawInput) (*videoOutput, error) {
	return s.change(ctx, in.APIChange, "withdrawing", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.Withdraw(ctx, id, in.Body.Explanation, actorOf(ctx))
	})
}

func (s *Server) embargoVideo(ctx context.Context, in *embargoInput) (*videoOutput, error) {
	return s.change(ctx, in.APIChange, "embargoing", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.Embargo(ctx, id, in.Body.Until, actorOf(ctx))
	})
}

func (s *Server) publishVideo(ctx context.Context, in *publishInput) (*videoOutput, error) {
	return s.change(ctx, in.APIChange, "publishing", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.Publish(ctx, id, actorOf(ctx))
	})
}

func (s *Server) holdVideo(ctx context.Context, in *holdInput) (*videoOutput, error) {
	return s.change(ctx, in.APIChange, "holding", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.Hold(ctx, id, in.Body.Reason, actorOf(ctx))
	})
}

func (s *Server) liftVideoHold(ctx context.Context, in *holdInput) (*videoOutput, error) {
	return s.change(ctx, in.APIChange, "lifting the hold of", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.LiftHold(ctx, id, in.Body.Reason, actorOf(ctx))
	})
}

func (s *Server) previewErasure(ctx context.Context, in *erasurePreviewInput) (*erasurePreviewOutput, error) {
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	objects, err := s.eraser.Preview(ctx, v.ID)
	if err != nil {
		return nil, fmt.Errorf("listing what erasing %s would delete: %w", v.ID, err)
	}
	out := &erasurePreviewOutput{Body: APIErasurePreview{Items: []APIBelonging{}, Objects: len(objects), Held: apiHold(v.LegalHold)}}
	for _, o := range objects {
		out.Body.Items = append(out.Body.Items, APIBelonging{Key: o.Key, Bytes: o.Bytes, File: o.File})
		out.Body.Bytes += o.Bytes
	}
	return out, nil
}

func (s *Server) eraseVideo(ctx context.Context, in *eraseInput) (*videoOutput, error) {
	v, err := s.videoOf(ctx, in.ID) // as the preview takes it, also where a merge was broken off
	if err != nil {
		return nil, err
	}
	return s.change(ctx, in.APIChange, "erasing", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		if in.Body.Confirm != string(id) {
			return archive.Video{}, &archive.FieldError{Field: "confirm", Problem: "it is not the id of this video", Cure: "repeat the video's id, " + string(id)}
		}
		return s.eraser.Erase(ctx, v.ID, in.Body.Basis, in.Body.Reason, actorOf(ctx))
	})
}
