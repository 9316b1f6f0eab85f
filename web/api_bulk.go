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

// APIBulk is one thing to be done to many videos.
type APIBulk struct {
	IDs               []string          `json:"ids" nullable:"false" maxItems:"500" doc:"Of the videos" example:"[\"7k3mzq9x0abd\",\"5h2n8wd1tq6v\"]"`
	Action            string            `json:"action" enum:"label,check,withdraw,publish" doc:"label needs the permission edit, check edit or audit, the others withdraw" example:"label"`
	AddTags           []string          `json:"addTags,omitempty" nullable:"false" doc:"With label" example:"[\"ONU\"]"`
	RemoveTags        []string          `json:"removeTags,omitempty" nullable:"false" doc:"With label"`
	AddCollections    []string          `json:"addCollections,omitempty" nullable:"false" doc:"With label" example:"[\"Cumbres\"]"`
	RemoveCollections []string          `json:"removeCollections,omitempty" nullable:"false" doc:"With label"`
	Explanation       map[string]string `json:"explanation,omitempty" doc:"With withdraw: what readers are told, by language tag"`
}

// APIBulkItem is what became of one of them.
type APIBulkItem struct {
	ID     string `json:"id" doc:"Of the video" example:"7k3mzq9x0abd"`
	Status int    `json:"status,omitempty" doc:"With an error: the status of the same change alone" example:"404"`
	Error  string `json:"error,omitempty" doc:"Why it was not done; absent: it was" example:"There is nothing at this address."`
}

// APIRegistrations are many videos to be registered.
type APIRegistrations struct {
	Items []APIRegistration `json:"items" nullable:"false" minItems:"1" maxItems:"50" doc:"Each as it would be registered alone"`
}

// APIAuditBulk is one thing to be done to many sources.
type APIAuditBulk struct {
	Items  []APIAuditTarget `json:"items" nullable:"false" minItems:"1" maxItems:"500" doc:"Sources of videos"`
	Action string           `json:"action" enum:"check,overrule,note" doc:"Ask them at once, rule over them, or add a dated note to their videos" example:"overrule"`
	As     string           `json:"as,omitempty" enum:"alive,dead,ignore,none" doc:"With overrule: what they are; none takes a ruling back" example:"dead"`
	Reason string           `json:"reason,omitempty" doc:"With overrule and note, which need one" example:"The channel announced that it closes."`
}

// APIAuditTarget is one source of a video.
type APIAuditTarget struct {
	ID     string `json:"id" doc:"Of the video" example:"7k3mzq9x0abd"`
	Source string `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
}

// APIAuditItem is what became of one of them.
type APIAuditItem struct {
	APIAuditTarget
	Status int    `json:"status,omitempty" doc:"With an error: the status of the same change alone" example:"404"`
	Error  string `json:"error,omitempty" doc:"Why it was not done; absent: it was"`
}

type bulkInput struct{ Body APIBulk }

type auditBulkInput struct{ Body APIAuditBulk }

type registerManyInput struct{ Body APIRegistrations }

func (s *Server) bulkOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "bulk", Method: http.MethodPost, Path: "/api/v1/bulk", Tags: []string{tagMany},
		Summary:     "Do one thing to many videos",
		Description: "What is wrong with the whole, such as a label that cannot be kept, is refused before anything is done. What is not reached in time is reported with status 503: send it again.",
	}, s.bulk, people.Edit, people.Audit, people.Withdraw)
	operate(s, api, huma.Operation{
		OperationID: "register-videos", Method: http.MethodPost, Path: "/api/v1/videos/bulk", Tags: []string{tagMany},
		Summary:     "Register many videos by their addresses",
		Description: "Idempotent as registering one is. What is not reached in time is reported with status 503: send it again.",
	}, s.registerMany, people.Edit, people.Import)
	s.exportOperation(api)
	if s.audits != nil {
		operate(s, api, huma.Operation{
			OperationID: "audit-bulk", Method: http.MethodPost, Path: "/api/v1/audit/bulk", Tags: []string{tagMany},
			Summary:     "Do one thing to many sources",
			Description: "Ask them at once, rule over them, or add a note to their videos: one for each video, however many of its sources are named. What is not reached in time is reported with status 503: send it again.",
		}, s.auditBulk, people.Audit)
	}
}

func (s *Server) bulk(ctx context.Context, in *bulkInput) (*pageOutput[APIBulkItem], error) {
	var ids []archive.VideoID
	for i, text := range in.Body.IDs {
		id, err := parseIDIn(fmt.Sprintf("ids[%d]", i), text)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	b := bulk{Action: in.Body.Action, Explanation: in.Body.Explanation, Labels: archive.Labels{
		AddTags: in.Body.AddTags, RemoveTags: in.Body.RemoveTags, AddCollections: in.Body.AddCollections, RemoveCollections: in.Body.RemoveCollections,
	}}
	if err := b.check(whoOf(ctx), ids); err != nil {
		return nil, err
	}
	out := &pageOutput[APIBulkItem]{Body: APIPage[APIBulkItem]{Items: make([]APIBulkItem, 0, len(ids))}}
	for i, err := range s.doEach(ctx, b, ids) {
		item := APIBulkItem{ID: string(ids[i])}
		item.Status, item.Error = s.verdict(ctx, err)
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, nil
}

// verdict is what a report says of an item; nothing of one that was done.
func (s *Server) verdict(ctx context.Context, err error) (status int, detail string) {
	switch {
	case err == nil:
		return 0, ""
	case errors.Is(err, errLate):
		return http.StatusServiceUnavailable, "no time was left for it; send it again"
	}
	return faultOf(err).status, s.shortly(ctx, err)
}

func (s *Server) auditBulk(ctx context.Context, in *auditBulkInput) (*pageOutput[APIAuditItem], error) {
	chosen, err := chosenIn(in.Body.Items)
	if err != nil {
		return nil, err
	}
	if in.Body.Action != "check" && in.Body.Reason == "" {
		return nil, &archive.FieldError{Field: "reason", Problem: "there is none", Cure: "say in a sentence how you know"}
	}
	if in.Body.Action == "overrule" && in.Body.As == "" {
		return nil, &archive.FieldError{Field: "as", Problem: "there is no ruling", Cure: "say alive, dead, ignore, or none to take it back"}
	}
	m := many{action: in.Body.Action, as: rulingOf(in.Body.As), reason: in.Body.Reason, actor: actorOf(ctx), chosen: chosen}
	out := &pageOutput[APIAuditItem]{Body: APIPage[APIAuditItem]{Items: []APIAuditItem{}}}
	for i, err := range s.doEachOf(ctx, m) {
		item := APIAuditItem{APIAuditTarget: in.Body.Items[i]}
		item.Status, item.Error = s.verdict(ctx, err)
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, nil
}

func chosenIn(items []APIAuditTarget) ([]chosenSource, error) {
	var chosen []chosenSource
	for i, item := range items {
		id, err := parseIDIn(fmt.Sprintf("items[%d].id", i), item.ID)
		if err != nil {
			return nil, err
		}
		key, err := sourceKeyIn(fmt.Sprintf("items[%d].source", i), item.Source)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, chosenSource{id, key})
	}
	return chosen, nil
}
