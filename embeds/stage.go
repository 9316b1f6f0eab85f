package embeds

import (
	"fmt"

	"videoteca/archive"
	"videoteca/internal/i18n"
)

// PlayerAllow is what a player's frame needs, at every level of nesting; the
// list is YouTube's own for its embed code.
const PlayerAllow = "accelerometer; autoplay; clipboard-write; encrypted-media; gyroscope; picture-in-picture; web-share"

// Stage is what the scripts read, in the embed page and in /e/{id}.json. All of
// its words are made here, so that no script puts sentences together.
type Stage struct {
	Lang       string        `json:"lang"`
	Theme      string        `json:"theme,omitempty"`
	Ratio      string        `json:"ratio"` // as CSS writes it
	Title      phrase        `json:"title"`
	Play       string        `json:"play"` // name of the button
	Open       string        `json:"open"` // name of the link that stands in for it
	Meta       []string      `json:"meta"` // length, platform, size
	Warning    *warning      `json:"warning,omitempty"`
	Poster     string        `json:"poster,omitempty"` // for <video>
	Allow      string        `json:"allow,omitempty"`
	Report     string        `json:"report,omitempty"` // where player errors are posted
	Candidates []stagePlayer `json:"candidates"`
	Card       card          `json:"card"`
	Withdrawn  bool          `json:"withdrawn,omitempty"`
}

// warning is the newsroom's content warning, which readers meet before the button.
type warning struct {
	Label string `json:"label"`
	phrase
}

// stagePlayer is one candidate with everything that is said of it.
type stagePlayer struct {
	Kind    archive.PlayerKind `json:"kind"`
	Source  string             `json:"source"` // "platform:id", for reports; "copy"
	Address string             `json:"address"`
	Origin  string             `json:"origin,omitempty"`
	Page    string             `json:"page,omitempty"` // for people
	Tracks  []track            `json:"tracks,omitempty"`
	About   []string           `json:"about,omitempty"` // its part of Meta, for files, whose script may put another first
	Title   string             `json:"title"`
	Loading string             `json:"loading"`
	Playing string             `json:"playing"`
	Trying  string             `json:"trying"`
	Slow    string             `json:"slow"`
	Refused string             `json:"refused"`
	Goto    string             `json:"goto"`
	Next    string             `json:"next"` // label of the button that leads here
}

// track is a caption track of a media file.
type track struct {
	Src    string `json:"src"`
	Lang   string `json:"lang"`
	Label  string `json:"label"`
	Chosen bool   `json:"chosen,omitempty"`
}

func (v view) stage(video archive.Video, o Options, choice Choice) Stage {
	s := Stage{
		Lang: v.Lang, Theme: v.Theme, Ratio: v.ratio.css(), Title: v.Title,
		Play: v.T("player.play", "Title", v.Title.Text), Open: v.T("player.open", "Title", v.Title.Text),
		Meta: v.meta(video, choice), Candidates: []stagePlayer{}, Card: v.card(video, choice),
	}
	if text := phraseOf(video.ContentWarning, v.Lang, video.DefaultLanguage); text.Text != "" {
		s.Warning = &warning{v.T("watch.warning") + ":", text}
	}
	if choice.Ending != EndingPlayer {
		return s
	}
	s.Allow, s.Poster = PlayerAllow, o.local(PosterPath(video.ID, nearestWidth(o.widths(), 1280)))
	if o.Reports {
		s.Report = o.local("/e/" + string(video.ID) + "/trouble")
	}
	for i, c := range choice.Candidates {
		next := v.name(c)
		if i > 0 && next == v.name(choice.Candidates[i-1]) {
			next = v.T("player.another", "Name", next)
		}
		s.Candidates = append(s.Candidates, v.candidate(video, c, o, next))
	}
	return s
}

// meta is what a reader knows before the click: how long, from whom, how heavy.
func (v view) meta(video archive.Video, choice Choice) []string {
	var known []string
	if v.Length != "" {
		known = append(known, v.Length)
	}
	if len(choice.Candidates) == 0 {
		return known
	}
	return append(known, v.about(choice.Candidates[0])...)
}

func (v view) about(c Candidate) []string {
	if c.Copy != nil {
		return []string{v.name(c), i18n.FormatBytes(c.Copy.File.Bytes)}
	}
	return []string{v.name(c)}
}

// name is what readers know a candidate as.
func (v view) name(c Candidate) string {
	if c.Copy != nil {
		return v.T("player.copy")
	}
	return c.Name()
}

func (v view) candidate(video archive.Video, c Candidate, o Options, next string) stagePlayer {
	name, part := v.name(c), o.clip(c.Source)
	p := stagePlayer{
		Kind: c.kind(), Source: c.Source.SourceKey.String(),
		Address: c.playing(part, o, v.Lang), Origin: c.Origin, Page: v.pageOf(c),
		Title:   v.T("player.frame", "Title", v.Title.Text),
		Loading: v.T("player.loading", "Name", name),
		Playing: v.T("player.playing", "Name", name),
		Trying:  v.T("player.trying", "Name", next),
		Slow:    v.T("player.slow", "Name", name),
		Refused: v.T("player.refused", "Name", name),
		Goto:    v.T("player.goto", "Name", name),
		Next:    v.T("player.next", "Name", next),
	}
	if c.Copy != nil {
		p.Source = "copy"
	}
	if o.Static {
		p.About = v.about(c)
	}
	if p.Kind == archive.PlayerMedia {
		p.Tracks = tracks(video, o)
	}
	return p
}

// pageOf is the source's page for people, if it is a web address.
func (v view) pageOf(c Candidate) string {
	if _, ok := originOf(c.Source.URL); !ok {
		return ""
	}
	return c.Source.URL
}

// tracks are the newsroom's captions. Those asked for are shown at once.
func tracks(video archive.Video, o Options) []track {
	var out []track
	for _, c := range video.Captions {
		out = append(out, track{
			Src: o.local(MediaPath(video.ID, c.File)), Lang: c.Language,
			Label: i18n.LanguageName(c.Language), Chosen: o.Captions != "" && sameBase(c.Language, o.Captions),
		})
	}
	return out
}

// css is a shape as the property aspect-ratio takes it.
func (s size) css() string { return fmt.Sprintf("%d / %d", s.width, s.height) }
