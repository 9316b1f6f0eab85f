package dossier

import (
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/internal/i18n"
	"videoteca/internal/reasons"
)

// view is what the page shows. The template reads it and decides nothing.
type view struct {
	texts   *i18n.Catalog
	reasons *reasons.Texts

	Lang      string
	Languages []string
	Style     template.CSS
	Video     archive.Video
	Title     string
	TitleLang string
	Options   Options
	Made      string
	Sources   []sourceView
	Ways      []wayView
	Methods   []string
	Shown     []Journaled
	Omitted   int
	Total     int
	Skewed    int
	Captures  []captureView
	Damaged   []string // captures that cannot be read
	Events    []happened
	Chain     Chain
	Files     []Kept
	Searched  Searched
}

// sourceView is one source and how it came to stand as it does.
type sourceView struct {
	archive.Source
	Heard       archive.Standing // with what the journals that were read say
	Transitions []transitionView
}

type transitionView struct {
	archive.Transition
	Evidence []fileView
}

type captureView struct {
	archive.Capture
	Thumbnails []fileView
	Raw        []fileView
}

// fileView is a file and where it stands in the dossier, empty where it is not there.
type fileView struct {
	archive.File
	Path string
}

// wayView is one way in which answers were had, with what came.
type wayView struct {
	Method, Host, Vantage, Program string
	Count                          int
	First, Last                    string
	Outcomes                       []outcomeCount
}

type outcomeCount struct {
	Outcome archive.Outcome
	Count   int
}

func newView(p *pages, c *collected, lang string) view {
	v := view{
		texts: p.texts, reasons: p.reasons, Lang: lang, Languages: p.texts.Languages(), Style: p.style,
		Video: c.video, Options: c.options, Made: stamp(c.options.Now),
		Shown: c.testimony.shown, Omitted: c.testimony.omitted, Total: c.testimony.total, Skewed: c.testimony.skewed,
		Damaged: c.damagedCaptures, Events: c.events, Chain: c.chain, Files: c.files.files, Searched: c.searched,
	}
	v.Title, v.TitleLang = c.video.DisplayTitle(lang)
	if !archive.ValidLanguage(v.TitleLang) {
		v.TitleLang = ""
	}
	v.Ways, v.Methods = ways(&c.testimony)
	names := c.files.names()
	for _, src := range c.video.Sources {
		v.Sources = append(v.Sources, viewOf(src, c.testimony.heard[src.SourceKey], names))
	}
	for _, capture := range c.captures {
		v.Captures = append(v.Captures, captureView{capture, located(capture.Thumbnails, names), located(capture.Raw, names)})
	}
	return v
}

func viewOf(src archive.Source, heard archive.Heard, names map[string]string) sourceView {
	s := sourceView{Source: src, Heard: src.Standing.Hears(heard)}
	for _, t := range src.Standing.Transitions {
		s.Transitions = append(s.Transitions, transitionView{t, located(t.Evidence, names)})
	}
	return s
}

func located(files []archive.File, names map[string]string) []fileView {
	var out []fileView
	for _, f := range files {
		out = append(out, fileView{f, names[f.Digest]})
	}
	return out
}

// ways are those of the testimony, and the methods among them, each once.
func ways(t *testimony) (all []wayView, methods []string) {
	for _, key := range t.sorted() {
		a := t.ways[key]
		w := wayView{Method: key.method, Host: key.host, Vantage: key.vantage, Program: key.program, Count: a.Count, First: stamp(a.First), Last: stamp(a.Last)}
		for _, o := range slices.Sorted(maps.Keys(a.Outcomes)) {
			w.Outcomes = append(w.Outcomes, outcomeCount{o, a.Outcomes[o]})
		}
		all = append(all, w)
		if !slices.Contains(methods, key.method) {
			methods = append(methods, key.method)
		}
	}
	return all, methods
}

// T is a text of the interface.
func (v view) T(id string, pairs ...any) string { return v.texts.Text(v.Lang, id, pairs...) }

// At is a time in ISO 8601, UTC; a dash for none.
func (v view) At(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return stamp(t)
}

// State is a state in words.
func (v view) State(s archive.State) string { return v.T("state." + s.String()) }

// Outcome is an outcome in words, with the word of the journal.
func (v view) Outcome(o archive.Outcome) string {
	if !o.Clear() {
		return v.T("outcome.unclear")
	}
	return v.T("outcome." + string(o))
}

// How explains a method in plain words.
func (v view) How(method string) string {
	id := "how." + strings.ReplaceAll(method, ".", "-")
	if text := v.T(id); text != id {
		return text
	}
	if strings.HasSuffix(method, ".oembed") {
		return v.T("how.oembed")
	}
	return v.T("how.unknown")
}

// Premis is the PREMIS 3 event type of a verb, and PremisURI its address.
func (view) Premis(verb string) string    { return archive.PremisType(verb) }
func (view) PremisURI(verb string) string { return archive.PremisURI(verb) }

// Web reports whether an address may be a link.
func (view) Web(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}

// Page is where the page in a language stands.
func (view) Page(lang string) string { return pageName(lang) }

// Size is a number of bytes for people.
func (view) Size(n int64) string { return i18n.FormatBytes(n) }

// Dead reports whether a source's absence is an interval worth telling.
func (view) Dead(s archive.Standing) bool { return !s.FirstBad.IsZero() }

// Why is a reason in words.
func (v view) Why(reason string) reasons.Said { return v.reasons.Of(v.Lang, reason) }
