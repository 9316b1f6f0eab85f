package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// broken is the environment variable that names what a pretended service does not answer.
const broken = "FILLING_TEST_BROKEN"

// pretend is a service that has every embed and one list, one filter and one search.
func pretend(listen string) {
	bad := os.Getenv(broken)
	server := http.Server{Addr: listen, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if bad != "" && strings.Contains(r.URL.String(), bad) || strings.HasPrefix(r.URL.Path, "/api/") && r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})}
	_ = server.ListenAndServe() // until it is killed
}

// pretended is a bench whose program is this test's, as a service.
func pretended(t *testing.T) bench {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return bench{Binary: self, Self: self, Videos: 1, Rounds: 1, Out: io.Discard, Log: io.Discard}
}

func TestAStartIsMeasuredWithWhatAnEditorAsks(t *testing.T) {
	f, err := pretended(t).serve(t.Context(), t.TempDir(), t.TempDir(), "7k3mzq9x0abd")
	if err != nil {
		t.Fatal(err)
	}
	if f.took <= 0 || f.peak < 1<<20 {
		t.Errorf("%+v", f)
	}
}

func TestAServiceThatAnswersNotEverythingIsNotMeasured(t *testing.T) {
	for name, what := range map[string]string{"the list": "/api/v1/videos", "the filter": "tag=", "the search": "q=asamblea"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(broken, what)
			if f, err := pretended(t).serve(t.Context(), t.TempDir(), t.TempDir(), "x"); err == nil || !strings.Contains(err.Error(), "500 Internal Server Error") {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
	b := pretended(t)
	b.Binary = filepath.Join(t.TempDir(), "none")
	if _, err := b.serve(t.Context(), "", "", "x"); err == nil {
		t.Error("a program that is not there")
	}
}

func TestAProgramIsMeasuredToItsEnd(t *testing.T) {
	f, err := measure(t.Context(), "sh", "-c", "true")
	if err != nil || f.took <= 0 || f.peak <= 0 {
		t.Errorf("%+v, %v", f, err)
	}
	_, err = measure(t.Context(), "sh", "-c", "echo the disk is full >&2; exit 4")
	if err == nil || !strings.Contains(err.Error(), "exit status 4") || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("it does not say why: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := measure(ended, "sleep", "600"); err == nil {
		t.Error("a program that was not waited for")
	}
}

func TestTheCatalogIsTheOneInACache(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "cache[1]") // which is a name and no pattern
	if _, err := catalogIn(cache); err == nil || !strings.Contains(err.Error(), "0 catalogs") {
		t.Errorf("without one: %v", err)
	}
	for n, of := range []string{"one", "two"} {
		if err := os.MkdirAll(filepath.Join(cache, of), 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(cache, of, "catalog.sqlite")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		switch found, err := catalogIn(cache); {
		case n == 0 && (err != nil || found != path):
			t.Errorf("%s, %v", found, err)
		case n == 1 && (err == nil || !strings.Contains(err.Error(), "2 catalogs")):
			t.Errorf("of two: %s, %v", found, err)
		}
	}
}
