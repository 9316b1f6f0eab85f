package audit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"videoteca/archive"
)

// fate is what has become of a video of the sky from a time on.
type fate struct {
	from time.Time
	to   doom
}

type doom int

const (
	alive doom = iota
	removed
	private
	blocked    // in some regions
	unembedded // embedding switched off
)

// weather is what the sky does instead of answering, for a while.
type weather struct {
	from, to time.Time
	kind     string // "outage", "quota", "key", "address", "garbage", "consent", "silence"
}

// sky is a platform like YouTube, seen through an http.RoundTripper: what its videos are at each
// time is written down beforehand, so that a test knows what an audit should find.
type sky struct {
	fates   map[string][]fate // in the order of their times; none: alive
	channel map[string]string // of each video
	closed  map[string]time.Time
	weather []weather
	lost    map[string]time.Time // hosts that vanish, and when

	mu     sync.Mutex
	random *rand.Rand
	calls  map[string]int
	small  []byte // a picture of a living video
	grey   []byte // and the one in its place
}

const controlID = "control0000"

func newSky(seed uint64) *sky {
	return &sky{
		fates: map[string][]fate{}, channel: map[string]string{}, closed: map[string]time.Time{}, lost: map[string]time.Time{}, calls: map[string]int{},
		random: rand.New(rand.NewPCG(seed, 1)), small: drawn(480, 360), grey: drawn(120, 90),
	}
}

func drawn(width, height int) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		panic(err) // it cannot be: the picture is a constant
	}
	return out.Bytes()
}

// at is what has become of a video.
func (s *sky) at(id string, now time.Time) doom {
	if closed, is := s.closed[s.channel[id]]; is && !now.Before(closed) {
		return removed
	}
	now0 := alive
	for _, f := range s.fates[id] {
		if !now.Before(f.from) {
			now0 = f.to
		}
	}
	return now0
}

// weatherAt is all that is between us and the platform at a time, the first of the list first.
func (s *sky) weatherAt(now time.Time) []string {
	var kinds []string
	for _, w := range s.weather {
		if !now.Before(w.from) && now.Before(w.to) {
			kinds = append(kinds, w.kind)
		}
	}
	return kinds
}

// RoundTrip answers as the platform would.
func (s *sky) RoundTrip(r *http.Request) (*http.Response, error) {
	now := time.Now()
	s.mu.Lock()
	s.calls[r.URL.Path[:min(4, len(r.URL.Path))]]++
	chance := s.random.Float64()
	s.mu.Unlock()
	if vanished, is := s.lost[r.URL.Host]; is && !now.Before(vanished) {
		return nil, fmt.Errorf("lookup %s: no such host", r.URL.Host)
	}
	for _, kind := range s.weatherAt(now) {
		if kind == "silence" {
			return nil, fmt.Errorf("dial tcp: connection refused")
		}
		if answer := weathered(r, kind, chance); answer != nil {
			return answer, nil
		}
	}
	return s.answer(r, now), nil
}

// weathered is what a kind of weather answers, nil where it does not touch the request.
func weathered(r *http.Request, kind string, chance float64) *http.Response {
	api := strings.HasPrefix(r.URL.Path, "/youtube/v3/")
	switch {
	case kind == "outage":
		return reply(r, http.StatusServiceUnavailable, "text/html", []byte("<h1>Back soon</h1>"))
	case kind == "quota" && api:
		return reply(r, http.StatusForbidden, "application/json", []byte(`{"error":{"code":403,"errors":[{"reason":"quotaExceeded"}]}}`))
	case kind == "key" && api:
		return reply(r, http.StatusBadRequest, "application/json", []byte(`{"error":{"code":400,"errors":[{"reason":"badRequest"}],"details":[{"reason":"API_KEY_INVALID"}]}}`))
	case kind == "address" && api:
		return reply(r, http.StatusForbidden, "application/json", []byte(`{"error":{"code":403,"errors":[{"reason":"forbidden"}],"details":[{"reason":"API_KEY_IP_ADDRESS_BLOCKED"}]}}`))
	case kind == "address":
		return reply(r, http.StatusForbidden, "text/html", []byte("Forbidden"))
	case kind == "garbage":
		bodies := []string{"", "null", "{}", "<html>", `{"items":[]}`, `{"kind":"youtube#videoListResponse"}`, "\x00\x01", `{"kind":"youtube#videoListResponse","items":[],"pageInfo":{"totalResults":7}}`}
		return reply(r, http.StatusOK, "application/json", []byte(bodies[int(chance*float64(len(bodies)))]))
	case kind == "consent" && api:
		return reply(r, http.StatusInternalServerError, "text/plain", []byte("backendError"))
	case kind == "consent":
		answer := reply(r, http.StatusFound, "text/html", nil)
		answer.Header.Set("Location", "https://consent.example/m?continue="+url.QueryEscape(r.URL.String()))
		return answer
	}
	return nil
}

func reply(r *http.Request, status int, kind string, body []byte) *http.Response {
	header := http.Header{"Content-Type": {kind}, "Date": {time.Now().UTC().Format(http.TimeFormat)}}
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}

func (s *sky) answer(r *http.Request, now time.Time) *http.Response {
	switch {
	case r.URL.Path == "/youtube/v3/videos":
		return s.list(r, now)
	case r.URL.Path == "/youtube/v3/channels":
		return s.channels(r, now)
	case r.URL.Path == "/feeds":
		if s.open(r.URL.Query().Get("channel_id"), now) {
			return reply(r, http.StatusOK, "text/xml", []byte(`<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015"><yt:channelId>`+r.URL.Query().Get("channel_id")+`</yt:channelId><title>A channel</title></feed>`))
		}
		return reply(r, http.StatusNotFound, "text/html", []byte("Not Found"))
	case r.URL.Path == "/oembed":
		return s.oembed(r, now)
	case strings.HasPrefix(r.URL.Path, "/vi/"):
		id := strings.Split(r.URL.Path, "/")[2]
		if d := s.at(id, now); d == removed {
			return reply(r, http.StatusNotFound, "image/jpeg", s.grey)
		}
		return reply(r, http.StatusOK, "image/jpeg", s.small)
	}
	return reply(r, http.StatusNotFound, "text/plain", []byte("nothing here"))
}

func (s *sky) list(r *http.Request, now time.Time) *http.Response {
	items := []map[string]any{}
	for _, id := range strings.Split(strings.Join(r.URL.Query()["id"], ","), ",") {
		status := map[string]any{"uploadStatus": "processed", "privacyStatus": "public", "embeddable": true}
		details := map[string]any{"duration": "PT1M"}
		switch s.at(id, now) {
		case removed, private:
			continue
		case blocked:
			details["regionRestriction"] = map[string]any{"blocked": []string{"DE"}}
		case unembedded:
			status["embeddable"] = false
		}
		items = append(items, map[string]any{
			"kind": "youtube#video", "id": id, "status": status, "contentDetails": details,
			"snippet": map[string]any{"title": "Video " + id, "channelId": s.channel[id], "channelTitle": "A channel", "publishedAt": "2020-01-01T00:00:00Z"},
		})
	}
	return jsonReply(r, map[string]any{"kind": "youtube#videoListResponse", "items": items, "pageInfo": map[string]any{"totalResults": len(items), "resultsPerPage": len(items)}})
}

func jsonReply(r *http.Request, document any) *http.Response {
	body, err := json.Marshal(document)
	if err != nil {
		return reply(r, http.StatusInternalServerError, "text/plain", []byte(err.Error()))
	}
	return reply(r, http.StatusOK, "application/json; charset=UTF-8", body)
}

func (s *sky) open(channel string, now time.Time) bool {
	closed, is := s.closed[channel]
	return !is || now.Before(closed)
}

func (s *sky) channels(r *http.Request, now time.Time) *http.Response {
	items := []map[string]any{}
	for _, id := range strings.Split(strings.Join(r.URL.Query()["id"], ","), ",") {
		if s.open(id, now) {
			items = append(items, map[string]any{"kind": "youtube#channel", "id": id, "snippet": map[string]any{"title": "A channel"}, "status": map[string]any{"privacyStatus": "public"}})
		}
	}
	return jsonReply(r, map[string]any{"kind": "youtube#channelListResponse", "items": items, "pageInfo": map[string]any{"totalResults": len(items), "resultsPerPage": len(items)}})
}

func (s *sky) oembed(r *http.Request, now time.Time) *http.Response {
	page, err := url.Parse(r.URL.Query().Get("url"))
	if err != nil {
		return reply(r, http.StatusBadRequest, "text/plain", []byte("Bad Request"))
	}
	id := page.Query().Get("v")
	switch s.at(id, now) {
	case removed:
		return reply(r, http.StatusNotFound, "text/plain", []byte("Not Found"))
	case private:
		return reply(r, http.StatusForbidden, "text/plain", []byte("Forbidden"))
	case unembedded:
		return reply(r, http.StatusUnauthorized, "text/plain", []byte("Unauthorized"))
	}
	return jsonReply(r, map[string]any{"type": "video", "version": "1.0", "title": "Video " + id, "author_name": "A channel", "width": 200, "height": 113})
}

// deaths are the times at which a video of the sky became bad, and until when it stayed so.
func (s *sky) deaths(id string, until time.Time) []span {
	moves := slices.Clone(s.fates[id])
	if closed, is := s.closed[s.channel[id]]; is {
		moves = append(moves, fate{closed, removed})
		slices.SortStableFunc(moves, func(a, b fate) int { return a.from.Compare(b.from) })
	}
	var list []span
	for _, f := range moves {
		bad := s.at(id, f.from) == removed || s.at(id, f.from) == private
		dead := len(list) > 0 && list[len(list)-1].to.IsZero()
		switch {
		case bad && !dead:
			list = append(list, span{from: f.from})
		case !bad && dead:
			list[len(list)-1].to = f.from
		}
	}
	for i := range list {
		if list[i].to.IsZero() {
			list[i].to = until
		}
	}
	return list
}

type span struct{ from, to time.Time }

// is reports whether the video is truly bad at a time.
func (s *sky) isBad(id string, now time.Time) bool {
	d := s.at(id, now)
	return d == removed || d == private
}

var _ = archive.Live
