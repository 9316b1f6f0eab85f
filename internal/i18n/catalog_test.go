package i18n_test

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"videoteca/internal/i18n"
)

const english = `
greeting = "Hello, {{.Name}}"
plain = "Plain"

[sources]
one = "one source"
other = "{{.Count}} sources"
`

const spanish = `
greeting = "Hola, {{.Name}}"
plain = "Sencillo"

[sources]
one = "una fuente"
other = "{{.Count}} fuentes"
`

func load(t *testing.T, files map[string]string) (*i18n.Catalog, error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return i18n.Load(fsys)
}

func catalog(t *testing.T) *i18n.Catalog {
	t.Helper()
	c, err := load(t, map[string]string{"en.toml": english, "es.toml": spanish, "README.md": "not a message file"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestText(t *testing.T) {
	c := catalog(t)
	for name, tt := range map[string]struct {
		lang, id string
		pairs    []any
		want     string
	}{
		"a message without placeholders":   {lang: "es", id: "plain", want: "Sencillo"},
		"a placeholder":                    {lang: "es", id: "greeting", pairs: []any{"Name", "Ana"}, want: "Hola, Ana"},
		"values are text, not markup":      {lang: "en", id: "greeting", pairs: []any{"Name", "<b>{{.X}}"}, want: "Hello, <b>{{.X}}"},
		"the singular":                     {lang: "en", id: "sources", pairs: []any{"Count", 1}, want: "one source"},
		"N counts too":                     {lang: "en", id: "sources", pairs: []any{"N", 1, "Count", 1}, want: "one source"},
		"the plural":                       {lang: "es", id: "sources", pairs: []any{"Count", 3}, want: "3 fuentes"},
		"a form that the file leaves out":  {lang: "es", id: "sources", pairs: []any{"Count", 1_000_000}, want: "1000000 fuentes"},
		"zero is plural":                   {lang: "es", id: "sources", pairs: []any{"Count", 0}, want: "0 fuentes"},
		"a regional language":              {lang: "es-SV", id: "plain", want: "Sencillo"},
		"an unknown language gets English": {lang: "de", id: "plain", want: "Plain"},
		"no language gets English":         {lang: "", id: "plain", want: "Plain"},
		"an unknown id comes back":         {lang: "es", id: "no.such", want: "no.such"},
		"a name without a value":           {lang: "en", id: "plain", pairs: []any{"Name"}, want: "Plain"},
		"a name that is no string":         {lang: "en", id: "plain", pairs: []any{7, "x"}, want: "Plain"},
		"a count that is no number":        {lang: "en", id: "sources", pairs: []any{"Count", "many"}, want: "sources"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.Text(tt.lang, tt.id, tt.pairs...); got != tt.want {
				t.Errorf("Text(%q, %q) = %q, want %q", tt.lang, tt.id, got, tt.want)
			}
		})
	}
}

func TestTextIsSafeForConcurrentUse(t *testing.T) {
	c := catalog(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := c.Text("es", "sources", "Count", 2); got != "2 fuentes" {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	wg.Wait()
}

func TestMatch(t *testing.T) {
	c := catalog(t)
	for name, tt := range map[string]struct {
		preferences []string
		want        string
	}{
		"nothing":                              {nil, "en"},
		"an empty tag":                         {[]string{""}, "en"},
		"a tag":                                {[]string{"es"}, "es"},
		"a regional tag":                       {[]string{"es-SV"}, "es"},
		"British English":                      {[]string{"en-GB"}, "en"},
		"an unknown language":                  {[]string{"ja"}, "en"},
		"a header":                             {[]string{"es-MX,es;q=0.9,en;q=0.8"}, "es"},
		"a header whose first is unknown":      {[]string{"ja,es;q=0.5"}, "es"},
		"quality decides, not order":           {[]string{"en;q=0.3,es;q=0.9"}, "es"},
		"an explicit choice before the header": {[]string{"es", "en-US,en;q=0.9"}, "es"},
		"an empty choice before the header":    {[]string{"", "es-ES"}, "es"},
		"an unreadable choice is passed over":  {[]string{"%%%", "es"}, "es"},
		"anything":                             {[]string{"*"}, "en"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.Match(tt.preferences...); got != tt.want {
				t.Errorf("Match(%q) = %q, want %q", tt.preferences, got, tt.want)
			}
		})
	}
}

func FuzzMatch(f *testing.F) {
	for _, seed := range []string{"", "es", "es-419,es;q=0.9", "*;q=0", "x-klingon", "a;b;c", "\xff"} {
		f.Add(seed)
	}
	c, err := i18n.Load(fstest.MapFS{"en.toml": {Data: []byte(english)}, "es.toml": {Data: []byte(spanish)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if got := c.Match(header); got != "en" && got != "es" {
			t.Errorf("Match(%q) = %q", header, got)
		}
	})
}

func TestLanguagesStartsWithEnglish(t *testing.T) {
	c, err := load(t, map[string]string{"en.toml": english, "es.toml": spanish, "ca.toml": spanish})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.Languages(), " "); got != "en ca es" {
		t.Errorf("Languages() = %s", got)
	}
}

func TestLoadRefusesWhatReadersWouldNotice(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		want  string // part of the error
	}{
		"no English":              {map[string]string{"es.toml": spanish}, "no en.toml"},
		"no files":                {nil, "no en.toml"},
		"a missing translation":   {map[string]string{"en.toml": english, "es.toml": `plain = "Sencillo"`}, `"greeting" is missing`},
		"a message too many":      {map[string]string{"en.toml": english, "es.toml": `extra = "De más"` + spanish}, `"extra" is not in en.toml`},
		"a different placeholder": {map[string]string{"en.toml": english, "es.toml": strings.Replace(spanish, ".Name", ".Nombre", 1)}, "[Nombre], English has [Name]"},
		"broken TOML":             {map[string]string{"en.toml": "x = ="}, "reading messages en.toml"},
		"a file named otherwise":  {map[string]string{"en.toml": english, "messages.de.bak.toml": english}, "no language tag"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, tt.files)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestMessagesOfALanguageMayStandInSeveralFiles(t *testing.T) {
	files := map[string]string{"en.toml": english, "es.toml": spanish, "people.en.toml": `role = "Role"`, "people.es.toml": `role = "Función"`}
	c, err := load(t, files)
	if err != nil {
		t.Fatal(err)
	}
	if c.Text("es", "role") != "Función" || c.Text("es", "plain") != "Sencillo" {
		t.Errorf("got %q and %q", c.Text("es", "role"), c.Text("es", "plain"))
	}
	delete(files, "people.es.toml")
	if _, err := load(t, files); err == nil || !strings.Contains(err.Error(), "role") {
		t.Errorf("without one of its files: %v", err)
	}
}
