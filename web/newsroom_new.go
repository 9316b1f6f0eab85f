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
	"videoteca/embeds/scan"
	"videoteca/internal/posters"
)

// previewWidth is the width of the preview's picture in pixels.
const previewWidth = 640

// newPage asks for whatever an editor has: one address, many, an article's, or markup.
type newPage struct {
	layout
	URL     string // what was pasted
	Article string
	Preview *preview
	Known   *knownVideo
	Many    *finds
	Words   wordsForm
	Failed  string // why the preview failed although the address may be good
	Sent    bool   // the words were sent, and are to be corrected
	Of      string // the source that words are written for, else its address: the page's script tells by it whose they are
}

// Wanted reports whether there is something to write words about.
func (p newPage) Wanted() bool { return p.Preview != nil || p.Failed != "" || p.Sent }

// Most is how many addresses are registered at once.
func (newPage) Most() int { return mostSaved }

// Idle reports whether nothing was asked yet.
func (p newPage) Idle() bool { return !p.Wanted() && p.Known == nil && p.Many == nil }

// Here is the address of this page in another language.
func (p newPage) Here(lang string) string {
	q := url.Values{"lang": {lang}}
	for name, value := range map[string]string{"url": p.URL, "article": p.Article} {
		if value != "" && len(value) < longestInAddress {
			q.Set(name, value)
		}
	}
	return "/new?" + q.Encode()
}

// longestInAddress is how many bytes of a paste go into an address: proxies take 8 KiB in all.
const longestInAddress = 2 << 10

// preview is what an address turned out to be.
type preview struct {
	Platform, Title, Channel, Length string
	State, Outcome, Reason           string
	Picture                          template.URL // data:image/jpeg, encoded anew; empty for none
}

// newVideo asks for an address and, once it has one, shows what it is.
func (s *Server) newVideo(c *gin.Context) error {
	if saved := c.Query("saved"); saved != "" {
		return s.savedOf(c, saved)
	}
	return s.look(c, c.Query("url"), c.Query("article"))
}

// lookUp is newVideo for a paste of any length.
func (s *Server) lookUp(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	return s.look(c, form.Get("url"), form.Get("article"))
}

func (s *Server) look(c *gin.Context, pasted, article string) error {
	page := newPage{layout: s.layout(c, "new.title"), URL: oneLineEnd(strings.TrimSpace(pasted)), Article: strings.TrimSpace(article)}
	page.Words = wordsOf(archive.Video{DefaultLanguage: page.Lang})
	status := http.StatusOK
	if page.URL != "" {
		status = s.lookAt(c, &page)
	}
	return s.page(c, status, "newsroom/new", page)
}

// lookAt finds out what was pasted. Trouble upstream does not stand in the way of registering.
func (s *Server) lookAt(c *gin.Context, page *newPage) int {
	ctx := c.Request.Context()
	if scan.Markup(page.URL) {
		page.Many = s.foundIn(ctx, scan.HTML([]byte(page.URL), s.scanning(page.Article)))
		return page.none("problem.noneInMarkup")
	}
	addresses := scan.Addresses(page.URL)
	if len(addresses) != 1 {
		page.Many = s.listed(ctx, page.Lang, addresses)
		return http.StatusOK
	}
	page.Of = s.of(addresses[0])
	ref, err := s.library.Recognise(addresses[0])
	switch {
	case errors.Is(err, archive.ErrNotRecognised) && webAddress(addresses[0]):
		return s.lookInto(ctx, page, addresses[0])
	case page.Words.problem(page.layout, err):
		return http.StatusUnprocessableEntity
	case err != nil:
		return s.unseen(c, page, err)
	}
	if page.Known = s.withSnippet(s.known(ctx, page.Lang, ref.Key)); page.Known != nil {
		return http.StatusOK
	}
	found, err := s.library.Preview(ctx, addresses[0])
	if page.Words.problem(page.layout, err) {
		return http.StatusUnprocessableEntity
	}
	if err != nil {
		return s.unseen(c, page, err)
	}
	page.URL = addresses[0]
	page.Preview = previewOf(page.layout, found)
	page.suggest(found.Fetched.Fields)
	return http.StatusOK
}

// of names what an address leads to: its source, else the address itself.
func (s *Server) of(address string) string {
	ref, err := s.library.Recognise(address)
	if err != nil {
		return address
	}
	return ref.Key.String()
}

func (s *Server) unseen(c *gin.Context, page *newPage, err error) int {
	page.Failed = page.T("new.noPreview")
	s.log.WarnContext(c.Request.Context(), "preview failed", slog.Any("error", err))
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

// suggest puts the source's title into the field of its language, else of the page's, and offers the
// rest beside its fields.
func (p *newPage) suggest(f archive.Fields) {
	offer := archive.Suggest(f)
	lang, _, _ := strings.Cut(offer.Language, "-")
	if !slices.Contains(strings.Fields(formLanguages), lang) {
		lang = p.Lang
	}
	p.Words.Language = lang
	for i, t := range p.Words.Texts {
		switch {
		case t.Lang != lang:
		case t.Field == "title":
			p.Words.Texts[i].Value = offer.Title
		case t.Field == "caption":
			p.Words.Texts[i].Offered = offer.Caption
		}
	}
	p.Words.OfferedDate, p.Words.OfferedUpload = string(offer.EventDate), offer.Published
}

// register keeps the video and shows its snippet on the same screen.
func (s *Server) register(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	page := newPage{layout: s.layout(c, "new.title"), URL: strings.TrimSpace(form.Get("url")), Article: strings.TrimSpace(form.Get("article")), Words: readWords(form)}
	page.Words.Revision, page.Sent, page.Of = 0, true, s.of(page.URL)
	done, err := s.library.Register(c.Request.Context(), archive.Registration{
		URL: page.URL, Words: page.Words.words(), Article: page.Article, ArticleLanguage: page.Words.Language, Actor: actorOf(c.Request.Context()),
	})
	if page.Words.problem(page.layout, err) {
		return s.page(c, http.StatusUnprocessableEntity, "newsroom/new", page)
	}
	if err != nil {
		if text, status := s.unsaved(c, page.layout, err); text != "" {
			page.Words.Unsaved = text
			return s.page(c, status, "newsroom/new", page)
		}
		return fmt.Errorf("registering: %w", err)
	}
	switch {
	case !done.New && !page.Words.meets(done.Video): // what was typed is not lost: she chooses
		return s.conflict(c, done.Video, page.Words)
	case !done.New:
		return s.back(c, done.Video.ID, "known")
	case len(done.Notes) > 0: // which no address could show again
		c.Header("Location", "/videos/"+string(done.Video.ID))
		return s.saved(c, http.StatusCreated, savedPage{Videos: []archive.Video{done.Video}, Notes: done.Notes})
	}
	c.Redirect(http.StatusSeeOther, "/new?saved="+string(done.Video.ID)+langQuery(c))
	return nil
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
