package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/people"
)

// errNotModified is no failure: the client has the video as it is.
var errNotModified = errors.New("not modified")

// badIDError is archive.ErrBadID where the caller is a program, which gets 400.
type badIDError struct{ error }

func (e badIDError) Unwrap() []error { return []error{statusError(http.StatusBadRequest), e.error} }

func parseID(s string) (archive.VideoID, error) {
	id, err := archive.ParseVideoID(s)
	if err != nil {
		return "", badIDError{err}
	}
	return id, nil
}

type listInput struct {
	After      string `query:"after" doc:"The next of the page before"`
	Limit      int    `query:"limit" minimum:"0" maximum:"500" doc:"At most this many; 50 where none is given"`
	Language   string `query:"language" doc:"BCP 47; the language of title"`
	Text       string `query:"q" doc:"Words that titles, captions, descriptions, channels or labels must have, each the beginning of one; or an id or address, whole"`
	State      string `query:"state" doc:"live, limited, unchecked, suspect or gone, of the best source"`
	Platform   string `query:"platform"`
	Channel    string `query:"channel" doc:"The name of a source's channel"`
	Tag        string `query:"tag"`
	Collection string `query:"collection"`
	Event      string `query:"event" doc:"A year, month or day: 2019, 2019-09, 2019-09-25"`
	By         string `query:"by" doc:"Who registered it"`
	Copy       string `query:"copy" doc:"yes or no: whether the newsroom holds one"`
	Used       string `query:"used" doc:"yes or no: whether an article embeds it"`
	Caption    string `query:"caption" doc:"yes or no: whether it has one"`
	Visibility string `query:"visibility" doc:"public, embargoed or withdrawn"`
	Mark       string `query:"mark" doc:"held, disputed or overruled"`
}

// query is read as the page's addresses are, so that both refuse the same.
func (in *listInput) query() (archive.Query, error) {
	q, err := archive.ParseQuery(url.Values{
		"q": {in.Text}, "state": {in.State}, "platform": {in.Platform}, "channel": {in.Channel}, "tag": {in.Tag}, "collection": {in.Collection},
		"event": {in.Event}, "by": {in.By}, "copy": {in.Copy}, "used": {in.Used}, "caption": {in.Caption}, "visibility": {in.Visibility}, "mark": {in.Mark},
	})
	q.After, q.Limit = in.After, in.Limit
	return q, err
}

type listOutput struct{ Body APIVideoList }

type videoInput struct {
	ID          string `path:"id"`
	Language    string `query:"language" doc:"BCP 47; the language of title"`
	IfNoneMatch string `header:"If-None-Match"`
}

type videoOutput struct {
	ETag string `header:"ETag"`
	Body APIVideo
}

// snippetsInput has the options of every embed. They are read as a public page reads
// them, but for what cannot be read an editor is told.
type snippetsInput struct {
	ID       string `path:"id"`
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
		OperationID: "list-videos", Method: http.MethodGet, Path: "/api/v1/videos",
		Summary: "List or search videos, the newest registered first",
	}, s.listVideos, people.View)
	operate(s, api, huma.Operation{
		OperationID: "get-video", Method: http.MethodGet, Path: "/api/v1/videos/{id}",
		Summary: "Get a video", Errors: []int{http.StatusNotFound},
	}, s.getVideo, people.View)
	operate(s, api, huma.Operation{
		OperationID: "get-snippets", Method: http.MethodGet, Path: "/api/v1/videos/{id}/snippets",
		Summary: "Get the markup to paste into an article", Errors: []int{http.StatusNotFound},
	}, s.getSnippets, people.View)
}

func (s *Server) listVideos(ctx context.Context, in *listInput) (*listOutput, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	page, err := s.catalog.List(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("listing videos: %w", err)
	}
	return &listOutput{Body: NewAPIVideoList(page, s.baseURL(), in.Language)}, nil
}

func (s *Server) getVideo(ctx context.Context, in *videoInput) (*videoOutput, error) {
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	for match := range strings.SplitSeq(in.IfNoneMatch, ",") {
		if match = strings.TrimPrefix(strings.TrimSpace(match), "W/"); match == "*" || match == etagOfRevision(v.Revision) {
			return nil, errNotModified
		}
	}
	return s.videoOutput(v, in.Language), nil
}

func (s *Server) videoOf(ctx context.Context, raw string) (archive.Video, error) {
	id, err := parseID(raw)
	if err != nil {
		return archive.Video{}, err
	}
	return s.catalog.Video(ctx, id)
}

func (s *Server) videoOutput(v archive.Video, lang string) *videoOutput {
	return &videoOutput{ETag: etagOfRevision(v.Revision), Body: NewAPIVideo(v, s.baseURL(), lang)}
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
