package oembed

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"videoteca/archive"
)

func TestTheListIsOfTheVersionThatIsNamed(t *testing.T) {
	data, err := files.ReadFile("providers.json")
	if err != nil {
		t.Fatal(err)
	}
	var head struct{ Package, Version, License, Notice string }
	if err := json.Unmarshal(data, &head); err != nil {
		t.Fatal(err)
	}
	if head.Package != "oembed-providers" || head.Version != ProvidersVersion || head.License != "MIT" || head.Notice == "" {
		t.Errorf("the list says %+v, the package %s", head, ProvidersVersion)
	}
	about, err := os.ReadFile("providers.md")
	if err != nil || !strings.Contains(string(about), ProvidersVersion) || !strings.Contains(string(about), "Permission is hereby granted") {
		t.Errorf("providers.md names another version or has no licence: %v", err)
	}
}

func TestEachProviderIsNamedOnceAndAskedOverTLS(t *testing.T) {
	list, err := parseProviders()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 80 {
		t.Fatalf("only %d providers", len(list))
	}
	names := map[string]bool{Vimeo: true, Dailymotion: true, TikTok: true, X: true, PeerTube: true, "youtube": true, "web": true}
	for _, l := range list {
		if names[l.name] || !platformName.MatchString(l.name) || l.label == "" || len(l.endpoints) == 0 {
			t.Errorf("provider %q is named twice, badly, or has no endpoint", l.name)
		}
		names[l.name] = true
		for _, e := range l.endpoints {
			u, err := url.Parse(e.url)
			if err != nil || u.Scheme != "https" || u.Host == "" || strings.ContainsAny(e.url, "{}") || len(e.schemes) == 0 {
				t.Errorf("provider %s: endpoint %q", l.name, e.url)
			}
		}
	}
}

// TestEachSchemeLeadsToItsProvider: an address of every scheme is recognised by
// the provider that lists it, and its id has that provider's endpoint.
func TestEachSchemeLeadsToItsProvider(t *testing.T) {
	ps, err := Platforms(Options{HTTP: &http.Client{Transport: http.NewFileTransport(http.Dir(t.TempDir()))}})
	if err != nil {
		t.Fatal(err)
	}
	data, err := files.ReadFile("providers.json")
	if err != nil {
		t.Fatal(err)
	}
	var file providerFile
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, p := range file.Providers {
		for _, e := range p.Endpoints {
			for _, s := range e.Schemes {
				address := strings.ReplaceAll(s, "*", "abc12")
				got, ref, err := ps.Recognise(address)
				if err != nil || got.Name() != p.Name {
					t.Errorf("%s: %v, %v, want %s", address, got, err, p.Name)
					continue
				}
				a := got.(*Adapter)
				if want := strings.ReplaceAll(e.URL, "{format}", "json"); a.endpoint(ref.Key.ID) != want {
					t.Errorf("%s is asked at %s, want %s", address, a.endpoint(ref.Key.ID), want)
				}
			}
		}
	}
}

func TestTheOrderInWhichPlatformsAreAsked(t *testing.T) {
	ps, err := Platforms(Options{HTTP: &http.Client{Transport: http.NewFileTransport(http.Dir(t.TempDir()))}, Name: "ignored", Endpoint: "https://example.org"})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{Vimeo, Dailymotion, TikTok, X, PeerTube} {
		if ps[i].Name() != want {
			t.Errorf("%d: %s, want %s", i, ps[i].Name(), want)
		}
	}
	want := map[string]archive.Player{
		Vimeo:       {Kind: archive.PlayerVimeo, Label: "Vimeo", Origin: "https://player.vimeo.com"},
		Dailymotion: {Kind: archive.PlayerDailymotion, Label: "Dailymotion", Origin: "https://geo.dailymotion.com"},
		PeerTube:    {Kind: archive.PlayerPeerTube, Label: "PeerTube"},
		TikTok:      {Label: "TikTok"}, X: {Label: "X"}, "ted": {Label: "TED"}, "wistia": {Label: "Wistia, Inc."},
	}
	for name, player := range want {
		if p := ps.Named(name); p == nil || p.Player() != player {
			t.Errorf("%s: %+v, want player %+v", name, p, player)
		}
	}
}

func TestOptionsThatCannotBeUsed(t *testing.T) {
	client := &http.Client{Transport: http.NewFileTransport(http.Dir(t.TempDir()))}
	for says, o := range map[string]Options{
		"guarded client":       {Provider: Vimeo},
		"guarded client is":    {Provider: Vimeo, HTTP: &http.Client{}},
		"is not known":         {Provider: "myspace", HTTP: client},
		"use a-z":              {Provider: Vimeo, Name: "My Vimeo", HTTP: client},
		"follows from Origin":  {Provider: PeerTube, Endpoint: "https://example.org/oembed", HTTP: client},
		"endpoint: \"ftp":      {Provider: Vimeo, Endpoint: "ftp://example.org", HTTP: client},
		"origin: \"javascript": {Provider: Vimeo, Origin: "javascript:alert(1)", HTTP: client},
		"more than a scheme":   {Provider: PeerTube, Origin: "https://example.org/tube", HTTP: client},
		"site: \"newsroom\"":   {Provider: Vimeo, Site: "newsroom", HTTP: client},
		"is no id of vimeo":    {Provider: Vimeo, Control: "abc", HTTP: client},
		"is no id of peertube": {Provider: PeerTube, Control: "9c9de5e8-0a1e-484a-b099-e80766180a6d", HTTP: client},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want an error that says %q", err, says)
		}
	}
}
