package embeds_test

import (
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/embeds"
)

func TestParseQueryLeavesOutWhatItCannotRead(t *testing.T) {
	for query, want := range map[string]embeds.Options{
		"":                          {},
		"start=10&end=20":           {Start: 10, End: 20},
		"start=10":                  {Start: 10},
		"end=20":                    {End: 20},
		"start=20&end=10":           {Start: 20},
		"start=20&end=20":           {Start: 20},
		"start=-5&end=-1":           {},
		"start=1e3":                 {},
		"start=99999999999":         {},
		"start=2419201":             {}, // a second over four weeks
		"lang=es":                   {Language: "es"},
		"lang=es-SV":                {Language: "es-SV"},
		"lang=%22%3E%3Cscript%3E":   {},
		"lang=x":                    {},
		"theme=dark":                {Theme: embeds.ThemeDark},
		"theme=light":               {Theme: embeds.ThemeLight},
		"theme=blink":               {},
		"utm_source=x&fbclid=y&a=b": {},
		"lang=" + strings.Repeat("abcdefgh-", 20) + "x": {},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		got := embeds.ParseQuery(values)
		if got.Start != want.Start || got.End != want.End || got.Language != want.Language || got.Theme != want.Theme {
			t.Errorf("%q is %+v, want %+v", query, got, want)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	f.Add("10", "20", "es", "dark")
	f.Add("-1", "x", "\"><script>", "")
	f.Add("2419200", "2419200", "es-419", "light")
	r := renderer(f)
	f.Fuzz(func(t *testing.T, start, end, lang, theme string) {
		o := embeds.ParseQuery(url.Values{"start": {start}, "end": {end}, "lang": {lang}, "theme": {theme}})
		if o.Start < 0 || o.End < 0 || (o.End > 0 && o.End <= o.Start) {
			t.Errorf("plays from %d to %d", o.Start, o.End)
		}
		if o.Language != "" && !archive.ValidLanguage(o.Language) {
			t.Errorf("speaks %q", o.Language)
		}
		o.BaseURL, o.Players = baseURL, players()
		snippets, err := r.Snippets(meeting(), o)
		if err != nil {
			t.Fatal(err)
		}
		src, _ := attr(elements(t, []byte(snippets[0].HTML), "iframe")[0], "src")
		u, err := url.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		back := embeds.ParseQuery(u.Query())
		if back.Start != o.Start || back.End != o.End || back.Language != o.Language || back.Theme != o.Theme {
			t.Errorf("the snippet's address %s does not ask for what was asked: %+v", src, o)
		}
	})
}

func TestLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"http://127.0.0.1:8080":      true,
		"http://localhost:8080":      true,
		"http://demo.localhost":      true,
		"http://[::1]:8080":          true,
		"http://0.0.0.0:8080":        true,
		"https://videos.example.org": false,
		"http://192.168.1.10":        false,
		"https://localhost.example":  false,
		"":                           false,
		"://":                        false,
	} {
		if got := (embeds.Options{BaseURL: address}).Loopback(); got != want {
			t.Errorf("Loopback of %q is %v", address, got)
		}
	}
}

func TestPosterPath(t *testing.T) {
	if got := embeds.PosterPath(videoID, 640); got != "/p/7k3mzq9x0abd/640.jpg" {
		t.Errorf("got %s", got)
	}
}
