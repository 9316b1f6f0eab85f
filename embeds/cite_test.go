package embeds_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/embeds"
)

// cited are the forms of a watch page's citation, by their labels.
func cited(t *testing.T, v archive.Video, o embeds.Options) map[string]string {
	t.Helper()
	d := watch(t, v, o)
	forms := map[string]string{}
	var label string
	for n := range classed(t, d.Body, "cite").Descendants() {
		switch n.Data {
		case "dt":
			label = text(n)
		case "pre":
			forms[label] = text(n)
		}
	}
	if len(forms) != 3 {
		t.Fatalf("the page cites itself as %v", forms)
	}
	return forms
}

func inLanguage(lang string) embeds.Options {
	o := options()
	o.Language = lang
	return o
}

// specials is a title with everything that means something to TeX.
const specials = `Ñandú & co.: 100 % {de} "lo" #1_a ~ ^ \ $5 }`

func TestCitationsAsTheyAre(t *testing.T) {
	bare := archive.Video{ID: videoID, Sources: []archive.Source{source("demo", "ccc", live())}}
	special := meeting()
	special.Title = archive.Text{"es": specials}
	special.Sources[0].Described.Channel = "Peña & Hijos {S. A.}"
	file := archive.Video{ID: videoID, Title: archive.Text{"es": "Año nuevo"}, DefaultLanguage: "es", Created: day(2026, 1, 5), Sources: []archive.Source{source("webfile", "https://media.example.org/a.mp4", live())}}
	undated := meeting()
	undated.Sources[0].Described.Published = time.Time{}
	for name, tt := range map[string]struct {
		video archive.Video
		lang  string
	}{
		"cite-es.txt":       {meeting(), "es"},
		"cite-en.txt":       {meeting(), "en"},
		"cite-bare.txt":     {bare, "en"},
		"cite-specials.txt": {special, "es"},
		"cite-file.txt":     {file, "es"},
		"cite-undated.txt":  {undated, "es"},
	} {
		t.Run(name, func(t *testing.T) {
			forms := cited(t, tt.video, inLanguage(tt.lang))
			golden(t, name, []byte(forms["APA 7"]+"\n\n"+forms["BibTeX"]+"\n\n"+forms["CSL-JSON"]+"\n"))
		})
	}
}

func TestAPAInBothLanguages(t *testing.T) {
	undated, nobody := meeting(), meeting()
	undated.Sources[0].Described.Published = time.Time{}
	nobody.Sources[0].Described.Channel = ""
	const address = " https://videos.example.org/v/7k3mzq9x0abd"
	for name, tt := range map[string]struct {
		video archive.Video
		lang  string
		want  string
	}{
		"Spanish":           {meeting(), "es", "Canal de prueba. (26 de septiembre de 2019). Reunión en Nueva York [Video]. YouTube." + address},
		"English":           {meeting(), "en", "Canal de prueba. (2019, September 26). Meeting in New York [Video]. YouTube." + address},
		"no date, Spanish":  {undated, "es", "Canal de prueba. (s. f.). Reunión en Nueva York [Video]. YouTube." + address},
		"no date, English":  {undated, "en", "Canal de prueba. (n.d.). Meeting in New York [Video]. YouTube." + address},
		"nobody, the title": {nobody, "en", "Meeting in New York [Video]. (2019, September 26). YouTube." + address},
	} {
		if got := cited(t, tt.video, inLanguage(tt.lang))["APA 7"]; got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestTheSummaryIsInThePagesLanguage(t *testing.T) {
	for lang, want := range map[string]string{"en": "Cite", "es": "Citar"} {
		d := watch(t, meeting(), inLanguage(lang))
		if got := text(elements(t, d.Body, "summary")[0]); got != want {
			t.Errorf("in %s it says %q", lang, got)
		}
	}
}

// An entry with an odd brace swallows those after it, whether or not a backslash stands before the brace.
func TestBibTeXStaysWholeWhateverATitleHolds(t *testing.T) {
	for _, title := range []string{specials, "{", "}", `\{`, `a}, b = {c`, "%", "line\nbreak", "@misc{x,", `\`, "Ñ ü 漢字 🇸🇻", hostileTitle} {
		v := meeting()
		v.Title = archive.Text{"es": title}
		v.Sources[0].Described.Channel = title
		entry := cited(t, v, inLanguage("es"))["BibTeX"]
		depth := 0
		for i, c := range entry {
			switch c {
			case '{':
				depth++
			case '}':
				depth--
			}
			if depth < 0 || depth == 0 && i > strings.Index(entry, "{") && i < len(entry)-1 {
				t.Fatalf("%q ends before its end:\n%s", title, entry)
			}
		}
		if depth != 0 || strings.Count(entry, "\n") != strings.Count(cited(t, meeting(), inLanguage("es"))["BibTeX"], "\n") {
			t.Errorf("%q:\n%s", title, entry)
		}
		if regexp.MustCompile(`[^\\][&%$#_~^]`).MatchString(strings.Join(titleLines(entry), "\n")) {
			t.Errorf("%q means something to TeX:\n%s", title, entry)
		}
	}
}

const hostileTitle = "</pre></details><script>alert(1)</script>"

// titleLines are those in which there are words of other people.
func titleLines(entry string) []string {
	var lines []string
	for line := range strings.Lines(entry) {
		if field := strings.TrimSpace(line); strings.HasPrefix(field, "title") || strings.HasPrefix(field, "author") {
			lines = append(lines, line)
		}
	}
	return lines
}

// Properties and types of https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json,
// which admits no others.
func TestCSLIsAsItsSchemaHasIt(t *testing.T) {
	strs := []string{"id", "type", "title", "container-title", "medium", "dimensions", "archive", "archive_location", "URL", "language"}
	special := meeting()
	special.Title = archive.Text{"es": specials + hostileTitle}
	for name, v := range map[string]archive.Video{"told": meeting(), "specials": special, "bare": {ID: videoID}} {
		var items []map[string]any
		if err := json.Unmarshal([]byte(cited(t, v, inLanguage("es"))["CSL-JSON"]), &items); err != nil || len(items) != 1 {
			t.Fatalf("%s: %v, %v", name, items, err)
		}
		for property, value := range items[0] {
			switch property {
			case "author":
				names, _ := value.([]any)
				if author, _ := names[0].(map[string]any); len(names) != 1 || len(author) != 1 || author["literal"] != "Canal de prueba" {
					t.Errorf("%s: author %v", name, value)
				}
			case "issued", "accessed":
				wantCSLDate(t, name+": "+property, value)
			default:
				if s, ok := value.(string); !ok || s == "" || !slices.Contains(strs, property) {
					t.Errorf("%s: %s is %v", name, property, value)
				}
			}
		}
		if items[0]["id"] != "videoteca-"+videoID || items[0]["type"] != "motion_picture" || items[0]["URL"] != baseURL+"/v/"+videoID {
			t.Errorf("%s: %v", name, items[0])
		}
	}
}

func wantCSLDate(t *testing.T, name string, value any) {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil || !regexp.MustCompile(`^\{"date-parts":\[\[\d{4},\d{1,2},\d{1,2}\]\]\}$`).Match(data) {
		t.Errorf("%s is %s, %v", name, data, err)
	}
}

func TestACitationIsTheSameOnEveryDay(t *testing.T) {
	today, later := options(), options()
	later.Now = later.Now.AddDate(1, 0, 0)
	if a, b := cited(t, meeting(), today), cited(t, meeting(), later); a["BibTeX"] != b["BibTeX"] || !strings.Contains(a["BibTeX"], "{2025-01-02}") {
		t.Errorf("a cached page would be wrong tomorrow:\n%s\n%s", a["BibTeX"], b["BibTeX"])
	}
}

func TestAWithdrawnVideoIsNotCited(t *testing.T) {
	v := meeting()
	v.Visibility.Exposure = archive.Withdrawn
	if classed(t, watch(t, v, options()).Body, "cite") != nil {
		t.Error("the page of a withdrawn video gives its title and channel")
	}
}
