package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/embeds"
)

// APIVideo is a video as the newsroom's API and the command line show it.
type APIVideo struct {
	ID             string            `json:"id" doc:"12 characters of Crockford base32, for ever" example:"7k3mzq9x0abd"`
	Title          string            `json:"title" doc:"What to call it: the newsroom's title, else the platform's, else its address"`
	Titles         map[string]string `json:"titles,omitempty" doc:"The newsroom's titles by BCP 47 language tag"`
	Caption        map[string]string `json:"caption,omitempty" doc:"By language tag"`
	Alt            map[string]string `json:"alt,omitempty" doc:"Text in place of the picture, by language tag"`
	ContentWarning map[string]string `json:"contentWarning,omitempty" doc:"By language tag"`
	Language       string            `json:"language,omitempty" doc:"BCP 47; the language of readers for whom there is no text"`
	EventDate      string            `json:"eventDate,omitempty" doc:"EDTF: 2019-09-25, 2019-09, 2019 or 2019~" example:"2019-09-25"`
	Notes          string            `json:"notes,omitempty" doc:"For the newsroom alone"`
	Tags           []string          `json:"tags,omitempty" nullable:"false" doc:"The newsroom's"`
	Collections    []string          `json:"collections,omitempty" nullable:"false" doc:"The newsroom's"`
	RegisteredBy   string            `json:"registeredBy,omitempty" doc:"The login of who did" example:"ana"`
	Sites          []string          `json:"sites,omitempty" nullable:"false" doc:"Origins whose pages may frame it"`
	Visibility     string            `json:"visibility" enum:"public,embargoed,withdrawn,erased" doc:"Who may see it"`
	Until          time.Time         `json:"until,omitzero" doc:"When an embargo ends"`
	Explanation    map[string]string `json:"explanation,omitempty" doc:"What readers are told while it is withdrawn, by language tag"`
	LegalHold      *APILegalHold     `json:"legalHold,omitempty" doc:"An order to keep: as long as it stands, nothing is erased"`
	Erasure        *APITombstone     `json:"erasure,omitempty" doc:"Of an erased video: why it is no more"`
	Aliases        []string          `json:"aliases,omitempty" nullable:"false" doc:"Ids of videos that were merged into this one"`
	MergedInto     string            `json:"mergedInto,omitempty" doc:"Of a duplicate: the id of the video that serves for it"`
	Created        time.Time         `json:"created" doc:"When it was registered"`
	Updated        time.Time         `json:"updated" doc:"When the record was last changed"`
	Revision       int64             `json:"revision" doc:"Grows by one with every change; the ETag begins with it"`
	State          string            `json:"state" enum:"live,limited,unchecked,suspect,gone" doc:"Of the best source"`
	Sources        []APISource       `json:"sources" nullable:"false" doc:"The preferred one first"`
	Copies         []APICopy         `json:"copies,omitempty" nullable:"false" doc:"Media files that the newsroom holds itself"`
	Captions       []APICaption      `json:"captions,omitempty" nullable:"false" doc:"Timed text of the newsroom's own, one a language"`
	OwnPoster      bool              `json:"ownPoster,omitempty" doc:"Whether the poster is the newsroom's own picture"`
	URLs           APIURLs           `json:"urls"`
}

// APISource is one place upstream. Title, channel, published and seconds are the
// platform's data, as the newest capture has them.
type APISource struct {
	Platform  string    `json:"platform" example:"youtube" doc:"Its name"`
	ID        string    `json:"id" doc:"The platform's own"`
	URL       string    `json:"url" format:"uri" doc:"Where it is"`
	State     string    `json:"state" enum:"live,limited,unchecked,suspect,gone" doc:"A person's ruling, else as computed"`
	Outcome   string    `json:"outcome" enum:"playable,embedding-disabled,restricted,private,removed,missing,unclear" doc:"Of the newest round that said anything"`
	Reason    string    `json:"reason,omitempty" doc:"Why, in the platform's words or the checker's"`
	Unheard   bool      `json:"unheard,omitempty" doc:"No clear answer for 14 days"`
	LastGood  time.Time `json:"lastGood,omitzero" doc:"Last seen alive"`
	FirstBad  time.Time `json:"firstBad,omitzero" doc:"First seen gone, of the present absence"`
	Since     time.Time `json:"since,omitzero" doc:"When the state was entered"`
	LastRound time.Time `json:"lastRound,omitzero" doc:"Last asked"`
	Title     string    `json:"title,omitempty" doc:"As the platform says"`
	Channel   string    `json:"channel,omitempty" doc:"That published it, as the platform says"`
	Published time.Time `json:"published,omitzero" doc:"When, as the platform says"`
	Seconds   float64   `json:"seconds,omitempty" doc:"Length"`
}

// APICopy is a media file of the newsroom's own.
type APICopy struct {
	URL    string    `json:"url" format:"uri" doc:"Where it is"`
	Type   string    `json:"type" example:"video/mp4" doc:"Media type"`
	Bytes  int64     `json:"bytes" doc:"Its size"`
	Digest string    `json:"digest" doc:"Hexadecimal SHA-256"`
	Rights string    `json:"rights" doc:"Under what right it is held: a licence's address, or text"`
	Added  time.Time `json:"added" doc:"When it was kept"`
}

// APICaption is a caption track of the newsroom's own.
type APICaption struct {
	Language string    `json:"language" doc:"BCP 47"`
	URL      string    `json:"url" format:"uri" doc:"Where it is"`
	Added    time.Time `json:"added" doc:"When it was kept"`
}

// APILegalHold is an order to keep a video.
type APILegalHold struct {
	Reason string    `json:"reason" example:"Case 12-2025" doc:"The case, or the request"`
	By     string    `json:"by" example:"ana" doc:"The login of who did"`
	At     time.Time `json:"at" doc:"Since when"`
}

// APITombstone says why a video is no more. It has no content.
type APITombstone struct {
	Basis    string    `json:"basis" doc:"Legal ground" example:"GDPR Art. 17(1)(d)"`
	Reason   string    `json:"reason,omitempty" doc:"For the newsroom"`
	By       string    `json:"by" example:"ana" doc:"The login of who did"`
	At       time.Time `json:"at" doc:"Since when"`
	Finished time.Time `json:"finished,omitzero" doc:"When the last object was gone; absent: still being deleted"`
	Objects  int       `json:"objects" doc:"Deleted in all"`
	Bytes    int64     `json:"bytes" doc:"Deleted in all"`
}

// APIURLs are the public addresses of a video.
type APIURLs struct {
	Embed  string `json:"embed" format:"uri" doc:"For a frame in an article"`
	Watch  string `json:"watch" format:"uri" doc:"For readers"`
	Poster string `json:"poster" format:"uri" doc:"Its picture"`
	JSON   string `json:"json" format:"uri" doc:"What embed.js reads"`
}

// NewAPIVideo shows a video whose public addresses begin with baseURL, with its
// title for readers of lang (BCP 47; empty: of the video's own language).
func NewAPIVideo(v archive.Video, baseURL, lang string) APIVideo {
	base := strings.TrimSuffix(baseURL, "/")
	id := string(v.ID)
	title, _ := v.DisplayTitle(cmp.Or(lang, v.DefaultLanguage))
	out := APIVideo{
		ID: id, Title: title, Titles: v.Title, Caption: v.Caption, Alt: v.Alt, ContentWarning: v.ContentWarning,
		Language: v.DefaultLanguage, EventDate: string(v.EventDate), Notes: v.Notes, Sites: v.Sites, Tags: v.Tags, Collections: v.Collections, RegisteredBy: v.RegisteredBy,
		Visibility: cmp.Or(string(v.Visibility.Exposure), "public"),
		OwnPoster:  v.Picture != nil,
		Created:    v.Created, Updated: v.Updated, Revision: v.Revision,
		State: bestState(v).String(), Sources: apiSources(v),
		URLs: APIURLs{
			Embed: base + "/e/" + id, Watch: base + "/v/" + id, JSON: base + "/e/" + id + ".json",
			Poster: base + embeds.PosterPath(v.ID, 1280),
		},
	}
	out.Copies, out.Captions = apiFiles(v, base)
	out.takeDown(v)
	return out
}

// takeDown adds what keeps a video from readers, or from being erased.
func (out *APIVideo) takeDown(v archive.Video) {
	out.Until, out.Explanation, out.LegalHold, out.MergedInto = v.Visibility.Until, v.Explanation, apiHold(v.LegalHold), string(v.MergedInto)
	for _, id := range v.Aliases {
		out.Aliases = append(out.Aliases, string(id))
	}
	if e := v.Erasure; e != nil {
		out.Erasure = &APITombstone{Basis: e.Basis, Reason: e.Reason, By: e.By, At: e.At, Finished: e.Finished, Objects: e.Objects, Bytes: e.Bytes}
	}
}

func apiHold(h *archive.LegalHold) *APILegalHold {
	if h == nil {
		return nil
	}
	return &APILegalHold{Reason: h.Reason, By: h.By, At: h.At}
}

func apiFiles(v archive.Video, base string) (copies []APICopy, captions []APICaption) {
	for _, held := range v.Copies {
		copies = append(copies, APICopy{
			URL: base + embeds.MediaPath(v.ID, held.File), Type: held.File.Type, Bytes: held.File.Bytes, Digest: held.File.Digest,
			Rights: cmp.Or(held.Rights.URI, held.Rights.Text), Added: held.Added,
		})
	}
	for _, held := range v.Captions {
		captions = append(captions, APICaption{Language: held.Language, URL: base + embeds.MediaPath(v.ID, held.File), Added: held.Added})
	}
	return copies, captions
}

func apiSources(v archive.Video) []APISource {
	sources := make([]APISource, 0, len(v.Sources))
	for _, s := range v.Sources {
		sources = append(sources, newAPISource(s))
	}
	return sources
}

func newAPISource(s archive.Source) APISource {
	out := APISource{
		Platform: s.Platform, ID: s.ID, URL: s.URL, State: s.State().String(),
		Outcome: cmp.Or(string(s.Standing.Outcome), "unclear"), Reason: s.Standing.Reason, Unheard: s.Standing.Unheard,
		LastGood: s.Standing.LastGood, FirstBad: s.Standing.FirstBad, Since: s.Standing.Since, LastRound: s.Standing.LastRound,
	}
	if d := s.Described; d != nil {
		out.Title, out.Channel, out.Published, out.Seconds = d.Title, d.Channel, d.Published, d.Seconds
	}
	return out
}

// bestState is the state of the source that has the most life in it.
func bestState(v archive.Video) archive.State {
	order := []archive.State{archive.Live, archive.Limited, archive.Unchecked, archive.Suspect, archive.Gone}
	for _, state := range order {
		if slices.ContainsFunc(v.Sources, func(s archive.Source) bool { return s.State() == state }) {
			return state
		}
	}
	return archive.Unchecked
}

// APIVideoList is one page of videos.
type APIVideoList struct {
	Items []APIVideo `json:"items" nullable:"false" doc:"Of this page"`
	Next  string     `json:"next,omitempty" doc:"For the parameter after; absent on the last page"`
}

// NewAPIVideoList shows a page of videos like NewAPIVideo.
func NewAPIVideoList(p archive.Page, baseURL, lang string) APIVideoList {
	list := APIVideoList{Items: []APIVideo{}, Next: p.Next}
	for _, v := range p.Videos {
		list.Items = append(list.Items, NewAPIVideo(v, baseURL, lang))
	}
	return list
}

// APIRegistered is a video with what went wrong while it was registered.
type APIRegistered struct {
	APIVideo
	Warnings []string `json:"warnings,omitempty" nullable:"false" doc:"What could not be fetched, and why; the video is registered all the same"`
}

// NewAPIRegistered shows the outcome of a registration like NewAPIVideo.
func NewAPIRegistered(r archive.Registered, baseURL, lang string) APIRegistered {
	return APIRegistered{APIVideo: NewAPIVideo(r.Video, baseURL, lang), Warnings: r.Notes}
}

// APISnippetList are the forms of a video's markup, the recommended one first.
type APISnippetList struct {
	Items []embeds.Snippet `json:"items" nullable:"false" doc:"One a form"`
}
