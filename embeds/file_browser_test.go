package embeds_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"videoteca/archive"
	"videoteca/embeds"
)

// played is a video that can be played in every way there is.
func played(s *stand) archive.Video {
	v, _ := s.video(string(s.add("youtube:good", "youtube:other", "vimeo:76979871:8272103f6e", "peertube:abc", "dailymotion:x7tgad0", "web:"+s.platform.URL+"/a.webm")))
	v.Sources[0].Start, v.Sources[0].End = 7, 20
	for _, digest := range []string{"a", "b"} {
		v.Copies = append(v.Copies, archive.Copy{File: archive.File{Digest: strings.Repeat(digest, 64), Extension: "webm", Bytes: 3 << 20}})
	}
	for _, lang := range []string{"es", "pt-BR"} {
		v.Captions = append(v.Captions, archive.Caption{Language: lang, File: archive.File{Digest: strings.Repeat("c", 64), Extension: "vtt"}})
	}
	s.set(v)
	return v
}

// filed are the options of a page that is a file.
func (s *stand) filed(asked embeds.Asked) embeds.Options {
	o := s.options(asked)
	o.Static, o.Relative, o.Reports = true, "..", false
	return o
}

// folder serves the pages and records of a video as files, each whatever the query is; without those that are lost.
func (s *stand) folder(v archive.Video, lost ...string) *httptest.Server {
	s.t.Helper()
	files := map[string][]byte{}
	r := renderer(s.t)
	for _, lang := range []string{"", "en", "es"} {
		for prefix, render := range map[string]func(archive.Video, embeds.Options) (embeds.Document, error){"/e/": r.Page, "/v/": r.Watch, ".json": r.JSON} {
			d, err := render(v, s.filed(embeds.Asked{Language: lang}))
			if err != nil {
				s.t.Fatal(err)
			}
			name := embeds.FileName(v.ID, lang)
			if prefix == ".json" {
				files["/e/"+name+prefix] = d.Body
				continue
			}
			files[prefix+name+".html"] = d.Body
			if lang == "" {
				files[prefix+name] = d.Body
			}
		}
	}
	script, err := r.FileScript(baseURL)
	if err != nil {
		s.t.Fatal(err)
	}
	files["/embed.js"], files["/asked.js"] = script.Body, r.AskedModule()
	for _, name := range lost {
		delete(files, name)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, ok := files[q.URL.Path]
		w.Header().Set("Access-Control-Allow-Origin", "*")
		switch {
		case strings.HasPrefix(q.URL.Path, "/p/"):
			servePicture(w, q)
		case !ok:
			http.NotFound(w, q)
		default:
			if !strings.HasSuffix(q.URL.Path, ".json") {
				w.Header().Set("Content-Type", map[bool]string{true: "text/javascript", false: "text/html; charset=utf-8"}[strings.HasSuffix(q.URL.Path, ".js")])
			}
			_, _ = w.Write(body)
		}
	}))
	s.t.Cleanup(server.Close)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.own = append(s.own, server.URL)
	return server
}

// comparable is a stage with addresses taken apart, since the order of a query says nothing.
func comparable(t *testing.T, stage []byte) any {
	t.Helper()
	var tree map[string]any
	if err := json.Unmarshal(stage, &tree); err != nil {
		t.Fatalf("%v in %s", err, stage)
	}
	for _, one := range tree["candidates"].([]any) {
		player := one.(map[string]any)
		u, err := url.Parse(player["address"].(string))
		if err != nil {
			t.Fatal(err)
		}
		player["address"] = map[string]any{"at": u.Scheme + "://" + u.Host + u.Path, "query": u.Query(), "fragment": u.Fragment}
		if tracks, ok := player["tracks"].([]any); ok {
			for _, track := range tracks {
				if chosen := track.(map[string]any); chosen["chosen"] == nil {
					chosen["chosen"] = false
				}
			}
		}
	}
	return tree
}

// fileQueries hold as much as can be told apart in one page, since each is a visit.
func fileQueries() []string {
	return []string{
		"", "start=30&captions=pt&theme=dark&ratio=9:16", "end=90&captions=ES-sv&ratio=1%3A1&lang=ja", "start=30&end=90&prefer=source&ratio=4:3", "start=30&end=30&prefer=copy", "start=0&end=0",
		"start=-1&end=9&captions=%3Cb%3E&theme=pink&ratio=21:9&prefer=both", "start=1e3&captions=" + strings.Repeat("abcdefgh-", 5), "start=99999999",
		"start=5&end=65&captions=es&theme=light&ratio=4:3&prefer=copy&lang=en", "lang=EN-us&start=3", "lang=es",
	}
}

func TestAFileDoesWithItsQueryWhatTheServerDoes(t *testing.T) {
	s := newStand(t)
	v := played(s)
	files := s.folder(v)
	for _, query := range fileQueries() {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		asked := embeds.ParseQuery(values)
		switch asked.Language { // the page of the language is a page that was rendered in it
		case "EN-us":
			asked.Language = "en"
		case "ja":
			asked.Language = ""
		}
		pages := map[string]embeds.Document{"/e/": page(t, v, s.filed(asked))}
		if strings.Contains(query, "ratio") { // which the watch page does otherwise
			pages["/v/"] = watch(t, v, s.filed(asked))
		}
		for prefix, d := range pages {
			want := elements(t, d.Body, "html")[0]
			lang, _ := attr(want, "lang")
			s.do("opening the page", chromedp.Navigate(files.URL+prefix+string(v.ID)+"?"+query))
			s.untilOwn(fmt.Sprintf("document.documentElement.lang === %q && document.querySelector('button.play')", lang))
			stage := value[string](s, "document.getElementById('player-data').textContent")
			wanted, err := json.Marshal(dataOf(t, d))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := comparable(t, []byte(stage)), comparable(t, wanted); !reflect.DeepEqual(got, want) {
				t.Errorf("%s?%s: the page plays\n%v\nwant\n%v", prefix, query, got, want)
			}
			theme, _ := attr(want, "data-theme")
			if got := value[string](s, "document.documentElement.dataset.theme || ''"); got != theme {
				t.Errorf("%s?%s: the theme is %q, want %q", prefix, query, got, theme)
			}
			classes, _ := attr(classed(t, d.Body, "stage"), "class")
			if got := value[string](s, "document.getElementById('stage').className"); got != classes {
				t.Errorf("%s?%s: the stage is %q, want %q", prefix, query, got, classes)
			}
		}
	}
}

// untilOwn is until in a page of ours, which has no articles' helpers.
func (s *stand) untilOwn(condition string) {
	s.t.Helper()
	s.do("waiting for "+condition, chromedp.Poll[chromedp.Void]("!!("+condition+")", chromedp.WithPollingTimeout(patience)))
}

func TestAnArticleAsksAFileInItsLanguageAndWithItsOptions(t *testing.T) {
	s := newStand(t)
	v := played(s)
	files := s.folder(v)
	figure := func(query, lang string) string {
		return `<figure lang="` + lang + `"><a href="` + files.URL + `/v/` + string(v.ID) + `?` + query + `"><img src="` + files.URL + `/p/` + string(v.ID) + `/640.jpg" alt=""></a></figure>`
	}
	for _, tt := range []struct{ query, lang, button, address string }{
		{"lang=en&start=30", "es", "Play: Meeting in New York", "/embed/good?"},
		{"", "en-GB", "Play: Meeting in New York", "/embed/good?"},
		{"", "ja", "Reproducir: Reunión en Nueva York", "/embed/good?"},
		{"lang=es&prefer=copy&start=4", "", "Reproducir: Reunión en Nueva York", ".webm#t=4"},
	} {
		s.visit(figure(tt.query, tt.lang) + `<script async src="` + files.URL + `/embed.js"></script>`)
		s.until("embed(0, 'button.play')")
		if got := value[string](s, "embed(0, 'button.play').getAttribute('aria-label')"); got != tt.button {
			t.Errorf("%+v: the button is named %q", tt, got)
		}
		s.press(0)
		s.until("embed(0, '.screen > *')")
		address := value[string](s, "embed(0, '.screen > *').src")
		if !strings.Contains(address, tt.address) || strings.Contains(tt.query, "start=30") && !strings.Contains(address, "start=30") {
			t.Errorf("%+v: it plays %s", tt, address)
		}
	}
}

func TestWithoutTheModuleOfOptionsAFigurePlaysAsTheVideoIsKnown(t *testing.T) {
	s := newStand(t)
	v := played(s)
	for name, files := range map[string]*httptest.Server{"with it": s.folder(v), "without": s.folder(v, "/asked.js")} {
		s.visit(`<figure><a href="` + files.URL + `/v/` + string(v.ID) + `?lang=en&start=30&ratio=9:16&theme=dark"><img src="` + files.URL + `/p/` + string(v.ID) + `/640.jpg" alt=""></a></figure>
<script async src="` + files.URL + `/embed.js"></script>`)
		s.press(0)
		s.until("says(0, '[role=status]') === 'The player of YouTube is ready.'")
		if s.count("/asked.js") == 0 {
			t.Errorf("%s: the module was not asked for", name)
		}
		address := value[string](s, "embed(0, 'iframe').src")
		if asked := name == "with it"; strings.Contains(address, "start=30") != asked || strings.Contains(address, "start=7") == asked {
			t.Errorf("%s: it plays %s", name, address)
		}
		if shape := value[string](s, "getComputedStyle(embed(0, '.screen')).aspectRatio"); (shape == "9 / 16") != (name == "with it") {
			t.Errorf("%s: its shape is %s", name, shape)
		}
	}
}

func TestAWithdrawnPageSpeaksTheLanguageThatIsAskedFor(t *testing.T) {
	s := newStand(t)
	v := played(s)
	v.Visibility.Exposure, v.Explanation = archive.Withdrawn, archive.Text{"es": "Por petición.", "en": "On request."}
	files := s.folder(v)
	for query, want := range map[string]string{"": "Por petición.", "lang=en&theme=dark": "On request."} {
		s.do("opening the page", chromedp.Navigate(files.URL+"/e/"+string(v.ID)+"?"+query))
		s.untilOwn(fmt.Sprintf("document.body && document.body.textContent.includes(%q)", want))
		if got := value[string](s, "document.documentElement.dataset.theme || ''"); strings.Contains(query, "dark") != (got == "dark") {
			t.Errorf("%s: the theme is %q", query, got)
		}
	}
}
