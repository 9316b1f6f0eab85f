// Command gen cuts providers.json from npm's oembed-providers:
//
//	npm pack oembed-providers && tar xzf oembed-providers-*.tgz
//	go run ./archive/oembed/gen -package package -out archive/oembed/providers.json
//
// What is taken, and under which name, says selection.txt.
package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed selection.txt
var files embed.FS

// upstream is a provider as the package lists it.
type upstream struct {
	Name      string `json:"provider_name"`
	Endpoints []struct {
		URL     string   `json:"url"`
		Schemes []string `json:"schemes"`
		Formats []string `json:"formats"`
	} `json:"endpoints"`
}

type endpoint struct {
	URL     string   `json:"url"`
	Schemes []string `json:"schemes"`
}

type provider struct {
	Name      string     `json:"name"`
	Label     string     `json:"label"`
	Endpoints []endpoint `json:"endpoints"`
}

type list struct {
	Package   string     `json:"package"`
	Version   string     `json:"version"`
	License   string     `json:"license"`
	Notice    string     `json:"notice"`
	Providers []provider `json:"providers"`
}

func main() {
	from := flag.String("package", "node_modules/oembed-providers", "the unpacked npm package")
	out := flag.String("out", "providers.json", "where to write")
	flag.Parse()
	if err := run(*from, *out); err != nil {
		log.Fatal(err)
	}
}

func run(from, out string) error {
	var about struct{ Name, Version, License string }
	if err := read(filepath.Join(from, "package.json"), &about); err != nil {
		return err
	}
	var all []upstream
	if err := read(filepath.Join(from, "providers.json"), &all); err != nil {
		return err
	}
	selection, err := files.ReadFile("selection.txt")
	if err != nil {
		return fmt.Errorf("reading the selection: %w", err)
	}
	chosen, err := choose(string(selection), all)
	if err != nil {
		return err
	}
	data, err := encode(list{
		Package: about.Name, Version: about.Version, License: about.License,
		Notice: "Copyright (c) 2016 Cal Henderson; the text of the licence is in providers.md", Providers: chosen,
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, data, 0o644); err != nil {
		return fmt.Errorf("writing the list: %w", err)
	}
	return nil
}

func read(name string, into any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("reading the package: %w", err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// encode leaves "&" and "<" as they are, for people who read the file.
func encode(l list) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(l); err != nil {
		return nil, fmt.Errorf("encoding the list: %w", err)
	}
	return b.Bytes(), nil
}

// choose is the providers that the lines of the selection name, in their order.
func choose(selection string, all []upstream) ([]provider, error) {
	var chosen []provider
	for line := range strings.Lines(selection) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "|")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		if len(fields) < 2 {
			return nil, fmt.Errorf("line %q has no provider", line)
		}
		p := provider{Name: fields[0], Label: fields[1]}
		var schemes []string
		if len(fields) > 2 {
			schemes = strings.Fields(fields[2])
		}
		if p.Endpoints = endpoints(p.Label, schemes, all); len(p.Endpoints) == 0 {
			return nil, fmt.Errorf("the package has no endpoint with schemes for %q", p.Label)
		}
		chosen = append(chosen, p)
	}
	return chosen, nil
}

// endpoints are those of one provider. Where schemes are given, they replace those
// of the endpoint that has one of them, or of the only one.
func endpoints(label string, schemes []string, all []upstream) []endpoint {
	var found []endpoint
	for _, p := range all {
		if p.Name != label {
			continue
		}
		for _, e := range p.Endpoints {
			if len(e.Formats) > 0 && !slices.Contains(e.Formats, "json") {
				continue
			}
			taken := e.Schemes
			if len(schemes) > 0 {
				if len(p.Endpoints) > 1 && !slices.Contains(e.Schemes, schemes[0]) {
					continue
				}
				taken = schemes
			}
			if len(taken) > 0 {
				found = append(found, endpoint{URL: secure(e.URL), Schemes: taken})
			}
		}
	}
	return found
}

// secure asks over TLS: what comes in the clear may have been written by anybody
// on the way, and is kept as evidence.
func secure(address string) string {
	if rest, ok := strings.CutPrefix(address, "http://"); ok {
		return "https://" + rest
	}
	return address
}
