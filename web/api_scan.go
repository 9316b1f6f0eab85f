package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/embeds/scan"
	"videoteca/internal/people"
)

// APIFind is one video of a document.
type APIFind struct {
	Form    string `json:"form" enum:"snippet,player,facade,address,metadata,link,picture" doc:"How the document refers to it, the most telling form"`
	Address string `json:"address" doc:"As the document has it, made absolute"`
	Source  string `json:"source,omitempty" doc:"platform:id; absent for the newsroom's own embeds" example:"youtube:aaaaaaaaaaa"`
	Video   string `json:"video,omitempty" doc:"Id of the video, where it is registered"`
	Label   string `json:"label,omitempty" doc:"What the document calls it"`
	Times   int    `json:"times" doc:"How often it stands there"`
	Problem string `json:"problem,omitempty" doc:"Why the address names no single video"`
}

// APIDocument is what a document was found to have.
type APIDocument struct {
	Title     string    `json:"title,omitempty"`
	Language  string    `json:"language,omitempty" doc:"BCP 47"`
	Article   string    `json:"article,omitempty" doc:"Its address as it names itself, else where it was read"`
	Items     []APIFind `json:"items" nullable:"false"`
	Strangers []string  `json:"strangers,omitempty" doc:"Addresses of frames that no platform knows"`
	Cut       bool      `json:"cut,omitempty" doc:"There may be more than was read"`
}

type scanInput struct {
	Body struct {
		URL  string `json:"url,omitempty" doc:"Address of a page to be read, or of the document in html" example:"https://example.org/story"`
		HTML string `json:"html,omitempty" doc:"The document itself, so that nothing is fetched"`
	}
}

type scanOutput struct{ Body APIDocument }

func (s *Server) scanOperation(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "scan-document", Method: http.MethodPost, Path: "/api/v1/scan",
		Summary:     "Find the videos of a page",
		Tags:        []string{tagArticles},
		Description: "Reads a page at an address, or HTML that is sent along, and lists the videos in it: players, their stand-ins, links, and the newsroom's own embeds. Nothing is registered. Private addresses are refused.",
		Errors:      []int{http.StatusUnprocessableEntity},
	}, s.scanDocument, people.Edit)
}

func (s *Server) scanDocument(ctx context.Context, in *scanInput) (*scanOutput, error) {
	address := strings.TrimSpace(in.Body.URL)
	if address != "" || in.Body.HTML == "" {
		if err := archive.CheckAddress("url", address); err != nil {
			return nil, err
		}
	}
	document := scan.HTML([]byte(in.Body.HTML), s.scanning(address))
	if in.Body.HTML == "" {
		var err error
		if document, err = s.read(ctx, address); err != nil {
			return nil, err
		}
	}
	return &scanOutput{Body: s.documentOf(ctx, document)}, nil
}

// read reads an article for a program, which is told what people are told on the page.
func (s *Server) read(ctx context.Context, address string) (scan.Document, error) {
	if s.articles == nil {
		return scan.Document{}, &archive.FieldError{Field: "url", Problem: "pages are not read here", Cure: "send the document as html"}
	}
	document, err := s.readArticle(ctx, address)
	if err != nil {
		s.log.InfoContext(ctx, "reading an article failed", slog.Any("error", err))
		why, _ := strings.CutSuffix(s.texts.Text("en", articleProblem(err)), ".")
		return scan.Document{}, &archive.FieldError{Field: "url", Problem: "it cannot be read as an article: " + why, Cure: "send the document as html"}
	}
	return document, nil
}

func (s *Server) documentOf(ctx context.Context, d scan.Document) APIDocument {
	out := APIDocument{Title: d.Title, Article: d.Canonical, Items: make([]APIFind, 0, len(d.Found)), Strangers: d.Strangers, Cut: d.Cut}
	if archive.ValidLanguage(d.Language) {
		out.Language = d.Language
	}
	for _, f := range d.Found {
		item := APIFind{Form: string(f.Form), Address: f.Address, Label: f.Label, Times: f.Times, Video: string(f.Video)}
		switch {
		case f.Problem != nil:
			item.Problem = f.Problem.Error()
		case f.Video == "":
			item.Source = f.Reference.Key.String()
			id, err := s.catalog.BySource(ctx, f.Reference.Key)
			if err == nil {
				item.Video = string(id)
			} else if !errors.Is(err, archive.ErrNotFound) {
				s.log.WarnContext(ctx, "looking for a known source failed", slog.Any("error", err))
			}
		}
		out.Items = append(out.Items, item)
	}
	return out
}
