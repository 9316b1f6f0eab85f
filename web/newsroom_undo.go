package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/reasons"
)

// Undoer takes changes back. One in whose way somebody else's later change stands gets archive.ErrConflict.
type Undoer interface {
	Undo(ctx context.Context, id archive.VideoID, u archive.Undoing, actor string) (archive.Video, error)
}

// undoOffer is what has just been done, as the button says it that takes it back.
type undoOffer struct {
	Verb    string
	Changes []string // "id.revision"
	To      string   // the page to come back to
	Action  string   // address of the form
	Text    string   // of the button
}

// undoNeeds is what taking back a change needs, as making it did; ok where it can be taken back.
func undoNeeds(verb string) (needs people.Permission, ok bool) {
	switch verb {
	case "withdraw", "embargo", "publish":
		return people.Withdraw, true
	case "describe", "label", "prefer", "order", "copy", "captions", "poster", "remove-copy", "remove-captions", "remove-poster":
		return people.Edit, true
	}
	return "", false
}

// change names what an action made of a video; empty where it left it as it was.
func change(before, after archive.Video) string {
	if after.Revision <= before.Revision {
		return ""
	}
	return string(after.ID) + "." + strconv.FormatInt(after.Revision, 10)
}

// undoable is the end of an address whose page offers to take changes back; empty where there are none.
func (s *Server) undoable(verb string, changes ...string) string {
	changes = slices.DeleteFunc(changes, func(c string) bool { return c == "" })
	if s.undoer == nil || len(changes) == 0 {
		return ""
	}
	return "&undo=" + verb + "&of=" + strings.Join(changes, ",")
}

// offered reads what an address says can be taken back. Only those who may are offered it. Afterwards the form
// leads back to a page, with the query of its own address.
func (s *Server) offered(c *gin.Context, l layout, to, query string) *undoOffer {
	return s.offer(c, l, c.Query("undo"), strings.Split(c.Query("of"), ","), to, query)
}

// offer is the button that takes changes back, as offered has it; nil where there are none, or whoever asks may not.
func (s *Server) offer(c *gin.Context, l layout, verb string, changes []string, to, query string) *undoOffer {
	needs, ok := undoNeeds(verb)
	if !ok || s.undoer == nil || !s.may(c, needs) {
		return nil
	}
	if _, err := changesNamed(changes); err != nil {
		return nil
	}
	return &undoOffer{Verb: verb, Changes: changes, To: to, Action: "/videos/undo?" + query, Text: l.T("undo.do")}
}

// named is a change of one video.
type named struct {
	video    archive.VideoID
	revision int64
}

func changesNamed(list []string) ([]named, error) {
	var changes []named
	for _, text := range list {
		raw, number, _ := strings.Cut(text, ".")
		id, err := archive.ParseVideoID(raw)
		revision, numberErr := strconv.ParseInt(number, 10, 64)
		if err != nil || numberErr != nil || revision < 1 {
			return nil, &archive.FieldError{Field: "of", Problem: fmt.Sprintf("%q names no change", text), Cure: "give a video's id, a dot and the revision"}
		}
		changes = append(changes, named{id, revision})
	}
	if len(changes) == 0 || len(changes) > longestBulk {
		return nil, &archive.FieldError{Field: "of", Problem: fmt.Sprintf("%d changes", len(changes)), Cure: fmt.Sprintf("give 1 to %d", longestBulk)}
	}
	return changes, nil
}

// undo takes back what was just done, to one video or to many, and comes back to the page where it was done.
func (s *Server) undo(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	verb := form.Get("verb")
	needs, ok := undoNeeds(verb)
	if !ok {
		return &archive.FieldError{Field: "verb", Problem: fmt.Sprintf("%q cannot be undone", verb), Cure: "use the button of the page that says what was done"}
	}
	ctx := c.Request.Context()
	if !whoOf(ctx).May(needs) {
		return forbiddenError{needs}
	}
	changes, err := changesNamed(form["of"])
	if err != nil {
		return err
	}
	page := s.layout(c, "list.title")
	var failed []failing
	for _, one := range changes {
		_, err := s.undoer.Undo(ctx, one.video, archive.Undoing{Revision: one.revision, Verb: verb}, actorOf(ctx))
		if err != nil {
			failed = append(failed, failing{s.titleOf(ctx, one.video, page.Lang), s.undoFailure(ctx, page, err)})
		}
	}
	if len(failed) > 0 {
		return s.notUndone(c, form.Get("to"), changes, failed)
	}
	if form.Get("to") == "list" {
		q := c.Request.URL.Query()
		q.Set("done", "undone")
		c.Redirect(http.StatusSeeOther, "/videos?"+q.Encode())
		return nil
	}
	path := "/videos/" + string(changes[0].video)
	if form.Get("to") == "takedown" {
		path += "/takedown"
	}
	c.Redirect(http.StatusSeeOther, path+"?done=undone"+langQuery(c))
	return nil
}

// undoFailure is why a change was not taken back, for people.
func (s *Server) undoFailure(ctx context.Context, l layout, err error) reasons.Said {
	var conflict *archive.ConflictError
	var field *archive.FieldError
	switch {
	case errors.As(err, &conflict):
		return *l.says("undo.changed")
	case errors.As(err, &field) && field.Field == "id":
		return *l.says("undo.merged")
	case errors.Is(err, archive.ErrNotFound):
		return *l.says("undo.past")
	}
	return s.failure(ctx, l, err)
}

// notUndone shows the page again with what was in the way.
func (s *Server) notUndone(c *gin.Context, to string, changes []named, failed []failing) error {
	if to == "list" {
		page, _, err := s.listPage(c)
		if err != nil {
			return err
		}
		page.Failed = failed
		return s.page(c, http.StatusConflict, "newsroom/list", page)
	}
	v, err := s.catalog.Video(c.Request.Context(), changes[0].video)
	if err != nil {
		return err
	}
	if to == "takedown" {
		page, err := s.takedownPage(c, v)
		if err != nil {
			return err
		}
		page.Failed = failed
		return s.page(c, http.StatusConflict, "newsroom/takedown", page)
	}
	page, err := s.videoPage(c, v)
	if err != nil {
		return err
	}
	page.Failed = failed
	return s.page(c, http.StatusConflict, "newsroom/video", page)
}

// titleOf is what people call a video, or its id where even that cannot be read.
func (s *Server) titleOf(ctx context.Context, id archive.VideoID, lang string) string {
	v, err := s.catalog.Video(ctx, id)
	if err != nil {
		return string(id)
	}
	title, _ := v.DisplayTitle(lang)
	return title
}

// failure is what people may see of an error, in a line in their language as far as there is one.
func (s *Server) failure(ctx context.Context, l layout, err error) reasons.Said {
	f := faultOf(err)
	s.logFault(ctx, err, f)
	if f.field != nil {
		switch f.field.Field {
		case "explanation":
			return *l.says("takedown.problem.explanation")
		case "tags", "collections":
			return *l.says("list.badLabel")
		}
		return *l.untold(f.field)
	}
	return *l.says(messageOf(f))
}
