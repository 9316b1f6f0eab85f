package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
)

func TestTheLinksReportIsARatio(t *testing.T) {
	got := linksReport(result{Wall: 2 * time.Second, Sources: 10_000}, 4*time.Second, 10_000)
	for _, want := range []string{"linkinator  10000 links in 4.0 s, 2500 a second", "videoteca   10000 links in 2.0 s, 5000 a second", "ratio       2.00"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestLinksAreSpreadOverTwoHundredHosts(t *testing.T) {
	met, hosts := map[string]bool{}, map[string]int{}
	for n := range linkHosts * linksAHost {
		address := linkURL(n, "8080")
		u, err := url.Parse(address)
		if err != nil || met[address] {
			t.Fatalf("%s: %v", address, err)
		}
		met[address] = true
		hosts[u.Hostname()]++
	}
	if len(hosts) != linkHosts {
		t.Errorf("%d hosts", len(hosts))
	}
	for host, n := range hosts {
		if n != linksAHost || !strings.HasPrefix(host, "127.0.") {
			t.Errorf("%s has %d", host, n)
		}
	}
}

// servedHosts starts the hosts in this process and returns the first one's address.
func servedHosts(t *testing.T) string {
	t.Helper()
	read, write := io.Pipe()
	go func() { _ = write.CloseWithError(serveHosts(write)) }() // it serves until the process ends
	line := make([]byte, 100)
	n, err := read.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(line[:n]))
}

func TestTheHostsServeAnIndexAndFilms(t *testing.T) {
	address := servedHosts(t)
	index, err := http.Get(address + indexPath)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Body.Close()
	page, err := io.ReadAll(index.Body)
	if err != nil || bytes.Count(page, []byte("<a href=")) != linkHosts*linksAHost {
		t.Errorf("%d links, %v", bytes.Count(page, []byte("<a href=")), err)
	}
	port := address[strings.LastIndexByte(address, ':')+1:]
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		r, err := http.NewRequestWithContext(t.Context(), method, linkURL(4321, port), http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		film, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		film.Body.Close()
		if film.ContentLength != filmBytes || film.Header.Get("Content-Type") != "video/mp4" {
			t.Errorf("%s: %d bytes of %s", method, film.ContentLength, film.Header.Get("Content-Type"))
		}
	}
}

func TestLinksAreAuditedOnTheirHosts(t *testing.T) {
	address := servedHosts(t)
	port := address[strings.LastIndexByte(address, ':')+1:]
	folder := t.TempDir()
	if err := fillWith(filepath.Join(folder, "store"), 400, func(n int) archive.Source { return linkSource(n, port) }); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (bench{}).auditLinks(t.Context(), folder, &out); err != nil {
		t.Fatal(err)
	}
	var r result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Sources != 400 || r.Changes != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// program writes a program that stands in for linkinator.
func program(t *testing.T, prints string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "linkinator")
	if err := os.WriteFile(path, []byte("#!/bin/sh\ncat <<'EOT'\n"+prints+"\nEOT\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestABaselineThatCheckedNothingIsNone(t *testing.T) {
	for name, prints := range map[string]string{"nothing": `{"links":[]}`, "broken links": `{"links":[{"state":"BROKEN"}]}`, "garbage": "Error: no such option"} {
		if took, _, err := linkinate(t.Context(), program(t, prints), "http://127.0.0.1/"); err == nil {
			t.Errorf("%s: took %s", name, took)
		}
	}
	if _, _, err := linkinate(t.Context(), filepath.Join(t.TempDir(), "nothing"), "http://127.0.0.1/"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without linkinator: %v", err)
	}
	all := `{"links":[` + strings.TrimSuffix(strings.Repeat(`{"state":"OK"},`, linkHosts*linksAHost), ",") + `]}`
	if took, n, err := linkinate(t.Context(), program(t, all), "http://127.0.0.1/"); err != nil || n != linkHosts*linksAHost || took <= 0 {
		t.Errorf("%d in %s, %v", n, took, err)
	}
}

func TestTheComparisonStopsWhereAPartIsMissing(t *testing.T) {
	if err := (bench{}).measure(t.Context(), filepath.Join(t.TempDir(), "nothing"), "linkinator"); err == nil {
		t.Error("without its own program")
	}
	if err := (bench{Sources: 1}).measure(t.Context(), filepath.Join(t.TempDir(), "nothing"), ""); err == nil {
		t.Error("without a platform")
	}
}
