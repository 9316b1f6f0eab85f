package embeds_test

import (
	"strings"
	"testing"

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
	if len(byKind) != 2 || list[0].Kind != embeds.SnippetFrame {
		t.Fatalf("kinds of snippet: %+v", list)
	}
	return byKind
}

func TestSnippetsAsTheyArePasted(t *testing.T) {
	tall := meeting()
	tall.Sources[0].Described.Width, tall.Sources[0].Described.Height = 1080, 1920
	english := options()
	english.Language, english.Start, english.End = "en", 30, 90
	local := options()
	local.BaseURL = "http://127.0.0.1:8080"
	for name, tt := range map[string]struct {
		video   archive.Video
		options embeds.Options
	}{
		"plain":    {meeting(), options()},
		"english":  {meeting(), english},
		"tall":     {tall, options()},
		"loopback": {meeting(), local},
	} {
		t.Run(name, func(t *testing.T) {
			s := snippets(t, tt.video, tt.options)
			golden(t, "snippet-"+name+".html", []byte(s[embeds.SnippetFrame].HTML+"\n\n"+s[embeds.SnippetStatic].HTML+"\n"))
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
		if !strings.Contains(s.Warning, "works on this computer only") || !strings.HasPrefix(s.HTML, "<!-- "+s.Warning+" -->\n") {
			t.Errorf("the %s snippet warns %q in %s", kind, s.Warning, s.HTML)
		}
	}
	for kind, s := range snippets(t, meeting(), options()) {
		if s.Warning != "" || strings.Contains(s.HTML, "<!--") {
			t.Errorf("the %s snippet warns without need", kind)
		}
	}
}

func TestTheWarningCannotEndItsComment(t *testing.T) {
	o := options()
	o.BaseURL = "http://localhost/--><script>alert(1)</script>"
	for kind, s := range snippets(t, meeting(), o) {
		if n := len(elements(t, []byte(s.HTML), "script")); n != 0 {
			t.Errorf("the %s snippet has %d scripts: %s", kind, n, s.HTML)
		}
	}
}

func TestTheStaticSnippetWithoutPosterIsStillALink(t *testing.T) {
	o := options()
	o.HasPoster = false
	s := snippets(t, meeting(), o)[embeds.SnippetStatic]
	if n := len(elements(t, []byte(s.HTML), "img")); n != 0 {
		t.Errorf("it has %d pictures", n)
	}
	if href, _ := attr(elements(t, []byte(s.HTML), "a")[0], "href"); href != baseURL+"/v/"+videoID {
		t.Errorf("it leads to %s", href)
	}
}
