package archivetest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const idsPerCall = 50

// list is the envelope of videos.list and channels.list.
type list struct {
	Kind     string   `json:"kind"`
	Etag     string   `json:"etag"`
	Items    []any    `json:"items"`
	PageInfo pageInfo `json:"pageInfo"`
}

type pageInfo struct {
	TotalResults   int `json:"totalResults"`
	ResultsPerPage int `json:"resultsPerPage"`
}

// listVideos is videos.list. Ids that are not to be found are left out, without a reason.
func (p *Platform) listVideos(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	ids, parts, fault := p.readList(r, q, "id", "snippet", "contentDetails", "status", "liveStreamingDetails",
		"player", "statistics", "topicDetails", "recordingDetails", "localizations")
	if fault == nil && q.Has("maxResults") {
		fault = apiBad("badRequest", "global", "maxResults", "Incompatible parameters specified in the request: id, maxResults")
	}
	if fault != nil {
		refuse(w, fault)
		return
	}
	var items []any
	for _, id := range ids {
		if v := p.seen(id); v.State.listed() {
			items = append(items, p.item(v, parts, p.baseOf(r)))
		}
	}
	answerList(w, r, "youtube#videoListResponse", items, len(items))
}

// channelsShown is how many channels are shown of those asked about, unless maxResults says otherwise.
const channelsShown = 5

// listChannels is channels.list. A closed channel is left out.
func (p *Platform) listChannels(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	ids, parts, fault := p.readList(r, q, "id", "snippet", "contentDetails", "status", "statistics")
	if fault != nil {
		refuse(w, fault)
		return
	}
	var items []any
	for _, id := range ids {
		if c, known := p.Channel(id); known && !c.Closed {
			items = append(items, channelItem(c, parts))
		}
	}
	shown := channelsShown
	if n := bound(q.Get("maxResults")); n > 0 {
		shown = min(n, idsPerCall)
	}
	answerList(w, r, "youtube#channelListResponse", items, shown)
}

// readList checks what every list call must have: a key, parts, ids.
func (p *Platform) readList(r *http.Request, q url.Values, known ...string) (ids, parts []string, fault *apiError) {
	if fault := p.checkKey(r); fault != nil {
		return nil, nil, fault
	}
	parts, ids = separated(q["part"]), separated(q["id"])
	if len(parts) == 0 {
		return nil, nil, apiMissing("part")
	}
	for _, part := range parts {
		if !slices.Contains(known, part) {
			return nil, nil, apiBad("unknownPart", "youtube.part", "part", fmt.Sprintf("'%s'", part))
		}
	}
	switch {
	case len(ids) == 0:
		return nil, nil, apiMissing("id")
	case len(ids) > idsPerCall:
		return nil, nil, apiBad("badRequest", "global", "id", "The request specifies an invalid filter parameter: too many ids.")
	}
	return ids, parts, nil
}

func (p *Platform) checkKey(r *http.Request) *apiError {
	key := r.URL.Query().Get("key")
	if key == "" {
		key = r.Header.Get("X-Goog-Api-Key")
	}
	switch {
	case key == "":
		return apiKeyMissing()
	case p.o.Key != "" && key != p.o.Key:
		return apiKeyInvalid()
	}
	return nil
}

// separated reads a list that may be repeated, joined by commas, or both;
// what stands twice counts once.
func separated(values []string) []string {
	var all []string
	for _, value := range values {
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item != "" && !slices.Contains(all, item) {
				all = append(all, item)
			}
		}
	}
	return all
}

// answerList sends the first of the items, and counts all.
func answerList(w http.ResponseWriter, r *http.Request, kind string, items []any, shown int) {
	if items == nil {
		items = []any{} // the API sends an empty array
	}
	first := items[:min(shown, len(items))]
	l := list{Kind: kind, Etag: etagOf(first), Items: first, PageInfo: pageInfo{len(items), len(first)}}
	w.Header().Set("Etag", `"`+l.Etag+`"`)
	if strings.Trim(r.Header.Get("If-None-Match"), `"`) == l.Etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	writeJSON(w, http.StatusOK, l)
}

// etagOf depends on nothing but what the value says.
func etagOf(value any) string {
	body, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:20])
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	write(w, append(body, '\n'))
}
