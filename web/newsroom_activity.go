package web

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// History reads what was done to a video, the oldest first.
type History interface {
	Events(ctx context.Context, id archive.VideoID) iter.Seq2[archive.Event, error]
	// EventsAfter reads those that follow the one with an id; the empty id stands before all of them.
	EventsAfter(ctx context.Context, id archive.VideoID, after string) iter.Seq2[archive.Event, error]
}

// maxActivity bounds what one page shows of a video's history: the newest.
const maxActivity = 200

// activityPage is who did what to a video, and when.
type activityPage struct {
	layout
	ID     archive.VideoID
	Name   string
	Events []activity // the newest first
	More   bool       // there are older ones, which are not shown
}

// activity is one event for people.
type activity struct {
	archive.Event
	Known   bool // whether there is a text for its verb
	Changes []fieldChange
}

// Undone reports whether the event took another one back, of the verb that is its reason.
func (a activity) Undone() bool {
	_, ok := undoNeeds(a.Reason)
	return a.Verb == "undo" && ok
}

// fieldChange is a top-level field of the record as it was and as it became, as JSON.
type fieldChange struct{ Field, Before, After string }

// Tab is which of the video's pages it is.
func (activityPage) Tab() string { return "activity" }

// Here is the address of this page in another language.
func (p activityPage) Here(lang string) string {
	return "/videos/" + string(p.ID) + "/activity?lang=" + lang
}

// activity is /videos/{id}/activity.
func (s *Server) activity(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	page := activityPage{layout: s.layout(c, "activity.title"), ID: v.ID}
	page.Name, _ = v.DisplayTitle(page.Lang)
	for e, err := range s.history.Events(c.Request.Context(), v.ID) {
		if err != nil {
			return fmt.Errorf("reading what was done to %s: %w", v.ID, err)
		}
		page.Events = append(page.Events, activity{Event: e, Known: slices.Contains(strings.Fields(knownVerbs), e.Verb), Changes: changesOf(e)})
		if len(page.Events) > maxActivity {
			page.Events, page.More = page.Events[1:], true
		}
	}
	slices.Reverse(page.Events)
	return s.page(c, http.StatusOK, "newsroom/activity", page)
}

// knownVerbs have a text, "activity.verb.…". Others are shown as they stand.
const knownVerbs = "register describe add-source remove-source prefer order check capture copy captions poster overrule release withdraw embargo publish hold lift-hold erase erased label purge archived-page merge merged undo remove-copy remove-captions remove-poster"

// changesOf is what an event says of fields, by name.
func changesOf(e archive.Event) []fieldChange {
	before, _ := e.Before.(map[string]any)
	after, _ := e.After.(map[string]any)
	names := map[string]bool{}
	for name := range before {
		names[name] = true
	}
	for name := range after {
		names[name] = true
	}
	var list []fieldChange
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list = append(list, fieldChange{Field: name, Before: shortJSON(before[name]), After: shortJSON(after[name])})
	}
	return list
}

// longestValue is how much of a field's value the page shows, in characters.
const longestValue = 400

func shortJSON(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return cut(v)
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the template escapes
	if err := encoder.Encode(value); err != nil {
		return "" // what came from JSON goes back into it
	}
	return cut(strings.TrimSpace(text.String()))
}

func cut(s string) string {
	if runes := []rune(s); len(runes) > longestValue {
		return string(runes[:longestValue]) + "…"
	}
	return s
}
