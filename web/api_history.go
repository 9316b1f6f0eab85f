package web

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

// APICapture is what a source showed at one time. It is never rewritten.
type APICapture struct {
	ID          string            `json:"id" doc:"Sorts by time" example:"01jrv6k2m8x4c7z9q3w5t1y0ab"`
	At          time.Time         `json:"at" doc:"When"`
	Source      string            `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
	URL         string            `json:"url,omitempty" format:"uri" doc:"The source's page for people"`
	Method      string            `json:"method,omitempty" doc:"How it was made" example:"youtube.videos.list"`
	Program     string            `json:"program,omitempty" doc:"That made it" example:"videoteca v1.0.0"`
	Vantage     string            `json:"vantage,omitempty" doc:"Where it was made from"`
	Title       string            `json:"title,omitempty" doc:"This and what follows: as the platform said"`
	Description string            `json:"description,omitempty" doc:"The text below it"`
	Channel     string            `json:"channel,omitempty" doc:"That published it"`
	Published   time.Time         `json:"published,omitzero" doc:"When it was"`
	Seconds     float64           `json:"seconds,omitempty" doc:"Length"`
	Language    string            `json:"language,omitempty" doc:"BCP 47"`
	Tags        []string          `json:"tags,omitempty" nullable:"false" doc:"The platform's"`
	Status      []string          `json:"status,omitempty" nullable:"false" doc:"The platform's own words" example:"[\"privacyStatus=unlisted\"]"`
	Thumbnails  []APIEvidenceFile `json:"thumbnails" nullable:"false" doc:"Pictures as they came"`
	Raw         []APIEvidenceFile `json:"raw" nullable:"false" doc:"The answers as they came"`
}

// APIEvent is one change of a video, or a try at one.
type APIEvent struct {
	ID       string           `json:"id" doc:"Sorts by time" example:"01jrv6k2m8x4c7z9q3w5t1y0ab"`
	At       time.Time        `json:"at" doc:"When"`
	Actor    string           `json:"actor" doc:"The login of who did it; audit: the program itself" example:"ana"`
	Verb     string           `json:"verb" example:"describe" doc:"What was done"`
	Premis   string           `json:"premisEventType" doc:"The PREMIS 3 event type of the verb" example:"metadata modification"`
	Reason   string           `json:"reason,omitempty" doc:"As whoever did it gave it"`
	Revision int64            `json:"revision" doc:"That the change was to reach" example:"7"`
	Changes  []APIFieldChange `json:"changes" nullable:"false" doc:"Field by field"`
	Previous string           `json:"previous,omitempty" doc:"Hexadecimal SHA-256 of the event before, by which a gap shows"`
}

// APIFieldChange is a top-level field of a record as it was and as it was to be.
type APIFieldChange struct {
	Field  string `json:"field" example:"title" doc:"Its name"`
	Before any    `json:"before,omitempty" doc:"Absent: there was none"`
	After  any    `json:"after,omitempty" doc:"Absent: it was removed"`
}

type historyInput struct {
	APITarget
	APIPlace
}

func (s *Server) evidenceOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "get-evidence", Method: http.MethodGet, Path: "/api/v1/videos/{id}/evidence", Tags: []string{tagEvidence},
		Summary: "Get what is known of a video's sources", Errors: []int{http.StatusNotFound},
		Description: "In the order of preference, each with its standing, the rounds that count, people's rulings, and every change of its state with the answers that led to it.",
	}, s.getEvidence, people.View)
	if s.captures != nil {
		operate(s, api, huma.Operation{
			OperationID: "list-captures", Method: http.MethodGet, Path: "/api/v1/videos/{id}/captures", Tags: []string{tagEvidence},
			Summary: "List what a video's sources showed", Errors: []int{http.StatusNotFound},
			Description: "The oldest first. The id of the last capture that you have is a good after, so a program that comes back gets what is new.",
		}, s.listCaptures, people.View)
	}
	if s.history != nil {
		operate(s, api, huma.Operation{
			OperationID: "list-activity", Method: http.MethodGet, Path: "/api/v1/videos/{id}/activity", Tags: []string{tagEvidence},
			Summary: "List who changed what of a video", Errors: []int{http.StatusNotFound},
			Description: "The oldest first. The id of the last event that you have is a good after, so a program that comes back gets what is new. Of an erased video nothing is left but the erasure.",
		}, s.listActivity, people.View)
	}
}

func (s *Server) listCaptures(ctx context.Context, in *historyInput) (*pageOutput[APICapture], error) {
	return historyPage(ctx, s, in, s.captures.CapturesAfter, func(id archive.VideoID, c archive.Capture) (string, APICapture) {
		f := c.Fields
		return c.ID, APICapture{
			ID: c.ID, At: c.At, Source: c.Source.String(), URL: c.URL, Method: c.Method, Program: c.Program, Vantage: c.Vantage,
			Title: f.Title, Description: f.Description, Channel: f.Channel, Published: f.Published, Seconds: f.Seconds, Language: f.Language, Tags: f.Tags, Status: f.Status,
			Thumbnails: orNone(s.evidenceFiles(id, c.Thumbnails)), Raw: orNone(s.evidenceFiles(id, c.Raw)),
		}
	})
}

func (s *Server) listActivity(ctx context.Context, in *historyInput) (*pageOutput[APIEvent], error) {
	return historyPage(ctx, s, in, s.history.EventsAfter, func(_ archive.VideoID, e archive.Event) (string, APIEvent) {
		event := APIEvent{ID: e.ID, At: e.At, Actor: e.Actor, Verb: e.Verb, Premis: archive.PremisType(e.Verb), Reason: e.Reason, Revision: e.Revision, Previous: e.Previous, Changes: []APIFieldChange{}}
		before, after := fieldsOf(e.Before), fieldsOf(e.After)
		for _, change := range changesOf(e) {
			event.Changes = append(event.Changes, APIFieldChange{Field: change.Field, Before: before[change.Field], After: after[change.Field]})
		}
		return e.ID, event
	})
}

func fieldsOf(part any) map[string]any {
	fields, _ := part.(map[string]any)
	return fields
}

// placeInHistory is an id by which events and captures sort.
var placeInHistory = regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{26}$`)

// historyPage reads one page of what was kept of a video, item by item, and one item more, which tells
// whether there is a next page.
func historyPage[In, Out any](
	ctx context.Context, s *Server, in *historyInput,
	read func(context.Context, archive.VideoID, string) iter.Seq2[In, error], show func(archive.VideoID, In) (string, Out),
) (*pageOutput[Out], error) {
	if in.After != "" && !placeInHistory.MatchString(in.After) {
		return nil, archive.NoPageEndedThere(nil)
	}
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &pageOutput[Out]{Body: APIPage[Out]{Items: []Out{}}}
	last := ""
	for item, err := range read(ctx, v.ID, in.After) {
		if err != nil {
			return nil, fmt.Errorf("reading what was kept of %s: %w", v.ID, err)
		}
		if len(out.Body.Items) == in.length() {
			out.Body.Next = last
			break
		}
		id, shown := show(v.ID, item)
		last, out.Body.Items = id, append(out.Body.Items, shown)
	}
	return out, nil
}
