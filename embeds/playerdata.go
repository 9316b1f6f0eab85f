package embeds

import "videoteca/archive"

// PlayerAllow is what a player's frame needs, at every level of nesting; the
// list is YouTube's own for its embed code.
const PlayerAllow = "accelerometer; autoplay; clipboard-write; encrypted-media; gyroscope; picture-in-picture; web-share"

// playerData is what player.js reads. All of its words are made here, so that
// the script puts no sentences together.
type playerData struct {
	Candidates []candidateData `json:"candidates"`
	Allow      string          `json:"allow"`
	Report     string          `json:"report,omitempty"` // where player errors are posted
	Poster     string          `json:"poster,omitempty"`
	Failed     string          `json:"failed"` // for the card, once every candidate has failed
}

type candidateData struct {
	Kind    string `json:"kind"`
	Source  string `json:"source"` // "platform:id", for reports
	Address string `json:"address"`
	Origin  string `json:"origin"`
	Page    string `json:"page,omitempty"` // for people
	Title   string `json:"title"`
	Loading string `json:"loading"`
	Playing string `json:"playing"`
	Trying  string `json:"trying"`
	Slow    string `json:"slow"`
	Refused string `json:"refused"`
	Goto    string `json:"goto"`
	Next    string `json:"next"` // label of the button that leads here
}

func (v view) player(video archive.Video, o Options, candidates []Candidate) *playerData {
	data := &playerData{
		Allow:  PlayerAllow,
		Failed: v.T("player.failed"),
	}
	if o.Reports {
		data.Report = o.local("/e/" + string(video.ID) + "/trouble")
	}
	if v.Poster != nil {
		data.Poster = v.Poster.Src
	}
	for i, c := range candidates {
		next := c.Name()
		if i > 0 && next == candidates[i-1].Name() {
			next = v.T("player.another", "Name", next)
		}
		data.Candidates = append(data.Candidates, v.candidate(c, o, next))
	}
	return data
}

func (v view) candidate(c Candidate, o Options, next string) candidateData {
	page := c.Source.URL
	if _, ok := originOf(page); !ok {
		page = ""
	}
	return candidateData{
		Kind: string(c.Player.Kind), Source: c.Source.SourceKey.String(),
		Address: c.playing(o.clip(c.Source)), Origin: c.Origin, Page: page,
		Title:   v.T("player.frame", "Title", v.Title.Text),
		Loading: v.T("player.loading", "Name", c.Name()),
		Playing: v.T("player.playing", "Name", c.Name()),
		Trying:  v.T("player.trying", "Name", next),
		Slow:    v.T("player.slow", "Name", c.Name()),
		Refused: v.T("player.refused", "Name", c.Name()),
		Goto:    v.T("player.goto", "Name", c.Name()),
		Next:    v.T("player.next", "Name", next),
	}
}
