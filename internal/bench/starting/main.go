// Command starting measures how long the service takes from its start to the first embed that it serves, on a
// directory with a thousand videos: with the catalog of before, and with an empty cache. Beside them in turn starts
// the same binary to print its version, which is what starting a process costs; only ratios of one run mean anything.
//
//	go run ./internal/bench/starting
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"videoteca/archive"
	"videoteca/internal/bench/stock"
)

func main() {
	b := bench{Out: os.Stdout}
	flag.StringVar(&b.Binary, "binary", "", "the program; built from this tree if empty")
	flag.IntVar(&b.Videos, "videos", 1000, "how many videos the store has")
	flag.IntVar(&b.Rounds, "rounds", 9, "how often each is started")
	flag.Parse()
	if err := b.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "starting:", err)
		os.Exit(1)
	}
}

// bench is what is measured.
type bench struct {
	Binary         string
	Videos, Rounds int
	Out            io.Writer
}

// start is one way to start, and how long it took.
type start struct {
	name string
	once func(context.Context) error
	took []time.Duration
}

func (b bench) run(ctx context.Context) error {
	if b.Videos < 1 || b.Rounds < 1 {
		return errors.New("-videos and -rounds are at least 1")
	}
	work, err := os.MkdirTemp("", "videoteca-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if b.Binary, err = stock.Program(ctx, b.Binary, work); err != nil {
		return err
	}
	store := filepath.Join(work, "store")
	asked, err := stock.Folder(ctx, store, b.Videos)
	if err != nil {
		return err
	}
	warm := filepath.Join(work, "warm")
	starts := []*start{
		{name: "the process alone: version", once: func(ctx context.Context) error { return exec.CommandContext(ctx, b.Binary, "version").Run() }},
		{name: "serve, with the catalog of before", once: func(ctx context.Context) error { return b.serve(ctx, store, warm, asked) }},
		{name: "serve, with an empty cache", once: func(ctx context.Context) error { return b.serveAnew(ctx, work, store, asked) }},
	}
	if err := b.fill(ctx, store, warm); err != nil {
		return err
	}
	for range b.Rounds {
		for _, s := range starts {
			began := time.Now()
			if err := s.once(ctx); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			s.took = append(s.took, time.Since(began))
		}
	}
	b.report(starts)
	return nil
}

// fill reads the whole store into the cache.
func (b bench) fill(ctx context.Context, store, cache string) error {
	if out, err := exec.CommandContext(ctx, b.Binary, "reindex", "--store", store, "--cache", cache).CombinedOutput(); err != nil {
		return fmt.Errorf("filling the catalog: %w\n%s", err, out)
	}
	return nil
}

func (b bench) serveAnew(ctx context.Context, work, store string, id archive.VideoID) error {
	cache, err := os.MkdirTemp(work, "cache")
	if err != nil {
		return err
	}
	return b.serve(ctx, store, cache, id)
}

// serve starts the service, waits until it has served the embed, and ends it.
func (b bench) serve(ctx context.Context, store, cache string, id archive.VideoID) error {
	service, err := stock.Serve(ctx, b.Binary, store, cache, id)
	if err == nil {
		service.Stop()
	}
	return err
}

// report prints the medians, and their ratios to the first.
func (b bench) report(starts []*start) {
	fmt.Fprintf(b.Out, "%d videos in a directory, median of %d interleaved starts\n\n| from the start to the first served embed | | of the process alone |\n| --- | --- | --- |\n", b.Videos, b.Rounds)
	alone := median(starts[0].took)
	for _, s := range starts {
		took := median(s.took)
		fmt.Fprintf(b.Out, "| %s | %s | %.1f |\n", s.name, took.Round(time.Millisecond), float64(took)/float64(alone))
	}
}

func median(took []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[len(sorted)/2]
}
