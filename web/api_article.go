package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

// APIEmbedding is a page that embeds videos, as it is known here.
type APIEmbedding struct {
	URL      string         `json:"url" format:"uri" doc:"Canonical: without fragment and campaign parameters" example:"https://example.org/story"`
	Title    string         `json:"title,omitempty" example:"Dos reuniones" doc:"As the article has it"`
	Language string         `json:"language,omitempty" doc:"BCP 47" example:"es"`
	Videos   []APIPlacement `json:"videos" nullable:"false" doc:"That it embeds"`
}

// APIPlacement is one video in one article.
type APIPlacement struct {
	ID    string    `json:"id" doc:"Of the video, as the article has it: it may have been merged into another since" example:"7k3mzq9x0abd"`
	Added time.Time `json:"added,omitzero" doc:"When it was noted"`
}

type articlesInput struct {
	APIPlace
	URL string `query:"url" doc:"Of one article, in any form of its address" example:"https://example.org/story"`
}

type articlesOfInput struct{ APITarget }

func (s *Server) articleOperations(api huma.API) {
	operate(s, api, huma.Operation{
		OperationID: "list-articles", Method: http.MethodGet, Path: "/api/v1/articles", Tags: []string{tagArticles},
		Summary:     "List the articles that embed videos",
		Description: "In the order of their addresses, each with its videos. An article is noted when a video is registered for it, and never loses one here.",
	}, s.listArticles, people.View)
	operate(s, api, huma.Operation{
		OperationID: "list-articles-of-video", Method: http.MethodGet, Path: "/api/v1/videos/{id}/articles", Tags: []string{tagArticles},
		Summary: "List the articles that embed a video", Errors: []int{http.StatusNotFound},
		Description: "Under its id, or that of a video merged into it. They come on one page.",
	}, s.listArticlesOf, people.View)
}

func (s *Server) listArticles(ctx context.Context, in *articlesInput) (*pageOutput[APIEmbedding], error) {
	if in.URL != "" {
		if err := archive.CheckAddress("url", in.URL); err != nil {
			return nil, err
		}
	}
	page, err := s.catalog.Articles(ctx, archive.ArticleQuery{URL: in.URL, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, fmt.Errorf("listing articles: %w", err)
	}
	return articlesOutput(page), nil
}

func (s *Server) listArticlesOf(ctx context.Context, in *articlesOfInput) (*pageOutput[APIEmbedding], error) {
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	articles, err := s.catalog.ArticlesOf(ctx, v)
	if err != nil {
		return nil, fmt.Errorf("listing the articles of %s: %w", v.ID, err)
	}
	return articlesOutput(archive.ArticlePage{Articles: articles}), nil
}

func articlesOutput(page archive.ArticlePage) *pageOutput[APIEmbedding] {
	out := &pageOutput[APIEmbedding]{Body: APIPage[APIEmbedding]{Items: []APIEmbedding{}, Next: page.Next}}
	for _, a := range page.Articles {
		item := APIEmbedding{URL: a.URL, Title: a.Title, Language: a.Language, Videos: []APIPlacement{}}
		for _, p := range a.Placements {
			item.Videos = append(item.Videos, APIPlacement{ID: string(p.Video), Added: p.Added})
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	return out
}
