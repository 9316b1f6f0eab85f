package oembed_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/oembed"
)

// peerVideo is an API answer; more replaces or joins the usual members.
func peerVideo(id, more string) string {
	members := `"uuid":%q,"name":"A meeting","description":"Words.","duration":62,"publishedAt":"2019-09-26T01:02:03.000Z",` +
		`"tags":["a","b"],"language":{"id":"es","label":"Spanish"},"privacy":{"id":1,"label":"Public"},"state":{"id":1,"label":"Published"},` +
		`"nsfw":false,"previewPath":"/lazy-static/previews/1.jpg","thumbnailPath":"/t.jpg","aspectRatio":1.7778,` +
		`"channel":{"displayName":"Ana","url":"https://tube.example/c/ana"},"files":[{"resolution":{"id":720}},{"resolution":{"id":1080}}]`
	return "{" + fmt.Sprintf(members, id) + more + "}"
}

// tube is a stage that plays an instance with one video.
func tube(t *testing.T, video string) (*stage, *oembed.Adapter, string) {
	t.Helper()
	s := newStage()
	base := s.open(t)
	s.api[uuid] = video
	s.pages[base+"/videos/watch/"+uuid] = document(t, map[string]any{"author_name": "Ana", "thumbnail_url": base + "/t.jpg"})
	return s, adapter(t, options(t, oembed.PeerTube, base)), base
}

func TestPeerTubeIsAskedInTwoWays(t *testing.T) {
	s, a, base := tube(t, peerVideo(uuid, ""))
	got := fetch(t, a, base+"/w/"+short)
	want := archive.Fields{
		Title: "A meeting", Description: "Words.", Channel: "Ana", ChannelURL: "https://tube.example/c/ana", Seconds: 62,
		Published: time.Date(2019, 9, 26, 1, 2, 3, 0, time.UTC), Language: "es", Width: 1920, Height: 1080,
		Tags: []string{"a", "b"}, Status: []string{"privacy=Public", "state=Published"},
	}
	if got.Method != "peertube.api" || !equal(got.Fields, want) {
		t.Errorf("by %s\ngot  %+v\nwant %+v", got.Method, got.Fields, want)
	}
	for _, method := range []string{"oembed.peertube", "peertube.api"} {
		o := one(t, got.Observations, method)
		if o.Outcome != archive.Playable || !o.Answers || o.Host != base[len("http://"):] || o.Source.ID != uuid || o.Digest == "" {
			t.Errorf("%s: %+v", method, o)
		}
	}
	if len(got.Raw) != 2 || len(got.Pictures) != 1 || got.Pictures[0].Label != "preview" || len(s.requests("/t.jpg")) != 0 {
		t.Errorf("%d raw, pictures %+v", len(got.Raw), got.Pictures)
	}
}

func TestOneWayOfPeerTubeMayFail(t *testing.T) {
	s, a, base := tube(t, "")
	s.acts["/api/v1/videos/"+uuid] = status(403)
	got := fetch(t, a, base+"/w/"+short)
	if got.Method != "oembed.peertube" || got.Fields.Title != "A meeting" || got.Pictures[0].Label != "thumbnail" {
		t.Errorf("fetched %+v", got)
	}
	if o := one(t, got.Observations, "peertube.api"); o.Outcome != archive.Unclear || !strings.HasPrefix(o.Reason, "HTTP 403: private") {
		t.Errorf("observed %+v", o)
	}
	s, a, base = tube(t, peerVideo(uuid, `,"aspectRatio":null`))
	s.acts["/services/oembed"] = body("<html>")
	got = fetch(t, a, base+"/w/"+short)
	if got.Method != "peertube.api" || got.Fields.Width != 0 || len(got.Raw) != 1 {
		t.Errorf("fetched %+v", got)
	}
}

func TestWhatThePeerTubeAPIMeans(t *testing.T) {
	for name, c := range map[string]struct {
		video   string
		outcome archive.Outcome
		aspect  archive.Aspect
		reason  string
	}{
		"published":                 {peerVideo(uuid, ""), archive.Playable, "", ""},
		"unlisted":                  {peerVideo(uuid, `,"privacy":{"id":2,"label":"Unlisted"}`), archive.Playable, "", ""},
		"being moved":               {peerVideo(uuid, `,"state":{"id":6,"label":"Moving"}`), archive.Playable, "", ""},
		"of a state yet unknown":    {peerVideo(uuid, `,"state":{"id":99,"label":"?"}`), archive.Playable, "", ""},
		"in upper case":             {peerVideo(strings.ToUpper(uuid), ""), archive.Playable, "", ""},
		"being transcoded":          {peerVideo(uuid, `,"state":{"id":2,"label":"To transcode"}`), archive.Restricted, archive.AspectProcessing, "state=To transcode"},
		"being imported":            {peerVideo(uuid, `,"state":{"id":3,"label":"To import"}`), archive.Restricted, archive.AspectProcessing, "state=To import"},
		"waiting for a live stream": {peerVideo(uuid, `,"state":{"id":4,"label":"Waiting for live"}`), archive.Restricted, archive.AspectScheduled, "state=Waiting for live"},
		"another video":             {peerVideo(uuid2, ""), archive.Unclear, "", "not the video asked for"},
		"without a name":            {`{"uuid":"` + uuid + `"}`, archive.Unclear, "", "not the video asked for"},
		"a page":                    {"<html>", archive.Unclear, "", "not the video asked for"},
		"not there":                 {"", archive.Missing, "", "not found (404)"},
	} {
		_, a, base := tube(t, c.video)
		o := one(t, fetch(t, a, base+"/w/"+short).Observations, "peertube.api")
		if o.Outcome != c.outcome || o.Reason != c.reason {
			t.Errorf("%s: %+v", name, o)
		}
		if c.aspect != "" && (len(o.Restrictions) != 1 || o.Restrictions[0].Aspect != c.aspect || !slices.Contains(o.Sees, c.aspect)) {
			t.Errorf("%s: restrictions %+v, sees %v", name, o.Restrictions, o.Sees)
		}
	}
}

func TestTheSizeOfAPeerTubeVideo(t *testing.T) {
	for name, c := range map[string]struct {
		more          string
		width, height int
	}{
		"by its files":           {`,"files":[{"width":854,"height":480},{"width":1280,"height":720}]`, 1280, 720},
		"by its playlist":        {`,"files":[],"streamingPlaylists":[{"files":[{"width":640,"height":360}]}]`, 640, 360},
		"by ratio, vertical":     {`,"aspectRatio":0.5625,"files":[{"resolution":{"id":1080}}]`, 1080, 1920},
		"by ratio, square":       {`,"aspectRatio":1,"files":[{"resolution":{"id":720}}]`, 720, 720},
		"by oEmbed where untold": {`,"aspectRatio":null`, 640, 360},
		"of sound alone":         {`,"files":[{"resolution":{"id":0}}]`, 640, 360},
		"of nonsense":            {`,"files":[{"width":1e9,"height":1},{"width":-1,"height":-1}],"aspectRatio":-3`, 640, 360},
	} {
		_, a, base := tube(t, peerVideo(uuid, c.more))
		if f := fetch(t, a, base+"/w/"+short).Fields; f.Width != c.width || f.Height != c.height {
			t.Errorf("%s: %d by %d, want %d by %d", name, f.Width, f.Height, c.width, c.height)
		}
	}
}

func TestAPreviewIsTakenFromTheInstanceAlone(t *testing.T) {
	for _, path := range []string{`"https://example.org/1.jpg"`, `"//example.org/1.jpg"`, `"@example.org/1.jpg"`, `"1.jpg"`, `null`, `7`} {
		s, a, base := tube(t, peerVideo(uuid, `,"previewPath":`+path))
		got := fetch(t, a, base+"/w/"+short)
		if len(got.Pictures) != 1 || got.Pictures[0].Label != "preview" || len(s.requests("/t.jpg")) != 1 {
			t.Errorf("%s: pictures %+v", path, got.Pictures)
		}
	}
}

func TestAnyHostIsAskedOverTLSAtItsOwnAddress(t *testing.T) {
	s := newStage()
	server := httptest.NewTLSServer(s)
	t.Cleanup(server.Close)
	a := adapter(t, oembed.Options{Provider: oembed.PeerTube, HTTP: server.Client()})
	s.api[uuid] = peerVideo(uuid, `,"nsfw":true`)
	got := fetch(t, a, "http://"+server.Listener.Addr().String()+"/w/"+short)
	o := one(t, got.Observations, "peertube.api")
	if o.Outcome != archive.Playable || o.Source.ID != o.Host+"/"+uuid || o.Host != server.Listener.Addr().String() {
		t.Errorf("observed %+v", o)
	}
	if !slices.Contains(got.Fields.Status, "nsfw=true") || len(got.Pictures) != 1 {
		t.Errorf("fetched %+v", got.Fields)
	}
}

func TestAnInstanceInOurNetworkIsRefusedByTheGuard(t *testing.T) {
	o := options(t, oembed.PeerTube, "http://unused.example")
	o.Origin = ""
	a := adapter(t, o)
	for _, host := range []string{"127.0.0.1", "10.0.0.5:9000", "169.254.169.254", "localhost", "[::1]:9000", "2130706433"} {
		got := fetch(t, a, "https://"+host+"/w/"+short)
		for _, method := range []string{"oembed.peertube", "peertube.api"} {
			if o := one(t, got.Observations, method); o.Outcome != archive.Unclear || o.Status != 0 || o.Reason == "" || o.Reason == "timeout" {
				t.Errorf("%s: %+v", host, o)
			}
		}
	}
}

func TestTwoWaysMayAgreeThatAVideoIsGone(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.api[uuid2] = peerVideo(uuid2, "")
	s.pages[base+"/videos/watch/"+uuid2] = document(t, nil)
	o := options(t, oembed.PeerTube, base)
	o.Control = uuid2
	got := fetch(t, adapter(t, o), base+"/w/"+short).Observations
	if len(got) != 4 || !got[2].Control || !got[3].Control {
		t.Fatalf("observed %+v", got)
	}
	standing, _ := archive.Judge(archive.Standing{}, archive.Rounds(got)[got[0].Source])
	if standing.State != archive.Suspect || len(standing.Counted) != 1 || len(standing.Counted[0].Methods) != 2 {
		t.Errorf("judged %+v", standing)
	}
}

func TestShortIDsAreExpanded(t *testing.T) {
	a := adapter(t, oembed.Options{Provider: oembed.PeerTube, HTTP: &http.Client{Transport: inProcess{newStage()}}})
	for in, want := range map[string]string{
		short:                    uuid,
		"1111111111111111111111": "00000000-0000-0000-0000-000000000000",
		"111111111111111111111Z": "00000000-0000-0000-0000-000000000039",
		"xBuEXKpA6iqZQK5Kf2TnkV": "ffffffff-ffff-ffff-ffff-ffffffffffff",
	} {
		ref := reference(t, a, "https://tube.example/w/"+in)
		if ref.Key.ID != "tube.example/"+want {
			t.Errorf("%s is %s, want %s", in, ref.Key.ID, want)
		}
	}
}
