package stock

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// script is a program of a shell's.
func script(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAServiceIsMeasuredFromItsStartToItsFirstEmbed(t *testing.T) {
	work := t.TempDir()
	binary, err := Program(t.Context(), "", work)
	if err != nil {
		t.Fatal(err)
	}
	store := filepath.Join(work, "store")
	last, err := Folder(t.Context(), store, 3)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s, err := Serve(t.Context(), binary, store, filepath.Join(work, "cache"), last)
	if err != nil {
		t.Fatal(err)
	}
	if s.Took <= 0 || s.Took > time.Since(began) || s.PID == 0 {
		t.Errorf("%s of %s, process %d", s.Took, time.Since(began), s.PID)
	}
	if err := Fetch(t.Context(), s.Base+"/e/"+string(last), ""); err != nil {
		t.Error(err)
	}
	s.Stop()
	if err := Fetch(t.Context(), s.Base+"/e/"+string(last), ""); err == nil {
		t.Error("it serves on")
	}
	s.Stop() // again, which does nothing
}

func TestAServiceThatNeverServesIsGivenUp(t *testing.T) {
	idle := script(t, "exec sleep 600\n")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := Serve(ctx, idle, t.TempDir(), t.TempDir(), "7k3mzq9x0abd"); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "/e/7k3mzq9x0abd is not served") {
		t.Errorf("%v", err)
	}
	if _, err := Serve(t.Context(), filepath.Join(t.TempDir(), "none"), "", "", "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program that is not there: %v", err)
	}
}

func TestTheServiceIsStartedWithTheFlagsGiven(t *testing.T) {
	said := filepath.Join(t.TempDir(), "said")
	ctx, cancel := context.WithCancel(t.Context())
	program := script(t, `echo "$@" > `+said+".new && mv "+said+".new "+said+"\nexec sleep 600\n")
	go func() {
		defer cancel()
		for ctx.Err() == nil {
			if _, err := os.Stat(said); err == nil {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	if _, err := Serve(ctx, program, "STORE", "CACHE", "x", "--token", "T"); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	words, err := os.ReadFile(said)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"serve --listen 127.0.0.1:", "--store STORE --cache CACHE", "--no-audit", "--token T\n"} {
		if !strings.Contains(string(words), want) {
			t.Errorf("no %q in %s", want, words)
		}
	}
}

func TestWhatIsNotThereYetIsAwaited(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) < 4 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	if err := Await(t.Context(), server.URL); err != nil || asked.Load() != 4 {
		t.Errorf("after %d questions: %v", asked.Load(), err)
	}
}

func TestAnAnswerThatIsNoPageIsAnError(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/here":
		case r.URL.Path == "/closed" && r.Header.Get("Authorization") == "Bearer T":
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	for _, c := range []struct {
		address, token string
		there          bool
	}{
		{server.URL + "/here", "", true},
		{server.URL + "/later", "", false},
		{server.URL + "/closed", "T", true},
		{server.URL + "/closed", "", false},
		{"http://127.0.0.1:1/here", "", false},
		{"://", "", false},
	} {
		if err := Fetch(t.Context(), c.address, c.token); (err == nil) != c.there {
			t.Errorf("%s with %q: %v", c.address, c.token, err)
		}
	}
}
