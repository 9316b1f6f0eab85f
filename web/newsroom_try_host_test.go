package web_test

import (
	"net/http"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/embeds"
)

func TestTheTryPageShowsEachStateOfTheHostNamed(t *testing.T) {
	s := newSite(t)
	for lang, want := range map[string]string{"en": "This server gone", "es": "Este servidor ya no responde"} {
		page := s.open(t, picturedPage+"/try?lang="+lang)
		for _, state := range []string{"noscript", "sandbox", "servergone"} {
			if !strings.Contains(page, picturedPage+"/as/"+state) || strings.Contains(page, "try.state."+state) {
				t.Errorf("%s in %s is not shown or has no name", state, lang)
			}
		}
		if !strings.Contains(page, want) {
			t.Errorf("%q is not said", want)
		}
	}
}

func TestAnEmbedAsItsHostWouldLeaveIt(t *testing.T) {
	for state, tt := range map[string]struct{ script, pictures bool }{
		"noscript":   {pictures: true},
		"sandbox":    {script: true, pictures: true},
		"servergone": {},
	} {
		t.Run(state, func(t *testing.T) {
			r := newSite(t).get(t, picturedPage+"/as/"+state, bearer())
			policy := r.Header.Get("Content-Security-Policy")
			if r.StatusCode != http.StatusOK || r.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
				t.Fatalf("%d, %v", r.StatusCode, r.Header)
			}
			if !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'self'") ||
				strings.Contains(policy, "script-src") != tt.script || strings.Contains(policy, "img-src") != tt.pictures {
				t.Errorf("policy %s", policy)
			}
			page := parsed(t, text(t, r))
			frames := all(page, tag("iframe"))
			if state == "sandbox" {
				if len(frames) != 1 || attr(frames[0], "sandbox") != "allow-scripts" {
					t.Errorf("frames: %v", frames)
				}
				return
			}
			pictures, links := all(page, tag("img")), all(page, tag("a"))
			if len(pictures) != 1 || attr(pictures[0], "alt") == "" || len(links) == 0 || len(all(page, tag("figcaption"))) != 1 {
				t.Errorf("no captioned, linked picture: %d, %d", len(pictures), len(links))
			}
		})
	}
}

func TestAStateThatIsNoneIsNotFound(t *testing.T) {
	for _, path := range []string{"/as/grey", "/form/grey"} {
		if r := newSite(t).get(t, picturedPage+path, bearer()); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestStatesOfTheHostAreForTheNewsroom(t *testing.T) {
	for _, state := range []string{"noscript", "sandbox", "servergone"} {
		if r := newSite(t).get(t, picturedPage+"/as/"+state); r.StatusCode == http.StatusOK {
			t.Errorf("anybody sees %s", state)
		}
	}
}

func TestMarkdownAndOEmbedAreShownAsReadersMeetThem(t *testing.T) {
	s := newSite(t)
	s.shelf.videos[pictured] = changed(s.shelf.videos[pictured], func(v *archive.Video) {
		v.Title = archive.Text{"es": "[a](https://evil.example) *b* <script>alert(1)</script>"}
	})
	form := func(kind string) string { return text(t, s.get(t, picturedPage+"/form/"+kind, bearer())) }

	markdown := form(embeds.SnippetMarkdown)
	page := parsed(t, markdown)
	links := all(page, tag("a"))
	if len(all(page, tag("img"))) != 1 || len(links) != 2 || words(links[1]) != "[a](https://evil.example) *b* <script>alert(1)</script>" {
		t.Errorf("Markdown: %s", markdown)
	}
	for _, link := range links {
		if !strings.HasPrefix(attr(link, "href"), baseURL+"/v/") {
			t.Errorf("a link leads to %s", attr(link, "href"))
		}
	}
	if len(all(page, tag("script"))) != 0 {
		t.Error("a title brought a script")
	}
	if frames := all(parsed(t, form(embeds.SnippetOEmbed)), tag("iframe")); len(frames) != 1 || !strings.HasPrefix(attr(frames[0], "src"), baseURL+"/e/"+string(pictured)) {
		t.Error("oEmbed shows no frame of the embed")
	}
	if jsonLD := parsed(t, form(embeds.SnippetJSONLD)); len(all(jsonLD, tag("pre"))) != 1 || len(all(jsonLD, tag("script"))) != 0 {
		t.Error("structured data is not shown as text")
	}
}
