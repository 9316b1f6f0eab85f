package web

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
)

// Stage is the demo's make-believe platform, and the videos that play on it.
type Stage interface {
	// Acts are the videos of the demo's article, in the order in which it shows them.
	Acts(ctx context.Context) ([]Act, error)

	// Set changes the state of a video's source on the platform ("playable", "removed",
	// "private", "embedding-off") and lets the source be asked again, so that
	// the embed knows. A video that is not on the stage gets archive.ErrNotFound.
	Set(ctx context.Context, id archive.VideoID, state string) error

	// Control is the address of the platform's own control page.
	Control() string
}

// Act is one video of the demo.
type Act struct {
	Video archive.VideoID
	State string // of its source on the platform
}

// stageStates are what the switches offer.
func stageStates() []string { return []string{"playable", "removed", "private", "embedding-off"} }

// storyAct is an act as the story shows it.
type storyAct struct {
	Act
	Title string
	Date  string
	Frame template.HTML // see frame
	Known string        // what Videoteca says of the source
}

type storyPage struct {
	layout
	Acts     []storyAct
	States   []string
	Control  string
	Happened string // the id of a text; empty for nothing yet
}

// story is "/" of the demo: the article on one side, the switches on the other.
func (s *Server) story(c *gin.Context) error {
	page, err := s.storyPage(c)
	if err != nil {
		return err
	}
	if happened := c.Query("happened"); slices.Contains(stageStates(), happened) {
		page.Happened = "story.happened." + happened
	}
	return s.page(c, http.StatusOK, "story/story", page)
}

// article is the demo's article alone, as its readers see it.
func (s *Server) article(c *gin.Context) error {
	page, err := s.storyPage(c)
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "story/article", page)
}

func (s *Server) storyPage(c *gin.Context) (storyPage, error) {
	page := storyPage{layout: s.layout(c, "story.title"), States: stageStates(), Control: s.stage.Control()}
	acts, err := s.stage.Acts(c.Request.Context())
	if err != nil {
		return storyPage{}, fmt.Errorf("reading the demo's videos: %w", err)
	}
	for _, a := range acts {
		shown, err := s.storyAct(c, a, page.Lang)
		if err != nil {
			return storyPage{}, err
		}
		page.Acts = append(page.Acts, shown)
	}
	return page, nil
}

func (s *Server) storyAct(c *gin.Context, a Act, lang string) (storyAct, error) {
	v, err := s.catalog.Video(c.Request.Context(), a.Video)
	if err != nil {
		return storyAct{}, fmt.Errorf("reading the demo's video %s: %w", a.Video, err)
	}
	title, _ := v.DisplayTitle(lang)
	return storyAct{Act: a, Title: title, Date: string(v.EventDate), Frame: s.frame(v, lang), Known: bestState(v).String()}, nil
}

// frame is the embed as a frame of the page's own, whose styles stand in its style sheet:
// the snippet's style attribute is for articles, which have no such policy as this page.
// The revision is there for the browser's cache alone: a change is to be seen at once.
func (s *Server) frame(v archive.Video, lang string) template.HTML {
	title, _ := v.DisplayTitle(lang)
	return template.HTML(fmt.Sprintf(`<iframe class="embed" src="/e/%s?lang=%s&amp;revision=%d" title="%s" allow="%s" allowfullscreen referrerpolicy="strict-origin-when-cross-origin"></iframe>`,
		v.ID, template.HTMLEscapeString(lang), v.Revision, template.HTMLEscapeString(title), embeds.PlayerAllow)) // every part escaped or ours
}

// switchSource takes a source down or brings it back.
func (s *Server) switchSource(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	state := form.Get("state")
	if !slices.Contains(stageStates(), state) {
		return &archive.FieldError{Field: "state", Problem: fmt.Sprintf("%q is no state", state), Cure: "use one of playable, removed, private, embedding-off"}
	}
	id, err := archive.ParseVideoID(c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.stage.Set(c.Request.Context(), id, state); err != nil {
		return fmt.Errorf("switching the source of %s: %w", id, err)
	}
	c.Redirect(http.StatusSeeOther, "/?happened="+state+langQuery(c)+"#video-"+string(id))
	return nil
}
