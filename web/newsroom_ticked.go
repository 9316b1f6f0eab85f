package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/reasons"
)

// tickedAnswer is what the page's script gets, which sends what was ticked one by one.
type tickedAnswer struct {
	Items   []tickedItem `json:"items"`
	Problem *tickedNote  `json:"problem,omitempty"` // with the whole: nothing was done
	Field   string       `json:"field,omitempty"`   // of the form, in which the problem is; empty: in none
}

// tickedItem is what became of one address.
type tickedItem struct {
	URL   string          `json:"url"`
	ID    archive.VideoID `json:"id,omitempty"`    // of the video that has it; empty: it was not registered
	Error *tickedNote     `json:"error,omitempty"` // why not
	Notes []tickedNote    `json:"notes,omitempty"` // what could not be fetched; the video is registered all the same
}

// tickedNote is a reason in words.
type tickedNote struct {
	Words string `json:"words"`
	Lang  string `json:"lang,omitempty"` // BCP 47, where they are not in the page's language
}

func noteOf(said reasons.Said) tickedNote { return tickedNote{said.Words, said.Lang} }

// registerTicked registers what was ticked. Scripts do it step by step instead, with progress, and ask for JSON.
func (s *Server) registerTicked(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	r := archive.Registration{
		Article: strings.TrimSpace(form.Get("article")), ArticleTitle: strings.TrimSpace(form.Get("articleTitle")),
		ArticleLanguage: strings.TrimSpace(form.Get("language")), Actor: actorOf(c.Request.Context()),
	}
	l, addresses := s.layout(c, "new.title"), form["url"]
	script := c.GetHeader("Accept") == "application/json"
	switch wrong := l.tickedProblems(r, addresses); {
	case wrong != nil && script:
		writeJSON(c, http.StatusUnprocessableEntity, refusedTicks(wrong))
		return nil
	case wrong != nil:
		return s.page(c, http.StatusUnprocessableEntity, "newsroom/new", s.tickedAgain(c.Request.Context(), l, r, addresses, wrong))
	}
	outcomes := s.registerAll(c.Request.Context(), addresses, r)
	if script {
		writeJSON(c, http.StatusOK, tickedAnswer{Items: s.tickedItems(c.Request.Context(), l, addresses, outcomes)})
		return nil
	}
	page := s.tickedPage(c.Request.Context(), l, addresses, outcomes)
	if len(page.Notes)+len(page.Failures)+len(page.Left) > 0 {
		return s.saved(c, http.StatusOK, page)
	}
	c.Redirect(http.StatusSeeOther, page.address()+langQuery(c))
	return nil
}

// tickedProblems says by field what is wrong with all of them, before anything is done; nil for nothing.
func (l layout) tickedProblems(r archive.Registration, addresses []string) problems {
	err := r.Check()
	var words wordsForm
	switch {
	case len(addresses) == 0:
		return problems{"url": l.says("problem.nothingTicked")}
	case len(addresses) > mostSaved:
		return problems{"many": l.says("problem.tooMany", "N", mostSaved)}
	case err == nil:
		return nil
	case words.problem(l, err):
		return words.Problems
	}
	return problems{"many": l.inEnglish(err.Error())}
}

// refusedTicks says a problem to the page's script, which knows fields by their names in the form.
func refusedTicks(wrong problems) tickedAnswer {
	answer := tickedAnswer{Items: []tickedItem{}}
	for field, said := range wrong {
		note := noteOf(*said)
		answer.Problem = &note
		switch field {
		case "article":
			answer.Field = field
		case "defaultLanguage":
			answer.Field = "language"
		}
	}
	return answer
}

// tickedAgain is the list as it was sent, with what is wrong.
func (s *Server) tickedAgain(ctx context.Context, l layout, r archive.Registration, addresses []string, wrong problems) newPage {
	page := newPage{layout: l, URL: strings.Join(addresses, "\n"), Article: r.Article}
	page.Words.Problems = wrong
	if len(addresses) == 0 {
		return page
	}
	page.Many = s.listed(ctx, l.Lang, addresses)
	page.Many.Article, page.Many.Title, page.Many.Language = r.Article, r.ArticleTitle, r.ArticleLanguage
	for i := range page.Many.Rows {
		page.Many.Rows[i].Chosen = page.Many.Rows[i].Address != ""
	}
	return page
}

// registerAll registers the addresses, a few at a time; outcomes are in their order.
func (s *Server) registerAll(ctx context.Context, addresses []string, r archive.Registration) []outcome {
	list := make([]archive.Registration, len(addresses))
	for i, address := range addresses {
		list[i] = r
		list[i].URL = address
	}
	return s.sideBySide(ctx, list)
}

// tickedPage is the page of the snippets, with what was not registered; it lists all in the order of the addresses.
func (s *Server) tickedPage(ctx context.Context, l layout, addresses []string, outcomes []outcome) savedPage {
	var page savedPage
	for i, o := range outcomes {
		switch {
		case errors.Is(o.err, errLate):
			page.Left = append(page.Left, addresses[i])
		case o.err != nil:
			page.Failures = append(page.Failures, notEntered{addresses[i], s.notRegistered(ctx, l, o.err)})
		default:
			if !slices.ContainsFunc(page.Videos, func(v archive.Video) bool { return v.ID == o.done.Video.ID }) {
				page.Videos = append(page.Videos, o.done.Video)
			}
			page.Notes = append(page.Notes, o.done.Notes...)
		}
	}
	return page
}

// tickedItems are the outcomes as the page's script reads them.
func (s *Server) tickedItems(ctx context.Context, l layout, addresses []string, outcomes []outcome) []tickedItem {
	items := make([]tickedItem, len(outcomes))
	for i, o := range outcomes {
		items[i].URL = addresses[i]
		switch {
		case errors.Is(o.err, errLate):
			items[i].Error = &tickedNote{Words: l.T("new.noTime")}
		case o.err != nil:
			note := noteOf(s.notRegistered(ctx, l, o.err))
			items[i].Error = &note
		default:
			items[i].ID = o.done.Video.ID
			for _, note := range o.done.Notes {
				items[i].Notes = append(items[i].Notes, noteOf(l.Why(note)))
			}
		}
	}
	return items
}

// notRegistered is why an address was not registered, for people.
func (s *Server) notRegistered(ctx context.Context, l layout, err error) reasons.Said {
	f := faultOf(err)
	s.logFault(ctx, err, f)
	if f.field != nil {
		return *l.problem(f.field.Field, f.field)
	}
	return *l.says(messageOf(f) + "Text")
}
