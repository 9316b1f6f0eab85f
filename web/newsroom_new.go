package web

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/posters"
)

// previewWidth is the width of the preview's picture in pixels.
const previewWidth = 640

type newPage struct {
	layout
	URL     string
	Article string
	Preview *preview
	Words   wordsForm
	Failed  string // why the preview failed although the address may be good
	Sent    bool   // the words were sent, and are to be corrected
}

// Wanted reports whether there is something to write words about.
func (p newPage) Wanted() bool { return p.Preview != nil || p.Failed != "" || p.Sent }

// Here is the address of this page in another language.
func (p newPage) Here(lang string) string {
	q := url.Values{"lang": {lang}}
	for name, value := range map[string]string{"url": p.URL, "article": p.Article} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/new?" + q.Encode()
}

// preview is what an address turned out to be.
type preview struct {
	Platform, Title, Channel, Length string
	State, Outcome, Reason           string
	Picture                          template.URL // data:image/jpeg, encoded anew; empty for none
}

// newVideo asks for an address and, once it has one, shows what it is.
func (s *Server) newVideo(c *gin.Context) error {
	page := newPage{layout: s.layout(c, "new.title"), URL: strings.TrimSpace(c.Query("url")), Article: c.Query("article")}
	page.Words = wordsOf(archive.Video{DefaultLanguage: page.Lang})
	status := http.StatusOK
	if page.URL != "" {
		status = s.lookAt(c, &page)
	}
	return s.page(c, status, "newsroom/new", page)
}

// lookAt fills in the preview. Trouble upstream does not stand in the way of registering.
func (s *Server) lookAt(c *gin.Context, page *newPage) int {
	found, err := s.library.Preview(c.Request.Context(), page.URL)
	if page.Words.problem(page.layout, err) {
		return http.StatusUnprocessableEntity
	}
	if err != nil {
		page.Failed = page.T("new.noPreview")
		s.log.WarnContext(c.Request.Context(), "preview failed", slog.Any("error", err))
		return http.StatusOK
	}
	page.Preview = previewOf(page.layout, found)
	page.suggest(found.Fetched.Fields)
	return http.StatusOK
}

func previewOf(l layout, p archive.Preview) *preview {
	fields := p.Fetched.Fields
	return &preview{
		Platform: p.Reference.Key.Platform, Title: fields.Title, Channel: fields.Channel, Length: l.Seconds(fields.Seconds),
		State: p.Standing.State.String(), Outcome: string(p.Standing.Outcome), Reason: p.Fetched.Reason(p.Reference.Key),
		Picture: pictureOf(p.Fetched.Pictures),
	}
}

// pictureOf encodes the largest picture anew, within the page: it is kept nowhere yet.
func pictureOf(pictures []archive.Picture) template.URL {
	var best archive.Picture
	for _, p := range pictures {
		if p.Width > best.Width {
			best = p
		}
	}
	img, err := posters.Decode(best.Data)
	if err != nil {
		return ""
	}
	jpeg, err := posters.Render(img, previewWidth)
	if err != nil {
		return ""
	}
	return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(jpeg)) // base64 of our own encoder's bytes
}

// suggest puts the source's title into the field of its language, else of the page's.
func (p *newPage) suggest(f archive.Fields) {
	lang, _, _ := strings.Cut(f.Language, "-")
	if !slices.Contains(strings.Fields(formLanguages), lang) {
		lang = p.Lang
	}
	p.Words.Language = lang
	for i, t := range p.Words.Texts {
		if t.Field == "title" && t.Lang == lang {
			p.Words.Texts[i].Value = f.Title
		}
	}
}

// register keeps the video and goes to its page, where the snippet is.
func (s *Server) register(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	page := newPage{layout: s.layout(c, "new.title"), URL: strings.TrimSpace(form.Get("url")), Article: strings.TrimSpace(form.Get("article")), Words: readWords(form)}
	page.Words.Revision, page.Sent = 0, true
	done, err := s.library.Register(c.Request.Context(), archive.Registration{
		URL: page.URL, Words: page.Words.words(), Article: page.Article, ArticleLanguage: page.Words.Language, Actor: actorOf(c.Request.Context()),
	})
	if page.Words.problem(page.layout, err) {
		return s.page(c, http.StatusUnprocessableEntity, "newsroom/new", page)
	}
	if err != nil {
		return fmt.Errorf("registering: %w", err)
	}
	if !done.New {
		return s.back(c, done.Video.ID, "known")
	}
	return s.backWithNotes(c, done, "new")
}

// postForm reads a form that was sent.
func (s *Server) postForm(c *gin.Context) (url.Values, error) {
	if err := c.Request.ParseForm(); err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return nil, err
		}
		return nil, fmt.Errorf("reading the form: %w: %w", statusError(http.StatusBadRequest), err)
	}
	return c.Request.PostForm, nil
}

// langQuery carries the language that somebody chose from page to page.
func langQuery(c *gin.Context) string {
	if lang := c.Query("lang"); archive.ValidLanguage(lang) {
		return "&lang=" + lang
	}
	return ""
}
