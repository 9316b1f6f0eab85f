package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/internal/people"
	"videoteca/internal/report"
)

// APIAuditRow is one source as the audit's report sees it.
type APIAuditRow struct {
	Video         string    `json:"video" doc:"Its id" example:"7k3mzq9x0abd"`
	Title         string    `json:"title" doc:"What the video is called"`
	Source        string    `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
	URL           string    `json:"url" format:"uri" doc:"The source's page for people"`
	Host          string    `json:"host" example:"www.youtube.com" doc:"Of the source's page"`
	Channel       string    `json:"channel,omitempty" doc:"That published it, as the platform says"`
	Year          int       `json:"year,omitempty" doc:"Of the event, else of the publication" example:"2019"`
	Collections   []string  `json:"collections,omitempty" nullable:"false" doc:"Of the video"`
	Tags          []string  `json:"tags,omitempty" nullable:"false" doc:"Of the video"`
	Added         time.Time `json:"added,omitzero" doc:"When the source was registered"`
	State         string    `json:"state" enum:"live,limited,unchecked,suspect,gone" doc:"A person's ruling, else as computed"`
	Computed      string    `json:"computed" enum:"live,limited,unchecked,suspect,gone" doc:"What the answers make of it"`
	Since         time.Time `json:"since,omitzero" doc:"When the state was entered"`
	LastGood      time.Time `json:"lastGood,omitzero" doc:"A death lies between this"`
	FirstBad      time.Time `json:"firstBad,omitzero" doc:"and this"`
	LastRound     time.Time `json:"lastRound,omitzero" doc:"Last asked"`
	Outcome       string    `json:"outcome" enum:"playable,embedding-disabled,restricted,private,removed,missing,unclear" doc:"Of the newest round that said anything"`
	Reason        string    `json:"reason,omitempty" doc:"Why, in the platform's words or the checker's"`
	DisputedSince time.Time `json:"disputedSince,omitzero" doc:"Since when methods contradict each other"`
	Unheard       bool      `json:"unheard,omitempty" doc:"No clear answer for 14 days"`
	HeldRounds    int       `json:"heldRounds,omitempty" doc:"Bad rounds that the guard holds"`
	ToDecide      bool      `json:"toDecide,omitempty" doc:"Disputed for three days, unheard or held: it waits for a person"`
	Overruled     string    `json:"overruled,omitempty" doc:"The reason that a person gave"`
	Ignored       bool      `json:"ignored,omitempty" doc:"A person had it left out of audits and of losses"`
	Archived      string    `json:"archived,omitempty" format:"uri" doc:"Address of the archived page"`
	Covered       bool      `json:"covered" doc:"Whether readers can still watch the video"`
	Articles      []string  `json:"articles,omitempty" nullable:"false" doc:"Addresses of those that embed it"`
}

// APIAudit is one page of the audit's report.
type APIAudit struct {
	At     time.Time      `json:"at" doc:"When the report was read; it may be of a moment ago"`
	Counts APIAuditCounts `json:"counts" doc:"Of all rows that the filter chooses"`
	Items  []APIAuditRow  `json:"items" nullable:"false" doc:"Suspects first, then what is gone, the newest of each first"`
	Next   string         `json:"next,omitempty" doc:"For the parameter after; absent on the last page"`
}

// APIAuditCounts is how many sources and videos are in each state.
type APIAuditCounts struct {
	Sources map[string]int `json:"sources" doc:"By state" example:"{\"live\":40,\"gone\":2}"`
	Videos  int            `json:"videos" doc:"That have these sources"`
	Dark    int            `json:"dark" doc:"Videos that readers cannot watch any more"`
}

// APIAuditDay is how many sources were in each state at the end of a day.
type APIAuditDay struct {
	Date    string         `json:"date" format:"date" example:"2026-04-09" doc:"The day, in UTC"`
	States  map[string]int `json:"states" doc:"As the answers told it: a person's ruling has no history" example:"{\"live\":40,\"gone\":2}"`
	Unknown int            `json:"unknown,omitempty" doc:"Sources whose moves up to that day are not kept any more"`
}

// APIAuditFilter chooses rows, as the addresses of the audit's page do. Different fields narrow one
// another, several values of one widen.
type APIAuditFilter struct {
	States     []string `query:"state,explode" doc:"live, limited, unchecked, suspect or gone" example:"[\"gone\"]"`
	Platforms  []string `query:"platform,explode" doc:"Of the source" example:"[\"youtube\"]"`
	Marks      []string `query:"mark,explode" doc:"to-decide, disputed, unheard, held, overruled, uncovered, in-article, archived or not-archived" example:"[\"uncovered\"]"`
	Channel    string   `query:"channel" doc:"Its name"`
	Host       string   `query:"host" doc:"Of the source's page" example:"www.youtube.com"`
	Collection string   `query:"collection" doc:"Of the video"`
	Year       string   `query:"year" doc:"Of the event, else of the publication" example:"2019"`
	Since      string   `query:"since" doc:"A day; rows whose state changed then or later" example:"2026-01-31"`
	Text       string   `query:"q" doc:"In title, id or address, whatever its case and accents"`
	Language   string   `query:"language" doc:"BCP 47; the language of titles" example:"es"`
}

func (in APIAuditFilter) filter() (report.Filter, error) {
	if err := checkLanguage("language", in.Language); err != nil {
		return report.Filter{}, err
	}
	return report.ParseFilter(url.Values{
		"state": in.States, "platform": in.Platforms, "mark": in.Marks, "channel": {in.Channel}, "host": {in.Host},
		"collection": {in.Collection}, "year": {in.Year}, "since": {in.Since}, "q": {in.Text},
	})
}

type auditInput struct {
	APIPlace
	APIAuditFilter
}

type auditOutput struct{ Body APIAudit }

type auditHistoryInput struct {
	APIAuditFilter
	Days int `query:"days" minimum:"0" maximum:"366" doc:"At most so many up to today; 90 where none are given" example:"90"`
}

func (s *Server) auditOperations(api huma.API) {
	if s.audits != nil {
		operate(s, api, huma.Operation{
			OperationID: "list-audit", Method: http.MethodGet, Path: "/api/v1/audit", Tags: []string{tagAudit},
			Summary:     "List what has become of the sources",
			Description: "A row a source, filtered as the audit's page is. What needs a person comes first.",
		}, s.listAudit, people.View)
		operate(s, api, huma.Operation{
			OperationID: "list-audit-history", Method: http.MethodGet, Path: "/api/v1/audit/history", Tags: []string{tagAudit},
			Summary:     "List the states of the sources day by day",
			Description: "The oldest day first, of the rows that the filter chooses now.",
		}, s.listAuditHistory, people.View)
		operate(s, api, huma.Operation{
			OperationID: "list-audit-changes", Method: http.MethodGet, Path: "/api/v1/audit/changes", Tags: []string{tagAudit},
			Summary:     "List the moves of sources from one state to another",
			Description: "The newest first, of the rows that the filter chooses and since the day given; of the last 30 days where none is. A source keeps its last 32.",
		}, s.listAuditChanges, people.View)
	}
	if s.retention != nil {
		operate(s, api, huma.Operation{
			OperationID: "list-losses", Method: http.MethodGet, Path: "/api/v1/retention", Tags: []string{tagRetention},
			Summary:     "List what is purged within a week",
			Description: "Videos whose card loses a platform's title or poster if nobody does anything, the first to lose it first. A title of the newsroom's own, and a poster, stay. Nothing where everything is kept.",
		}, s.listLosses, people.View)
	}
}

func (s *Server) reportFor(ctx context.Context, in APIAuditFilter) (*report.Report, []report.Row, error) {
	filter, err := in.filter()
	if err != nil {
		return nil, nil, err
	}
	read, err := s.audits.Report(ctx, in.Language, false)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the report: %w", err)
	}
	return read, filter.Rows(read.Rows), nil
}

func (s *Server) listAudit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	read, rows, err := s.reportFor(ctx, in.APIAuditFilter)
	if err != nil {
		return nil, err
	}
	counts := report.Count(rows)
	out := &auditOutput{Body: APIAudit{At: read.At, Items: []APIAuditRow{}, Counts: APIAuditCounts{Sources: byState(counts.Sources), Videos: counts.Videos, Dark: counts.Dark}}}
	if rows, err = report.After(rows, in.After); err != nil {
		return nil, err
	}
	shown := rows[:min(len(rows), in.length())]
	for _, r := range shown {
		out.Body.Items = append(out.Body.Items, newAPIAuditRow(r))
	}
	if len(rows) > len(shown) {
		out.Body.Next = shown[len(shown)-1].Place()
	}
	return out, nil
}

func newAPIAuditRow(r report.Row) APIAuditRow {
	return APIAuditRow{
		Video: string(r.Video), Title: r.Title, Source: r.Source.String(), URL: r.URL, Host: r.Host, Channel: r.Channel, Year: r.Year, Collections: r.Collections, Tags: r.Tags,
		Added: r.Added, State: r.State.String(), Computed: r.Computed.String(), Since: r.Since, LastGood: r.LastGood, FirstBad: r.FirstBad, LastRound: r.LastRound,
		Outcome: cmp.Or(string(r.Outcome), "unclear"), Reason: r.Reason, DisputedSince: r.Disputed, Unheard: r.Unheard, HeldRounds: r.Held, ToDecide: r.ToDecide,
		Overruled: r.Overruled, Ignored: r.Ignored, Archived: r.Archived, Covered: r.Covered, Articles: r.Articles,
	}
}

func (s *Server) listAuditHistory(ctx context.Context, in *auditHistoryInput) (*pageOutput[APIAuditDay], error) {
	read, rows, err := s.reportFor(ctx, in.APIAuditFilter)
	if err != nil {
		return nil, err
	}
	out := &pageOutput[APIAuditDay]{Body: APIPage[APIAuditDay]{Items: []APIAuditDay{}}}
	for _, day := range read.History(rows, cmp.Or(in.Days, historyDays)) {
		out.Body.Items = append(out.Body.Items, APIAuditDay{Date: day.Date.Format(time.DateOnly), States: byState(day.States), Unknown: day.Unknown})
	}
	return out, nil
}
