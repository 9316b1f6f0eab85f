package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/settings"
)

// Settings is what people choose for an installation, for all its replicas, and what it runs with.
type Settings interface {
	// Read reads a setting; a name that is none gets archive.ErrNotFound.
	Read(ctx context.Context, name string) (settings.Chosen, error)

	// Change chooses, and records who did. Values that cannot be used get settings.Refused; a setting
	// that changed since its tag was seen gets archive.ErrConflict. Either changes nothing.
	Change(ctx context.Context, c settings.Change) (settings.Chosen, error)

	// Changes is the newest changes, the newest first, at most n.
	Changes(ctx context.Context, n int) ([]archive.SettingChange, error)

	// Losses is what cards would lose within a week if what platforms return were kept for the period.
	Losses(ctx context.Context, period archive.Retention) ([]archive.Loss, error)

	// RuleHost rules over every source whose page is at the host, and returns how many videos have one.
	RuleHost(ctx context.Context, host string, as archive.Ruling, reason, actor string) (int, error)

	// Facts is what this process runs with. No secret is among them.
	Facts(ctx context.Context) []Fact
}

// Fact is one thing that the process runs with.
type Fact struct {
	Name  string // of its text: "store"
	Value string // empty: State says it
	State string // Absent, Unknown, Any, or one of Given and Switched
	Flag  string // that changes it; empty: none does
}

// States of facts that have no value.
const (
	Absent  = "absent"
	Unknown = "unknown"
	Any     = "any" // where none is named
)

// Given is the state of a secret, which is never shown.
func Given(is bool) string { return map[bool]string{true: "given", false: Absent}[is] }

// Switched is the state of a switch.
func Switched(on bool) string { return map[bool]string{true: "on", false: "off"}[on] }

const (
	settingChanges = 20 // that the page shows
	mostLosses     = 50 // that a preview lists
)

// settingsPage is what is chosen for the installation.
type settingsPage struct {
	layout
	Audit     settingForm
	Retention settingForm
	Ahead     []archive.Loss // what is purged within a week
	Preview   *lossPreview   // nil: none was asked for
	Rulings   rulingList
	Changes   []settingChange
	Facts     []Fact
	Done      string
	Conflict  bool
	Undo      *settingChange // the change just made
}

// lossPreview is what another period would cost.
type lossPreview struct {
	Period string
	Losses []archive.Loss
	More   int
}

// Here is the address of this page in another language.
func (settingsPage) Here(lang string) string { return "/settings?lang=" + lang }

// settingsOf is /settings; with ?preview= it says what a period of retention would cost.
func (s *Server) settingsOf(c *gin.Context) error {
	page, err := s.settingsPage(c)
	if err != nil {
		return err
	}
	if done := c.Query("done"); done == "saved" || done == "ruled" {
		page.Done = "settings.done." + done
		if done == "saved" && len(page.Changes) > 0 {
			page.Undo = &page.Changes[0]
		}
	}
	status := http.StatusOK
	if c.Query("preview") != "" {
		if status, err = s.previewRetention(c, &page); err != nil {
			return err
		}
	}
	return s.page(c, status, "newsroom/settings", page)
}

func (s *Server) settingsPage(c *gin.Context) (page settingsPage, err error) {
	ctx := c.Request.Context()
	page = settingsPage{layout: s.layout(c, "settings.title"), Facts: s.settings.Facts(ctx)}
	if page.Audit, err = s.settingForm(ctx, settings.Audit); err != nil {
		return page, err
	}
	if page.Retention, err = s.settingForm(ctx, settings.Retention); err != nil {
		return page, err
	}
	changes, err := s.settings.Changes(ctx, settingChanges)
	if err != nil {
		return page, fmt.Errorf("reading the changes of settings: %w", err)
	}
	page.Changes = shownChanges(changes, page.Audit.Tag, page.Retention.Tag)
	if page.Rulings, err = s.rulings(ctx, page.Lang); err != nil {
		return page, err
	}
	if s.retention != nil {
		if page.Ahead, err = s.retention.Ahead(ctx); err != nil {
			return page, fmt.Errorf("reading what is purged next: %w", err)
		}
		page.Ahead = page.Ahead[:min(len(page.Ahead), mostLosses)]
	}
	return page, nil
}

func (s *Server) settingForm(ctx context.Context, name string) (settingForm, error) {
	chosen, err := s.settings.Read(ctx, name)
	if err != nil {
		return settingForm{}, fmt.Errorf("reading the setting %s: %w", name, err)
	}
	return newSettingForm(chosen), nil
}

// settingView is a field as its template shows it.
type settingView struct {
	layout
	settingField
	Form string // name of the setting
}

// View is a field of one of the page's forms.
func (p settingsPage) View(form settingForm, f settingField) settingView {
	return settingView{p.layout, f, form.Name}
}

// undoing is a change with what its template needs.
type undoing struct {
	layout
	settingChange
}

// Undoing is a change as its template shows it.
func (p settingsPage) Undoing(c settingChange) undoing { return undoing{p.layout, c} }

// losing is what cards are about to lose.
type losing struct {
	layout
	Losses []archive.Loss
	More   int
}

// Losing is losses as their template shows them.
func (p settingsPage) Losing(losses []archive.Loss, more int) losing {
	return losing{p.layout, losses, more}
}

// previewRetention says what the period in the form would cost, and leaves the form as it was typed.
func (s *Server) previewRetention(c *gin.Context, page *settingsPage) (int, error) {
	sent := c.Request.URL.Query()
	typed := typedValues(settings.Retention, sent)
	page.Retention.fill(typed, sent)
	value := typed["period"]
	if value == "" {
		value = archive.Keep.String()
	}
	period, err := archive.ParseRetention(value)
	if err != nil {
		page.Retention.problem("period", page.T("settings.problem.period"))
		return http.StatusUnprocessableEntity, nil
	}
	losses, err := s.settings.Losses(c.Request.Context(), period)
	if err != nil {
		return 0, fmt.Errorf("looking ahead: %w", err)
	}
	shown := losses[:min(len(losses), mostLosses)]
	page.Preview = &lossPreview{Period: value, Losses: shown, More: len(losses) - len(shown)}
	return http.StatusOK, nil
}

// saveSetting changes one setting by its form.
func (s *Server) saveSetting(name string) func(*gin.Context) error {
	return func(c *gin.Context) error {
		form, err := s.postForm(c)
		if err != nil {
			return err
		}
		typed := typedValues(name, form)
		_, err = s.settings.Change(c.Request.Context(), settings.Change{Setting: name, Tag: form.Get("tag"), Values: typed, Actor: actorOf(c.Request.Context())})
		if err == nil {
			c.Redirect(http.StatusSeeOther, "/settings?done=saved"+langQuery(c))
			return nil
		}
		return s.settingAgain(c, name, typed, form, err)
	}
}

// settingAgain shows the page again with what was typed, and beside it what is wrong or what somebody else saved.
func (s *Server) settingAgain(c *gin.Context, name string, typed map[string]string, sent url.Values, cause error) error {
	f := faultOf(cause)
	if f.status != http.StatusConflict && f.field == nil {
		return fmt.Errorf("changing the setting %s: %w", name, cause)
	}
	page, err := s.settingsPage(c)
	if err != nil {
		return err
	}
	form := &page.Audit
	if name == settings.Retention {
		form = &page.Retention
	}
	if f.status == http.StatusConflict {
		page.Conflict = true
		form.compare(typed, sent)
	} else {
		form.fill(typed, sent)
		form.refuse(page.layout, cause)
	}
	return s.page(c, f.status, "newsroom/settings", page)
}
