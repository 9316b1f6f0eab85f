package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/reasons"
)

// Eraser deletes what is kept of a video for good; *archive.Eraser is the one there is.
type Eraser interface {
	Preview(ctx context.Context, id archive.VideoID) ([]archive.Belonging, error)
	Erase(ctx context.Context, id archive.VideoID, basis, reason, actor string) (archive.Video, error)
}

// takedownPage is where a video is withdrawn, embargoed, held and erased.
type takedownPage struct {
	layout
	ID          archive.VideoID
	Name        string
	Visibility  archive.Visibility
	LegalHold   *archive.LegalHold
	Erasure     *archive.Erasure
	Explanation explanationForm
	Seen        string // names the decisions that the page shows; its forms carry it
	Conflict    bool   // others decided something meanwhile
	MayErase    bool
	Objects     []archive.Belonging // that erasing would delete; nil unless asked for
	Previewed   bool
	Size        int64 // of the objects, in bytes
	Done        string
	Undo        *undoOffer // of it; nil: it cannot be undone
	Failed      []failing  // what was not undone, and why
	Problems    problems
	Sent        string     // which form it was, by what it would have done
	Typed       url.Values // what was sent, to be corrected
}

// Tab is which of the video's pages it is.
func (takedownPage) Tab() string { return "takedown" }

// Here is the address of this page in another language.
func (p takedownPage) Here(lang string) string {
	return "/videos/" + string(p.ID) + "/takedown?lang=" + lang
}

// TypedIn is what was typed in a field of the form that would have done this; empty where another form was sent.
func (p takedownPage) TypedIn(done, name string) string {
	if p.Sent != done {
		return ""
	}
	return p.Typed.Get(name)
}

// Language is what people call the language of a text.
func (p takedownPage) Language(tag string) string {
	if slices.Contains(strings.Fields(formLanguages), tag) {
		return p.T("language." + tag)
	}
	return tag
}

// takedown is /videos/{id}/takedown; with ?preview=erase it lists what erasing would delete.
func (s *Server) takedown(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	page, err := s.takedownPage(c, v)
	if err != nil {
		return err
	}
	switch done := c.Query("done"); done {
	case "withdrawn", "embargoed", "published", "held", "lifted", "erased", "undone":
		page.Done, page.Undo = "takedown.done."+done, s.offered(c, page.layout, page.Tab(), "lang="+page.Lang)
	}
	return s.page(c, http.StatusOK, "newsroom/takedown", page)
}

func (s *Server) takedownPage(c *gin.Context, v archive.Video) (takedownPage, error) {
	page := takedownPage{
		layout: s.layout(c, "takedown.title"), ID: v.ID, Visibility: v.Visibility, LegalHold: v.LegalHold, Erasure: v.Erasure,
		Explanation: explanationOf(v), Seen: v.TakedownTag(), MayErase: s.eraser != nil && s.may(c, people.Erase),
	}
	page.Name, _ = v.DisplayTitle(page.Lang)
	asked := c.Query("preview") == "erase" || strings.HasSuffix(c.FullPath(), "/erase")
	if !asked || !page.MayErase || page.Erasure != nil {
		return page, nil
	}
	objects, err := s.eraser.Preview(c.Request.Context(), v.ID)
	if err != nil {
		return page, fmt.Errorf("listing what erasing would delete: %w", err)
	}
	page.Objects, page.Previewed = objects, true
	for _, o := range objects {
		page.Size += o.Bytes
	}
	return page, nil
}

// taking carries out one form of the page and shows the page again, with what was wrong beside its field.
//
// A form stands on the decisions that its page showed: who may see the video, what readers are told, and the legal hold.
// Where others have decided something about these meanwhile nothing is done, and whoever sent the form sees both and
// chooses. The record's revision says less: it grows with every audit and every edited title, with which a withdrawal
// has nothing to do. A form that names no decisions, as a script may send it, asks for no check.
func (s *Server) taking(done string, act func(ctx context.Context, v archive.Video, form url.Values, actor string) (archive.Video, error)) func(*gin.Context) error {
	return func(c *gin.Context) error {
		v, form, err := s.videoAndForm(c)
		if err != nil {
			return err
		}
		ctx := c.Request.Context()
		after, err := act(archive.SeeingTakedown(ctx, form.Get("seen")), v, form, actorOf(ctx))
		if err == nil {
			c.Redirect(http.StatusSeeOther, "/videos/"+string(v.ID)+"/takedown?done="+done+langQuery(c)+s.takenDown(done, v, after))
			return nil
		}
		var field *archive.FieldError
		var conflict *archive.ConflictError
		switch {
		case errors.As(err, &conflict):
			return s.takedownConflict(c, conflict.Now, done, form)
		case errors.As(err, &field):
			return s.takedownRefused(c, v, done, form, err)
		}
		return fmt.Errorf("taking down %s: %w", v.ID, err)
	}
}

// takedownRefused shows the page with what was typed and what is wrong with it. It names the decisions that were seen
// when it was typed, not those of this moment, so that a conflict is noticed when it is sent again.
func (s *Server) takedownRefused(c *gin.Context, v archive.Video, done string, form url.Values, cause error) error {
	page, err := s.takedownPage(c, v)
	if err != nil {
		return err
	}
	f := faultOf(cause)
	page.Sent, page.Typed, page.Problems = done, form, problems{f.field.Field: page.takedownProblem(f.field)}
	page.Seen = cmp.Or(form.Get("seen"), page.Seen)
	if done == "withdrawn" {
		page.Explanation = readExplanation(form, v)
	}
	return s.page(c, f.status, "newsroom/takedown", page)
}

// takedownConflict shows the page with what was typed beside what somebody else has decided, as the record says it now.
func (s *Server) takedownConflict(c *gin.Context, now archive.Video, done string, form url.Values) error {
	page, err := s.takedownPage(c, now)
	if err != nil {
		return err
	}
	page.Sent, page.Typed, page.Conflict = done, form, true
	if done == "withdrawn" {
		page.Explanation = readExplanation(form, archive.Video{})
		page.Explanation.merge(now)
	}
	return s.page(c, http.StatusConflict, "newsroom/takedown", page)
}

// takenDown is the end of the address of a page that offers to undo what was done.
func (s *Server) takenDown(done string, before, after archive.Video) string {
	verb, ok := map[string]string{"withdrawn": "withdraw", "embargoed": "embargo", "published": "publish"}[done]
	if !ok {
		return ""
	}
	return s.undoable(verb, change(before, after))
}

func (p takedownPage) takedownProblem(field *archive.FieldError) *reasons.Said {
	switch field.Field {
	case "explanation", "until", "reason", "basis", "hold", "confirm":
		return p.says("takedown.problem." + field.Field)
	}
	return p.untold(field)
}

func (s *Server) withdraw() func(*gin.Context) error {
	return s.taking("withdrawn", func(ctx context.Context, v archive.Video, form url.Values, actor string) (archive.Video, error) {
		said := readExplanation(form, v)
		if len(said.Clashes) > 0 { // nothing was chosen
			return archive.Video{}, &archive.ConflictError{Now: v, Field: "explanation"}
		}
		return s.library.Withdraw(ctx, v.ID, said.text(), actor)
	})
}

func (s *Server) embargo() func(*gin.Context) error {
	return s.taking("embargoed", func(ctx context.Context, v archive.Video, form url.Values, actor string) (archive.Video, error) {
		return s.library.Embargo(ctx, v.ID, localTime(form.Get("until"), form.Get("offset")), actor)
	})
}

// localTime reads what a field for date and time holds. The offset is in minutes, as
// JavaScript has it: what is to be added to come to UTC. Without one the time is UTC; what is
// no time is the zero time.
func localTime(value, offset string) time.Time {
	minutes, err := strconv.Atoi(offset)
	if err != nil || minutes < -16*60 || minutes > 16*60 {
		minutes = 0
	}
	for _, form := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.DateOnly} {
		if at, err := time.Parse(form, strings.TrimSpace(value)); err == nil {
			return at.Add(time.Duration(minutes) * time.Minute)
		}
	}
	return time.Time{}
}

func (s *Server) publish() func(*gin.Context) error {
	return s.taking("published", func(ctx context.Context, v archive.Video, _ url.Values, actor string) (archive.Video, error) {
		return s.library.Publish(ctx, v.ID, actor)
	})
}

func (s *Server) hold() func(*gin.Context) error {
	return s.taking("held", func(ctx context.Context, v archive.Video, form url.Values, actor string) (archive.Video, error) {
		return s.library.Hold(ctx, v.ID, form.Get("reason"), actor)
	})
}

func (s *Server) liftHold() func(*gin.Context) error {
	return s.taking("lifted", func(ctx context.Context, v archive.Video, form url.Values, actor string) (archive.Video, error) {
		return s.library.LiftHold(ctx, v.ID, form.Get("reason"), actor)
	})
}

// erase asks for the video's id to be typed: of everything here, this alone cannot be undone.
func (s *Server) erase() func(*gin.Context) error {
	return s.taking("erased", func(ctx context.Context, v archive.Video, form url.Values, actor string) (archive.Video, error) {
		if strings.TrimSpace(form.Get("confirm")) != string(v.ID) {
			return archive.Video{}, &archive.FieldError{Field: "confirm", Problem: "the id was not typed", Cure: "type the video's id, " + string(v.ID)}
		}
		return s.eraser.Erase(ctx, v.ID, form.Get("basis"), form.Get("reason"), actor)
	})
}
