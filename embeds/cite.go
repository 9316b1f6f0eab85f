package embeds

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/internal/i18n"
)

// citation is how to cite a watch page.
type citation struct {
	APA    string // American Psychological Association, 7th edition, 10.12: online media
	BibTeX string
	CSL    string // JSON of the Citation Style Language, as reference managers import it
}

// cited is what a citation is made of. Empty fields are not known.
type cited struct {
	id       archive.VideoID
	title    phrase
	author   string // the channel
	site     string // where it was published
	issued   time.Time
	accessed time.Time // see citedOf
	address  string    // of the watch page, which stays when the source goes
	host     string    // of this installation
	seconds  float64
}

func (r *Renderer) cite(v archive.Video, o Options) citation {
	lang := r.language(v, o)
	c := citedOf(v, o, lang)
	return citation{APA: c.apa(r, lang), BibTeX: c.bibTeX(), CSL: c.csl()}
}

// citedOf takes as the day of access the one on which the words that are cited were
// captured: a page that is cached, or published as a file, does not know today.
func citedOf(v archive.Video, o Options, lang string) cited {
	c := cited{id: v.ID, title: titleOf(v, lang), accessed: v.Created.UTC(), address: o.url("/v/" + string(v.ID)), seconds: length(v)}
	if base, err := url.Parse(o.BaseURL); err == nil {
		c.host = base.Hostname()
	}
	for _, s := range v.Sources {
		if s.Described == nil || s.Described.IsZero() {
			continue
		}
		c.author, c.issued = line(s.Described.Channel), s.Described.Published.UTC()
		c.site = siteOf(s, o)
		if !s.Described.At.IsZero() {
			c.accessed = s.Described.At.UTC()
		}
		return c
	}
	if len(v.Sources) > 0 {
		c.site = siteOf(v.Sources[0], o)
	}
	return c
}

func siteOf(s archive.Source, o Options) string {
	return line(Place{Source: s, Player: o.Players[s.Platform]}.Name())
}

// apa writes "Author. (date). Title [Video]. Site. Address"; without an author the title comes first.
func (c cited) apa(r *Renderer, lang string) string {
	date := r.texts.Text(lang, "cite.noDate")
	if !c.issued.IsZero() {
		date = apaDate(lang, c.issued)
	}
	title := c.title.Text + " [" + r.texts.Text(lang, "cite.video") + "]"
	parts := []string{title, "(" + date + ")"}
	if c.author != "" {
		parts = []string{c.author, "(" + date + ")", title}
	}
	if c.site != "" && c.site != c.author {
		parts = append(parts, c.site)
	}
	var out strings.Builder
	for _, p := range parts {
		out.WriteString(strings.TrimSuffix(p, ".") + ". ")
	}
	return out.String() + c.address
}

// apaDate is a date as APA writes it in the language: "2019, September 26", "26 de septiembre de 2019".
func apaDate(lang string, t time.Time) string {
	if sameBase(lang, i18n.English) {
		return t.Format("2006, January 2")
	}
	return i18n.FormatDate(lang, t)
}

// bibTeX is an entry that BibTeX and BibLaTeX read. Names and titles stand in two braces, so
// that neither is taken apart nor set in lower case.
func (c cited) bibTeX() string {
	var out strings.Builder
	fmt.Fprintf(&out, "@misc{videoteca-%s,\n", c.id)
	field := func(name, value string) { fmt.Fprintf(&out, "  %-12s = %s,\n", name, value) }
	if c.author != "" {
		field("author", "{{"+latex(c.author)+"}}")
	}
	field("title", "{{"+latex(c.title.Text)+"}}")
	if !c.issued.IsZero() {
		field("year", c.issued.Format("{2006}"))
		field("month", strings.ToLower(c.issued.Format("Jan"))) // a macro, which styles write out in their language
		field("day", c.issued.Format("{2}"))
	}
	if c.site != "" {
		field("howpublished", "{Video, "+latex(c.site)+"}")
	}
	field("url", "{"+c.address+"}")
	if !c.accessed.IsZero() {
		field("urldate", c.accessed.Format("{2006-01-02}"))
	}
	return out.String() + "}"
}

// latex escapes what TeX takes for commands. Braces have names, since BibTeX counts
// those behind a backslash too, and an odd one would swallow the rest of the file.
func latex(s string) string {
	return strings.NewReplacer(
		`\`, `\textbackslash{}`, `{`, `\textbraceleft{}`, `}`, `\textbraceright{}`,
		`~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`,
		`&`, `\&`, `%`, `\%`, `$`, `\$`, `#`, `\#`, `_`, `\_`,
	).Replace(s)
}

// cslItem is a reference in CSL-JSON, see the csl-data schema of citation-style-language/schema.
type cslItem struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	Title     string    `json:"title"`
	Author    []cslName `json:"author,omitempty"`
	Issued    *cslDate  `json:"issued,omitempty"`
	Accessed  *cslDate  `json:"accessed,omitempty"`
	Container string    `json:"container-title,omitempty"`
	Medium    string    `json:"medium"`
	Length    string    `json:"dimensions,omitempty"` // H:MM:SS
	Archive   string    `json:"archive,omitempty"`
	Location  string    `json:"archive_location,omitempty"`
	URL       string    `json:"URL"`
	Language  string    `json:"language,omitempty"`
}

type cslName struct {
	Literal string `json:"literal"`
}

type cslDate struct {
	Parts [1][3]int `json:"date-parts"`
}

func cslDay(t time.Time) *cslDate {
	if t.IsZero() {
		return nil
	}
	return &cslDate{[1][3]int{{t.Year(), int(t.Month()), t.Day()}}}
}

// csl is a list of one reference.
func (c cited) csl() string {
	item := cslItem{
		ID: "videoteca-" + string(c.id), Type: "motion_picture", Title: c.title.Text,
		Issued: cslDay(c.issued), Accessed: cslDay(c.accessed), Container: c.site, Medium: "Video",
		Length: i18n.FormatLength(c.seconds), Archive: c.host, URL: c.address, Language: c.title.Lang,
	}
	if c.author != "" {
		item.Author = []cslName{{c.author}}
	}
	if c.host != "" {
		item.Location = string(c.id)
	}
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // the page escapes it, and people copy it from there
	e.SetIndent("", "  ")
	_ = e.Encode([]cslItem{item}) // strings and numbers: nothing in it can fail
	return strings.TrimSuffix(out.String(), "\n")
}
