package dossier_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

func parsed(t *testing.T, page []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words is what a reader sees of a page, every run of white space as one space.
func words(n *html.Node) string {
	var out strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode && c.Parent.Data != "style" {
			out.WriteString(c.Data + " ")
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

func TestThePagesAsTheyAre(t *testing.T) {
	u := write(t, lost(t), options())
	for _, name := range []string{"index.en.html", "index.es.html"} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, u.files[name], 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(u.files[name], want) {
			t.Errorf("%s differs; look at it and run with -update if it should:\n%s", path, u.files[name])
		}
	}
}

func TestThePageTellsTheIntervalOfTheLoss(t *testing.T) {
	u := write(t, lost(t), options())
	for lang, want := range map[string][]string{
		"en": {"Interval of the loss: between 2025-03-03T06:00:00Z and 2025-03-04T06:00:00Z .", "lost · since 2025-03-04T12:00:00Z", "suspected lost lost removed " + deathAudit, "DE, Hetzner", "videoteca v1.2.3", "accession"},
		"es": {"Intervalo de la pérdida: entre 2025-03-03T06:00:00Z y 2025-03-04T06:00:00Z .", "perdida · desde 2025-03-04T12:00:00Z", "posible pérdida perdida eliminado", "accession"},
	} {
		text := words(parsed(t, u.files["index."+lang+".html"]))
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("the page in %s does not say %q:\n%s", lang, w, text)
			}
		}
	}
}

func TestASourceNeverSeenAliveHasNoInterval(t *testing.T) {
	s := lost(t)
	s.change(t, func(v *archive.Video) { v.Sources[0].Standing.LastGood = archive.Standing{}.LastGood })
	text := words(parsed(t, write(t, s, options()).files["index.en.html"]))
	if !strings.Contains(text, "between — and 2025-03-04T06:00:00Z . The source was never seen available from here.") || strings.Contains(text, "0001") {
		t.Errorf("it says\n%s", text)
	}
}

func TestALiveSourceIsSaidToHaveLostNothing(t *testing.T) {
	s := lost(t)
	s.change(t, func(v *archive.Video) {
		v.Sources[0].Standing = archive.Standing{State: archive.Live, Outcome: archive.Playable, LastGood: at(2025, 1, 2, 9), LastRound: at(2025, 1, 2, 9)}
	})
	// A record is written when a state changes; that the source was seen since is in the journal alone.
	s.journal["2026/04/08/01kn0000000000000000000000"][1] = lines(t, observed(at(2026, 4, 7, 6), "youtube.oembed", archive.Playable), observed(at(2026, 4, 8, 6), "youtube.oembed", archive.Unclear))
	text := words(parsed(t, write(t, s, options()).files["index.en.html"]))
	for _, not := range []string{"Interval of the loss", "Changes of state"} {
		if strings.Contains(text, not) {
			t.Errorf("it says %q", not)
		}
	}
	if !strings.Contains(text, "No change of state is recorded.") || !strings.Contains(text, "Last asked 2026-04-08T06:00:00Z Last seen available 2026-04-07T06:00:00Z") {
		t.Errorf("it says\n%s", text)
	}
}

func TestARulingOfAPersonStandsBesideTheState(t *testing.T) {
	s := lost(t)
	s.change(t, func(v *archive.Video) {
		v.Sources[0].Overrule = &archive.Overrule{As: archive.RulesAlive, By: "Ana", Reason: "seen by her", At: at(2025, 4, 1, 0)}
	})
	text := words(parsed(t, write(t, s, options()).files["index.es.html"]))
	if !strings.Contains(text, "se considera disponible, responda lo que responda la plataforma · Ana · 2025-04-01T00:00:00Z · seen by her") {
		t.Errorf("it says\n%s", text)
	}
}

func TestEveryPageSaysWhatItDoesNotProve(t *testing.T) {
	u := write(t, lost(t), options())
	for _, lang := range []string{"en", "es"} {
		var items int
		for n := range parsed(t, u.files["index."+lang+".html"]).Descendants() {
			if n.Type == html.ElementNode && n.Data == "section" && attr(n, "aria-labelledby") == "not-proven" {
				items = strings.Count(string(u.files["index."+lang+".html"]), "<li>") // the pictures' among them
				for c := range n.Descendants() {
					if c.Data == "li" && len(words(c)) < 20 {
						t.Errorf("%s: an item says %q", lang, words(c))
					}
				}
			}
		}
		if items < 8 {
			t.Errorf("%s: %d items", lang, items)
		}
	}
}

// A text that a file of messages lacks comes back as its id.
func TestNoPageShowsTheIDOfAText(t *testing.T) {
	s := lost(t)
	s.change(t, func(v *archive.Video) {
		v.Sources[0].Overrule = &archive.Overrule{As: archive.RulesIgnore}
		v.Sources[0].Standing.Unheard = true
		v.Picture = &archive.File{Digest: "x"}
		v.Captions = []archive.Caption{{File: archive.File{Digest: strings.Repeat("e", 64), Extension: "vtt"}}}
		for i, state := range []archive.State{archive.Unchecked, archive.Live, archive.Limited, archive.Suspect} {
			v.Sources[0].Standing.Transitions = append(v.Sources[0].Standing.Transitions, archive.Transition{At: at(2025, 5, i+1, 0), From: state, To: state})
		}
	})
	part := s.journal["2026/04/08/01kn0000000000000000000000"]
	for i, outcome := range []archive.Outcome{archive.Unclear, archive.Playable, archive.EmbeddingDisabled, archive.Restricted, archive.Private, archive.Removed, archive.Missing} {
		method := []string{"youtube.videos.list", "youtube.oembed", "youtube.thumbnail", "vimeo.oembed", "peertube.api", "web.get", "method.of.tomorrow"}[i]
		part[1] += lines(t, observed(at(2026, 4, 8, i), method, outcome))
	}
	u := write(t, s, options())
	prefixes := []string{"head.", "sources.", "col.", "state.", "outcome.", "how.", "observations.", "captures.", "events.", "files.", "not.", "verify."}
	for _, lang := range []string{"en", "es"} {
		for _, word := range strings.Fields(words(parsed(t, u.files["index."+lang+".html"]))) {
			for _, prefix := range prefixes {
				if rest, ok := strings.CutPrefix(word, prefix); ok && rest != "" && rest != "jsonl" {
					t.Errorf("the page in %s shows %q", lang, word)
				}
			}
		}
	}
}

func TestPagesLoadAndRunNothing(t *testing.T) {
	u := write(t, lost(t), options())
	for _, lang := range []string{"en", "es"} {
		for n := range parsed(t, u.files["index."+lang+".html"]).Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if slices.Contains([]string{"script", "iframe", "object", "link", "base", "form"}, n.Data) {
				t.Errorf("%s: there is a <%s>", lang, n.Data)
			}
			if src := attr(n, "src"); src != "" && u.files[src] == nil {
				t.Errorf("%s: %s is not in the dossier", lang, src)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
					t.Errorf("%s: %s=%q", lang, a.Key, a.Val)
				}
			}
		}
	}
}

func TestEveryLinkOfAPageLeadsIntoTheDossierOrToTheWeb(t *testing.T) {
	u := write(t, lost(t), options())
	var local int
	for n := range parsed(t, u.files["index.en.html"]).Descendants() {
		href := attr(n, "href")
		switch {
		case n.Type != html.ElementNode || n.Data != "a":
		case strings.HasPrefix(href, "https://www.youtube.com/"), strings.HasPrefix(href, archive.PremisEventTypes):
		case u.files[href] == nil:
			t.Errorf("%q is not in the dossier", href)
		default:
			local++
		}
	}
	if local < 10 {
		t.Errorf("only %d links lead to files", local)
	}
}

func TestHostileWordsAreText(t *testing.T) {
	s := lost(t)
	s.change(t, func(v *archive.Video) {
		v.Title = archive.Text{"es": hostile, "en": hostile}
		v.Sources[0].URL = "javascript:alert(1)"
		v.Sources[0].Archived = &archive.Memento{URL: "data:text/html,x"}
		v.Sources[0].Standing.Reason = hostile
	})
	o := options()
	o.Actor, o.Vantage, o.BaseURL = hostile, hostile, `javascript:alert("1")`
	u := write(t, s, o)
	root := parsed(t, u.files["index.en.html"])
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" || n.Data == "b" || attr(n, "onload") != "" || strings.HasPrefix(attr(n, "href"), "javascript") || strings.HasPrefix(attr(n, "href"), "data:") {
			t.Errorf("a title has become <%s %v>", n.Data, n.Attr)
		}
	}
	if !strings.Contains(words(root), "alert(1)") {
		t.Error("the title is not shown")
	}
}

func TestLongEvidenceIsCutOnThePageAlone(t *testing.T) {
	s := lost(t)
	o := observed(at(2025, 3, 4, 12), "youtube.oembed", archive.Removed)
	s.journal[deathAudit][1] += strings.Repeat(lines(t, o), 300)
	u := write(t, s, options())
	if page := string(u.files["index.en.html"]); !strings.Contains(page, "102 more of these are in observations.jsonl alone.") || strings.Count(page, "www.youtube.com</span>") != 200 {
		t.Errorf("%d answers are shown", strings.Count(page, "www.youtube.com</span>"))
	}
	if got := len(journaled(t, u)); got != 303 {
		t.Errorf("observations.jsonl has %d", got)
	}
}
