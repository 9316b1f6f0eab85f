package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const pack = `[
	{"provider_name":"One","endpoints":[{"url":"http://one.example/oembed.{format}","schemes":["http://one.example/v/*"]}]},
	{"provider_name":"Sound","endpoints":[{"url":"https://sound.example/oembed","schemes":["https://sound.example/*"]}]},
	{"provider_name":"XML","endpoints":[{"url":"https://xml.example/oembed","schemes":["https://xml.example/*"],"formats":["xml"]}]},
	{"provider_name":"Bare","endpoints":[{"url":"https://bare.example/oembed"}]},
	{"provider_name":"Many","endpoints":[
		{"url":"https://many.example/posts","schemes":["https://many.example/p/*"]},
		{"url":"https://many.example/videos","schemes":["https://many.example/v/*","https://many.example/*"],"formats":["json","xml"]}]}
]`

func upstreams(t *testing.T) []upstream {
	t.Helper()
	var all []upstream
	if err := json.Unmarshal([]byte(pack), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheSelectionSaysWhatIsTaken(t *testing.T) {
	for line, want := range map[string]endpoint{
		"one | One":                            {"https://one.example/oembed.{format}", []string{"http://one.example/v/*"}},
		"# first\n\n one|One ":                 {"https://one.example/oembed.{format}", []string{"http://one.example/v/*"}},
		"bare | Bare | https://bare.example/*": {"https://bare.example/oembed", []string{"https://bare.example/*"}},
		"many | Many | https://many.example/v/* https://m.example/*": {
			"https://many.example/videos", []string{"https://many.example/v/*", "https://m.example/*"},
		},
	} {
		got, err := choose(line, upstreams(t))
		if err != nil || len(got) != 1 || len(got[0].Endpoints) != 1 {
			t.Errorf("%s: %+v, %v", line, got, err)
			continue
		}
		if e := got[0].Endpoints[0]; e.URL != want.URL || !slices.Equal(e.Schemes, want.Schemes) {
			t.Errorf("%s: %+v", line, e)
		}
	}
}

func TestAllEndpointsOfAProviderAreTaken(t *testing.T) {
	got, err := choose("many | Many", upstreams(t))
	if err != nil || len(got) != 1 || len(got[0].Endpoints) != 2 || got[0].Name != "many" || got[0].Label != "Many" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestASelectionThatCannotBeMetIsAnError(t *testing.T) {
	for line, says := range map[string]string{
		"one":          "no provider",
		"gone | Gone":  "no endpoint",
		"xml | XML":    "no endpoint", // JSON is what is read
		"bare | Bare":  "no endpoint",
		"m | Many | x": "no endpoint",
	} {
		if got, err := choose(line, upstreams(t)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %+v, %v", line, got, err)
		}
	}
}

// folder is an unpacked package, with every provider that the selection names.
func folder(t *testing.T) string {
	t.Helper()
	selection, err := files.ReadFile("selection.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	for line := range strings.Lines(string(selection)) {
		fields := strings.Split(line, "|")
		if strings.HasPrefix(line, "#") || len(fields) < 2 {
			continue
		}
		all = append(all, map[string]any{
			"provider_name": strings.TrimSpace(fields[1]),
			"endpoints":     []any{map[string]any{"url": "https://example.org/oembed?a&b", "schemes": []string{"https://example.org/*"}}},
		})
	}
	dir := t.TempDir()
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "providers.json"), string(data))
	write(t, filepath.Join(dir, "package.json"), `{"name":"oembed-providers","version":"1.2.3","license":"MIT"}`)
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTheListIsWrittenWithItsVersionAndLicence(t *testing.T) {
	out := filepath.Join(t.TempDir(), "list.json")
	if err := run(folder(t), out); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var got list
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Package != "oembed-providers" || got.Version != "1.2.3" || got.License != "MIT" || !strings.Contains(got.Notice, "Cal Henderson") {
		t.Errorf("head %+v", got)
	}
	if len(got.Providers) < 80 || !strings.Contains(string(data), "oembed?a&b") {
		t.Errorf("%d providers, or escaped for HTML", len(got.Providers))
	}
}

func TestTheListInThePackageIsOfTheSelection(t *testing.T) {
	data, err := os.ReadFile("../providers.json")
	if err != nil {
		t.Fatal(err)
	}
	var kept list
	if err := json.Unmarshal(data, &kept); err != nil {
		t.Fatal(err)
	}
	selection, err := files.ReadFile("selection.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range kept.Providers {
		if !strings.Contains(string(selection), "\n"+p.Name+" | "+p.Label) {
			t.Errorf("%s is not selected", p.Name)
		}
	}
}

func TestAPackageThatCannotBeReadIsAnError(t *testing.T) {
	dir := folder(t)
	write(t, filepath.Join(dir, "providers.json"), "{")
	for _, from := range []string{t.TempDir(), dir} {
		if err := run(from, filepath.Join(t.TempDir(), "list.json")); err == nil {
			t.Errorf("no error for %s", from)
		}
	}
	if err := run(folder(t), filepath.Join(t.TempDir(), "no", "list.json")); err == nil {
		t.Error("no error for a folder that is not there")
	}
}
