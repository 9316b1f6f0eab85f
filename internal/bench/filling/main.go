// Command filling measures the catalog of a large library: how long it takes to read a whole store into it, how long
// the service takes to its first embed with the catalog of before, and how much memory both hold. Beside each stands the
// same done with SQLite alone, in a process of its own; only ratios of one run mean anything.
//
//	go run ./internal/bench/filling -videos 100000
//	go run ./internal/bench/filling -videos 100000 -s3 's3://bench/lib?endpoint=http://127.0.0.1:7070&region=us-east-1'
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"videoteca/archive"
	"videoteca/internal/bench/stock"
	"videoteca/storage"
)

func main() {
	b := bench{Out: os.Stdout, Log: os.Stderr}
	flag.StringVar(&b.Binary, "binary", "", "the program; built from this tree if empty")
	flag.IntVar(&b.Videos, "videos", 100_000, "how many videos the store has")
	flag.IntVar(&b.Rounds, "rounds", 5, "how often the service is started with the catalog of before")
	flag.StringVar(&b.S3, "s3", "", "an empty bucket to read from as well, as --store names it; credentials from the AWS environment variables")
	copied := flag.String("copy", "", "internal: write the rows of this catalog into -to with SQLite alone")
	asked := flag.String("ask", "", "internal: ask this catalog what the service is asked, with SQLite alone")
	to := flag.String("to", "", "internal: the file that -copy makes")
	flag.Parse()
	if err := run(context.Background(), b, *copied, *to, *asked); err != nil {
		fmt.Fprintln(os.Stderr, "filling:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, b bench, copied, to, asked string) error {
	switch {
	case copied != "":
		return copyRows(ctx, copied, to)
	case asked != "":
		return askAlone(ctx, asked, b.Out)
	}
	return b.run(ctx)
}

// bench is what is measured.
type bench struct {
	Binary, S3     string
	Self           string // this command, which is its own baseline; the running program if empty
	Videos, Rounds int
	Out, Log       io.Writer
}

// figure is what one process took.
type figure struct {
	took time.Duration
	peak int64 // the most memory it held, in bytes
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
	if err := b.prepare(ctx, work); err != nil {
		return err
	}
	store, cache := filepath.Join(work, "store"), filepath.Join(work, "cache")
	b.say("writing %d videos into a folder", b.Videos)
	last, err := stock.Folder(ctx, store, b.Videos)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.Out, "%d videos\n\n| | took | of SQLite's | peak of memory | of SQLite's |\n| --- | --- | --- | --- | --- |\n", b.Videos)
	if err := b.rebuilds(ctx, store, cache); err != nil {
		return err
	}
	return b.starts(ctx, store, cache, last)
}

// prepare finds or builds the programs.
func (b *bench) prepare(ctx context.Context, work string) (err error) {
	if b.Self == "" {
		if b.Self, err = os.Executable(); err != nil {
			return err
		}
	}
	b.Binary, err = stock.Program(ctx, b.Binary, work)
	return err
}

// rebuilds reads the whole of each store into an empty catalog, and has SQLite write the same rows.
func (b bench) rebuilds(ctx context.Context, store, cache string) error {
	b.say("reading the folder into an empty catalog")
	folder, err := measure(ctx, b.Binary, "reindex", "--store", store, "--cache", cache)
	if err != nil {
		return err
	}
	catalog, err := catalogIn(cache)
	if err != nil {
		return err
	}
	b.say("writing the same rows with SQLite alone")
	alone, err := measure(ctx, b.Self, "-copy", catalog, "-to", filepath.Join(filepath.Dir(cache), "alone.sqlite"))
	if err != nil {
		return err
	}
	b.row("the rows of the catalog written by SQLite alone", alone, alone)
	b.row("rebuilt from a directory", folder, alone)
	if b.S3 == "" {
		return nil
	}
	address, err := storage.ParseAddress(b.S3)
	if err != nil {
		return err
	}
	b.say("writing %d videos into the bucket", b.Videos)
	if _, err := stock.Bucket(ctx, address, b.Videos); err != nil {
		return err
	}
	b.say("reading the bucket into an empty catalog")
	bucket, err := measure(ctx, b.Binary, "reindex", "--store", b.S3, "--cache", cache+"-s3")
	if err != nil {
		return err
	}
	b.row("rebuilt from the bucket", bucket, alone)
	return nil
}

// starts starts the service with the catalog of before, in turn with SQLite alone on the same file.
func (b bench) starts(ctx context.Context, store, cache string, id archive.VideoID) error {
	catalog, err := catalogIn(cache)
	if err != nil {
		return err
	}
	b.say("starting the service with the catalog of before, %d times", b.Rounds)
	var service, alone []figure
	for range b.Rounds {
		f, err := b.serve(ctx, store, cache, id)
		if err != nil {
			return err
		}
		service = append(service, f)
		if f, err = measure(ctx, b.Self, "-ask", catalog); err != nil {
			return err
		}
		alone = append(alone, f)
	}
	base := middle(alone)
	b.row("a list, a filter and a search by SQLite alone, from its start", base, base)
	b.row("the service, from its start to the first embed; memory after a list, a filter and a search", middle(service), base)
	return nil
}

func (b bench) say(format string, args ...any) {
	fmt.Fprintf(b.Log, format+"\n", args...)
}

func (b bench) row(name string, f, base figure) {
	const mega = 1 << 20
	fmt.Fprintf(b.Out, "| %s | %s | %.1f | %d MB | %.1f |\n", name, f.took.Round(time.Millisecond), float64(f.took)/float64(base.took), f.peak/mega, float64(f.peak)/float64(base.peak))
}
