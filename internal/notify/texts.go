package notify

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
	"time"

	"videoteca/internal/i18n"
	"videoteca/internal/reasons"
)

//go:embed locales digest.html
var files embed.FS

// texts writes letters in one language.
type texts struct {
	catalog *i18n.Catalog
	reasons *reasons.Texts
	lang    string
	base    string
	zone    *time.Location
	page    *template.Template
}

func newTexts(lang, base string, zone *time.Location) (*texts, error) {
	locales, err := fs.Sub(files, "locales")
	if err != nil {
		return nil, err
	}
	c, err := i18n.Load(locales)
	if err != nil {
		return nil, fmt.Errorf("loading the texts of notices: %w", err)
	}
	page, err := template.ParseFS(files, "digest.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the page of notices: %w", err)
	}
	why, err := reasons.NewTexts()
	if err != nil {
		return nil, err
	}
	return &texts{catalog: c, reasons: why, lang: c.Match(lang, ""), base: strings.TrimSuffix(base, "/"), zone: zone, page: page}, nil
}

func (t *texts) text(id string, pairs ...any) string { return t.catalog.Text(t.lang, id, pairs...) }

// section is one part of a letter.
type section struct {
	Title string
	Items []item
}

// item is one source in a letter.
type item struct{ Title, Link, Line string }

type letterPage struct {
	Lang, Lead string
	Sections   []section
	Link, More string
}

func (t *texts) digest(changes []Change) (Letter, error) {
	var lost, back []item
	var lostAll, backAll int
	for n, c := range changes {
		if c.Lost() {
			lostAll++
		} else {
			backAll++
		}
		if n >= mostListed {
			continue
		}
		i := item{Title: oneLine(c.Title), Link: t.base + "/videos/" + string(c.Video) + "/evidence", Line: t.line(c)}
		if c.Lost() {
			lost = append(lost, i)
		} else {
			back = append(back, i)
		}
	}
	p := letterPage{Lead: t.text("digestLead"), Link: t.base + "/audit", More: t.text("more")}
	for _, s := range []section{{t.text("lost"), lost}, {t.text("back"), back}} {
		if len(s.Items) > 0 {
			p.Sections = append(p.Sections, s)
		}
	}
	if rest := len(changes) - mostListed; rest > 0 {
		p.More = t.text("rest", "N", rest)
	}
	return t.letter(t.text("digestSubject", "Lost", lostAll, "Back", backAll), p)
}

// line says of a source what became of it, between when and when.
func (t *texts) line(c Change) string {
	parts := []string{t.text("state."+c.From.String()) + " → " + t.text("state."+c.To.String())}
	if c.Lost() && !c.FirstBad.IsZero() {
		parts = append(parts, t.text("between", "From", t.moment(c.LastGood), "To", t.moment(c.FirstBad)))
	}
	if c.Reason != "" {
		parts = append(parts, oneLine(t.reasons.Words(t.lang, c.Reason)))
	}
	for _, a := range c.Articles {
		parts = append(parts, oneLine(a))
	}
	return strings.Join(parts, " · ")
}

func (t *texts) moment(at time.Time) string {
	if at.IsZero() {
		return t.text("never")
	}
	return at.In(t.zone).Format("2006-01-02 15:04 MST")
}

func (t *texts) opened(platform string, o Outage) (Letter, error) {
	p := letterPage{Lead: t.text("openedLead", "Platform", platform, "Held", o.Held, "Of", o.Of), Link: t.base + "/audit?mark=held", More: t.text("more")}
	return t.letter(t.text("openedSubject", "Platform", platform), p)
}

func (t *texts) closed(platform string, since time.Time) (Letter, error) {
	p := letterPage{Lead: t.text("closedLead", "Platform", platform, "Since", t.moment(since)), Link: t.base + "/audit", More: t.text("more")}
	return t.letter(t.text("closedSubject", "Platform", platform), p)
}

func (t *texts) letter(subject string, p letterPage) (Letter, error) {
	p.Lang = t.lang
	var html bytes.Buffer
	if err := t.page.Execute(&html, p); err != nil {
		return Letter{}, fmt.Errorf("writing a letter: %w", err)
	}
	var plain strings.Builder
	plain.WriteString(p.Lead + "\n")
	for _, s := range p.Sections {
		plain.WriteString("\n" + s.Title + "\n")
		for _, i := range s.Items {
			fmt.Fprintf(&plain, "- %s\n  %s\n  %s\n", i.Title, i.Line, i.Link)
		}
	}
	fmt.Fprintf(&plain, "\n%s %s\n", p.More, p.Link)
	return Letter{Subject: "Videoteca: " + subject, Text: plain.String(), HTML: html.String()}, nil
}
