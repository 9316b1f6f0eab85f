package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/reasons"
)

// bulk is one thing to be done to many videos.
type bulk struct {
	Action      string // "label", "check", "withdraw", "publish"
	Labels      archive.Labels
	Explanation archive.Text
}

// bulkNeeds is what each action needs one of; nil for what is none.
func bulkNeeds(action string) []people.Permission {
	switch action {
	case "label":
		return []people.Permission{people.Edit}
	case "check":
		return []people.Permission{people.Edit, people.Audit}
	case "withdraw", "publish":
		return []people.Permission{people.Withdraw}
	}
	return nil
}

// check reports what is wrong with the whole, before anything is done.
func (b bulk) check(who people.Identity, ids []archive.VideoID) error {
	needs := bulkNeeds(b.Action)
	switch {
	case needs == nil:
		return &archive.FieldError{Field: "action", Problem: fmt.Sprintf("%q is none", b.Action), Cure: "use label, check, withdraw or publish"}
	case !slices.ContainsFunc(needs, who.May):
		return forbiddenError{needs[0]}
	case len(ids) == 0:
		return &archive.FieldError{Field: "ids", Problem: "there are none", Cure: "choose videos first"}
	case len(ids) > longestBulk:
		return &archive.FieldError{Field: "ids", Problem: fmt.Sprintf("%d are too many", len(ids)), Cure: fmt.Sprintf("send at most %d at once", longestBulk)}
	case b.Action == "label" && b.Labels.Empty():
		return &archive.FieldError{Field: "labels", Problem: "there are none", Cure: "give tags or collections to add or to remove"}
	case b.Action == "withdraw" && len(b.Explanation) == 0:
		return &archive.FieldError{Field: "explanation", Problem: "there is none", Cure: "tell readers in a sentence why the videos are not shown"}
	}
	return b.Labels.Check()
}

// do carries out an action on one video, and returns it as it is then; the zero video where the action
// is no change of the record.
func (s *Server) do(ctx context.Context, b bulk, id archive.VideoID) (archive.Video, error) {
	switch b.Action {
	case "label":
		return s.library.Label(ctx, id, b.Labels, actorOf(ctx))
	case "check":
		return archive.Video{}, s.checker.Check(ctx, []archive.VideoID{id}, actorOf(ctx))
	case "withdraw":
		return s.library.Withdraw(ctx, id, b.Explanation, actorOf(ctx))
	case "publish":
		return s.library.Publish(ctx, id, actorOf(ctx))
	}
	return archive.Video{}, nil
}

// bulkItem is what became of one video.
type bulkItem struct {
	ID     archive.VideoID `json:"id"`
	Title  string          `json:"title"`
	Error  string          `json:"error,omitempty"`
	Lang   string          `json:"lang,omitempty"`   // of the error, BCP 47, where that is not the page's
	Change string          `json:"change,omitempty"` // as the form of undoing names it; empty: there is nothing to undo
}

// manyAnswer is what the page's script gets.
type manyAnswer struct {
	Items   []bulkItem `json:"items"`
	Problem string     `json:"problem,omitempty"` // with the whole: nothing was done
}

// many does one thing to the videos that were ticked in the list. The page's script asks for a few at a
// time, and for JSON.
func (s *Server) many(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	ids, err := idsOf(form["video"])
	if err != nil {
		return err
	}
	b := bulkOf(form)
	ctx := c.Request.Context()
	l := s.layout(c, "list.title")
	err = b.check(whoOf(ctx), ids)
	if err != nil && !isField(err) {
		return err
	}
	answer := manyAnswer{Items: []bulkItem{}}
	if err != nil {
		answer.Problem = l.bulkProblem(err)
	} else {
		answer.Items = s.eachOf(ctx, l, b, ids)
	}
	if c.GetHeader("Accept") == "application/json" {
		status := http.StatusOK
		if answer.Problem != "" {
			status = http.StatusUnprocessableEntity
		}
		writeJSON(c, status, answer)
		return nil
	}
	return s.manyPage(c, b, answer)
}

// manyPage shows the list again, with what failed by name. What did not fail can be undone all the same.
func (s *Server) manyPage(c *gin.Context, b bulk, answer manyAnswer) error {
	var failed []failing
	var changes []string
	for _, item := range answer.Items {
		switch {
		case item.Error != "":
			failed = append(failed, failing{item.Title, reasons.Said{Words: item.Error, Lang: item.Lang}})
		case item.Change != "":
			changes = append(changes, item.Change)
		}
	}
	if answer.Problem == "" && len(failed) == 0 {
		q := c.Request.URL.Query()
		q.Set("done", b.Action)
		c.Redirect(http.StatusSeeOther, "/videos?"+q.Encode()+s.undoable(b.Action, changes...))
		return nil
	}
	page, _, err := s.listPage(c)
	if err != nil {
		return err
	}
	if page.Failed = failed; answer.Problem != "" {
		page.Problem = answer.Problem
	}
	if len(failed) < len(answer.Items) {
		page.Done, page.Undo = "list.done."+b.Action, s.offer(c, page.layout, b.Action, changes, "list", page.Many())
	}
	return s.page(c, http.StatusUnprocessableEntity, "newsroom/list", page)
}

// bulkProblem is what is wrong with the whole, for people.
func (l layout) bulkProblem(err error) string {
	var field *archive.FieldError
	if errors.As(err, &field) {
		switch field.Field {
		case "explanation":
			return l.T("takedown.problem.explanation")
		case "labels":
			return l.T("list.noLabels")
		case "tags", "collections":
			return l.T("list.badLabel")
		}
	}
	return l.T("list.nothingChosen")
}

// eachOf does one thing to every video. One that fails stops none of the others; for which no time is left, that is said.
func (s *Server) eachOf(ctx context.Context, l layout, b bulk, ids []archive.VideoID) []bulkItem {
	items, begun := make([]bulkItem, 0, len(ids)), s.now()
	for _, id := range ids {
		item := bulkItem{ID: id, Title: s.titleOf(ctx, id, l.Lang)}
		before, _ := s.catalog.Video(ctx, id) // where it cannot be read, doing it says why
		after, err := before, s.late(begun)
		if err == nil {
			after, err = s.do(ctx, b, id)
		}
		switch {
		case errors.Is(err, errLate):
			item.Error = l.T("list.late")
		case err != nil:
			said := s.failure(ctx, l, err)
			item.Error, item.Lang = said.Words, said.Lang
		case s.undoer != nil:
			item.Change = change(before, after)
		}
		items = append(items, item)
	}
	return items
}

// shortly is what programs may see of an error, in one line of English: it stands beside an id.
func (s *Server) shortly(ctx context.Context, err error) string {
	f := faultOf(err)
	s.logFault(ctx, err, f)
	return s.problem(ctx, f, "").Detail
}

func idsOf(list []string) ([]archive.VideoID, error) {
	var ids []archive.VideoID
	for _, text := range list {
		id, err := parseID(text)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func bulkOf(form url.Values) bulk {
	b := bulk{Action: form.Get("action"), Explanation: archive.Text{}}
	b.Labels.AddTags, b.Labels.AddCollections = split(form.Get("tags")), split(form.Get("collections"))
	for lang := range strings.FieldsSeq(formLanguages) {
		if said := strings.TrimSpace(form.Get("explanation." + lang)); said != "" {
			b.Explanation[lang] = said
		}
	}
	return b
}

// split reads labels that somebody typed with commas between them.
func split(typed string) []string {
	var list []string
	for part := range strings.SplitSeq(typed, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
