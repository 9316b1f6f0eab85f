package archivetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"videoteca/archive/archivetest"
)

// videoList is the part of the API's shape that clients rely on.
type videoList struct {
	Kind     string
	Etag     string
	PageInfo struct{ TotalResults, ResultsPerPage int }
	Items    []struct {
		Kind, Etag, ID string
		Snippet        *struct {
			PublishedAt, ChannelID, Title, Description, ChannelTitle, CategoryID string
			DefaultLanguage, DefaultAudioLanguage, LiveBroadcastContent          string
			Tags                                                                 []string
			Thumbnails                                                           map[string]struct {
				URL           string
				Width, Height int
			}
			Localized struct{ Title, Description string }
		}
		ContentDetails *struct {
			Duration, Dimension, Definition, Caption, Projection string
			RegionRestriction                                    *struct{ Allowed, Blocked *[]string }
			ContentRating                                        map[string]string
		}
		Status *struct {
			UploadStatus, PrivacyStatus, License, RejectionReason string
			Embeddable, PublicStatsViewable, MadeForKids          *bool
		}
		LiveStreamingDetails *struct{ ScheduledStartTime string }
	}
}

const allParts = "snippet,contentDetails,status,liveStreamingDetails"

func listed(t testing.TB, p http.Handler, query string) videoList {
	t.Helper()
	res := get(p, "/youtube/v3/videos?key=k&"+query)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %d: %s", res.StatusCode, textOf(t, res))
	}
	return into[videoList](t, res)
}

func TestAnItemHasTheShapeOfTheRealOne(t *testing.T) {
	l := listed(t, platform(t), "part="+allParts+"&id="+oneID)
	if l.Kind != "youtube#videoListResponse" || l.Etag == "" || l.PageInfo.TotalResults != 1 || l.PageInfo.ResultsPerPage != 1 {
		t.Errorf("envelope: %+v", l)
	}
	it := l.Items[0]
	if it.Kind != "youtube#video" || it.ID != oneID || it.Etag == "" {
		t.Errorf("item: %+v", it)
	}
	s := it.Snippet
	if s.Title != one().Title || s.Description != one().Description || s.PublishedAt != "2019-09-26T00:30:00Z" || s.ChannelID != "UCone" ||
		s.ChannelTitle != "Channel One" || s.DefaultLanguage != "es" || s.DefaultAudioLanguage != "es" || s.LiveBroadcastContent != "none" ||
		len(s.Tags) != 2 || s.Localized.Title != one().Title || s.CategoryID == "" {
		t.Errorf("snippet: %+v", s)
	}
	d := it.ContentDetails
	if d.Duration != "PT1H2M3S" || d.Dimension != "2d" || d.Definition != "hd" || d.Caption != "false" || d.RegionRestriction != nil || d.ContentRating == nil {
		t.Errorf("contentDetails: %+v", d)
	}
	st := it.Status
	if st.UploadStatus != "processed" || st.PrivacyStatus != "public" || st.License != "youtube" || !*st.Embeddable || !*st.PublicStatsViewable || *st.MadeForKids {
		t.Errorf("status: %+v", st)
	}
	if it.LiveStreamingDetails != nil {
		t.Errorf("liveStreamingDetails of a video that is no stream: %+v", it.LiveStreamingDetails)
	}
}

func TestThumbnailsInAnItemAreThoseThatExist(t *testing.T) {
	p := platform(t)
	v := one()
	v.Largest = archivetest.High
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	it := listed(t, p, "part=snippet,contentDetails&id="+oneID).Items[0]
	if len(it.Snippet.Thumbnails) != 3 || it.ContentDetails.Definition != "sd" {
		t.Errorf("%+v", it.Snippet.Thumbnails)
	}
	for label, shot := range it.Snippet.Thumbnails {
		res := get(p, strings.TrimPrefix(shot.URL, base))
		if got := shapeOf(t, res); res.StatusCode != 200 || got.X != shot.Width || got.Y != shot.Height {
			t.Errorf("%s: status %d, %v, announced as %dx%d", label, res.StatusCode, got, shot.Width, shot.Height)
		}
	}
}

func TestOnlyThePartsAskedForAreSent(t *testing.T) {
	p := platform(t)
	for part, has := range map[string][3]bool{
		"snippet": {true, false, false}, "contentDetails": {false, true, false}, "status": {false, false, true},
		"statistics": {}, "snippet,status": {true, false, true}, "snippet&part=contentDetails": {true, true, false},
	} {
		it := listed(t, p, "part="+part+"&id="+oneID).Items[0]
		if got := [3]bool{it.Snippet != nil, it.ContentDetails != nil, it.Status != nil}; got != has {
			t.Errorf("part=%s: snippet, contentDetails, status are %v, want %v", part, got, has)
		}
	}
}

func TestIDsAreAnsweredInTheOrderOfAskingAndOnce(t *testing.T) {
	p := platform(t)
	for query, want := range map[string]string{
		"id=" + otherID + "," + oneID:              otherID + " " + oneID,
		"id=" + oneID + "&id=" + otherID:           oneID + " " + otherID,
		"id=" + oneID + "," + oneID:                oneID,
		"id=never______," + oneID + ",not-an-id,,": oneID,
		"id=never______":                           "",
	} {
		l := listed(t, p, "part=status&"+query)
		var ids []string
		for _, it := range l.Items {
			ids = append(ids, it.ID)
		}
		if got := strings.Join(ids, " "); got != want || l.PageInfo.TotalResults != len(ids) {
			t.Errorf("%s: %q of %d, want %q", query, got, l.PageInfo.TotalResults, want)
		}
	}
}

func TestAnEmptyAnswerHasAnEmptyArray(t *testing.T) {
	if got := textOf(t, get(platform(t), "/youtube/v3/videos?part=status&key=k&id=never______")); !strings.Contains(got, `"items": []`) {
		t.Errorf("%s", got)
	}
}

func ids(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("some_____%02d", i))
	}
	return strings.Join(all, ",")
}

type apiFault struct {
	Error struct {
		Code    int
		Message string
		Status  string
		Errors  []struct{ Domain, Reason, Message, Location string }
		Details []struct {
			Type   string `json:"@type"`
			Reason string
		}
	}
}

func TestTheAPIRefusesInItsOwnWords(t *testing.T) {
	for what, c := range map[string]struct {
		query  string
		code   int
		reason string
		detail string
		fault  archivetest.Fault
	}{
		"more than 50 ids":   {query: "part=status&key=" + key + "&id=" + ids(51), code: 400, reason: "badRequest"},
		"maxResults with id": {query: "part=status&maxResults=5&key=" + key + "&id=" + oneID, code: 400, reason: "badRequest"},
		"no part":            {query: "key=" + key + "&id=" + oneID, code: 400, reason: "missingRequiredParameter"},
		"unknown part":       {query: "part=soul&key=" + key + "&id=" + oneID, code: 400, reason: "unknownPart"},
		"no id":              {query: "part=status&key=" + key, code: 400, reason: "missingRequiredParameter"},
		"no key":             {query: "part=status&id=" + oneID, code: 403, reason: "forbidden"},
		"wrong key":          {query: "part=status&key=wrong&id=" + oneID, code: 400, reason: "badRequest", detail: "API_KEY_INVALID"},
		"quota":              {query: "part=status&key=" + key + "&id=" + oneID, code: 403, reason: "quotaExceeded", fault: archivetest.FaultQuota},
		"key refused":        {query: "part=status&key=" + key + "&id=" + oneID, code: 400, reason: "badRequest", detail: "API_KEY_INVALID", fault: archivetest.FaultKeyRefused},
		"rate":               {query: "part=status&key=" + key + "&id=" + oneID, code: 429, reason: "rateLimitExceeded", fault: archivetest.FaultRateLimited},
	} {
		for _, method := range []string{"videos", "channels"} {
			if method == "channels" && strings.Contains(c.query, "maxResults") {
				continue // there it may be given
			}
			p := platform(t, func(o *archivetest.Options) { o.Key = key })
			if c.fault != "" {
				fail(t, p, c.fault)
			}
			res := get(p, "/youtube/v3/"+method+"?"+c.query)
			f := into[apiFault](t, res).Error
			if res.StatusCode != c.code || f.Code != c.code || len(f.Errors) != 1 || f.Errors[0].Reason != c.reason || f.Message == "" {
				t.Errorf("%s, %s: status %d, %+v", what, method, res.StatusCode, f)
			}
			if detail := len(f.Details) > 0 && f.Details[0].Reason == c.detail; detail != (c.detail != "") {
				t.Errorf("%s, %s: details %+v", what, method, f.Details)
			}
			if p.Units() != 1 {
				t.Errorf("%s, %s: %d units; refused requests cost one too", what, method, p.Units())
			}
		}
	}
}

func TestFiftyIDsAreAnswered(t *testing.T) {
	if res := get(platform(t), "/youtube/v3/videos?part=status&key=k&id="+ids(50)); res.StatusCode != 200 {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestTheKeyMayComeInAHeader(t *testing.T) {
	p := platform(t, func(o *archivetest.Options) { o.Key = key })
	if res := get(p, "/youtube/v3/videos?part=status&id="+oneID, "X-Goog-Api-Key", key); res.StatusCode != 200 {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestAnUnchangedListIsNotSentAgainAndCostsAUnit(t *testing.T) {
	p := platform(t)
	const path = "/youtube/v3/videos?part=status&key=k&id=" + oneID
	tag := get(p, path).Header.Get("Etag")
	if res := get(p, path, "If-None-Match", tag); res.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged: %d", res.StatusCode)
	}
	set(t, p, oneID, archivetest.EmbeddingOff)
	if res := get(p, path, "If-None-Match", tag); res.StatusCode != http.StatusOK {
		t.Errorf("changed: %d", res.StatusCode)
	}
	if p.Units() != 3 {
		t.Errorf("%d units for three calls", p.Units())
	}
}

func TestAScheduledVideoTellsWhenItBegins(t *testing.T) {
	p := platform(t)
	set(t, p, oneID, archivetest.Scheduled)
	it := listed(t, p, "part="+allParts+"&id="+oneID).Items[0]
	if it.LiveStreamingDetails.ScheduledStartTime != "2026-03-02T12:00:00Z" || it.ContentDetails.Duration != "P0D" {
		t.Errorf("a day after the clock: %+v %+v", it.LiveStreamingDetails, it.ContentDetails)
	}
	v := one()
	v.State, v.Starts = archivetest.Scheduled, today().AddDate(0, 1, 0)
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	if it := listed(t, p, "part="+allParts+"&id="+oneID).Items[0]; it.LiveStreamingDetails.ScheduledStartTime != "2026-04-01T12:30:00Z" {
		t.Errorf("as set: %+v", it.LiveStreamingDetails)
	}
}

func TestRegionListsKeepAbsentAndEmptyApart(t *testing.T) {
	p := platform(t)
	set(t, p, oneID, archivetest.RegionBlockedEverywhere)
	r := listed(t, p, "part=contentDetails&id="+oneID).Items[0].ContentDetails.RegionRestriction
	if r == nil || r.Allowed == nil || len(*r.Allowed) != 0 || r.Blocked != nil {
		t.Errorf("everywhere: %+v", r)
	}
	v := one()
	v.State, v.Regions = archivetest.RegionBlocked, []string{"DE", "FR"}
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	r = listed(t, p, "part=contentDetails&id="+oneID).Items[0].ContentDetails.RegionRestriction
	if r == nil || r.Allowed != nil || r.Blocked == nil || strings.Join(*r.Blocked, " ") != "DE FR" {
		t.Errorf("two: %+v", r)
	}
}

func TestARejectedUploadSaysWhyAndHasNoPictures(t *testing.T) {
	p := platform(t)
	set(t, p, oneID, archivetest.Rejected)
	it := listed(t, p, "part="+allParts+"&id="+oneID).Items[0]
	if it.Status.RejectionReason != "copyright" || len(it.Snippet.Thumbnails) != 0 {
		t.Errorf("%+v %+v", it.Status, it.Snippet)
	}
}

func TestChannelsHaveTheShapeOfRealOnes(t *testing.T) {
	type channels struct {
		Kind  string
		Items []struct {
			Kind, ID, Etag string
			Snippet        *struct{ Title, PublishedAt string }
			Status         *struct{ PrivacyStatus string }
		}
	}
	l := into[channels](t, get(platform(t), "/youtube/v3/channels?part=snippet,status&key=k&id=UCone,UCnever"))
	if l.Kind != "youtube#channelListResponse" || len(l.Items) != 1 {
		t.Fatalf("%+v", l)
	}
	it := l.Items[0]
	if it.Kind != "youtube#channel" || it.ID != "UCone" || it.Etag == "" || it.Snippet.Title != "Channel One" || it.Status.PrivacyStatus != "public" {
		t.Errorf("%+v", it)
	}
}

func TestOfManyChannelsFiveAreShownUnlessMoreAreAskedFor(t *testing.T) {
	p := platform(t)
	p.Many(4_000) // of 40 channels
	var ids []string
	for i := range 40 {
		ids = append(ids, archivetest.ManyChannelID(i*100))
	}
	for more, want := range map[string]int{"": 5, "&maxResults=50": 40, "&maxResults=7": 7, "&maxResults=none": 5} {
		l := into[videoList](t, get(p, "/youtube/v3/channels?part=id&key=k&id="+strings.Join(ids, ",")+more))
		if len(l.Items) != want || l.PageInfo.TotalResults != 40 {
			t.Errorf("%q: %d of %d", more, len(l.Items), l.PageInfo.TotalResults)
		}
	}
}

func TestAVideoForChildrenSaysSo(t *testing.T) {
	p := platform(t)
	v := one()
	v.MadeForKids = true
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	for _, it := range listed(t, p, "part=status&id="+oneID+","+otherID).Items {
		if *it.Status.MadeForKids != (it.ID == oneID) {
			t.Errorf("%s: %v", it.ID, *it.Status.MadeForKids)
		}
	}
}
