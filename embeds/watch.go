package embeds

import (
	"cmp"
	"time"

	"videoteca/archive"
	"videoteca/internal/i18n"
)

// watchPage is what the watch page shows beside the player.
type watchPage struct {
	view
	Canonical  string
	OEmbedJSON string
	OEmbedXML  string
	Structured videoObject
	Frame      string  // the embed page, for cards with a player
	Size       size    // of that frame, pixels
	Image      *poster // absolute, for link previews
	Summary    string
	EventDate  string
	EventTime  string // for machines, empty where the date is not exact
	Sources    []sourceRow
	Cite       citation
}

// sourceRow is one source in the list for readers.
type sourceRow struct {
	Name  string
	URL   string
	State string
	Since string
	Reach string // class: "plays", "link", "gone"

	Archived     string // address of the archived page; empty without one
	ArchivedText string
}

// Watch is the watch page, /v/{id}: the same player with title, caption, event
// date and the list of sources. Notes, reasons and evidence are not for readers.
func (r *Renderer) Watch(v archive.Video, o Options) (Document, error) {
	if v.Visibility.Hidden(o.Now) {
		return r.NotFound(o)
	}
	if withdrawn(v) {
		return r.withdrawn(v, o)
	}
	page := r.watchPage(v, o)
	body, err := r.render("watch.html", page)
	if err != nil {
		return Document{}, err
	}
	header := r.header(page.Lang, Choose(v, o).Candidates, o.framedBy(v))
	header["Link"] = o.discovery(v.ID)
	return Document{Status: 200, Header: header, Body: body}, nil
}

func (r *Renderer) watchPage(v archive.Video, o Options) watchPage {
	canonical := o.url("/v/" + string(cmp.Or(v.MergedInto, v.ID)))
	page := watchPage{
		view:       r.view(v, o),
		Canonical:  canonical,
		OEmbedJSON: o.oembed(v.ID, "json"),
		OEmbedXML:  o.oembed(v.ID, "xml"),
		Structured: r.videoObject(v, o),
		Cite:       r.cite(v, o),
		Frame:      o.url("/e/" + string(v.ID) + o.Query()),
	}
	page.Watching = true
	page.EventDate = i18n.FormatEDTF(page.Lang, v.EventDate)
	if _, err := time.Parse(time.DateOnly, string(v.EventDate)); err == nil {
		page.EventTime = string(v.EventDate)
	}
	page.Size = snippetSize(v, o)
	if len(page.Caption.Paragraphs) > 0 {
		page.Summary = page.Caption.Paragraphs[0]
	}
	if page.Poster != nil {
		width := nearestWidth(o.widths(), 1280)
		at := posterShape(v).atWidth(width)
		page.Image = &poster{Src: o.url(PosterPath(v.ID, width)), Width: at.width, Height: at.height, Alt: page.Poster.Alt}
	}
	choice := Choose(v, o)
	for _, p := range choice.Places {
		page.Sources = append(page.Sources, page.row(p))
	}
	page.Open = page.elsewhere()
	return page
}

// elsewhere is where the poster leads without a script: this is the watch page
// already, so it is the source's own page, or a copy.
func (w watchPage) elsewhere() string {
	for _, c := range w.Stage.Candidates {
		if c.Page != "" {
			return c.Page
		}
		if c.Source == "copy" {
			return c.Address
		}
	}
	if links := w.Stage.Card.Links; len(links) > 0 {
		return links[0].URL
	}
	return ""
}

func (w watchPage) row(p Place) sourceRow {
	row := sourceRow{Name: p.Name(), Reach: "plays"}
	if _, ok := originOf(p.Source.URL); ok {
		row.URL = p.Source.URL
	}
	switch p.Reach {
	case ReachLink:
		row.Reach = "link"
	case ReachNone:
		row.Reach = "gone"
	}
	row.State = w.T("state." + stateOf(p))
	row.Since = w.since(p.Source.Standing)
	if m := p.Source.Archived; m != nil {
		if _, ok := originOf(m.URL); ok {
			row.Archived, row.ArchivedText = m.URL, w.T("place.archived", "Date", i18n.FormatDate(w.Lang, m.At.UTC()))
		}
	}
	return row
}

// stateOf is the state of a source in readers' words.
func stateOf(p Place) string {
	s := p.Source.Standing
	switch {
	case s.State == archive.Gone, s.State == archive.Suspect:
		return s.State.String()
	case s.Unheard:
		return "unheard"
	case s.Outcome.Bad(): // held back by the guard: the state is not believed yet
		return "suspect"
	case p.Reach == ReachNone:
		return "blocked"
	case !s.Outcome.Clear():
		return "unchecked"
	case p.Reach == ReachLink && s.Outcome.Limited():
		return "limited"
	case p.Reach == ReachRegion:
		return "region"
	}
	return "live"
}

// since says how fresh a state is: the beginning of an absence, else the newest check.
func (w watchPage) since(s archive.Standing) string {
	if s.State == archive.Gone && !s.FirstBad.IsZero() {
		return w.T("state.since", "Date", i18n.FormatDate(w.Lang, s.FirstBad.UTC()))
	}
	if s.LastClear.IsZero() {
		return ""
	}
	return w.T("state.checked", "Date", i18n.FormatDate(w.Lang, s.LastClear.UTC()))
}
