package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

func bulkActions() []string { return []string{"check", "overrule", "note"} }

// longestBulk bounds what one form may ask for: re-checking is a question to a platform each.
const longestBulk = 500

// shortTask is how long a form waits for what it began, so that what is done at once needs no page in between.
const shortTask = 2 * time.Second

// auditMany begins to do one thing to many sources. What takes longer than a moment goes on in the
// background, and the page says how far it is.
func (s *Server) auditMany(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	chosen, err := chosenSources(form["source"])
	if err != nil {
		return err
	}
	m := many{action: form.Get("action"), as: archive.Ruling(form.Get("as")), reason: strings.TrimSpace(form.Get("reason")), actor: actorOf(c.Request.Context()), chosen: chosen}
	err = m.check()
	if err != nil && !isField(err) {
		return err
	}
	var failed []failing
	if err == nil {
		l := s.layout(c, "audit.title")
		t := s.tasks.begin(c.Request.Context(), m.action, len(m.items()), func(ctx context.Context, t *task) { s.doMany(ctx, l, m, t) })
		q := c.Request.URL.Query()
		q.Del("done")
		if !t.wait(c.Request.Context(), shortTask) {
			q.Set("task", t.id)
			c.Redirect(http.StatusSeeOther, "/audit?"+q.Encode())
			return nil
		}
		if failed = t.failures(); len(failed) == 0 {
			q.Del("task")
			q.Set("done", m.action)
			c.Redirect(http.StatusSeeOther, "/audit?"+q.Encode())
			return nil
		}
	}
	page, pageErr := s.auditPage(c)
	if pageErr != nil {
		return pageErr
	}
	page.Failed, page.Wrong, page.Reason = failed, err != nil, form.Get("reason")
	return s.page(c, http.StatusUnprocessableEntity, "newsroom/audit", page)
}

func isField(err error) bool {
	var field *archive.FieldError
	return errors.As(err, &field)
}

// chosenSource is a row that was ticked.
type chosenSource struct {
	video archive.VideoID
	key   archive.SourceKey
}

// chosenSources reads the ticked rows, "<video> <platform>:<id>" each.
func chosenSources(ticked []string) ([]chosenSource, error) {
	if len(ticked) > longestBulk {
		return nil, statusError(http.StatusRequestEntityTooLarge)
	}
	var chosen []chosenSource
	for _, row := range ticked {
		video, source, _ := strings.Cut(row, " ")
		id, err := parseID(video)
		if err != nil {
			return nil, err
		}
		key, err := sourceKey(source)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, chosenSource{id, key})
	}
	return chosen, nil
}

// many is one thing to be done to the ticked rows.
type many struct {
	action string
	as     archive.Ruling
	reason string
	actor  string
	chosen []chosenSource
}

// check reports what is wrong with the form, before anything is done.
func (m many) check() error {
	if len(m.chosen) == 0 || !slices.Contains(bulkActions(), m.action) || m.action != "check" && m.reason == "" {
		return &archive.FieldError{Field: "source", Problem: "nothing can be done", Cure: "tick sources, choose what to do, and say why"}
	}
	if m.action == "overrule" && m.as != "" && !m.as.Valid() {
		return &archive.FieldError{Field: "as", Problem: fmt.Sprintf("%q is no ruling", m.as), Cure: "say alive, dead or ignore, or nothing"}
	}
	return nil
}

// items are the rows on which the action is done: a note is one for a video, however many of its sources are ticked.
func (m many) items() []chosenSource {
	if m.action != "note" {
		return m.chosen
	}
	var list []chosenSource
	for _, one := range m.chosen {
		if !slices.ContainsFunc(list, func(had chosenSource) bool { return had.video == one.video }) {
			list = append(list, one)
		}
	}
	return list
}

// askedAtOnce is how many sources a re-check asks together: few enough that its progress is seen to move, enough
// that a call of a platform is well used.
const askedAtOnce = 25

// doMany does it, and tells the task how far it is and, in the language of the page, what failed.
func (s *Server) doMany(ctx context.Context, l layout, m many, t *task) {
	if m.action == "check" {
		for part := range slices.Chunk(m.chosen, askedAtOnce) {
			s.askAgain(ctx, l, part, m.actor, t)
		}
		return
	}
	for _, one := range m.items() {
		if err := s.doOne(ctx, one, m); err != nil {
			t.failed(failing{one.key.String(), s.failure(ctx, l, err)})
		}
		t.did(1)
	}
}

// askAgain asks the sources that were ticked and no others of their videos.
func (s *Server) askAgain(ctx context.Context, l layout, part []chosenSource, actor string, t *task) {
	sources := make([]SourceOf, 0, len(part))
	for _, one := range part {
		sources = append(sources, SourceOf{one.video, one.key})
	}
	if err := s.checker.CheckSources(ctx, sources, actor); err != nil {
		said := s.failure(ctx, l, err)
		for _, one := range part {
			t.failed(failing{one.key.String(), said})
		}
	}
	t.did(len(part))
}

func (s *Server) doOne(ctx context.Context, one chosenSource, m many) error {
	if m.action == "overrule" {
		_, err := s.library.Rule(ctx, one.video, one.key, m.as, m.reason, m.actor)
		return err
	}
	v, err := s.catalog.Video(ctx, one.video)
	if err != nil {
		return err
	}
	notes := strings.TrimSpace(v.Notes + "\n" + s.now().UTC().Format(time.DateOnly) + ": " + m.reason)
	_, err = s.library.Describe(ctx, one.video, archive.Words{Notes: &notes, Revision: v.Revision}, m.actor)
	return err
}
