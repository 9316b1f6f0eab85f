package embeds_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/embeds"
)

func snippets(t testing.TB, v archive.Video, o embeds.Options) map[string]embeds.Snippet {
	t.Helper()
	list, err := renderer(t).Snippets(v, o)
	if err != nil {
		t.Fatal(err)
	}
	byKind := map[string]embeds.Snippet{}
	for _, s := range list {
		byKind[s.Kind] = s
	}
	if len(byKind) != len(embeds.SnippetKinds()) || list[0].Kind != embeds.SnippetArticle {
		t.Fatalf("kinds of snippet: %+v", list)
	}
	return byKind
}

func TestSnippetsAsTheyArePasted(t *testing.T) {
	tall := meeting()
	tall.Sources[0].Described.Width, tall.Sources[0].Described.Height = 1080, 1920
	english := options()
	english.Asked = embeds.Asked{Language: "en", Start: 30, End: 90, Captions: "es", Theme: embeds.ThemeDark, Ratio: "4:3", Prefer: embeds.PreferCopy}
	warned := meeting()
	warned.ContentWarning = archive.Text{"es": "Imágenes fuertes."}
	local := options()
	local.BaseURL = "http://127.0.0.1:8080"
	for name, tt := range map[string]struct {
		video   archive.Video
		options embeds.Options
	}{
		"plain":    {meeting(), options()},
		"english":  {meeting(), english},
		"tall":     {tall, options()},
		"warned":   {warned, options()},
		"loopback": {meeting(), local},
	} {
		t.Run(name, func(t *testing.T) {
			s := snippets(t, tt.video, tt.options)
			var all strings.Builder
			for _, kind := range embeds.SnippetKinds() {
				all.WriteString("<!-- " + kind + " -->\n" + s[kind].HTML + "\n\n")
			}
			golden(t, "snippet-"+name+".html", []byte(all.String()))
		})
	}
}

func TestASnippetHoldsOnlyOurOwnAddresses(t *testing.T) {
	for kind, s := range snippets(t, meeting(), options()) {
		for _, tag := range []string{"iframe", "img", "a"} {
			for _, n := range elements(t, []byte(s.HTML), tag) {
				for _, name := range []string{"src", "href"} {
					if address, ok := attr(n, name); ok && !strings.HasPrefix(address, baseURL+"/") {
						t.Errorf("the %s snippet leads to %s", kind, address)
					}
				}
			}
		}
	}
}

func TestASnippetIsTheSameWhateverBecomesOfTheSource(t *testing.T) {
	before, after := snippets(t, meeting(), options()), snippets(t, standing(gone(archive.Removed)), options())
	for kind := range before {
		if before[kind] != after[kind] {
			t.Errorf("the %s snippet changed to %s", kind, after[kind].HTML)
		}
	}
}

func TestASnippetForThisComputerOnlySaysSo(t *testing.T) {
	o := options()
	o.BaseURL, o.Language = "http://localhost:8080", "en"
	for kind, s := range snippets(t, meeting(), o) {
		if !strings.Contains(s.Warning, "works on this computer only") {
			t.Errorf("the %s snippet warns %q", kind, s.Warning)
		}
		if _, markup := attr(elementOf(t, s.HTML), "lang"); markup && !strings.Contains(s.HTML, "<!-- "+s.Warning+" -->\n") {
			t.Errorf("the markup of the %s snippet does not warn: %s", kind, s.HTML)
		}
	}
	for kind, s := range snippets(t, meeting(), options()) {
		if s.Warning != "" || strings.Contains(s.HTML, "<!-- ") != (kind == embeds.SnippetWordPress) {
			t.Errorf("the %s snippet warns without need", kind)
		}
	}
}

// elementOf is the figure or frame of a snippet, or nil where it is neither.
func elementOf(t *testing.T, snippet string) *html.Node {
	t.Helper()
	for _, tag := range []string{"figure", "iframe"} {
		if found := elements(t, []byte(snippet), tag); len(found) > 0 {
			return found[0]
		}
	}
	return nil
}

func TestTheWarningCannotEndItsComment(t *testing.T) {
	o := options()
	o.BaseURL = "http://localhost/--><script>alert(1)</script>"
	for kind, s := range snippets(t, meeting(), o) {
		if kind == embeds.SnippetMarkdown || kind == embeds.SnippetOEmbed { // no markup
			continue
		}
		for _, script := range elements(t, []byte(s.HTML), "script") {
			if text(script) == "alert(1)" {
				t.Errorf("the %s snippet runs what stands in an address: %s", kind, s.HTML)
			}
		}
	}
}

// A picture may come later, and the markup is in articles for ever.
func TestASnippetOfAVideoWithoutPictureHasTheAddressOfOne(t *testing.T) {
	o := options()
	o.HasPoster = false
	for _, kind := range []string{embeds.SnippetArticle, embeds.SnippetStatic} {
		s := snippets(t, meeting(), o)[kind]
		if src, _ := attr(elements(t, []byte(s.HTML), "img")[0], "src"); src != baseURL+"/p/"+videoID+"/640.jpg" {
			t.Errorf("the %s snippet shows %s", kind, src)
		}
	}
}

func TestMarkdownKeepsItsShapeWhateverTheTitle(t *testing.T) {
	v := meeting()
	v.Title = archive.Text{"es": "a](https://evil.example) *b* [c] <script>alert(1)</script> `d`"}
	got := snippets(t, v, options())[embeds.SnippetMarkdown].HTML
	for _, want := range []string{`a\](https://evil.example)`, `\*b\*`, `\[c\]`, "&lt;script&gt;", "\\`d\\`"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	if strings.Contains(got, "<script") {
		t.Errorf("a tag stands in %s", got)
	}
}
