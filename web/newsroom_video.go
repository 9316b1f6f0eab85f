package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/people"
)

type videoPage struct {
	layout
	Video    APIVideo
	Words    wordsForm
	Snippets []embeds.Snippet
	Done     string            // what has just been done, as the id of a text; empty for nothing
	Undo     *undoOffer        // of it; nil: it cannot be undone
	Failed   []failing         // what was not undone, and why
	Notes    []string          // what could not be fetched meanwhile
	Conflict bool              // somebody else saved meanwhile
	Refused  map[string]string // by kind of file, why it was not kept
	Mirror   string            // the address typed for a mirror
	Loopback bool              // the snippets are of use on this machine alone
	Dossier  bool              // whether one can be made
	Articles []archive.Article // that embed it
	Merging  bool              // whether duplicates can be merged
	Merge    mergeForm
	Labels   labelsForm
}

// ID is the video's.
func (p videoPage) ID() string { return p.Video.ID }

// Name is what the video is called.
func (p videoPage) Name() string { return p.Video.Title }

// Tab is which of the video's pages it is.
func (videoPage) Tab() string { return "video" }

// Here is the address of this page in another language.
func (p videoPage) Here(lang string) string {
	address := "/videos/" + p.Video.ID + "?lang=" + lang
	if p.Merge.Typed != "" {
		address += "&merge=" + url.QueryEscape(p.Merge.Typed)
	}
	return address
}

// show is the page of one video.
func (s *Server) show(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	if v.Visibility.Exposure == archive.Erased {
		c.Redirect(http.StatusSeeOther, "/videos/"+string(v.ID)+"/takedown?"+strings.TrimPrefix(langQuery(c), "&"))
		return nil
	}
	if typed := c.Query("merge"); typed != "" && s.merger != nil && s.may(c, people.Edit) {
		return s.lookAtDuplicate(c, v, typed)
	}
	page, err := s.videoPage(c, v)
	if err != nil {
		return err
	}
	switch done := c.Query("done"); done {
	case "new", "known", "saved", "checked", "preferred", "added", "kept", "moved", "labelled", "merged", "together", "removed", "undone":
		page.Done, page.Undo = "video.done."+done, s.offered(c, page.layout, page.Tab(), "lang="+page.Lang)
	}
	return s.page(c, http.StatusOK, "newsroom/video", page)
}

func (s *Server) videoPage(c *gin.Context, v archive.Video) (videoPage, error) {
	page := videoPage{layout: s.layout(c, "video.title"), Words: wordsOf(v)}
	page.Video = NewAPIVideo(v, s.baseURL(), page.Lang)
	page.layout.Title = page.Video.Title
	snippets, err := s.embeds.Snippets(v, s.optionsOf(embeds.Asked{}))
	if err != nil {
		return videoPage{}, fmt.Errorf("making the snippets of %s: %w", v.ID, err)
	}
	page.Snippets = snippets
	page.Labels = labelsOf(v)
	page.Dossier, page.Merging = s.dossier != nil, s.merger != nil
	if page.Articles, err = s.catalog.ArticlesOf(c.Request.Context(), v); err != nil {
		return videoPage{}, err
	}
	page.Loopback = embeds.Options{BaseURL: s.baseURL()}.Loopback()
	return page, nil
}

// mostMerges is how often what was typed is merged with what others save at the same moment.
const mostMerges = 5

// describe saves what an editor typed. What somebody else saved meanwhile is merged with it, field by field; where
// both changed one, the editor sees both and chooses.
func (s *Server) describe(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	typed := readWords(form)
	if len(typed.Clashes) > 0 { // nothing was chosen
		return s.conflict(c, v, typed)
	}
	var after archive.Video
	for range mostMerges {
		after, err = s.library.Describe(c.Request.Context(), v.ID, typed.words(), actorOf(c.Request.Context()))
		var conflict *archive.ConflictError
		if !errors.As(err, &conflict) {
			break
		}
		if v = conflict.Now; !typed.merge(v) {
			return s.conflict(c, v, typed)
		}
	}
	if err == nil {
		return s.backWithUndo(c, v, after, savedAs(typed.Others, "saved"), "describe")
	}
	page, pageErr := s.videoPage(c, v)
	if pageErr != nil {
		return pageErr
	}
	page.Words = typed
	if page.Words.problem(page.layout, err) {
		return s.page(c, http.StatusUnprocessableEntity, "newsroom/video", page)
	}
	if text, status := s.unsaved(c, page.layout, err); text != "" {
		page.Words.Unsaved = text
		return s.page(c, status, "newsroom/video", page)
	}
	return fmt.Errorf("saving: %w", err)
}

// savedAs is what the page says was done.
func savedAs(others bool, alone string) string {
	if others {
		return "together"
	}
	return alone
}

// conflict shows what was typed beside what somebody else has saved as v.
func (s *Server) conflict(c *gin.Context, v archive.Video, typed wordsForm) error {
	page, err := s.videoPage(c, v)
	if err != nil {
		return err
	}
	page.Words, page.Conflict = typed, true
	return s.page(c, http.StatusConflict, "newsroom/video", page)
}

// check asks the video's sources now.
func (s *Server) check(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.checker.Check(c.Request.Context(), []archive.VideoID{v.ID}, actorOf(c.Request.Context())); err != nil {
		return fmt.Errorf("checking: %w", err)
	}
	return s.back(c, v.ID, "checked")
}

// prefer puts a source first.
func (s *Server) prefer(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	key, err := sourceKey(form.Get("source"))
	if err != nil {
		return err
	}
	after, err := s.library.Prefer(c.Request.Context(), v.ID, key, actorOf(c.Request.Context()))
	if err != nil {
		return fmt.Errorf("preferring: %w", err)
	}
	return s.backWithUndo(c, v, after, "preferred", "prefer")
}

// mirror adds a source.
func (s *Server) mirror(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	done, err := s.library.AddSource(c.Request.Context(), v.ID, form.Get("url"), actorOf(c.Request.Context()))
	if err == nil {
		return s.backWithNotes(c, done, "added")
	}
	page, pageErr := s.videoPage(c, v)
	if pageErr != nil {
		return pageErr
	}
	page.Mirror = form.Get("url")
	var owned *archive.OwnedError
	switch {
	case page.Words.problem(page.layout, err):
		return s.page(c, http.StatusUnprocessableEntity, "newsroom/video", page)
	case errors.As(err, &owned):
		page.Words.Problems = problems{"url": page.says("video.owned", "Owner", string(owned.Owner))}
		return s.page(c, http.StatusConflict, "newsroom/video", page)
	}
	return fmt.Errorf("adding a mirror: %w", err)
}

// backWithNotes leads to the video's page. With notes it is the page at once, which
// no address could show again: to send the form again finds the source known.
func (s *Server) backWithNotes(c *gin.Context, done archive.Registered, what string) error {
	if len(done.Notes) == 0 {
		return s.back(c, done.Video.ID, what)
	}
	page, err := s.videoPage(c, done.Video)
	if err != nil {
		return err
	}
	page.Done, page.Notes = "video.done."+what, done.Notes
	c.Header("Location", "/videos/"+page.Video.ID)
	return s.page(c, http.StatusCreated, "newsroom/video", page)
}

func (s *Server) videoAndForm(c *gin.Context) (archive.Video, url.Values, error) {
	form, err := s.postForm(c)
	if err != nil {
		return archive.Video{}, nil, err
	}
	v, err := s.video(c, c.Param("id"))
	return v, form, err
}

func (s *Server) back(c *gin.Context, id archive.VideoID, done string) error {
	c.Redirect(http.StatusSeeOther, "/videos/"+string(id)+"?done="+done+langQuery(c))
	return nil
}

// backWithUndo leads back like back, to a page that offers to undo what was done.
func (s *Server) backWithUndo(c *gin.Context, before, after archive.Video, done, verb string) error {
	c.Redirect(http.StatusSeeOther, "/videos/"+string(after.ID)+"?done="+done+langQuery(c)+s.undoable(verb, change(before, after)))
	return nil
}
