package embeds_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/embeds"
)

func TestParseQueryLeavesOutWhatItCannotRead(t *testing.T) {
	for query, want := range map[string]embeds.Asked{
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
		"captions=es-SV&ratio=9:16": {Captions: "es-SV", Ratio: "9:16"},
		"captions=-&ratio=16%2F9":   {},
		"prefer=copy":               {Prefer: embeds.PreferCopy},
		"prefer=source":             {Prefer: embeds.PreferSource},
		"prefer=best":               {},
		"lang=" + strings.Repeat("abcdefgh-", 20) + "x": {},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := embeds.ParseQuery(values); got != want {
			t.Errorf("%q is %+v, want %+v", query, got, want)
		}
	}
}

func TestAnEditorIsToldOfTheOptionThatCannotBeRead(t *testing.T) {
	for query, want := range map[string]string{
		"start=soon":       "start",
		"start=20&end=10":  "end",
		"captions=español": "captions",
		"lang=x":           "lang",
		"theme=sepia":      "theme",
		"ratio=21:9":       "ratio",
		"prefer=best":      "prefer",
		"unknown=1":        "",
		"start=10&end=20":  "",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = embeds.CheckQuery(values)
		var field *archive.FieldError
		if want == "" {
			if err != nil {
				t.Errorf("%q: %v", query, err)
			}
			continue
		}
		if !errors.As(err, &field) || field.Field != want || field.Cure == "" {
			t.Errorf("%q: %v, want it to name %s and a cure", query, err, want)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{
		"", "start=10&end=20&lang=es&theme=dark", "start=-1&end=x&lang=\"><script>", "start=2419200&end=2419200&lang=es-419",
		"captions=es&ratio=9:16&prefer=copy", "%zz", "lang=es;lang=en",
	} {
		f.Add(seed)
	}
	r := renderer(f)
	f.Fuzz(func(t *testing.T, query string) {
		values, _ := url.ParseQuery(query) // what it could read
		asked := embeds.ParseQuery(values)
		if asked.Start < 0 || asked.End < 0 || (asked.End > 0 && asked.End <= asked.Start) {
			t.Errorf("plays from %d to %d", asked.Start, asked.End)
		}
		o := options()
		o.Asked = asked
		snippets, err := r.Snippets(meeting(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range snippets {
			if s.Kind != embeds.SnippetFrame {
				continue
			}
			src, _ := attr(elements(t, []byte(s.HTML), "iframe")[0], "src")
			u, err := url.Parse(src)
			if err != nil {
				t.Fatal(err)
			}
			back := embeds.ParseQuery(u.Query())
			if asked.Language == "" || back.Language != asked.Language {
				back.Language = asked.Language // the frame speaks as the article does
			}
			if back != asked {
				t.Errorf("the snippet's address %s does not ask for what was asked: %+v", src, asked)
			}
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
