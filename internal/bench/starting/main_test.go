package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// binary is the program as it is built from this tree.
func binary(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "videoteca")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", name, "videoteca/cmd/videoteca").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return name
}

func TestTheTableHasEveryStartAndItsRatio(t *testing.T) {
	var out strings.Builder
	b := bench{Binary: binary(t), Videos: 12, Rounds: 1, Out: &out}
	if err := b.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`(?m)^12 videos in a directory, median of 1 `, `\| the process alone: version \| \S+s \| 1\.0 \|`, `\| serve, with the catalog of before \| \S+s \| \d+\.\d \|`, `\| serve, with an empty cache \| \S+s \| \d+\.\d \|`} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %s in\n%s", want, &out)
		}
	}
}

func TestWhatCannotBeStartedIsAnErrorThatNamesIt(t *testing.T) {
	failing := filepath.Join(t.TempDir(), "failing")
	if err := os.WriteFile(failing, []byte("#!/bin/sh\n[ \"$1\" = reindex ] && exit 0\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	mute := filepath.Join(t.TempDir(), "mute")
	if err := os.WriteFile(mute, []byte("#!/bin/sh\nexit 7\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		b    bench
		says string
	}{
		{bench{Binary: failing, Videos: 1, Rounds: 1}, "the process alone: version: exit status 1"},
		{bench{Binary: mute, Videos: 1, Rounds: 1}, "filling the catalog: exit status 7"},
		{bench{Binary: mute, Rounds: 1}, "-videos and -rounds"},
		{bench{Binary: mute, Videos: 1}, "-videos and -rounds"},
	} {
		if err := tt.b.run(t.Context()); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%v, want %q", err, tt.says)
		}
	}
}

func TestTheMedianIsInTheMiddleAndKeepsTheOrder(t *testing.T) {
	took := []time.Duration{3, 1, 2, 9, 5}
	if m := median(took); m != 3 {
		t.Errorf("%d", m)
	}
	if !slices.Equal(took, []time.Duration{3, 1, 2, 9, 5}) {
		t.Errorf("they are in another order: %v", took)
	}
}

func TestAServiceThatNeverServesIsGivenUp(t *testing.T) {
	idle := filepath.Join(t.TempDir(), "idle")
	if err := os.WriteFile(idle, []byte("#!/bin/sh\nexec sleep 600\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := bench{Binary: idle}.serve(ctx, t.TempDir(), t.TempDir(), "7k3mzq9x0abd")
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "7k3mzq9x0abd is not served") {
		t.Errorf("%v", err)
	}
	if err := (bench{Binary: filepath.Join(t.TempDir(), "none")}).serve(t.Context(), "", "", "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program that is not there: %v", err)
	}
	if err := (bench{Binary: idle}).serveAnew(t.Context(), filepath.Join(t.TempDir(), "none"), "", "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestTheReportComparesWithTheFirst(t *testing.T) {
	var out strings.Builder
	bench{Videos: 3, Rounds: 2, Out: &out}.report([]*start{
		{name: "alone", took: []time.Duration{10 * time.Millisecond}},
		{name: "slow", took: []time.Duration{25 * time.Millisecond, 24 * time.Millisecond, 400 * time.Millisecond}},
	})
	want := `3 videos in a directory, median of 2 interleaved starts

| from the start to the first served embed | | of the process alone |
| --- | --- | --- |
| alone | 10ms | 1.0 |
| slow | 25ms | 2.5 |
`
	if out.String() != want {
		t.Errorf("%s", &out)
	}
}
