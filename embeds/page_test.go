package embeds_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/embeds"
)

func TestEmbedPagesAsTheyAreSent(t *testing.T) {
	english := options()
	english.Language = "en"
	without := options()
	without.HasPoster = false
	for name, tt := range map[string]struct {
		video   archive.Video
		options embeds.Options
	}{
		"embed-live.html":    {mirrored(source("webfile", "https://files.example.org/a.mp4", live())), options()},
		"embed-card.html":    {standing(gone(archive.Removed)), options()},
		"embed-card-en.html": {standing(limited(archive.Restriction{Aspect: archive.AspectAge})), english},
		"embed-blank.html":   {archive.Video{ID: videoID}, without},
	} {
		t.Run(name, func(t *testing.T) {
			body := string(page(t, tt.video, tt.options).Body)
			for _, tag := range []string{"style", "script"} { // stand in files of their own
				for _, n := range elements(t, []byte(body), tag) {
					if kind, _ := attr(n, "type"); kind == "" {
						body = strings.Replace(body, n.FirstChild.Data, "…", 1)
					}
				}
			}
			golden(t, name, []byte(body))
		})
	}
}

// dataOf is what the page's script reads.
func dataOf(t *testing.T, d embeds.Document) embeds.Stage {
	t.Helper()
	for _, n := range elements(t, d.Body, "script") {
		if id, _ := attr(n, "id"); id != "player-data" {
			continue
		}
		var data embeds.Stage
		if err := json.Unmarshal([]byte(n.FirstChild.Data), &data); err != nil {
			t.Fatal(err)
		}
		return data
	}
	t.Fatal("the page carries no data for its script")
	return embeds.Stage{}
}

func TestBeforeTheClickNothingComesFromAnybodyElse(t *testing.T) {
	d := page(t, mirrored(source("webfile", "https://files.example.org/a.mp4", live())), options())
	for _, name := range []string{"iframe", "video", "audio", "object", "embed", "link"} {
		for _, n := range elements(t, d.Body, name) {
			rel, _ := attr(n, "rel")
			if href, _ := attr(n, "href"); name == "link" && (href == "data:," || rel == "alternate") { // no icon; nothing is loaded
				continue
			}
			t.Errorf("there is a <%s>", name)
		}
	}
	for _, img := range elements(t, d.Body, "img") {
		if src, _ := attr(img, "src"); !strings.HasPrefix(src, "/p/"+videoID+"/") {
			t.Errorf("a picture comes from %s", src)
		}
	}
	for _, script := range elements(t, d.Body, "script") {
		if src, ok := attr(script, "src"); ok {
			t.Errorf("a script comes from %s", src)
		}
	}
	if _, ok := d.Header["Set-Cookie"]; ok {
		t.Error("the page sets a cookie")
	}
}

func TestFacade(t *testing.T) {
	d := page(t, meeting(), options())
	facade := classed(t, d.Body, "facade")
	img := elements(t, d.Body, "img")[0]
	for name, want := range map[string]string{
		"src": "/p/" + videoID + "/640.jpg", "width": "640", "height": "360", "alt": "Portada del video: Reunión en Nueva York",
		"srcset": "/p/" + videoID + "/320.jpg 320w, /p/" + videoID + "/640.jpg 640w, /p/" + videoID + "/960.jpg 960w, /p/" + videoID + "/1280.jpg 1280w",
	} {
		if got, _ := attr(img, name); got != want {
			t.Errorf("the poster's %s is %q, want %q", name, got, want)
		}
	}
	for _, want := range []string{"Reunión en Nueva York", "1:02:03", "YouTube"} {
		if !strings.Contains(text(facade), want) {
			t.Errorf("the facade does not say %q: %q", want, text(facade))
		}
	}
	if href, _ := attr(facade, "href"); href != baseURL+"/v/"+videoID {
		t.Errorf("without a script the poster leads to %q", href)
	}
	if label, _ := attr(facade, "aria-label"); label != "Ver: Reunión en Nueva York" {
		t.Errorf("without a script the poster is named %q", label)
	}
	if data := dataOf(t, d); data.Play != "Reproducir: Reunión en Nueva York" || strings.Join(data.Meta, "|") != "1:02:03|YouTube" {
		t.Errorf("the button is named %q, with %q", data.Play, data.Meta)
	}
}

func TestOwnWordsBeforeThePlatforms(t *testing.T) {
	v := meeting()
	v.Alt = archive.Text{"es": "Dos hombres se dan la mano."}
	v.ContentWarning = archive.Text{"es": "Imágenes fuertes."}
	d := page(t, v, options())
	if alt, _ := attr(elements(t, d.Body, "img")[0], "alt"); alt != "Dos hombres se dan la mano." {
		t.Errorf("alt is %q", alt)
	}
	if got := text(classed(t, d.Body, "facade")); !strings.Contains(got, "Advertencia de contenido: Imágenes fuertes.") {
		t.Errorf("no warning before the click: %q", got)
	}
}

func TestLanguageOfThePage(t *testing.T) {
	for name, tt := range map[string]struct {
		asked, own string
		want       string
		label      string
	}{
		"asked for":                      {"en", "es", "en", "Play: Meeting in New York"},
		"the video's own":                {"", "es", "es", "Reproducir: Reunión en Nueva York"},
		"neither":                        {"", "", "en", "Play: Meeting in New York"},
		"one that nobody here speaks":    {"de", "de", "en", "Play: Meeting in New York"},
		"unknown, but the video's isn't": {"de", "es-SV", "es", "Reproducir: Reunión en Nueva York"},
	} {
		t.Run(name, func(t *testing.T) {
			v, o := meeting(), options()
			v.DefaultLanguage, o.Language = tt.own, tt.asked
			d := page(t, v, o)
			if lang, _ := attr(elements(t, d.Body, "html")[0], "lang"); lang != tt.want || d.Header["Content-Language"] != tt.want {
				t.Errorf("the page is in %q, its header says %q, want %q", lang, d.Header["Content-Language"], tt.want)
			}
			if label := dataOf(t, d).Play; label != tt.label {
				t.Errorf("the button is named %q, want %q", label, tt.label)
			}
		})
	}
}

func TestPlayersAddress(t *testing.T) {
	v := mirrored(source("webfile", "https://files.example.org/a.mp4", live()))
	v.Sources[0].Start, v.Sources[0].End = 30, 90
	v.Sources[1].Start = 5
	for name, tt := range map[string]struct {
		start, end int
		query      url.Values
		file       string
	}{
		"as registered": {0, 0, url.Values{"start": {"30"}, "end": {"90"}}, "https://files.example.org/a.mp4#t=5"},
		"as asked":      {10, 20, url.Values{"start": {"10"}, "end": {"20"}}, "https://files.example.org/a.mp4#t=10,20"},
		"only an end":   {0, 20, url.Values{"end": {"20"}}, "https://files.example.org/a.mp4#t=0,20"},
		"end too early": {40, 20, url.Values{"start": {"40"}}, "https://files.example.org/a.mp4#t=40"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Start, o.End = tt.start, tt.end
			data := dataOf(t, page(t, v, o))
			for k, want := range map[string]string{"enablejsapi": "1", "playsinline": "1", "rel": "0", "autoplay": "1", "hl": "es"} {
				tt.query.Set(k, want)
			}
			if want := "https://www.youtube-nocookie.com/embed/aaaaaaaaaaa?" + tt.query.Encode(); data.Candidates[0].Address != want {
				t.Errorf("the player is at %s, want %s", data.Candidates[0].Address, want)
			}
			if data.Candidates[1].Address != tt.file {
				t.Errorf("the file is at %s, want %s", data.Candidates[1].Address, tt.file)
			}
		})
	}
}

func TestWhatTheScriptIsTold(t *testing.T) {
	o := options()
	d := page(t, mirrored(source("youtube", "bbbbbbbbbbb", live()), source("demo", "ccc", live())), o)
	data := dataOf(t, d)
	first, second, third := data.Candidates[0], data.Candidates[1], data.Candidates[2]
	if first.Origin != "https://www.youtube-nocookie.com" || first.Kind != "youtube" || first.Source != "youtube:aaaaaaaaaaa" {
		t.Errorf("the first candidate is %+v", first)
	}
	if second.Next != "Probar con otra fuente en YouTube" || third.Next != "Probar con Demo" {
		t.Errorf("the next ones are offered as %q and %q", second.Next, third.Next)
	}
	if data.Report != "" {
		t.Errorf("errors are reported to %s although nobody asked for it", data.Report)
	}
	o.Reports = true
	if got := dataOf(t, page(t, meeting(), o)).Report; got != "/e/"+videoID+"/trouble" {
		t.Errorf("errors are reported to %q", got)
	}
	if !strings.Contains(data.Allow, "encrypted-media") || !strings.Contains(data.Allow, "autoplay") {
		t.Errorf("the player is allowed %q", data.Allow)
	}
}

func TestAnUnsafePageOfASourceIsNoLink(t *testing.T) {
	for _, standing := range []archive.Standing{live(), gone(archive.Removed)} {
		v := meeting()
		v.Sources[0].URL, v.Sources[0].Standing = "javascript:alert(1)", standing
		for _, d := range []embeds.Document{page(t, v, options()), watch(t, v, options())} {
			if strings.Contains(string(d.Body), "javascript:alert") {
				t.Errorf("an address of no page is in the document")
			}
		}
	}
}

func policyOf(d embeds.Document) map[string]string {
	directives := map[string]string{}
	for part := range strings.SplitSeq(d.Header["Content-Security-Policy"], "; ") {
		name, value, _ := strings.Cut(part, " ")
		directives[name] = value
	}
	return directives
}

func TestPolicyAdmitsWhatThePageHoldsAndItsPlayers(t *testing.T) {
	d := page(t, mirrored(source("demo", "ccc", live()), source("youtube", "bbb", live()), source("youtube", "ddd", gone(archive.Removed))), options())
	policy := policyOf(d)
	for name, want := range map[string]string{
		"default-src": "'none'", "img-src": "'self' data:", "connect-src": "'self'", "base-uri": "'none'", "form-action": "'none'",
		"frame-src": "https://www.youtube-nocookie.com http://demo.localhost:9000",
		"media-src": "", "frame-ancestors": "",
	} {
		if policy[name] != want {
			t.Errorf("%s is %q, want %q", name, policy[name], want)
		}
	}
	for tag, directive := range map[string]string{"style": "style-src", "script": "script-src"} {
		for _, n := range elements(t, d.Body, tag) {
			if kind, _ := attr(n, "type"); kind != "" {
				continue // data, which no policy is asked about
			}
			sum := sha256.Sum256([]byte(n.FirstChild.Data))
			if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; policy[directive] != want {
				t.Errorf("%s admits %s, the page holds %s", directive, policy[directive], want)
			}
		}
	}
	if d.Header["Referrer-Policy"] != "strict-origin-when-cross-origin" || d.Header["Content-Type"] != "text/html; charset=utf-8" {
		t.Errorf("headers are %v", d.Header)
	}
}

func TestFramesMayBeLimitedToSites(t *testing.T) {
	o, v := options(), meeting()
	o.Ancestors = []string{"https://news.example.org"}
	for name, d := range map[string]embeds.Document{"embed": page(t, v, o), "watch": watch(t, v, o)} {
		if got := policyOf(d)["frame-ancestors"]; got != "'self' https://news.example.org" {
			t.Errorf("%s: frame-ancestors is %q", name, got)
		}
	}
	v.Sites = []string{"https://*.other.example"}
	if got := policyOf(page(t, v, o))["frame-ancestors"]; got != "'self' https://*.other.example" {
		t.Errorf("the video's own sites: %q", got)
	}
}

func TestPolicyOfMediaFiles(t *testing.T) {
	v := archive.Video{ID: videoID, Sources: []archive.Source{source("webfile", "http://files.example.org:81/a.mp4", live())}}
	policy := policyOf(page(t, v, options()))
	if got := policy["media-src"]; got != "http://files.example.org:81 https: blob:" {
		t.Errorf("media-src is %q", got)
	}
	if got, ok := policy["frame-src"]; ok {
		t.Errorf("frame-src is %q, although nothing is framed", got)
	}
}

func TestNoPageUsesInlineStylesOrHandlers(t *testing.T) {
	for name, d := range map[string]embeds.Document{
		"embed": page(t, meeting(), options()), "card": page(t, standing(gone(archive.Removed)), options()), "watch": watch(t, meeting(), options()),
	} {
		for _, tag := range []string{"div", "p", "a", "button", "img", "section", "iframe", "svg", "ul", "li", "body"} {
			for _, n := range elements(t, d.Body, tag) {
				for _, a := range n.Attr {
					if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
						t.Errorf("%s: <%s %s> would be stopped by the page's own policy", name, tag, a.Key)
					}
				}
			}
		}
	}
}

func TestBasePathAndAliases(t *testing.T) {
	o := options()
	o.BaseURL, o.Reports = "https://example.org/archive/", true
	d := page(t, meeting(), o)
	if src, _ := attr(elements(t, d.Body, "img")[0], "src"); src != "/archive/p/"+videoID+"/640.jpg" {
		t.Errorf("the poster comes from %s", src)
	}
	if got := dataOf(t, d).Report; got != "/archive/e/"+videoID+"/trouble" {
		t.Errorf("errors are reported to %s", got)
	}
	if href, _ := attr(classed(t, d.Body, "facade"), "href"); href != "https://example.org/archive/v/"+videoID {
		t.Errorf("the poster leads to %s", href)
	}
}

// packed is how many bytes travel where a browser reads gzip, which all do.
func packed(t *testing.T, body []byte) int {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

func TestWhatTravelsBeforeTheClickIsLight(t *testing.T) {
	script, err := renderer(t).Script(baseURL)
	if err != nil {
		t.Fatal(err)
	}
	files, err := renderer(t).FileScript(baseURL)
	if err != nil {
		t.Fatal(err)
	}
	static := options()
	static.Static, static.Relative = true, ".."
	for name, tt := range map[string]struct {
		body []byte
		most int
	}{
		"embed.js":                 {script.Body, 5000},
		"embed.js beside files":    {files.Body, 5000},
		"the page as a file":       {page(t, meeting(), static).Body, 8192},
		"the page, but its poster": {page(t, meeting(), options()).Body, 8000},
	} {
		if got := packed(t, tt.body); got > tt.most {
			t.Errorf("%s has %d bytes packed, at most %d are allowed", name, got, tt.most)
		} else {
			t.Logf("%s: %d bytes packed", name, got)
		}
	}
}
