package web

import (
	"cmp"
	"context"
	"slices"
	"time"

	"videoteca/archive"
)

// APIEvidence is what is known of one source of a video, since when and how.
type APIEvidence struct {
	Source        string           `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
	URL           string           `json:"url" format:"uri" doc:"The source's page for people"`
	State         string           `json:"state" enum:"live,limited,unchecked,suspect,gone" doc:"A person's ruling, else as computed"`
	Computed      string           `json:"computed" enum:"live,limited,unchecked,suspect,gone" doc:"What the answers make of it"`
	Outcome       string           `json:"outcome" enum:"playable,embedding-disabled,restricted,private,removed,missing,unclear" doc:"Of the newest round that said anything"`
	Reason        string           `json:"reason,omitempty" doc:"Why, in the platform's words or the checker's" example:"removed by its owner"`
	Since         time.Time        `json:"since,omitzero" doc:"When the computed state was entered"`
	LastRound     time.Time        `json:"lastRound,omitzero" doc:"Last asked"`
	LastClear     time.Time        `json:"lastClear,omitzero" doc:"Last asked with an answer that said anything"`
	LastGood      time.Time        `json:"lastGood,omitzero" doc:"Last seen alive: a death lies between this"`
	FirstBad      time.Time        `json:"firstBad,omitzero" doc:"and this, first seen gone"`
	DisputedSince time.Time        `json:"disputedSince,omitzero" doc:"Since when methods contradict each other"`
	Unheard       bool             `json:"unheard,omitempty" doc:"No clear answer for 14 days"`
	Restrictions  []APIRestriction `json:"restrictions,omitempty" nullable:"false" doc:"Known to hold"`
	Counted       []APIRound       `json:"counted,omitempty" nullable:"false" doc:"Bad rounds that count towards gone"`
	Held          []APIRound       `json:"held,omitempty" nullable:"false" doc:"Bad rounds that the guard holds, the oldest first"`
	Overrule      *APIOverrule     `json:"overrule,omitempty" doc:"A person's ruling"`
	Archived      *APIMemento      `json:"archived,omitempty" doc:"The source's page as a web archive keeps it"`
	Transitions   []APITransition  `json:"transitions" nullable:"false" doc:"Changes of the computed state, the newest first; at most 32 are kept"`
}

// APIRestriction is a way in which a source is limited.
type APIRestriction struct {
	Aspect  string    `json:"aspect" enum:"embedding,region,age,members,scheduled,processing" doc:"What limits it"`
	Allowed []string  `json:"allowed,omitempty" nullable:"false" doc:"ISO 3166-1 regions" example:"[\"SV\"]"`
	Blocked []string  `json:"blocked,omitempty" nullable:"false" doc:"ISO 3166-1 regions" example:"[\"DE\"]"`
	Nowhere bool      `json:"nowhere,omitempty" doc:"Blocked in every region"`
	From    time.Time `json:"from,omitzero" doc:"When a scheduled one begins"`
}

// APIRound is one bad round.
type APIRound struct {
	At      time.Time `json:"at" doc:"When"`
	Methods []string  `json:"methods" nullable:"false" doc:"Independent methods that said so" example:"[\"youtube.videos.list\",\"youtube.oembed\"]"`
	Outcome string    `json:"outcome,omitempty" doc:"Of a held one" example:"removed"`
	Reason  string    `json:"reason,omitempty" doc:"Why, in the platform's words, the checker's or a person's"`
}

// APIOverrule is a person's ruling over a source.
type APIOverrule struct {
	As     string    `json:"as" enum:"alive,dead,ignore" doc:"What it is said to be"`
	Reason string    `json:"reason" doc:"Why, in the platform's words, the checker's or a person's"`
	By     string    `json:"by" doc:"The login of who said so"`
	At     time.Time `json:"at" doc:"When"`
	Host   string    `json:"host,omitempty" doc:"Where it was given for all sources of a host"`
}

// APIMemento is a page as a web archive kept it.
type APIMemento struct {
	URL string    `json:"url" format:"uri" doc:"The source's page for people"`
	At  time.Time `json:"at" doc:"When"`
}

// APITransition is one change of a source's computed state.
type APITransition struct {
	At       time.Time         `json:"at" doc:"When"`
	From     string            `json:"from" enum:"live,limited,unchecked,suspect,gone" doc:"What it was"`
	To       string            `json:"to" enum:"live,limited,unchecked,suspect,gone" doc:"What it became"`
	Reason   string            `json:"reason,omitempty" doc:"Why, in the platform's words, the checker's or a person's"`
	Audit    string            `json:"audit,omitempty" doc:"Whose journal has the observations"`
	Evidence []APIEvidenceFile `json:"evidence,omitempty" nullable:"false" doc:"The answers as they came"`
}

// APIEvidenceFile is an answer or a picture as it came.
type APIEvidenceFile struct {
	Label  string `json:"label,omitempty" doc:"What the source calls it, or which method it answered" example:"youtube.videos.list"`
	Type   string `json:"type,omitempty" doc:"Media type" example:"application/json"`
	Bytes  int64  `json:"bytes,omitempty" example:"2312" doc:"Its size"`
	Digest string `json:"digest" doc:"Hexadecimal SHA-256"`
	Width  int    `json:"width,omitempty" doc:"Pixels, of a picture"`
	Height int    `json:"height,omitempty" doc:"Pixels, of a picture"`
	URL    string `json:"url" format:"uri" doc:"Where to fetch it, with the same token"`
}

type evidenceInput struct{ APITarget }

func (s *Server) getEvidence(ctx context.Context, in *evidenceInput) (*pageOutput[APIEvidence], error) {
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &pageOutput[APIEvidence]{Body: APIPage[APIEvidence]{Items: []APIEvidence{}}}
	for _, source := range v.Sources {
		out.Body.Items = append(out.Body.Items, s.evidenceOf(v.ID, source))
	}
	return out, nil
}

func (s *Server) evidenceOf(id archive.VideoID, source archive.Source) APIEvidence {
	standing := source.Standing
	e := APIEvidence{
		Source: source.SourceKey.String(), URL: source.URL, State: source.State().String(), Computed: standing.State.String(), Outcome: cmp.Or(string(standing.Outcome), "unclear"),
		Reason: standing.Reason, Since: standing.Since, LastRound: standing.LastRound, LastClear: standing.LastClear, LastGood: standing.LastGood, FirstBad: standing.FirstBad,
		DisputedSince: standing.DisputedSince, Unheard: standing.Unheard, Transitions: []APITransition{},
	}
	for _, r := range standing.Restrictions {
		e.Restrictions = append(e.Restrictions, APIRestriction{Aspect: string(r.Aspect), Allowed: r.Allowed, Blocked: r.Blocked, Nowhere: r.Nowhere, From: r.From})
	}
	for _, c := range standing.Counted {
		e.Counted = append(e.Counted, APIRound{At: c.At, Methods: orNone(c.Methods)})
	}
	for _, h := range standing.Held {
		e.Held = append(e.Held, APIRound{At: h.At, Methods: orNone(h.Methods), Outcome: string(h.Outcome), Reason: h.Reason})
	}
	if o := source.Overrule; o != nil {
		e.Overrule = &APIOverrule{As: string(o.As), Reason: o.Reason, By: o.By, At: o.At, Host: o.Host}
	}
	if m := source.Archived; m != nil {
		e.Archived = &APIMemento{URL: m.URL, At: m.At}
	}
	for _, m := range slices.Backward(standing.Transitions) {
		e.Transitions = append(e.Transitions, APITransition{At: m.At, From: m.From.String(), To: m.To.String(), Reason: m.Reason, Audit: m.Audit, Evidence: s.evidenceFiles(id, m.Evidence)})
	}
	return e
}

func (s *Server) evidenceFiles(id archive.VideoID, files []archive.File) []APIEvidenceFile {
	var list []APIEvidenceFile
	for _, f := range files {
		list = append(list, APIEvidenceFile{
			Label: f.Label, Type: f.Type, Bytes: f.Bytes, Digest: f.Digest, Width: f.Width, Height: f.Height,
			URL: s.baseURL() + "/videos/" + string(id) + "/evidence/" + f.Name(),
		})
	}
	return list
}

// orNone is a list in JSON, also of none.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
