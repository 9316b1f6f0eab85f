package embeds_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"videoteca/archive"
	"videoteca/embeds"
)

// hostileTexts are titles that break pages which treat them as anything but text.
func hostileTexts() []string {
	return []string{
		`</script><script>alert(1)</script>`,
		`<!--<script>`,
		`"><img src=x onerror=alert(1)>`,
		`' autofocus onfocus='alert(1)`,
		`{{.Notes}} ${alert(1)}`,
		`]]></title><![CDATA[`,
		`لقاء الرئيسين في نيويورك`,
		"\u202Eoverridden\u202C",
		"😀🇸🇻 and 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
		`\u003c/script\u003e \" \\`,
		"line\u2028separator",
		`&lt;b&gt; &amp;amp;`,
		strings.Repeat("very long ", 500),
	}
}

func hostile(title string) archive.Video {
	v := mirrored(source("webfile", "https://files.example.org/a.mp4", live()))
	v.Title = archive.Text{"en": title}
	v.Caption = archive.Text{"en": title}
	v.Alt = archive.Text{"en": title}
	v.ContentWarning = archive.Text{"en": title}
	v.Sources[0].Described.Channel = title
	v.DefaultLanguage = "en"
	return v
}

// seen is how a reader gets a title: one line, without what cannot be seen.
func seen(title string) string {
	title = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(title, "\uFFFD"))
	if title = strings.Join(strings.Fields(title), " "); title == "" {
		return ""
	}
	return title
}

// checkHostile renders everything of a video with this title, and asserts that
// each document has exactly the elements it should have and shows the title as text.
func checkHostile(t *testing.T, r *embeds.Renderer, title string) {
	t.Helper()
	v, o := hostile(title), options()
	dead := v
	dead.Sources = []archive.Source{source("youtube", "aaaaaaaaaaa", gone(archive.Removed))}
	dead.Sources[0].Described = v.Sources[0].Described
	want := seen(title)

	for name, tt := range map[string]struct {
		make    func() (embeds.Document, error)
		scripts int
		images  int
	}{
		"embed": {func() (embeds.Document, error) { return r.Page(v, o) }, 2, 1},
		"watch": {func() (embeds.Document, error) { return r.Watch(v, o) }, 3, 1},
		"card":  {func() (embeds.Document, error) { return r.Page(dead, o) }, 1, 1},
	} {
		d, err := tt.make()
		if err != nil {
			t.Fatal(err)
		}
		for tag, n := range map[string]int{"script": tt.scripts, "img": tt.images, "iframe": 0, "style": 1, "title": 1, "b": 1} {
			if tag == "b" && want == "" {
				n = 0 // the warning's label stands on the facade alone
			}
			if got := len(elements(t, d.Body, tag)); got != n {
				t.Errorf("%s: %d <%s>, want %d, for the title %q", name, got, tag, n, title)
			}
		}
		if got := text(elements(t, d.Body, "title")[0]); want != "" && got != want {
			t.Errorf("%s: the title reads %q, want %q", name, got, want)
		}
		heading := classed(t, d.Body, "title")
		if headings := elements(t, d.Body, "h1"); len(headings) > 0 {
			heading = headings[0]
		}
		if got := text(heading); want != "" && got != want {
			t.Errorf("%s: the heading reads %q, want %q", name, got, want)
		}
		if tt.scripts > 1 && want != "" {
			if got := dataOf(t, d).Candidates[0].Title; got != "Player: "+want {
				t.Errorf("%s: the script reads %q", name, got)
			}
		}
	}
	checkHostileData(t, r, v, o, want)
}

func checkHostileData(t *testing.T, r *embeds.Renderer, v archive.Video, o embeds.Options, want string) {
	t.Helper()
	for _, format := range []string{"json", "xml"} {
		d, err := r.OEmbed(v, o, embeds.OEmbedRequest{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		got := read(t, d)
		frames := elements(t, []byte(got.HTML), "iframe")
		if len(frames) != 1 || len(elements(t, []byte(got.HTML), "script")) != 0 {
			t.Errorf("oEmbed as %s: markup is %s", format, got.HTML)
			continue
		}
		if title, _ := attr(frames[0], "title"); want != "" && title != want {
			t.Errorf("oEmbed as %s: the frame is titled %q, want %q", format, title, want)
		}
	}
	list, err := r.Snippets(v, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		want := map[string]int{embeds.SnippetArticle: 1, embeds.SnippetWordPress: 1, embeds.SnippetJSONLD: 1}[s.Kind]
		if n := len(elements(t, []byte(s.HTML), "script")); n != want {
			t.Errorf("the %s snippet has %d scripts: %s", s.Kind, n, s.HTML)
		}
	}
	d, err := r.JSON(v, o)
	if err != nil {
		t.Fatal(err)
	}
	var p embeds.Public
	if err := json.Unmarshal(d.Body, &p); err != nil || (want != "" && p.Title != want) {
		t.Errorf("public JSON: %v, title %q, want %q", err, p.Title, want)
	}
}

func TestTitlesComeOutAsText(t *testing.T) {
	r := renderer(t)
	for _, title := range hostileTexts() {
		checkHostile(t, r, title)
	}
}

func FuzzTitle(f *testing.F) {
	for _, title := range hostileTexts() {
		f.Add(title)
	}
	r := renderer(f)
	f.Fuzz(func(t *testing.T, title string) {
		if len(title) > 4<<10 { // longer ones find nothing new and take their time
			return
		}
		checkHostile(t, r, title)
	})
}
