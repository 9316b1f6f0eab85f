package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
)

// savedVideo is one video that has just been registered, with what goes into the article.
type savedVideo struct {
	APIVideo
	Snippets []embeds.Snippet
}

// savedPage is what registering ends in: the snippets, ready to be copied.
type savedPage struct {
	layout
	Videos   []archive.Video
	Rows     []savedVideo
	Notes    []string     // what could not be fetched
	Failures []notEntered // of many
	Left     []string     // addresses that there was no time for
	Loopback bool
}

// notEntered is an address that was not registered, and why.
type notEntered struct{ Address, Why string }

// Here is the address of this page in another language.
func (p savedPage) Here(lang string) string { return p.address() + "&lang=" + lang }

// address is the one under which the page can be seen again.
func (p savedPage) address() string {
	var ids []string
	for _, v := range p.Videos {
		ids = append(ids, string(v.ID))
	}
	return "/new?saved=" + strings.Join(ids, ",")
}

// Again is what a form for another try begins with.
func (p savedPage) Again() string {
	var list []string
	for _, f := range p.Failures {
		list = append(list, f.Address)
	}
	return strings.Join(append(list, p.Left...), "\n")
}

// mostSaved is how many snippets one page shows.
const mostSaved = 100

// savedOf shows the snippets of videos named in the address.
func (s *Server) savedOf(c *gin.Context, list string) error {
	var page savedPage
	for name := range strings.SplitSeq(list, ",") {
		id, err := parseID(name)
		if err != nil {
			return err
		}
		v, err := s.catalog.Video(c.Request.Context(), id)
		if err != nil {
			return fmt.Errorf("reading %s: %w", id, err)
		}
		if page.Videos = append(page.Videos, v); len(page.Videos) == mostSaved {
			break
		}
	}
	return s.saved(c, http.StatusOK, page)
}

func (s *Server) saved(c *gin.Context, status int, page savedPage) error {
	page.layout = s.layout(c, "new.saved")
	page.Loopback = embeds.Options{BaseURL: s.baseURL()}.Loopback()
	for _, v := range page.Videos {
		snippets, err := s.embeds.Snippets(v, s.optionsOf(embeds.Asked{}))
		if err != nil {
			return fmt.Errorf("making the snippets of %s: %w", v.ID, err)
		}
		page.Rows = append(page.Rows, savedVideo{APIVideo: NewAPIVideo(v, s.baseURL(), page.Lang), Snippets: snippets})
	}
	if len(page.Rows) == 1 {
		page.layout.Title = page.Rows[0].Title
	}
	return s.page(c, status, "newsroom/saved", page)
}

// registerTicked registers what was ticked. Scripts do it step by step instead, with progress.
func (s *Server) registerTicked(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	r := archive.Registration{
		Article: strings.TrimSpace(form.Get("article")), ArticleTitle: strings.TrimSpace(form.Get("articleTitle")),
		ArticleLanguage: strings.TrimSpace(form.Get("language")), Actor: actorOf(c.Request.Context()),
	}
	if page, wrong := s.manyProblem(c, r, form["url"]); wrong {
		return s.page(c, http.StatusUnprocessableEntity, "newsroom/new", page)
	}
	page := s.registerAll(c.Request.Context(), form["url"], r)
	if len(page.Notes)+len(page.Failures)+len(page.Left) > 0 {
		return s.saved(c, http.StatusOK, page)
	}
	c.Redirect(http.StatusSeeOther, page.address()+langQuery(c))
	return nil
}

// manyProblem says what is wrong with all of them, before anything is done.
func (s *Server) manyProblem(c *gin.Context, r archive.Registration, addresses []string) (newPage, bool) {
	page := newPage{layout: s.layout(c, "new.title"), URL: strings.Join(addresses, "\n"), Article: r.Article}
	page.Many = s.listed(c.Request.Context(), page.Lang, addresses)
	page.Many.Article, page.Many.Title, page.Many.Language = r.Article, r.ArticleTitle, r.ArticleLanguage
	for i := range page.Many.Rows {
		page.Many.Rows[i].Chosen = page.Many.Rows[i].Address != ""
	}
	err := r.Check()
	switch {
	case len(addresses) == 0:
		page.Words.Problems = problems{"url": page.says("problem.nothingTicked")}
		page.Many = nil
	case len(addresses) > mostSaved:
		page.Words.Problems = problems{"many": page.says("problem.tooMany", "N", mostSaved)}
	case err != nil && !page.Words.problem(page.layout, err):
		page.Words.Problems = problems{"many": page.inEnglish(err.Error())}
	}
	return page, page.Words.Problems != nil
}

// registerAll registers the addresses, a few at a time; the page lists them in their order.
func (s *Server) registerAll(ctx context.Context, addresses []string, r archive.Registration) savedPage {
	list := make([]archive.Registration, len(addresses))
	for i, address := range addresses {
		list[i] = r
		list[i].URL = address
	}
	var page savedPage
	for i, o := range s.sideBySide(ctx, list) {
		switch {
		case errors.Is(o.err, errLate):
			page.Left = append(page.Left, addresses[i])
		case o.err != nil:
			page.Failures = append(page.Failures, notEntered{addresses[i], s.shortly(ctx, o.err)})
		default:
			if !slices.ContainsFunc(page.Videos, func(v archive.Video) bool { return v.ID == o.done.Video.ID }) {
				page.Videos = append(page.Videos, o.done.Video)
			}
			page.Notes = append(page.Notes, o.done.Notes...)
		}
	}
	return page
}
