package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"videoteca/internal/bench/stock"
	"videoteca/storage/storagetest"
)

// TestMain lets the test binary be the command, which measures itself as its own baseline, and a service.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && (os.Args[1] == "-copy" || os.Args[1] == "-ask"):
		main()
	case len(os.Args) > 3 && os.Args[1] == "serve":
		pretend(os.Args[3])
	default:
		os.Exit(m.Run())
	}
}

// built is a program of this tree.
func built(t *testing.T, of string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "program")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", name, of).CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return name
}

func TestTheTableHasEveryWayOfFillingAndStarting(t *testing.T) {
	server := storagetest.StartVersityGW(t)
	t.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
	var out, log strings.Builder
	b := bench{
		Binary: built(t, "videoteca/cmd/videoteca"), Videos: 210, Rounds: 1, Out: &out, Log: &log,
		S3: "s3://bench/lib?region=us-east-1&endpoint=" + server.Endpoint,
	}
	if err := b.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`(?m)^210 videos$`, `\| the rows of the catalog written by SQLite alone \| \S+s \| 1\.0 \| \d+ MB \| 1\.0 \|`, `\| rebuilt from a directory \| \S+s \|`,
		`\| rebuilt from the bucket \| \S+s \|`, `\| a list, a filter and a search by SQLite alone, from its start \| \S+s \| 1\.0 \|`, `\| the service, from its start to the first embed; .* \| \S+s \| \d+\.\d \|`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %s in\n%s", want, &out)
		}
	}
	if !strings.Contains(log.String(), "writing 210 videos into the bucket") {
		t.Errorf("whoever waits is told\n%s", &log)
	}
}

func TestSQLiteAloneHasTheSameRows(t *testing.T) {
	dir := t.TempDir()
	program := built(t, "videoteca/cmd/videoteca")
	b := bench{Binary: program, Videos: 400, Rounds: 1, Out: io.Discard, Log: io.Discard}
	kept := filepath.Join(dir, "cache")
	store := filepath.Join(dir, "store")
	if _, err := stock.Folder(t.Context(), store, b.Videos); err != nil {
		t.Fatal(err)
	}
	if _, err := measure(t.Context(), program, "reindex", "--store", store, "--cache", kept); err != nil {
		t.Fatal(err)
	}
	catalog, err := catalogIn(kept)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "alone.sqlite")
	if err := run(t.Context(), b, catalog, copied, ""); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{catalog, copied} {
		var out strings.Builder
		b.Out = &out
		if err := run(t.Context(), b, "", "", path); err != nil {
			t.Fatal(err)
		}
		if out.String() != "31 rows\n31 rows\n4 rows\n" {
			t.Errorf("%s answers %s", filepath.Base(path), &out)
		}
	}
	if err := run(t.Context(), b, catalog, copied, ""); err == nil {
		t.Error("a file that is there already is written over")
	}
}

func TestWhatCannotBeMeasuredIsAnErrorThatNamesIt(t *testing.T) {
	failing := filepath.Join(t.TempDir(), "failing")
	if err := os.WriteFile(failing, []byte("#!/bin/sh\necho broken\nexit 3\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	idle := filepath.Join(t.TempDir(), "idle")
	if err := os.WriteFile(idle, []byte("#!/bin/sh\nexit 0\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for says, b := range map[string]bench{
		"-videos and -rounds": {Binary: failing, Rounds: 1},
		"are at least 1":      {Binary: failing, Videos: 1},
		"failing reindex":     {Binary: failing, Videos: 1, Rounds: 1},
		"0 catalogs in":       {Binary: idle, Videos: 1, Rounds: 1},
		"none reindex":        {Binary: filepath.Join(t.TempDir(), "none"), Videos: 1, Rounds: 1},
	} {
		b.Out, b.Log = io.Discard, io.Discard
		if err := run(t.Context(), b, "", "", ""); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	if err := run(t.Context(), bench{Out: io.Discard}, "", "", filepath.Join(t.TempDir(), "none.sqlite")); err == nil {
		t.Error("a catalog that is not there is asked")
	}
	if err := run(t.Context(), bench{}, filepath.Join(t.TempDir(), "none", "x.sqlite"), filepath.Join(t.TempDir(), "y.sqlite"), ""); err == nil {
		t.Error("a catalog that is not there is copied")
	}
}

func TestThePeakIsReadAsTheSystemWritesIt(t *testing.T) {
	if got, err := peakIn("Name:\tvideoteca\nVmHWM:\t  154320 kB\nVmRSS:\t 99 kB\n"); got != 154320*1024 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	for _, text := range []string{"", "VmRSS:\t 99 kB\n", "VmHWM:\t many kB\n"} {
		if got, err := peakIn(text); err == nil {
			t.Errorf("%q: %d", text, got)
		}
	}
	if own, err := peakOf(os.Getpid()); err != nil || own < 1<<20 {
		t.Errorf("this process: %d, %v", own, err)
	}
	if _, err := peakOf(-1); err == nil {
		t.Error("a process that is not there")
	}
}

func TestTheMiddleIsOfEachPart(t *testing.T) {
	got := middle([]figure{{3 * time.Second, 10}, {time.Second, 30}, {2 * time.Second, 20}})
	if got != (figure{2 * time.Second, 20}) {
		t.Errorf("%+v", got)
	}
}
