package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

type registerInput struct{ Body APIRegistration }

type registerOutput struct {
	Status   int
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     APIRegistered
}

type describeInput struct {
	APIChange
	Body APIWords
}

type checkInput struct{ APIChange }

func (s *Server) writeOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "register-video", Method: http.MethodPost, Path: "/api/v1/videos", DefaultStatus: http.StatusCreated, Tags: []string{tagVideos},
		Summary:     "Register a video by its address",
		Description: "Registering is idempotent: a source that is known gives the video that has it, with 200 instead of 201. A source that cannot be reached is registered all the same.",
	}, s.registerVideo, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "preview-address", Method: http.MethodPost, Path: "/api/v1/preview", Tags: []string{tagVideos},
		Summary:     "Look at an address without registering it",
		Description: "Asks the platform what the address is, and whether a video has it already. Nothing is kept.",
	}, s.previewAddress, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "describe-video", Method: http.MethodPatch, Path: "/api/v1/videos/{id}", Tags: []string{tagVideos},
		Summary: "Change the newsroom's words", Errors: []int{http.StatusNotFound, http.StatusGone},
		Description: "What is absent stays as it is, an empty text is removed. Send the ETag that you saw as If-Match, so that nobody's change is lost.",
	}, s.describeVideo, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "check-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/check", Tags: []string{tagSources},
		Summary: "Ask the video's sources at once", Errors: []int{http.StatusNotFound},
		Description: "The answer is the video as it stands after that. One bad answer kills no source.",
	}, s.checkVideo, people.Edit, people.Audit)
	describeKnown(api, "/api/v1/videos")
}

// describeKnown adds the answer 200, which has the form of 201, to what is said of an operation.
func describeKnown(api huma.API, path string) {
	responses := api.OpenAPI().Paths[path].Post.Responses
	responses["200"] = &huma.Response{Description: "The source was known already", Headers: responses["201"].Headers, Content: responses["201"].Content}
}

func (s *Server) registerVideo(ctx context.Context, in *registerInput) (*registerOutput, error) {
	registration, err := in.Body.registration(ctx)
	if err != nil {
		return nil, err
	}
	done, err := s.library.Register(ctx, registration)
	if err != nil {
		return nil, fmt.Errorf("registering: %w", inAPI(err))
	}
	return s.registered(done), nil
}

func (s *Server) registered(done archive.Registered) *registerOutput {
	out := &registerOutput{
		Status: http.StatusOK, Location: "/api/v1/videos/" + string(done.Video.ID), ETag: etagOfVideo(done.Video),
		Body: NewAPIRegistered(done, s.baseURL(), ""),
	}
	if done.New {
		out.Status = http.StatusCreated
	}
	return out
}

func (s *Server) describeVideo(ctx context.Context, in *describeInput) (*videoOutput, error) {
	out, err := s.change(ctx, in.APIChange, "describing", func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		return s.library.Describe(ctx, id, in.Body.words(), actorOf(ctx))
	})
	return out, inAPI(err)
}

func (s *Server) checkVideo(ctx context.Context, in *checkInput) (*videoOutput, error) {
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	seen, err := revisionsOf(in.IfMatch)
	if err == nil && seen != nil && !slices.Contains(seen, v.Revision) {
		err = archive.ErrStale
	}
	if err != nil {
		return nil, err
	}
	if err := s.checker.Check(ctx, []archive.VideoID{v.ID}, actorOf(ctx)); err != nil {
		return nil, fmt.Errorf("checking %s: %w", v.ID, err)
	}
	if v, err = s.catalog.Video(ctx, v.ID); err != nil {
		return nil, fmt.Errorf("reading %s after its check: %w", v.ID, err)
	}
	return s.videoOutput(v, ""), nil
}
