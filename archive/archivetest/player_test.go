package archivetest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"videoteca/archive/archivetest"
)

var dataInPage = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)

type player struct {
	ID, Title, Origin            string
	API, Silent, Waits, Autoplay bool
	Error                        int
	Start, End, Duration         float64
	Scene                        struct{ Shapes []struct{ D, Fill string } }
}

func playerOf(t testing.TB, p http.Handler, path string, headers ...string) (player, string) {
	t.Helper()
	page := textOf(t, get(p, path, headers...))
	m := dataInPage.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no data in %s", page)
	}
	var d player
	if err := json.Unmarshal([]byte(m[1]), &d); err != nil {
		t.Fatalf("%v in %s", err, m[1])
	}
	return d, page
}

func TestThePlayerReadsItsParameters(t *testing.T) {
	p := platform(t)
	v := one()
	v.Duration = 90e9
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]player{
		"":                                      {Origin: "*", End: 90},
		"enablejsapi=1":                         {Origin: "*", End: 90, API: true},
		"enablejsapi=1&origin=http://a.test:81": {Origin: "http://a.test:81", End: 90, API: true},
		"origin=https://a.test/page":            {Origin: "https://a.test", End: 90},
		"origin=null":                           {Origin: "*", End: 90},
		"origin=javascript:alert(1)":            {Origin: "*", End: 90},
		"start=10&end=20":                       {Origin: "*", Start: 10, End: 20},
		"start=10":                              {Origin: "*", Start: 10, End: 90},
		"start=100":                             {Origin: "*", End: 90},
		"start=20&end=10":                       {Origin: "*", Start: 20, End: 90},
		"start=-1&end=soon":                     {Origin: "*", End: 90},
		"autoplay=1":                            {Origin: "*", End: 90, Autoplay: true},
	} {
		got, _ := playerOf(t, p, "/embed/"+oneID+"?"+query, "Referer", article)
		if len(got.Scene.Shapes) == 0 {
			t.Errorf("%s: nothing to draw", query)
		}
		got.Scene.Shapes = nil
		want.ID, want.Title, want.Duration = oneID, one().Title, 90
		if got.ID != want.ID || got.Title != want.Title || got.Origin != want.Origin || got.API != want.API || got.Autoplay != want.Autoplay ||
			got.Start != want.Start || got.End != want.End || got.Duration != want.Duration || got.Error != 0 || got.Silent {
			t.Errorf("%q:\n got %+v\nwant %+v", query, got, want)
		}
	}
}

func TestThePlayerRefusesWithoutAReferer(t *testing.T) {
	p := platform(t)
	for id, want := range map[string]int{oneID: 153, archivetest.ControlID: 153, "short": 2} {
		if code := playerError(t, p, "/embed/"+id); code != want {
			t.Errorf("%s without Referer: %d, want %d", id, code, want)
		}
	}
	set(t, p, oneID, archivetest.Removed)
	if code := playerError(t, p, "/embed/"+oneID); code != 153 {
		t.Errorf("removed and without Referer: %d; the page's own fault comes first", code)
	}
}

func TestAPlayerThatCannotPlayIsAGreyBoxThatSaysWhy(t *testing.T) {
	for state, says := range map[archivetest.State][2]string{
		archivetest.Private:       {"This video is private", "Este video es privado"},
		archivetest.Removed:       {"available any more", "ya no está disponible"},
		archivetest.Rejected:      {"violating the terms", "infringir las condiciones"},
		archivetest.EmbeddingOff:  {"other websites has been disabled", "desactivó la reproducción"},
		archivetest.RegionBlocked: {"in your country", "en su país"},
		archivetest.AgeRestricted: {"age-restricted", "restricción de edad"},
		archivetest.Processing:    {"still being processed", "se está procesando"},
	} {
		p := platform(t)
		set(t, p, oneID, state)
		for i, language := range []string{"en", "es"} {
			d, page := playerOf(t, p, "/embed/"+oneID+"?hl="+language, "Referer", article)
			if !strings.Contains(page, `class="grey"`) || !strings.Contains(page, says[i]) || strings.Contains(page, "<canvas") {
				t.Errorf("%s, %s: %s", state, language, page)
			}
			if len(d.Scene.Shapes) != 0 {
				t.Errorf("%s: the frame is in the page", state)
			}
		}
	}
}

func TestTheOwnWatchPagePlaysWhatOthersMayNotEmbed(t *testing.T) {
	p := platform(t)
	for _, s := range []archivetest.State{archivetest.EmbeddingOff, archivetest.AgeRestricted} {
		set(t, p, oneID, s)
		for _, c := range []struct {
			path, referer string
			want          int
		}{
			{"/embed/" + oneID + "?context=watch", base + "/watch?v=" + oneID, 0},
			{"/embed/" + oneID + "?context=watch", article, 150},
			{"/embed/" + oneID, base + "/watch?v=" + oneID, 150},
		} {
			if got := playerError(t, p, c.path, "Referer", c.referer); got != c.want {
				t.Errorf("%s from %s: %d, want %d", s, c.referer, got, c.want)
			}
		}
	}
}

func TestAScheduledVideoWaits(t *testing.T) {
	p := platform(t)
	set(t, p, oneID, archivetest.Scheduled)
	d, page := playerOf(t, p, "/embed/"+oneID, "Referer", article)
	if !d.Waits || d.Error != 0 || strings.Contains(page, `id="toggle"`) || !strings.Contains(page, "Not begun yet") {
		t.Errorf("%+v %s", d, page)
	}
}

func TestASilentPlayerLoads(t *testing.T) {
	p := platform(t)
	fail(t, p, archivetest.FaultSilentPlayer)
	d, page := playerOf(t, p, "/embed/"+oneID, "Referer", article)
	if !d.Silent || d.Error != 0 || !strings.Contains(page, "<canvas") {
		t.Errorf("%+v", d)
	}
}

func TestThePlayerSaysThatItIsASimulation(t *testing.T) {
	p := platform(t)
	for language, words := range map[string]string{"en": "Simulation — no real footage", "es-SV,es;q=0.9,en;q=0.5": "Simulación: sin imágenes reales", "fr": "Simulation — no real footage"} {
		page := textOf(t, get(p, "/embed/"+oneID, "Referer", article, "Accept-Language", language))
		if !strings.Contains(page, words) {
			t.Errorf("%s: no %q", language, words)
		}
	}
}

func TestThePlayersPage(t *testing.T) {
	p := platform(t)
	_, page := playerOf(t, p, "/embed/"+oneID+"?enablejsapi=1&origin=http://article.test&start=5&hl=en", "Referer", article)
	page = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(page, "<style>…</style>")
	page = regexp.MustCompile(`(?s)"scene":\{.*?\]\}`).ReplaceAllString(page, `"scene":…`)
	page = regexp.MustCompile(`(?s)<script>.*?</script>`).ReplaceAllString(page, "<script>…</script>")
	golden(t, "player.html", page)
}

func TestThePolicyLetsThePlayersScriptRunAndNoOther(t *testing.T) {
	script, err := os.ReadFile("pages/player.js")
	if err != nil {
		t.Fatal(err)
	}
	res := get(platform(t), "/embed/"+oneID, "Referer", article)
	sum := sha256.Sum256(script)
	policy := res.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("policy %q", policy)
	}
	if page := textOf(t, res); !strings.Contains(page, "<script>"+string(script)+"</script>") {
		t.Error("the script in the page is not the file, byte for byte")
	}
	if h := res.Header; h.Get("X-Frame-Options") != "" || strings.Contains(policy, "frame-ancestors") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("a player must be framed by anybody: %v", h)
	}
}

// TestThePlayersScriptSpeaksTheProtocol holds the words of the protocol; a
// browser holds what the script does with them.
func TestThePlayersScriptSpeaksTheProtocol(t *testing.T) {
	script, err := os.ReadFile("pages/player.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{
		"'listening'", "'command'", "'initialDelivery'", "'infoDelivery'", "'onReady'", "'onStateChange'", "'onError'",
		"'addEventListener'", "'playVideo'", "'pauseVideo'", "'stopVideo'", "'seekTo'", "'mute'", "'unMute'",
		"channel: 'widget'", "currentTime", "duration", "playerState", "event.source !== parent",
		"ended = 0, playing = 1, paused = 2",
	} {
		if !strings.Contains(string(script), word) {
			t.Errorf("no %s", word)
		}
	}
	for _, word := range []string{"http:", "https:", "fetch(", "eval(", "innerHTML"} {
		if strings.Contains(string(script), word) {
			t.Errorf("%s has no place in it", word)
		}
	}
}

func TestATitleCannotBreakOutOfAPage(t *testing.T) {
	p := platform(t)
	v := one()
	v.Title = `</script><img src=x onerror=alert(1)> "q" 'q' ` + "\u202e\u2028 𝔙"
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/embed/" + oneID, "/watch?v=" + oneID, "/_control", "/channel/UCone"} {
		page := textOf(t, get(p, path, "Referer", article))
		if strings.Contains(page, "<img src=x") || strings.Contains(page, "</script><img") {
			t.Errorf("%s: %s", path, page)
		}
	}
	if d, _ := playerOf(t, p, "/embed/"+oneID, "Referer", article); d.Title != v.Title {
		t.Errorf("title %q", d.Title)
	}
}
