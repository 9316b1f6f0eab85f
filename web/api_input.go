package web

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"videoteca/archive"
)

// APIWords are the newsroom's words in a request. (Huma reads exported structs only
// where they are embedded.) What is absent stays as it is,
// an empty text is removed.
type APIWords struct {
	Title          map[string]string `json:"title,omitempty" doc:"By BCP 47 language tag; an empty text removes that language" example:"{\"es\":\"Reunión en Nueva York\"}"`
	Caption        map[string]string `json:"caption,omitempty" doc:"By language tag" example:"{\"es\":\"Los presidentes en la sede de la ONU.\"}"`
	Alt            map[string]string `json:"alt,omitempty" doc:"Text in place of the picture, by language tag"`
	ContentWarning map[string]string `json:"contentWarning,omitempty" doc:"By language tag"`
	Language       string            `json:"language,omitempty" example:"es" doc:"BCP 47; the language of readers for whom there is no text"`
	EventDate      *string           `json:"eventDate,omitempty" doc:"EDTF; empty removes it" example:"2019-09-25"`
	Notes          *string           `json:"notes,omitempty" doc:"For the newsroom alone; empty removes them"`
	Tags           *[]string         `json:"tags,omitempty" nullable:"false" example:"[\"ONU\"]" doc:"All of them; those that differ in case alone are the same"`
	Collections    *[]string         `json:"collections,omitempty" nullable:"false" doc:"All of them"`
	Sites          *[]string         `json:"sites,omitempty" nullable:"false" doc:"Origins whose pages may frame the video, such as https://news.example.org; empty: as the installation has it"`
}

func (w APIWords) words() archive.Words {
	return archive.Words{
		DefaultLanguage: w.Language, Title: w.Title, Caption: w.Caption, Alt: w.Alt,
		ContentWarning: w.ContentWarning, EventDate: w.EventDate, Notes: w.Notes, Sites: w.Sites, Tags: w.Tags, Collections: w.Collections,
	}
}

// inAPI gives the field of an error the name that it has in this API.
func inAPI(err error) error {
	var field *archive.FieldError
	if !errors.As(err, &field) {
		return err
	}
	names := map[string]string{"defaultLanguage": "language", "article": "article.url"}
	name, differs := names[field.Field]
	if !differs {
		return err
	}
	return &archive.FieldError{Field: name, Problem: field.Problem, Cure: field.Cure, Cause: field.Cause}
}

// APIArticle is the page that will embed a video.
type APIArticle struct {
	URL      string `json:"url" format:"uri" doc:"Address of the page that will embed the video" example:"https://example.org/story"`
	Language string `json:"language,omitempty" doc:"BCP 47; of the article" example:"es"`
	Title    string `json:"title,omitempty" doc:"What the page calls itself" example:"Dos reuniones"`
}

// APIRegistration is what registers a video.
type APIRegistration struct {
	APIWords
	URL     string     `json:"url" format:"uri" doc:"Address of the video's page or file" example:"https://www.youtube.com/watch?v=aaaaaaaaaaa"`
	Article APIArticle `json:"article,omitzero" doc:"The page that will embed it, where that is known"`
}

func (r APIRegistration) registration(ctx context.Context) (archive.Registration, error) {
	if err := archive.CheckAddress("url", r.URL); err != nil {
		return archive.Registration{}, err
	}
	if err := r.Article.check(); err != nil {
		return archive.Registration{}, err
	}
	return archive.Registration{
		URL: r.URL, Words: r.words(), Article: r.Article.URL, ArticleLanguage: r.Article.Language, ArticleTitle: r.Article.Title, Actor: actorOf(ctx),
	}, nil
}

// check names the field as it stands in this API; the library knows no article.url.
func (a APIArticle) check() error {
	if a == (APIArticle{}) {
		return nil
	}
	return archive.CheckAddress("article.url", a.URL)
}

// sourceKey reads "platform:id". The id may hold colons: a file's is its address.
func sourceKey(s string) (archive.SourceKey, error) { return sourceKeyIn("source", s) }

func sourceKeyIn(field, s string) (archive.SourceKey, error) {
	platform, id, ok := strings.Cut(s, ":")
	if !ok || platform == "" || id == "" {
		return archive.SourceKey{}, &archive.FieldError{Field: field, Problem: strconv.Quote(s) + " names no source", Cure: "write it as platform:id, as youtube:aaaaaaaaaaa"}
	}
	return archive.SourceKey{Platform: platform, ID: id}, nil
}
