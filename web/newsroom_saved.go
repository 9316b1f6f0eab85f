package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/reasons"
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
	Rest     []archive.VideoID // for which there is no room on this page
	Notes    []string          // what could not be fetched
	Failures []notEntered      // of many
	Left     []string          // addresses that there was no time for
	Loopback bool
}

// notEntered is an address that was not registered, and why.
type notEntered struct {
	Address string
	Why     reasons.Said
}

// Here is the address of this page in another language.
func (p savedPage) Here(lang string) string { return p.address() + "&lang=" + lang }

// address is the one under which the page can be seen again.
func (p savedPage) address() string {
	var ids []archive.VideoID
	for _, v := range p.Videos {
		ids = append(ids, v.ID)
	}
	return savedAddress(append(ids, p.Rest...))
}

func savedAddress(ids []archive.VideoID) string {
	var list []string
	for _, id := range ids {
		list = append(list, string(id))
	}
	return "/new?saved=" + strings.Join(list, ",")
}

// Count is how many videos were registered.
func (p savedPage) Count() int { return len(p.Videos) + len(p.Rest) }

// Others is where the snippets are for which there is no room on this page.
func (p savedPage) Others() string { return savedAddress(p.Rest) + "&lang=" + p.Lang }

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

// savedOf shows the snippets of videos named in the address. Of more than fit on a page it leads to the others.
func (s *Server) savedOf(c *gin.Context, list string) error {
	ids, err := idsOf(strings.Split(list, ","))
	if err != nil {
		return err
	}
	shown := min(len(ids), mostSaved)
	page := savedPage{Rest: ids[shown:]}
	for _, id := range ids[:shown] {
		v, err := s.catalog.Video(c.Request.Context(), id)
		if err != nil {
			return fmt.Errorf("reading %s: %w", id, err)
		}
		page.Videos = append(page.Videos, v)
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
