package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/settings"
)

// APISetting is one setting: fields that are kept together, and change together.
type APISetting struct {
	Name   string            `json:"name" example:"audit"`
	Fields []APISettingField `json:"fields" nullable:"false"`
}

// APISettingField is one value that people may choose.
type APISettingField struct {
	Name     string `json:"name" example:"suspect"`
	Kind     string `json:"kind" enum:"span,number,share,period" doc:"A span of time as 6h or 7d; a whole number; a share as 0.2; keep, or days as 30d"`
	Value    string `json:"value" doc:"What holds" example:"3h"`
	Standard string `json:"standard" doc:"What holds where nobody chose" example:"6h"`
	Chosen   bool   `json:"chosen" doc:"Whether somebody chose"`
	Meaning  string `json:"meaning"`
}

// APISettingChange is who changed a setting, and what.
type APISettingChange struct {
	ID      string         `json:"id"`
	Setting string         `json:"setting"`
	At      time.Time      `json:"at"`
	Actor   string         `json:"actor"`
	Before  map[string]any `json:"before,omitempty" doc:"Fields that changed, as they were; an absent one was the standard"`
	After   map[string]any `json:"after,omitempty"`
}

// APIFact is one thing that the process runs with. Secrets are not among them.
type APIFact struct {
	Name  string `json:"name" example:"store"`
	Value string `json:"value,omitempty"`
	State string `json:"state,omitempty" enum:"absent,unknown,any,given,on,off" doc:"Where there is no value; of secrets whether there is one"`
	Flag  string `json:"flag,omitempty" doc:"That changes it" example:"--store"`
}

type settingInput struct {
	Name        string `path:"name" doc:"audit or retention"`
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the answer that you have: 304 where it is still good"`
}

type settingListInput struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the answer that you have: 304 where it is still good"`
}

type changeSettingInput struct {
	Name    string `path:"name" doc:"audit or retention"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; 412 where the setting has changed since"`
	Body    struct {
		Values map[string]string `json:"values" doc:"By field; an empty one takes the choice back, and what is absent stays" example:"{\"suspect\":\"3h\"}"`
	}
}

type settingOutput struct {
	ETag string `header:"ETag"`
	Body APISetting
}

type settingListOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []APISetting `json:"items" nullable:"false"`
	}
}

type settingChangesInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
}

type settingChangesOutput struct {
	Body struct {
		Items []APISettingChange `json:"items" nullable:"false" doc:"The newest first"`
	}
}

type factsOutput struct {
	Body struct {
		Items []APIFact `json:"items" nullable:"false"`
	}
}

func (s *Server) settingOperations(api huma.API) {
	if s.settings == nil {
		return
	}
	operate(s, api, huma.Operation{
		OperationID: "list-settings", Method: http.MethodGet, Path: "/api/v1/settings", Summary: "What is chosen for the installation",
		Description: "Every setting with its values, their standards and what they mean.", Tags: []string{tagSettings},
	}, s.listSettings, people.View)
	describeNotModified(api, "/api/v1/settings")
	operate(s, api, huma.Operation{
		OperationID: "get-setting", Method: http.MethodGet, Path: "/api/v1/settings/{name}", Summary: "One setting",
		Description: "The values, their standards and what they mean; the ETag is for a change.", Tags: []string{tagSettings}, Errors: []int{http.StatusNotFound},
	}, s.getSetting, people.View)
	describeNotModified(api, "/api/v1/settings/{name}")
	operate(s, api, huma.Operation{
		OperationID: "change-setting", Method: http.MethodPatch, Path: "/api/v1/settings/{name}", Summary: "Choose other values", Tags: []string{tagSettings},
		Description: "All replicas follow by their next audit, or their next pass of retention. Who changed what is recorded.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
	}, s.changeSetting, people.Settings)
	operate(s, api, huma.Operation{
		OperationID: "list-setting-changes", Method: http.MethodGet, Path: "/api/v1/settings/changes", Summary: "Who changed settings, and what",
		Description: "The newest first, each with the values before and after.", Tags: []string{tagSettings},
	}, s.listSettingChanges, people.Settings)
	operate(s, api, huma.Operation{
		OperationID: "get-installation", Method: http.MethodGet, Path: "/api/v1/settings/installation", Summary: "What this process runs with",
		Description: "Each fact with the flag that changes it. No secret is among them, only whether it is set.", Tags: []string{tagSettings},
	}, s.getInstallation, people.Settings)
}

func newAPISetting(chosen settings.Chosen) APISetting {
	out := APISetting{Name: chosen.Name, Fields: []APISettingField{}}
	for _, f := range newSettingForm(chosen).Fields {
		out.Fields = append(out.Fields, APISettingField{
			Name: f.Name, Kind: string(f.Kind), Value: cmp.Or(f.Value, f.Standard), Standard: f.Standard, Chosen: f.Chosen, Meaning: f.Meaning,
		})
	}
	return out
}

// settingAnswer is a setting under an ETag of what is chosen and, after a dot, of the whole answer: another version of
// the program may have other standards.
func settingAnswer(chosen settings.Chosen) *settingOutput {
	body := newAPISetting(chosen)
	return &settingOutput{ETag: `"` + chosen.Tag + "." + bodyDigest(body) + `"`, Body: body}
}

func (s *Server) listSettings(ctx context.Context, in *settingListInput) (*settingListOutput, error) {
	out := &settingListOutput{}
	for _, g := range settings.Groups() {
		chosen, err := s.settings.Read(ctx, g.Name)
		if err != nil {
			return nil, fmt.Errorf("reading the setting %s: %w", g.Name, err)
		}
		out.Body.Items = append(out.Body.Items, newAPISetting(chosen))
	}
	if out.ETag = `"` + bodyDigest(out.Body.Items) + `"`; names(in.IfNoneMatch, out.ETag, "W/") {
		return nil, notModifiedError(out.ETag)
	}
	return out, nil
}

func (s *Server) getSetting(ctx context.Context, in *settingInput) (*settingOutput, error) {
	chosen, err := s.settings.Read(ctx, in.Name)
	if err != nil {
		return nil, fmt.Errorf("reading a setting: %w", err)
	}
	out := settingAnswer(chosen)
	if names(in.IfNoneMatch, out.ETag, "W/") {
		return nil, notModifiedError(out.ETag)
	}
	return out, nil
}

func (s *Server) changeSetting(ctx context.Context, in *changeSettingInput) (*settingOutput, error) {
	tag, err := tagOf(in.IfMatch)
	if err != nil {
		return nil, err
	}
	chosen, err := s.settings.Change(ctx, settings.Change{Setting: in.Name, Tag: tag, Values: in.Body.Values, Actor: actorOf(ctx)})
	if tag != "" && errors.Is(err, archive.ErrConflict) {
		return nil, statusError(http.StatusPreconditionFailed)
	}
	var field *archive.FieldError
	if errors.As(err, &field) {
		return nil, &archive.FieldError{Field: "values." + field.Field, Problem: field.Problem, Cure: field.Cure, Cause: field.Cause}
	}
	if err != nil {
		return nil, fmt.Errorf("changing a setting: %w", err)
	}
	return settingAnswer(chosen), nil
}

// tagOf reads If-Match, of whose ETag what is chosen counts, before the dot; empty stands for whatever is there. A
// header that no ETag of ours can match fails the precondition.
func tagOf(ifMatch string) (string, error) {
	ifMatch = strings.TrimSpace(ifMatch)
	if ifMatch == "" || ifMatch == "*" {
		return "", nil
	}
	tag := strings.Trim(ifMatch, `"`)
	if tag == "" || ifMatch != `"`+tag+`"` {
		return "", statusError(http.StatusPreconditionFailed)
	}
	tag, _, _ = strings.Cut(tag, ".")
	return tag, nil
}

func (s *Server) listSettingChanges(ctx context.Context, in *settingChangesInput) (*settingChangesOutput, error) {
	changes, err := s.settings.Changes(ctx, in.Limit)
	if err != nil {
		return nil, fmt.Errorf("reading the changes of settings: %w", err)
	}
	out := &settingChangesOutput{}
	out.Body.Items = make([]APISettingChange, 0, len(changes))
	for _, change := range changes {
		out.Body.Items = append(out.Body.Items, APISettingChange(change))
	}
	return out, nil
}

func (s *Server) getInstallation(ctx context.Context, _ *struct{}) (*factsOutput, error) {
	out := &factsOutput{}
	out.Body.Items = []APIFact{}
	for _, f := range s.settings.Facts(ctx) {
		out.Body.Items = append(out.Body.Items, APIFact(f))
	}
	return out, nil
}
