package web

import (
	"context"
	"fmt"
	"time"

	"videoteca/archive"
	"videoteca/internal/report"
)

// APIAuditChange is one move of a source from one state to another.
type APIAuditChange struct {
	At     time.Time `json:"at" doc:"When it moved"`
	Video  string    `json:"video" doc:"Its id" example:"7k3mzq9x0abd"`
	Title  string    `json:"title" doc:"What the video is called"`
	Source string    `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
	From   string    `json:"from" enum:"live,limited,unchecked,suspect,gone" doc:"What it was"`
	To     string    `json:"to" enum:"live,limited,unchecked,suspect,gone" doc:"What it became"`
	Reason string    `json:"reason,omitempty" doc:"Why, in the platform's words or the checker's"`
	Audit  string    `json:"audit,omitempty" doc:"Whose journal has the observations"`
	Premis string    `json:"premisEventType" doc:"The PREMIS 3 event type" example:"metadata modification"`
}

// APILoss is a video whose card is about to lose what a purge takes.
type APILoss struct {
	Video    string    `json:"video" doc:"Its id" example:"7k3mzq9x0abd"`
	At       time.Time `json:"at" doc:"From when the first of it may be kept no longer"`
	Title    string    `json:"title,omitempty" doc:"The platform's, about to go; absent: the title stays"`
	Language string    `json:"language,omitempty" doc:"BCP 47; of the title, where the platform says"`
	Poster   bool      `json:"poster" doc:"Whether the poster is about to go"`
}

type changesInput struct {
	APIPlace
	APIAuditFilter
}

// place is where the move stands among all moves: a source has one to a state at a time.
func (c APIAuditChange) place() listPlace {
	return listPlace{c.At, c.Video + " " + c.Source + " " + c.From + " " + c.To}
}

func (l APILoss) place() listPlace { return listPlace{l.At, l.Video} }

type lossesInput struct{ APIPlace }

// listAuditChanges reads since as the day from which moves are listed, and not as a condition on rows:
// a source that moved twice was once in the state that it has left again.
func (s *Server) listAuditChanges(ctx context.Context, in *changesInput) (*pageOutput[APIAuditChange], error) {
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	since := filter.Since
	rest := in.APIAuditFilter
	rest.Since = ""
	read, rows, err := s.reportFor(ctx, rest)
	if err != nil {
		return nil, err
	}
	if since.IsZero() {
		since = read.At.Add(-changesBack)
	}
	out := &pageOutput[APIAuditChange]{Body: APIPage[APIAuditChange]{Items: []APIAuditChange{}}}
	for _, c := range report.Changes(rows, since, read.At.Add(time.Hour)) {
		out.Body.Items = append(out.Body.Items, APIAuditChange{
			At: c.At, Video: c.Video, Title: c.Title, Source: c.Source, From: c.From.String(), To: c.To.String(), Reason: c.Reason, Audit: c.Audit, Premis: c.Event,
		})
	}
	out.Body.Items, out.Body.Next, err = pageOf(out.Body.Items, in.APIPlace, true, APIAuditChange.place)
	return out, err
}

func (s *Server) listLosses(ctx context.Context, in *lossesInput) (*pageOutput[APILoss], error) {
	losses, err := s.retention.Ahead(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what is purged next: %w", err)
	}
	out := &pageOutput[APILoss]{Body: APIPage[APILoss]{Items: []APILoss{}}}
	for _, l := range losses {
		out.Body.Items = append(out.Body.Items, APILoss{Video: string(l.Video), At: l.At, Title: l.Title, Language: l.Language, Poster: l.Poster})
	}
	out.Body.Items, out.Body.Next, err = pageOf(out.Body.Items, in.APIPlace, false, APILoss.place)
	return out, err
}

// byState has the states' words as keys.
func byState(counts map[archive.State]int) map[string]int {
	named := map[string]int{}
	for state, n := range counts {
		named[state.String()] = n
	}
	return named
}
