package embeds

import (
	"encoding/json"
	"fmt"
	"time"

	"videoteca/archive"
)

// Public is the only form in which a video leaves as JSON without an account:
// no notes, no people, no evidence. Texts are in the language asked for, else
// in the one their tag names.
type Public struct {
	ID             archive.VideoID `json:"id"`
	URL            string          `json:"url"`   // of the watch page
	Embed          string          `json:"embed"` // of the embed page
	Title          string          `json:"title"`
	TitleLanguage  string          `json:"titleLanguage,omitempty"` // BCP 47
	Caption        string          `json:"caption,omitempty"`
	Alt            string          `json:"alt,omitempty"`
	ContentWarning string          `json:"contentWarning,omitempty"`
	EventDate      archive.EDTF    `json:"eventDate,omitempty"`
	Seconds        float64         `json:"seconds,omitempty"` // length
	Width          int             `json:"width"`             // of the shape, pixels or lowest terms
	Height         int             `json:"height"`
	Publisher      string          `json:"publisher,omitempty"` // as the source names it
	Published      *time.Time      `json:"published,omitempty"`
	Posters        []PublicPoster  `json:"posters,omitempty"` // ascending
	Ending         Ending          `json:"ending"`
	Sources        []PublicSource  `json:"sources"`
	Withdrawn      bool            `json:"withdrawn,omitempty"` // then Explanation says why, and there is no media
	Explanation    string          `json:"explanation,omitempty"`
	Stage          Stage           `json:"stage"` // what embed.js reads; its form may change with the program
}

// PublicPoster is one size of the poster, in pixels.
type PublicPoster struct {
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// PublicSource is a source as readers may know it.
type PublicSource struct {
	Platform string        `json:"platform"`
	Label    string        `json:"label"`
	URL      string        `json:"url,omitempty"`
	State    archive.State `json:"state"`
	Since    *time.Time    `json:"since,omitempty"`
	Plays    bool          `json:"plays"` // whether the embed page may play it
}

// JSON is /e/{id}.json. It may be read from any origin, having nothing private in it.
func (r *Renderer) JSON(v archive.Video, o Options) (Document, error) {
	if v.Visibility.Hidden(o.Now) {
		return jsonDocument(404, problem{Title: r.texts.Text(r.Language(o), "message.notFound"), Status: 404})
	}
	return jsonDocument(200, r.public(v, o))
}

// problem is an error as RFC 9457 writes it.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
}

func (r *Renderer) public(v archive.Video, o Options) Public {
	lang := r.language(v, o)
	p := Public{
		ID: v.ID, URL: o.url("/v/" + string(v.ID)), Embed: o.url("/e/" + string(v.ID)),
		Ending: EndingCard, Sources: []PublicSource{},
	}
	shape := shapeOf(v, o)
	p.Width, p.Height = shape.width, shape.height
	if withdrawn(v) {
		n := r.withdrawal(v, o)
		p.Withdrawn, p.Title, p.Explanation = true, n.Title, n.Text.join()
		p.Width, p.Height = 16, 9
		p.Stage = withdrawnStage(lang, n)
		return p
	}
	absolute := o.absolute()
	if o.Static { // embed.js knows where it read the file
		absolute = o
	}
	page := r.view(v, absolute)
	title, told, choice := page.Title, described(v), Choose(v, absolute)
	p.Title, p.TitleLanguage, p.Stage = title.Text, title.Lang, page.Stage
	p.Caption = page.Caption.join()
	p.Alt = phraseOf(v.Alt, lang, v.DefaultLanguage).Text
	p.ContentWarning = phraseOf(v.ContentWarning, lang, v.DefaultLanguage).Text
	p.EventDate, p.Seconds = v.EventDate, length(v)
	p.Publisher, p.Published = line(told.Channel), moment(told.Published)
	p.Posters = publicPosters(v, o)
	p.Ending = choice.Ending
	for _, place := range choice.Places {
		p.Sources = append(p.Sources, publicSource(place))
	}
	return p
}

// withdrawnStage is what stands in an article where a withdrawn video was.
func withdrawnStage(lang string, n notice) Stage {
	title := phrase{Text: n.Title, Lang: lang}
	return Stage{
		Lang: lang, Ratio: "16 / 9", Title: title, Meta: []string{}, Candidates: []stagePlayer{},
		Card: card{Reason: n.Text.join()}, Withdrawn: true,
	}
}

func publicSource(p Place) PublicSource {
	s := PublicSource{
		Platform: p.Source.Platform, Label: p.Name(), Plays: p.Reach.Plays(),
		State: p.Source.Standing.State, Since: moment(p.Source.Standing.Since),
	}
	if _, ok := originOf(p.Source.URL); ok {
		s.URL = p.Source.URL
	}
	return s
}

func publicPosters(v archive.Video, o Options) []PublicPoster {
	if !o.HasPoster {
		return nil
	}
	var posters []PublicPoster
	for _, w := range o.widths() {
		at := posterShape(v).atWidth(w)
		posters = append(posters, PublicPoster{URL: o.url(PosterPath(v.ID, w)), Width: at.width, Height: at.height})
	}
	return posters
}

// moment is nil for a time that is not known, which JSON then leaves out.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func jsonDocument(status int, body any) (Document, error) {
	data, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		return Document{}, fmt.Errorf("writing JSON: %w", err)
	}
	kind := "application/json"
	if status >= 400 {
		kind = "application/problem+json"
	}
	return Document{Status: status, Header: dataHeader(kind), Body: append(data, '\n')}, nil
}

// dataHeader is what public data is sent with: it may be read from any origin.
func dataHeader(kind string) map[string]string {
	return map[string]string{
		"Content-Type":                kind,
		"Access-Control-Allow-Origin": "*",
		"X-Content-Type-Options":      "nosniff",
	}
}
