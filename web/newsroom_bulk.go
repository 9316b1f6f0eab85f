package web

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
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
	}
	return b.Labels.Check()
}

// do carries out an action on one video.
func (s *Server) do(ctx context.Context, b bulk, id archive.VideoID) (err error) {
	switch b.Action {
	case "label":
		_, err = s.library.Label(ctx, id, b.Labels, actorOf(ctx))
	case "check":
		err = s.checker.Check(ctx, []archive.VideoID{id}, actorOf(ctx))
	case "withdraw":
		_, err = s.library.Withdraw(ctx, id, b.Explanation, actorOf(ctx))
	case "publish":
		_, err = s.library.Publish(ctx, id, actorOf(ctx))
	}
	return err
}

// many does one thing to the videos that were ticked in the list.
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
	err = b.check(whoOf(ctx), ids)
	var failed []string
	if err == nil {
		failed = s.eachOf(ctx, b, ids)
	}
	if err == nil && len(failed) == 0 {
		q := c.Request.URL.Query()
		q.Set("done", b.Action)
		c.Redirect(http.StatusSeeOther, "/videos?"+q.Encode())
		return nil
	}
	if err != nil && !isField(err) {
		return err
	}
	page, _, pageErr := s.listPage(c)
	if pageErr != nil {
		return pageErr
	}
	if page.Failed = failed; err != nil {
		page.Problem = page.T("list.nothingChosen")
	}
	return s.page(c, http.StatusUnprocessableEntity, "newsroom/list", page)
}

// eachOf returns what failed, for people.
func (s *Server) eachOf(ctx context.Context, b bulk, ids []archive.VideoID) []string {
	var failed []string
	for _, id := range ids {
		if err := s.do(ctx, b, id); err != nil {
			failed = append(failed, string(id)+": "+s.shortly(ctx, err))
		}
	}
	return failed
}

// shortly is what people may see of an error, in one line of English: it stands beside an id.
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

// export is the videos that were ticked, or all that the list shows on all its pages, as CSV.
func (s *Server) export(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	ids, err := idsOf(form["video"])
	if err != nil {
		return err
	}
	q, err := archive.ParseQuery(c.Request.URL.Query())
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="videos-`+s.now().UTC().Format("20060102T150405Z")+`.csv"`)
	w := csv.NewWriter(c.Writer)
	_ = w.Write([]string{"id", "title", "state", "event", "registered", "tags", "collections", "sources", "watch"})
	err = s.exported(c.Request.Context(), ids, q, func(v archive.Video) error { return w.Write(s.csvRow(v)) })
	w.Flush()
	if err = errors.Join(err, w.Error()); err != nil && c.Request.Context().Err() == nil {
		return err
	}
	return nil
}

func (s *Server) exported(ctx context.Context, ids []archive.VideoID, q archive.Query, write func(archive.Video) error) error {
	for _, id := range ids {
		v, err := s.catalog.Video(ctx, id)
		if err == nil {
			err = write(v)
		}
		if err != nil {
			return fmt.Errorf("exporting: %w", err)
		}
	}
	q.After, q.Limit = "", 500
	for len(ids) == 0 {
		page, err := s.catalog.List(ctx, q)
		if err != nil {
			return fmt.Errorf("exporting: %w", err)
		}
		for _, v := range page.Videos {
			if err := write(v); err != nil {
				return fmt.Errorf("exporting: %w", err)
			}
		}
		if q.After = page.Next; page.Next == "" {
			break
		}
	}
	return nil
}

func (s *Server) csvRow(v archive.Video) []string {
	title, _ := v.DisplayTitle(v.DefaultLanguage)
	var sources []string
	for _, source := range v.Sources {
		sources = append(sources, source.URL)
	}
	row := []string{
		string(v.ID), title, bestState(v).String(), string(v.EventDate), v.Created.UTC().Format(time.RFC3339),
		strings.Join(v.Tags, ", "), strings.Join(v.Collections, ", "), strings.Join(sources, " "), s.baseURL() + "/v/" + string(v.ID),
	}
	for i, cell := range row {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			row[i] = "'" + cell // a spreadsheet would take it for a formula
		}
	}
	return row
}
