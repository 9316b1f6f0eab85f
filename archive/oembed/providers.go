package oembed

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:generate go run ./gen -package node_modules/oembed-providers

//go:embed providers.json
var files embed.FS

// ProvidersVersion is the version of the npm package oembed-providers that
// providers.json is cut from.
const ProvidersVersion = "1.0.20260604"

// providerFile is what providers.json holds.
type providerFile struct {
	Package   string `json:"package"`
	Version   string `json:"version"`
	Providers []struct {
		Name      string `json:"name"`
		Label     string `json:"label"`
		Endpoints []struct {
			URL     string   `json:"url"`
			Schemes []string `json:"schemes"`
		} `json:"endpoints"`
	} `json:"providers"`
}

// parseProviders reads the list, in its order.
func parseProviders() ([]listed, error) {
	data, err := files.ReadFile("providers.json")
	if err != nil {
		return nil, fmt.Errorf("reading the provider list: %w", err)
	}
	var file providerFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("reading the provider list: %w", err)
	}
	list := make([]listed, 0, len(file.Providers))
	for _, p := range file.Providers {
		l := listed{name: p.Name, label: p.Label}
		for _, e := range p.Endpoints {
			point := endpoint{url: strings.ReplaceAll(e.URL, "{format}", "json")}
			for _, text := range e.Schemes {
				s, err := parseScheme(text)
				if err != nil {
					return nil, fmt.Errorf("provider %s: %w", p.Name, err)
				}
				point.schemes = append(point.schemes, s)
			}
			l.endpoints = append(l.endpoints, point)
		}
		list = append(list, l)
	}
	return list, nil
}
