package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"videoteca/archive"
)

// APIWords are the newsroom's words in a request. (Huma reads exported structs only
// where they are embedded.) What is absent stays as it is,
// an empty text is removed.
type APIWords struct {
	Title          map[string]string `json:"title,omitempty" doc:"By BCP 47 language tag; an empty text removes that language" example:"{\"es\":\"Reunión en Nueva York\"}"`
	Caption        map[string]string `json:"caption,omitempty" doc:"By language tag"`
	Alt            map[string]string `json:"alt,omitempty" doc:"Text in place of the picture, by language tag"`
	ContentWarning map[string]string `json:"contentWarning,omitempty" doc:"By language tag"`
	Language       string            `json:"language,omitempty" doc:"BCP 47; the language of readers for whom there is no text"`
	EventDate      *string           `json:"eventDate,omitempty" doc:"EDTF; empty removes it" example:"2019-09-25"`
	Notes          *string           `json:"notes,omitempty" doc:"For the newsroom alone; empty removes them"`
	Tags           *[]string         `json:"tags,omitempty" doc:"All of them; those that differ in case alone are the same"`
	Collections    *[]string         `json:"collections,omitempty" doc:"All of them"`
	Sites          *[]string         `json:"sites,omitempty" doc:"Origins whose pages may frame the video, such as https://news.example.org; empty: as the installation has it"`
}

func (w APIWords) words() archive.Words {
	return archive.Words{
		DefaultLanguage: w.Language, Title: w.Title, Caption: w.Caption, Alt: w.Alt,
		ContentWarning: w.ContentWarning, EventDate: w.EventDate, Notes: w.Notes, Sites: w.Sites, Tags: w.Tags, Collections: w.Collections,
	}
}

// APIArticle is the page that will embed a video.
type APIArticle struct {
	URL      string `json:"url" doc:"Address of the page that will embed the video" example:"https://example.org/story"`
	Language string `json:"language,omitempty" doc:"BCP 47"`
	Title    string `json:"title,omitempty" doc:"What the page calls itself"`
}

// APIRegistration is what registers a video.
type APIRegistration struct {
	APIWords
	URL     string     `json:"url" doc:"Address of the video's page or file" example:"https://www.youtube.com/watch?v=aaaaaaaaaaa"`
	Article APIArticle `json:"article,omitzero"`
}

func (r APIRegistration) registration(ctx context.Context) (archive.Registration, error) {
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
	return checkAddress("article.url", a.URL)
}

// sourceKey reads "platform:id". The id may hold colons: a file's is its address.
func sourceKey(s string) (archive.SourceKey, error) {
	platform, id, ok := strings.Cut(s, ":")
	if !ok || platform == "" || id == "" {
		return archive.SourceKey{}, &archive.FieldError{Field: "source", Problem: strconv.Quote(s) + " names no source", Cure: "write it as platform:id, as youtube:aaaaaaaaaaa"}
	}
	return archive.SourceKey{Platform: platform, ID: id}, nil
}

// etagOfRevision is the validator of a record.
func etagOfRevision(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }

// revisionOf reads If-Match; 0 stands for any revision. A header that no ETag
// of ours can match fails the precondition, as RFC 9110 has it.
func revisionOf(ifMatch string) (int64, error) {
	ifMatch = strings.TrimSpace(ifMatch)
	if ifMatch == "" || ifMatch == "*" {
		return 0, nil
	}
	revision, err := strconv.ParseInt(strings.Trim(ifMatch, `"`), 10, 64)
	if err != nil || revision < 1 || ifMatch != etagOfRevision(revision) {
		return 0, statusError(http.StatusPreconditionFailed)
	}
	return revision, nil
}
