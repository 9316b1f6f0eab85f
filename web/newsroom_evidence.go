package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// Captures reads what sources showed, the oldest first.
type Captures interface {
	Captures(ctx context.Context, id archive.VideoID) iter.Seq2[archive.Capture, error]
	// CapturesAfter reads those that follow the one with an id; the empty id stands before all of them.
	CapturesAfter(ctx context.Context, id archive.VideoID, after string) iter.Seq2[archive.Capture, error]
}

// evidencePage is what is known of a video's sources, since when, and how.
type evidencePage struct {
	layout
	ID       archive.VideoID
	Name     string
	Sources  []evidenceSource
	Captures []comparedCapture // the newest first
	Done     string            // the id of a text
	Refused  *refusedDecision  // what was sent and could not be done; nil for nothing
}

// Tab is which of the video's pages it is.
func (evidencePage) Tab() string { return "evidence" }

// Here is the address of this page in another language.
func (p evidencePage) Here(lang string) string {
	return "/videos/" + string(p.ID) + "/evidence?lang=" + lang
}

// evidenceSource is one source with its history, the newest move first.
type evidenceSource struct {
	archive.Source
	Moves []archive.Transition
}

// Died is the interval in which the source was lost: last seen good, first seen bad.
func (s evidenceSource) Died() bool { return !s.Standing.FirstBad.IsZero() }

// maxCaptures bounds what one page compares.
const maxCaptures = 50

// evidence is /videos/{id}/evidence.
func (s *Server) evidence(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	page, err := s.evidencePage(c, v)
	if err != nil {
		return err
	}
	switch done := c.Query("done"); done {
	case "ruled", "unruled", "released":
		page.Done = "evidence.done." + done
	}
	return s.page(c, http.StatusOK, "newsroom/evidence", page)
}

func (s *Server) evidencePage(c *gin.Context, v archive.Video) (evidencePage, error) {
	page := evidencePage{layout: s.layout(c, "evidence.title"), ID: v.ID}
	page.Name, _ = v.DisplayTitle(page.Lang)
	for _, source := range v.Sources {
		moves := slices.Clone(source.Standing.Transitions)
		slices.Reverse(moves)
		page.Sources = append(page.Sources, evidenceSource{Source: source, Moves: moves})
	}
	if s.captures == nil {
		return page, nil
	}
	captures, err := newestCaptures(s.captures.Captures(c.Request.Context(), v.ID))
	if err != nil {
		return page, fmt.Errorf("reading the captures of %s: %w", v.ID, err)
	}
	page.Captures = compared(captures)
	return page, nil
}

// newestCaptures is at most maxCaptures, the oldest first.
func newestCaptures(all iter.Seq2[archive.Capture, error]) ([]archive.Capture, error) {
	var list []archive.Capture
	for capture, err := range all {
		if err != nil {
			return nil, err
		}
		if list = append(list, capture); len(list) > maxCaptures {
			list = list[1:]
		}
	}
	return list, nil
}

// comparedCapture is a capture beside the one of the same source before it.
type comparedCapture struct {
	archive.Capture
	First   bool
	Changed []difference
	Before  *archive.File // the thumbnail that Now replaced; nil of a first capture
	Now     *archive.File // nil where the thumbnail is as before
}

// difference is one field that reads otherwise than before.
type difference struct{ Field, Before, Now string }

func compared(captures []archive.Capture) []comparedCapture {
	last := map[archive.SourceKey]archive.Capture{}
	var list []comparedCapture
	for _, capture := range captures {
		before, seen := last[capture.Source]
		c := comparedCapture{Capture: capture, First: !seen}
		if c.Now = largestPicture(capture.Thumbnails); seen {
			c.Changed = differences(before.Fields, capture.Fields)
			c.Before, c.Now = changedPicture(before, capture)
		}
		list = append(list, c)
		last[capture.Source] = capture
	}
	slices.Reverse(list)
	return list
}

// passage is a text with the part of it that is not in the other one.
type passage struct{ Start, Middle, End string }

// Was is the text from before.
func (d difference) Was() passage { return beside(d.Before, d.Now) }

// Is is the text that came.
func (d difference) Is() passage { return beside(d.Now, d.Before) }

// beside parts a text into what it has in common with another at its start and at its end, and the middle. It
// parts between words: half a word marked says nothing.
func beside(text, other string) passage {
	mine, theirs := strings.SplitAfter(text, " "), strings.SplitAfter(other, " ")
	start, end := 0, 0
	for start < len(mine) && start < len(theirs) && mine[start] == theirs[start] {
		start++
	}
	for end < len(mine)-start && end < len(theirs)-start && mine[len(mine)-1-end] == theirs[len(theirs)-1-end] {
		end++
	}
	from := len(mine) - end
	return passage{strings.Join(mine[:start], ""), strings.Join(mine[start:from], ""), strings.Join(mine[from:], "")}
}

func differences(before, now archive.Fields) []difference {
	var list []difference
	for _, d := range []difference{
		{"title", before.Title, now.Title}, {"text", before.Description, now.Description}, {"channel", before.Channel, now.Channel},
		{"status", strings.Join(before.Status, ", "), strings.Join(now.Status, ", ")},
	} {
		if d.Before != d.Now {
			list = append(list, d)
		}
	}
	return list
}

// changedPicture is the largest thumbnail then and now, where it is another.
func changedPicture(before, now archive.Capture) (was, is *archive.File) {
	was, is = largestPicture(before.Thumbnails), largestPicture(now.Thumbnails)
	if was == nil || is == nil || was.Digest == is.Digest {
		return nil, nil
	}
	return was, is
}

func largestPicture(files []archive.File) *archive.File {
	var best *archive.File
	for i, f := range files {
		if best == nil || f.Width > best.Width {
			best = &files[i]
		}
	}
	return best
}

// evidenceFile is /videos/{id}/evidence/{file}: an answer or a picture as it came.
func (s *Server) evidenceFile(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	f, err := s.evidenceNamed(c.Request.Context(), v, c.Param("file"))
	if err != nil {
		return err
	}
	body, err := s.media.Open(c.Request.Context(), v.ID, f, 0)
	if err != nil {
		return fmt.Errorf("file %s of %s: %w", f.Name(), v.ID, err)
	}
	defer body.Close()
	kind := "text/plain; charset=utf-8" // what a platform answered is shown and never run
	if strings.HasPrefix(f.Type, "image/") && f.Type != "image/svg+xml" {
		kind = f.Type
	}
	c.Header("Content-Type", kind)
	c.Header("Cache-Control", "private, max-age=600") // seconds
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		return nil
	}
	if _, err := io.Copy(c.Writer, body); err != nil && c.Request.Context().Err() == nil {
		s.log.WarnContext(c.Request.Context(), "a piece of evidence was not sent to its end", "file", f.Name(), "error", err)
	}
	return nil
}

// evidenceNamed finds a file among those that the standings and captures of the video name.
func (s *Server) evidenceNamed(ctx context.Context, v archive.Video, name string) (archive.File, error) {
	is := func(f archive.File) bool { return f.Name() == name }
	for _, source := range v.Sources {
		for _, f := range source.Standing.Answers() {
			if is(f) {
				return f, nil
			}
		}
	}
	missing := fmt.Errorf("evidence %q of %s: %w", name, v.ID, archive.ErrNotFound)
	if s.captures == nil {
		return archive.File{}, missing
	}
	for capture, err := range s.captures.Captures(ctx, v.ID) {
		if err != nil {
			return archive.File{}, err
		}
		files := slices.Concat(capture.Thumbnails, capture.Raw)
		if i := slices.IndexFunc(files, is); i >= 0 {
			return files[i], nil
		}
	}
	return archive.File{}, missing
}

// overrule puts a person's ruling above a source's computed state, or takes it back.
func (s *Server) overrule(c *gin.Context) error {
	return s.decide(c, func(ctx context.Context, v archive.Video, key archive.SourceKey, as, reason string) (string, error) {
		_, err := s.library.Rule(ctx, v.ID, key, archive.Ruling(as), reason, actorOf(ctx))
		if as == "" {
			return "unruled", err
		}
		return "ruled", err
	})
}

// release lets a source's held rounds count.
func (s *Server) release(c *gin.Context) error {
	return s.decide(c, func(ctx context.Context, v archive.Video, key archive.SourceKey, _, reason string) (string, error) {
		_, err := s.library.ReleaseHeld(ctx, v.ID, key, reason, actorOf(ctx))
		return "released", err
	})
}

// refusedDecision is a form of a decision as it was sent, with what is wrong with it.
type refusedDecision struct {
	Source         archive.SourceKey
	Form           string // "overrule" or "release"
	As, Reason     string
	Field, Problem string
}

// Sent is what was typed into one of a source's forms and refused; the zero value for nothing.
func (p evidencePage) Sent(form string, source archive.SourceKey) refusedDecision {
	if p.Refused == nil || p.Refused.Form != form || p.Refused.Source != source {
		return refusedDecision{}
	}
	return *p.Refused
}

// Undecided reports whether a form of a source was refused.
func (p evidencePage) Undecided(source archive.SourceKey) bool {
	return p.Refused != nil && p.Refused.Source == source
}

// decide reads the form of a decision about one source and shows the page again. What is refused stands in its form
// as it was sent.
func (s *Server) decide(c *gin.Context, decision func(ctx context.Context, v archive.Video, key archive.SourceKey, as, reason string) (string, error)) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	key, err := sourceKey(form.Get("source"))
	if err != nil {
		return err
	}
	done, err := decision(c.Request.Context(), v, key, form.Get("as"), form.Get("reason"))
	var field *archive.FieldError
	if errors.As(err, &field) {
		page, pageErr := s.evidencePage(c, v)
		if pageErr != nil {
			return pageErr
		}
		page.Refused = &refusedDecision{
			Source: key, Form: path.Base(c.FullPath()), As: form.Get("as"), Reason: form.Get("reason"),
			Field: field.Field, Problem: page.T("evidence.problem." + field.Field),
		}
		return s.page(c, http.StatusUnprocessableEntity, "newsroom/evidence", page)
	}
	if err != nil {
		return fmt.Errorf("deciding about %s: %w", key, err)
	}
	c.Redirect(http.StatusSeeOther, "/videos/"+string(v.ID)+"/evidence?done="+done+langQuery(c))
	return nil
}
