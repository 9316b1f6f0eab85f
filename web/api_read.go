package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/people"
)

// parseID reads the id in the address of an operation. What is none gets 400, as an address that
// is misspelt; one that may be right and is nobody's gets 404.
func parseID(s string) (archive.VideoID, error) {
	id, err := archive.ParseVideoID(s)
	if err != nil {
		return "", placedError{inPath, badID("id", s, errors.Join(statusError(http.StatusBadRequest), err))}
	}
	return id, nil
}

// parseIDIn reads an id in a field of a body.
func parseIDIn(field, s string) (archive.VideoID, error) {
	id, err := archive.ParseVideoID(s)
	if err != nil {
		return "", badID(field, s, nil)
	}
	return id, nil
}

func badID(field, s string, cause error) error {
	return &archive.FieldError{Field: field, Problem: fmt.Sprintf("%q is no video's id", s), Cure: "it has 12 characters, 0-9 and a-z without i, l, o, u, as 7k3mzq9x0abd", Cause: cause}
}

func isMissing(err error) bool { return errors.Is(err, archive.ErrNotFound) }

// APIPage is one page of a list.
type APIPage[T any] struct {
	Items []T    `json:"items" nullable:"false" doc:"Of this page"`
	Next  string `json:"next,omitempty" doc:"For the parameter after; absent on the last page"`
}

// pageOutput is the answer with one page.
type pageOutput[T any] struct{ Body APIPage[T] }

// APIPlace is where a page of a list begins, and how long it is.
type APIPlace struct {
	After string `query:"after" doc:"The next of the page before"`
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"At most this many; 50 where none is given" example:"50"`
}

// length is how many items a page has at most.
func (p APIPlace) length() int { return cmp.Or(p.Limit, 50) }

func checkLanguage(field, tag string) error {
	if tag == "" || archive.ValidLanguage(tag) {
		return nil
	}
	return &archive.FieldError{Field: field, Problem: fmt.Sprintf("%q is not a language tag", tag), Cure: "use BCP 47, such as es, en or pt-BR"}
}

type listInput struct {
	APIPlace
	APIFilter
}

// APIFilter narrows the library, as the addresses of its page do.
type APIFilter struct {
	Language   string `query:"language" doc:"BCP 47; the language of title" example:"es"`
	Text       string `query:"q" doc:"Words that titles, captions, descriptions, channels or labels must have, each the beginning of one; or an id or address, whole"`
	Words      string `query:"words" doc:"BCP 47; a language of the newsroom's words" example:"es"`
	State      string `query:"state" doc:"live, limited, unchecked, suspect or gone, of the best source"`
	Platform   string `query:"platform" doc:"Of a source" example:"youtube"`
	Channel    string `query:"channel" doc:"The name of a source's channel"`
	Tag        string `query:"tag" doc:"A tag, whatever its case"`
	Collection string `query:"collection" doc:"A collection, whatever its case"`
	Event      string `query:"event" doc:"A year, month or day: 2019, 2019-09, 2019-09-25"`
	By         string `query:"by" doc:"Who registered it"`
	Copy       string `query:"copy" doc:"yes or no: whether the newsroom holds one"`
	Used       string `query:"used" doc:"yes or no: whether an article embeds it"`
	Caption    string `query:"caption" doc:"yes or no: whether it has one"`
	Visibility string `query:"visibility" doc:"public, embargoed or withdrawn"`
	Mark       string `query:"mark" doc:"held, disputed or overruled"`
}

// query is read as the page's addresses are, so that both refuse the same.
func (in APIFilter) query() (archive.Query, error) {
	if err := checkLanguage("language", in.Language); err != nil {
		return archive.Query{}, placedError{inQuery, err}
	}
	if err := checkLanguage("words", in.Words); err != nil {
		return archive.Query{}, placedError{inQuery, err}
	}
	q, err := archive.ParseQuery(url.Values{
		"q": {in.Text}, "language": {in.Words}, "state": {in.State}, "platform": {in.Platform}, "channel": {in.Channel}, "tag": {in.Tag}, "collection": {in.Collection},
		"event": {in.Event}, "by": {in.By}, "copy": {in.Copy}, "used": {in.Used}, "caption": {in.Caption}, "visibility": {in.Visibility}, "mark": {in.Mark},
	})
	if err != nil {
		return archive.Query{}, placedError{inQuery, err}
	}
	return q, nil
}

type listOutput struct{ Body APIVideoList }

type videoInput struct {
	APITarget
	Language    string `query:"language" doc:"BCP 47; the language of title" example:"es"`
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the answer that you have: 304 where it is still good" example:"\"7.5e884898da28\""`
}

type videoOutput struct {
	ETag string `header:"ETag"`
	Body APIVideo
}

// snippetsInput has the options of every embed. They are read as a public page reads
// them, but for what cannot be read an editor is told.
type snippetsInput struct {
	APITarget
	Start    string `query:"start" doc:"Seconds"`
	End      string `query:"end" doc:"Seconds, after the start"`
	Captions string `query:"captions" doc:"BCP 47; captions shown from the beginning"`
	Language string `query:"lang" doc:"BCP 47; the language of the article and of the embed's interface"`
	Theme    string `query:"theme" doc:"light or dark, where the reader's own is not to be followed"`
	Ratio    string `query:"ratio" doc:"16:9, 9:16, 4:3 or 1:1, where the video's own is not known or not wanted"`
	Prefer   string `query:"prefer" doc:"source or copy: which is offered first"`
}

func (in *snippetsInput) asked() (embeds.Asked, error) {
	return embeds.CheckQuery(url.Values{
		"start": {in.Start}, "end": {in.End}, "captions": {in.Captions}, "lang": {in.Language},
		"theme": {in.Theme}, "ratio": {in.Ratio}, "prefer": {in.Prefer},
	})
}

type snippetsOutput struct{ Body APISnippetList }

func (s *Server) readOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "list-videos", Method: http.MethodGet, Path: "/api/v1/videos", Tags: []string{tagVideos},
		Summary:     "List or search videos",
		Description: "The newest registered first; with words, those that they name exactly first, then titles that match, then the rest. Conditions narrow one another. Videos that were erased or merged into others are not listed.",
	}, s.listVideos, people.View)
	operate(s, api, huma.Operation{
		OperationID: "get-video", Method: http.MethodGet, Path: "/api/v1/videos/{id}", Tags: []string{tagVideos},
		Summary: "Get a video", Errors: []int{http.StatusNotFound},
		Description: "The id of a video that was merged into another gives the record as it was left, with mergedInto; that of an erased one gives what the tombstone says. The ETag changes with the record and with each time that a source is heard.",
	}, s.getVideo, people.View)
	describeNotModified(api, "/api/v1/videos/{id}")
	operate(s, api, huma.Operation{
		OperationID: "list-facets", Method: http.MethodGet, Path: "/api/v1/facets/{kind}", Tags: []string{tagVideos},
		Summary:     "List the values of one kind of filter",
		Description: "With the number of videos that have each, those of most videos first. The counts are kept, so asking costs little.",
	}, s.listFacets, people.View)
	operate(s, api, huma.Operation{
		OperationID: "get-snippets", Method: http.MethodGet, Path: "/api/v1/videos/{id}/snippets", Tags: []string{tagVideos},
		Summary: "Get the markup to paste into an article", Errors: []int{http.StatusNotFound},
		Description: "In every form, the recommended one first. The options are those of every embed.",
	}, s.getSnippets, people.View)
}

func (s *Server) listVideos(ctx context.Context, in *listInput) (*listOutput, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	q.After, q.Limit = in.After, in.Limit
	page, err := s.catalog.List(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("listing videos: %w", err)
	}
	return &listOutput{Body: NewAPIVideoList(page, s.baseURL(), in.Language)}, nil
}

func (s *Server) getVideo(ctx context.Context, in *videoInput) (*videoOutput, error) {
	if err := checkLanguage("language", in.Language); err != nil {
		return nil, err
	}
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if etag := etagOfVideo(v); names(in.IfNoneMatch, etag, "W/") {
		return nil, notModifiedError(etag)
	}
	return s.videoOutput(v, in.Language), nil
}

// describeNotModified adds the answer 304 to what is said of an operation that reads one thing.
func describeNotModified(api huma.API, path string) {
	operation := api.OpenAPI().Paths[path].Get
	operation.Responses["304"] = &huma.Response{Description: "What you have is still good", Headers: operation.Responses["200"].Headers}
}

func (s *Server) videoOf(ctx context.Context, raw string) (archive.Video, error) {
	id, err := parseID(raw)
	if err != nil {
		return archive.Video{}, err
	}
	return s.catalog.Video(ctx, id)
}

func (s *Server) videoOutput(v archive.Video, lang string) *videoOutput {
	return &videoOutput{ETag: etagOfVideo(v), Body: NewAPIVideo(v, s.baseURL(), lang)}
}

func (s *Server) getSnippets(ctx context.Context, in *snippetsInput) (*snippetsOutput, error) {
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	asked, err := in.asked()
	if err != nil {
		return nil, err
	}
	o := s.optionsOf(asked)
	_, o.HasPoster = v.Poster()
	snippets, err := s.embeds.Snippets(v, o)
	if err != nil {
		return nil, fmt.Errorf("snippets of %s: %w", v.ID, err)
	}
	return &snippetsOutput{Body: APISnippetList{Items: snippets}}, nil
}
