package web_test

import (
	"encoding/json"
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
		for _, state := range []string{"noscript", "sandbox", "servergone", "silent"} {
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

func TestASilentPlayerIsAPageOfThisServerThatSaysNothing(t *testing.T) {
	s := newSite(t)
	r := s.get(t, picturedPage+"/as/silent?lang=en", bearer())
	var stage struct {
		Report     string
		Candidates []struct{ Kind, Address, Page, Next, Slow string }
	}
	for _, n := range all(parsed(t, text(t, r)), tag("script")) {
		if attr(n, "id") == "player-data" {
			if err := json.Unmarshal([]byte(words(n)), &stage); err != nil {
				t.Fatal(err)
			}
		}
	}
	live := s.shelf.videos[pictured].Sources
	if len(stage.Candidates) < 2 || stage.Report != "" {
		t.Fatalf("it plays %+v", stage)
	}
	first := stage.Candidates[0]
	if !strings.HasPrefix(first.Address, baseURL+"/videos/embed/silent?") || first.Page != live[0].URL || first.Slow == "" {
		t.Errorf("the silent one is %+v", first)
	}
	if !strings.Contains(r.Header.Get("Content-Security-Policy"), "frame-src "+baseURL) {
		t.Errorf("policy %s", r.Header.Get("Content-Security-Policy"))
	}
	player := s.get(t, "/videos/embed/silent?autoplay=1")
	if body := text(t, player); player.StatusCode != http.StatusOK || strings.Contains(body, "<script") || player.Header.Get("X-Frame-Options") != "" {
		t.Errorf("its player: %d %v %s", player.StatusCode, player.Header, body)
	}
}

func TestALinkToAServerThatIsGoneIsDead(t *testing.T) {
	s := newSite(t)
	body := text(t, s.get(t, picturedPage+"/as/servergone?lang=es", bearer()))
	if strings.Contains(body, `href="`+baseURL) {
		t.Errorf("a link leads to the living page: %s", body)
	}
	for _, link := range all(parsed(t, body), tag("a")) {
		if got := text(t, s.get(t, attr(link, "href"), bearer())); !strings.Contains(got, host+" no responde") {
			t.Errorf("%s says %s", attr(link, "href"), got)
		}
	}
}

func TestASandboxedFrameHasTheSecretByWhichItSpeaksToThePageAround(t *testing.T) {
	s := newSite(t)
	page := parsed(t, text(t, s.get(t, picturedPage+"/as/sandbox", bearer())))
	frame, scripts := all(page, tag("iframe"))[0], all(page, tag("script"))
	if secret := attr(frame, "data-secret"); secret == "" || !strings.HasSuffix(attr(frame, "src"), "#?secret="+secret) {
		t.Errorf("the frame is %s with the secret %q", attr(frame, "src"), secret)
	}
	if len(scripts) != 1 || !strings.Contains(text(t, s.get(t, attr(scripts[0], "src"))), `addEventListener("message"`) {
		t.Error("nobody listens to it")
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
