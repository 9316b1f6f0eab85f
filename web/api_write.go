package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

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
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; 412 where the video has changed since"`
	Body    APIWords
}

type checkInput struct {
	ID string `path:"id"`
}

type addSourceInput struct {
	ID   string `path:"id"`
	Body struct {
		URL string `json:"url" doc:"Address of the mirror's page or file"`
	}
}

type preferInput struct {
	ID   string `path:"id"`
	Body struct {
		Source string `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
	}
}

func (s *Server) writeOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "register-video", Method: http.MethodPost, Path: "/api/v1/videos", DefaultStatus: http.StatusCreated,
		Summary:     "Register a video by its address",
		Description: "Registering is idempotent: a source that is known gives the video that has it, with 200 instead of 201. A source that cannot be reached is registered all the same.",
	}, s.registerVideo, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "describe-video", Method: http.MethodPatch, Path: "/api/v1/videos/{id}",
		Summary: "Change the newsroom's words", Errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, s.describeVideo, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "check-video", Method: http.MethodPost, Path: "/api/v1/videos/{id}/check",
		Summary: "Ask the video's sources at once", Errors: []int{http.StatusNotFound},
	}, s.checkVideo, people.Edit, people.Audit)
	operate(s, api, huma.Operation{
		OperationID: "add-source", Method: http.MethodPost, Path: "/api/v1/videos/{id}/sources", DefaultStatus: http.StatusCreated,
		Summary: "Add a mirror; 200 where the video has it already", Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, s.addSource, people.Edit)
	operate(s, api, huma.Operation{
		OperationID: "prefer-source", Method: http.MethodPost, Path: "/api/v1/videos/{id}/prefer",
		Summary: "Put a source first", Errors: []int{http.StatusNotFound},
	}, s.preferSource, people.Edit)
	describeKnown(api, "/api/v1/videos")
	describeKnown(api, "/api/v1/videos/{id}/sources")
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
		return nil, fmt.Errorf("registering: %w", err)
	}
	return s.registered(done), nil
}

func (s *Server) registered(done archive.Registered) *registerOutput {
	out := &registerOutput{
		Status: http.StatusOK, Location: "/api/v1/videos/" + string(done.Video.ID), ETag: etagOfRevision(done.Video.Revision),
		Body: NewAPIRegistered(done, s.baseURL(), ""),
	}
	if done.New {
		out.Status = http.StatusCreated
	}
	return out
}

func (s *Server) describeVideo(ctx context.Context, in *describeInput) (*videoOutput, error) {
	id, err := parseID(in.ID)
	if err != nil {
		return nil, err
	}
	words := in.Body.words()
	if words.Revision, err = revisionOf(in.IfMatch); err != nil {
		return nil, err
	}
	v, err := s.library.Describe(ctx, id, words, actorOf(ctx))
	if words.Revision != 0 && errors.Is(err, archive.ErrConflict) {
		return nil, statusError(http.StatusPreconditionFailed)
	}
	if err != nil {
		return nil, fmt.Errorf("describing %s: %w", id, err)
	}
	return s.videoOutput(v, ""), nil
}

func (s *Server) checkVideo(ctx context.Context, in *checkInput) (*videoOutput, error) {
	v, err := s.videoOf(ctx, in.ID)
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

func (s *Server) addSource(ctx context.Context, in *addSourceInput) (*registerOutput, error) {
	id, err := parseID(in.ID)
	if err != nil {
		return nil, err
	}
	done, err := s.library.AddSource(ctx, id, in.Body.URL, actorOf(ctx))
	if err != nil {
		return nil, fmt.Errorf("adding a source to %s: %w", id, err)
	}
	return s.registered(done), nil
}

func (s *Server) preferSource(ctx context.Context, in *preferInput) (*videoOutput, error) {
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	key, err := sourceKey(in.Body.Source)
	if err != nil {
		return nil, err
	}
	changed, err := s.library.Prefer(ctx, v.ID, key, actorOf(ctx))
	if errors.Is(err, archive.ErrNotFound) { // of the two that may be missing, the video is there
		return nil, notItsSource(v, key)
	}
	if err != nil {
		return nil, fmt.Errorf("preferring %s of %s: %w", key, v.ID, err)
	}
	return s.videoOutput(changed, ""), nil
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
