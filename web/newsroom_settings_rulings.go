package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
)

// mostRulings bounds what the page lists; the audit's page has all, under "overruled".
const mostRulings = 200

// rulingList is what people have said of sources, above what is computed.
type rulingList struct {
	Rows     []rulingRow
	More     bool // videos that are not looked at
	Typed    url.Values
	Problems problems // by field, and by field and row where one is to be taken back
}

// Choices are the rulings that may be given.
func (rulingList) Choices() []archive.Ruling {
	return []archive.Ruling{archive.RulesAlive, archive.RulesDead, archive.RulesIgnore}
}

// Chosen reports whether a ruling was chosen in the form that was sent.
func (l rulingList) Chosen(r archive.Ruling) bool { return l.Typed.Get("as") == string(r) }

// rulingRow is one ruling: over a source, or over all sources of a host.
type rulingRow struct {
	archive.Overrule
	Video   archive.VideoID // empty: over a host
	Title   string
	Source  archive.SourceKey
	Sources int // it is over
}

// Row names the row in the page's forms.
func (r rulingRow) Row() string {
	if r.Video == "" {
		return r.Host + " " + string(r.As)
	}
	return string(r.Video) + " " + r.Source.String()
}

func (s *Server) rulings(ctx context.Context, lang string) (rulingList, error) {
	found, err := s.catalog.List(ctx, archive.Query{Mark: "overruled", Limit: mostRulings})
	if err != nil {
		return rulingList{}, fmt.Errorf("listing rulings: %w", err)
	}
	list := rulingList{More: found.Next != ""}
	hosts := map[archive.Overrule]int{} // place of a host's ruling in the list
	for _, v := range found.Videos {
		for _, source := range v.Sources {
			if source.Overrule == nil {
				continue
			}
			o := *source.Overrule
			same := o
			same.At = time.Time{} // each video is ruled over at a moment of its own
			if i, known := hosts[same]; known && o.Host != "" {
				list.Rows[i].Sources++
				continue
			}
			row := rulingRow{Overrule: o, Sources: 1}
			if o.Host == "" {
				row.Video, row.Source = v.ID, source.SourceKey
				row.Title, _ = v.DisplayTitle(lang)
			} else {
				hosts[same] = len(list.Rows)
			}
			list.Rows = append(list.Rows, row)
		}
	}
	return list, nil
}

// ruleFromSettings rules over a host, or takes a ruling back.
func (s *Server) ruleFromSettings(c *gin.Context) error {
	if err := s.admit(c, people.Audit); err != nil {
		return err
	}
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	err = s.ruleAs(c.Request.Context(), form)
	if err == nil {
		c.Redirect(http.StatusSeeOther, "/settings?done=ruled"+langQuery(c))
		return nil
	}
	f := faultOf(err)
	if f.field == nil {
		return fmt.Errorf("ruling: %w", err)
	}
	page, pageErr := s.settingsPage(c)
	if pageErr != nil {
		return pageErr
	}
	said := page.untold(f.field)
	switch f.field.Field {
	case "host", "as", "reason":
		said = page.says("settings.problem." + f.field.Field)
	}
	page.Rulings.Problems = problems{f.field.Field + form.Get("row"): said}
	if form.Get("row") == "" {
		page.Rulings.Typed = form
	}
	return s.page(c, f.status, "newsroom/settings", page)
}

func (s *Server) ruleAs(ctx context.Context, form url.Values) error {
	as, reason := archive.Ruling(form.Get("as")), strings.TrimSpace(form.Get("reason"))
	switch as {
	case "none":
		as = archive.RulesNothing
	case archive.RulesNothing: // a form without a choice must not take anything back
		return &archive.FieldError{Field: "as", Problem: "there is none", Cure: "say alive, dead or ignore"}
	}
	if form.Get("video") == "" {
		_, err := s.ruleHost(ctx, form.Get("host"), as, reason)
		return err
	}
	id, err := parseID(form.Get("video"))
	if err != nil {
		return err
	}
	key, err := sourceKey(form.Get("source"))
	if err != nil {
		return err
	}
	_, err = s.library.Rule(ctx, id, key, as, reason, actorOf(ctx))
	return err
}

// ruleHost rules over every source whose page is at the host, and returns how many videos have one.
func (s *Server) ruleHost(ctx context.Context, typed string, as archive.Ruling, reason string) (int, error) {
	n, err := s.settings.RuleHost(ctx, hostNamed(typed), as, strings.TrimSpace(reason), actorOf(ctx))
	if err == nil && n == 0 {
		err = &archive.FieldError{Field: "host", Problem: "no source has its page there", Cure: "give the host as it stands in the sources' addresses"}
	}
	return n, err
}

// hostNamed is the host in what was typed, which may be an address of it.
func hostNamed(typed string) string {
	typed = strings.TrimSpace(typed)
	if u, err := url.Parse(typed); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return strings.TrimSuffix(typed, "/")
}
