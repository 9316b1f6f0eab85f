package archivetest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"videoteca/archive/archivetest"
)

const (
	formKind = "application/x-www-form-urlencoded"
	home     = "http://maketube.localhost:8090"
	demo     = "http://127.0.0.1:8080" // a page that is trusted to drive the platform
)

type state struct {
	Name, Fault    string
	BaseURL        string `json:"base_url"`
	Faults, States []string
	Videos         []struct {
		ID, Title, State string
		Control          bool
		WatchURL         string `json:"watch_url"`
	}
	Channels []struct {
		ID, Title string
		Closed    bool
	}
}

func controlled(t testing.TB) *archivetest.Platform {
	return platform(t, func(o *archivetest.Options) {
		o.BaseURL, o.TrustedOrigins = home, []string{demo, "no origin/at all"}
	})
}

// drive sends a request to the control page under its own host name.
func drive(p http.Handler, method, path, body string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, home+path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result()
}

func TestAFormSetsWhatItSaysAndComesBack(t *testing.T) {
	p := controlled(t)
	for path, body := range map[string]string{
		"/_control/videos/" + oneID: "state=removed", "/_control/fault": "fault=down", "/_control/channels/UCother": "closed=true",
	} {
		res := drive(p, http.MethodPost, path+"?hl=es", body, "Content-Type", formKind)
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/_control?hl=es" {
			t.Errorf("%s: %d to %q", path, res.StatusCode, res.Header.Get("Location"))
		}
	}
	v, _ := p.Video(oneID)
	c, _ := p.Channel("UCother")
	if v.State != archivetest.Removed || p.Fault() != archivetest.FaultDown || !c.Closed {
		t.Errorf("state %s, fault %s, closed %t", v.State, p.Fault(), c.Closed)
	}
}

func TestAProgramSetsStatesInJSON(t *testing.T) {
	p := controlled(t)
	for _, c := range []struct{ path, body, kind, accept string }{
		{"/_control/videos/" + oneID, `{"state":"private"}`, "application/json", ""},
		{"/_control/fault", `{"fault":"slow"}`, "application/json; charset=utf-8", ""},
		{"/_control/channels/UCother", `{"closed":true}`, "application/json", ""},
		{"/_control/fault", "fault=garbage", formKind, "application/json"},
	} {
		if res := drive(p, http.MethodPost, c.path, c.body, "Content-Type", c.kind, "Accept", c.accept); res.StatusCode != http.StatusOK {
			t.Errorf("%s %s: %d", c.path, c.body, res.StatusCode)
		}
	}
	got := into[state](t, drive(p, http.MethodGet, "/_control/state.json", ""))
	if got.Fault != "garbage" || got.BaseURL != home || got.Name != "MakeTube" || len(got.Faults) != 12 || len(got.States) != 11 {
		t.Errorf("%+v", got)
	}
	if v := got.Videos[1]; v.ID != oneID || v.State != "private" || v.Control || v.WatchURL != home+"/watch?v="+oneID {
		t.Errorf("%+v", v)
	}
	if v := got.Videos[0]; v.ID != archivetest.ControlID || !v.Control {
		t.Errorf("%+v", v)
	}
	if len(got.Channels) != 2 || !got.Channels[1].Closed || got.Channels[0].Closed {
		t.Errorf("%+v", got.Channels)
	}
}

func TestWhatCannotBeSetIsRefused(t *testing.T) {
	p := controlled(t)
	for _, c := range []struct {
		path, body, kind string
		want             int
	}{
		{"/_control/videos/never______", "state=removed", formKind, 404},
		{"/_control/videos/" + oneID, "state=drunk", formKind, 400},
		{"/_control/videos/" + oneID, "", formKind, 400},
		{"/_control/videos/" + archivetest.ControlID, "state=removed", formKind, 409},
		{"/_control/fault", "fault=tired", formKind, 400},
		{"/_control/fault", "{", "application/json", 400},
		{"/_control/fault", "fault=" + strings.Repeat("x", 5000), formKind, 400},
		{"/_control/channels/UCnever", "closed=true", formKind, 404},
	} {
		if res := drive(p, http.MethodPost, c.path, c.body, "Content-Type", c.kind); res.StatusCode != c.want {
			t.Errorf("%s %.40s: %d, want %d", c.path, c.body, res.StatusCode, c.want)
		}
	}
	if res := drive(p, http.MethodGet, "/_control/fault", ""); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a GET changes nothing: %d", res.StatusCode)
	}
}

func TestOtherSitesCannotDriveThePlatform(t *testing.T) {
	for _, c := range []struct {
		what    string
		headers []string
		want    int
	}{
		{"another site's form", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a neighbour's form", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"an old browser's form", []string{"Origin", "http://evil.example"}, 403},
		{"what is trusted but no origin", []string{"Origin", "no origin/at all", "Sec-Fetch-Site", "cross-site"}, 403},
		{"the page itself", []string{"Sec-Fetch-Site", "same-origin", "Origin", home}, 303},
		{"the demo's page", []string{"Sec-Fetch-Site", "cross-site", "Origin", demo}, 303},
		{"a program", nil, 303},
	} {
		p := controlled(t)
		res := drive(p, http.MethodPost, "/_control/fault", "fault=down", append(c.headers, "Content-Type", formKind)...)
		if res.StatusCode != c.want || (p.Fault() == archivetest.FaultDown) != (c.want == 303) {
			t.Errorf("%s: %d, fault %s", c.what, res.StatusCode, p.Fault())
		}
	}
}

func TestTheControlPageAnswersToItsOwnNamesAlone(t *testing.T) {
	p := controlled(t)
	for host, want := range map[string]int{
		"maketube.localhost:8090": 200, "localhost:1": 200, "127.0.0.1:8090": 200, "[::1]:8090": 200, "x.localhost": 200,
		"evil.example": 421, "evil.example:8090": 421, "10.0.0.1": 421, "localhost.evil.example": 421,
	} {
		r := httptest.NewRequest(http.MethodGet, "http://"+host+"/_control", nil)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", host, w.Code, want)
		}
	}
}

func TestATrustedPageMayReadTheState(t *testing.T) {
	for origin, want := range map[string]string{demo: demo, "http://evil.example": "", "": ""} {
		res := drive(controlled(t), http.MethodGet, "/_control/state.json", "", "Origin", origin)
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != want || res.Header.Get("Vary") != "Origin" {
			t.Errorf("%q: allowed %q", origin, got)
		}
	}
	policy := drive(controlled(t), http.MethodGet, "/_control", "").Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "frame-ancestors 'self' "+demo) || strings.Contains(policy, "no origin") {
		t.Errorf("policy %q", policy)
	}
}

func TestTheControlPageWorksInBothLanguagesAndWithoutScripts(t *testing.T) {
	p := controlled(t)
	set(t, p, oneID, archivetest.Private)
	fail(t, p, archivetest.FaultQuota)
	for language, words := range map[string][]string{
		"en": {`<html lang="en">`, "Control room", "API quota used up", `<option value="private" selected>Private</option>`},
		"es": {`<html lang="es">`, "Sala de control", "Cuota de la API agotada", `<option value="private" selected>Privado</option>`},
	} {
		page := textOf(t, drive(p, http.MethodGet, "/_control?hl="+language, ""))
		for _, word := range append(words, `<form method="post" action="/_control/fault?hl=`+language, `action="/_control/videos/`+oneID, `<option value="quota" selected>`, "/_control/picture/"+oneID) {
			if !strings.Contains(page, word) {
				t.Errorf("%s: no %s", language, word)
			}
		}
		if strings.Contains(page, "<script") || strings.Contains(page, `action="/_control/videos/`+archivetest.ControlID) {
			t.Errorf("%s: a script, or a switch for the control", language)
		}
	}
}

func TestTheControlPageShowsPicturesOfWhatIsGone(t *testing.T) {
	p := controlled(t)
	set(t, p, oneID, archivetest.Removed)
	fail(t, p, archivetest.FaultDown)
	res := drive(p, http.MethodGet, "/_control/picture/"+oneID, "")
	if got := shapeOf(t, res); res.StatusCode != http.StatusOK || got.X != 320 {
		t.Errorf("%d, %v", res.StatusCode, got)
	}
	if res := drive(p, http.MethodGet, "/_control/picture/never______", ""); res.StatusCode != http.StatusNotFound {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestRequestsAreRemembered(t *testing.T) {
	p := platform(t)
	get(p, "/youtube/v3/videos?key=a-secret&part=id&id="+oneID, "User-Agent", "tester/1", "Referer", article)
	drive(p, http.MethodGet, "/_control", "")
	got := p.Requests()
	want := archivetest.Request{Method: "GET", Path: "/youtube/v3/videos", Query: "id=" + oneID + "&part=id", Referer: article, UserAgent: "tester/1"}
	if len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
	p.ResetCounts()
	if len(p.Requests()) != 0 || p.Units() != 0 {
		t.Errorf("after a reset: %v", p.Requests())
	}
}

func TestTheMemoryOfRequestsIsBounded(t *testing.T) {
	p := platform(t)
	for i := range 1010 {
		get(p, fmt.Sprintf("/nowhere/%d", i))
	}
	got := p.Requests()
	if len(got) != 1000 || got[0].Path != "/nowhere/10" || got[999].Path != "/nowhere/1009" {
		t.Errorf("%d requests, from %s to %s", len(got), got[0].Path, got[len(got)-1].Path)
	}
}
