package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/embeds/publish"
	"videoteca/internal/spool"
	"videoteca/storage"
)

// publishedPrefix is where embeds are published in the store itself, unless told otherwise.
const publishedPrefix = "published/"

// largestManifest bounds what is read of a target's manifest, in bytes: a million videos.
const largestManifest = 1 << 30

// publishLease is held while embeds are published: two at once would overwrite each
// other's manifest.
const publishLease = "publish"

type publishCommand struct {
	PublishTo string `placeholder:"DIR|s3://BUCKET/PREFIX?…" help:"Where the files go: a folder, or a bucket written as for --store. Default: published/ in the store; a bucket of its own is better, since the store's holds more than the public may see."`
	Forget    bool   `help:"Do not keep what is published there to what may be shown any more, because it is there no longer. Nothing is deleted."`
}

// Run publishes every embed as files that need no service.
func (p publishCommand) Run(ctx context.Context, s *Settings, c console) error {
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	address, err := p.address()
	if err != nil {
		return err
	}
	if p.Forget {
		return n.forgetTarget(ctx, address)
	}
	unread, err := n.refilled(ctx)
	if err != nil {
		return err
	}
	ctx, giveBack, err := leases{n.store, n.leaseTerm, n.log}.await(ctx, publishLease)
	if err != nil {
		return fmt.Errorf("publishing: %w", err)
	}
	defer giveBack()
	return p.publish(ctx, n, address, unread, s, c)
}

// publish publishes. Of what the store has, so many records could not be read.
func (p publishCommand) publish(ctx context.Context, n *newsroom, address string, unread int, s *Settings, c console) error {
	target, err := n.publishTarget(ctx, address)
	if err != nil {
		return err
	}
	publisher, err := n.publisher(target)
	if err != nil {
		return err
	}
	if publisher.Options.Loopback() {
		fmt.Fprintf(c.err, "warning: the pages name %s, which works on this computer alone; keep the public address first: videoteca serve --base-url https://…\n", publisher.Options.BaseURL)
	}
	if err := n.rememberTarget(ctx, address); err != nil {
		return err
	}
	told := time.Now()
	summary, err := publisher.Run(ctx, n.served(ctx), func(so publish.Summary) {
		if time.Since(told) > pollEvery {
			told = time.Now()
			fmt.Fprintf(c.err, "%s seen, %d published\n", plural(int64(so.Videos), "video", "videos"), so.Published)
		}
	})
	if err != nil {
		return fmt.Errorf("publishing: %w", err)
	}
	summary.Unread = max(summary.Unread, unread)
	if s.JSON {
		err = writeJSON(c.out, summary)
	} else {
		fmt.Fprintf(c.out, "%s: %d published, %d removed, %s written, %d failed\n",
			plural(int64(summary.Videos), "video", "videos"), summary.Published, summary.Removed, plural(int64(summary.Files), "file", "files"), summary.Failed)
	}
	return errors.Join(err, shortfall(summary))
}

// shortfall is what publishing did not do.
func shortfall(summary publish.Summary) error {
	var failed, unread error
	if summary.Failed > 0 {
		failed = fmt.Errorf("%s could not be published; the log says why", plural(int64(summary.Failed), "video", "videos"))
	}
	if summary.Unread > 0 {
		unread = fmt.Errorf("%s could not be read, and what is published of such a one was left as it is; the log says why, and `videoteca verify` finds damage",
			plural(int64(summary.Unread), "video", "videos"))
	}
	return errors.Join(failed, unread)
}

// served yields the videos known here, each as its id is served.
func (n *newsroom) served(ctx context.Context) iter.Seq2[archive.Video, error] {
	return publish.Served(ctx, n.catalog.All(ctx), n.catalog.Video)
}

// address is where the files go, as it is kept; empty for the store itself.
func (p publishCommand) address() (string, error) {
	if p.PublishTo == "" {
		return "", nil
	}
	address, err := storage.ParseAddress(p.PublishTo)
	if err != nil {
		return "", fmt.Errorf("%w: --publish-to: %w", errUsage, err)
	}
	return address.String(), nil
}

// publisher is of the installation as the store knows it: addresses that were guessed
// must not get into pages.
func (n *newsroom) publisher(target publishTarget) (*publish.Publisher, error) {
	base, err := n.baseURL()
	if err != nil {
		return nil, err
	}
	renderer, err := embeds.New()
	if err != nil {
		return nil, err
	}
	return &publish.Publisher{
		Renderer: renderer, Target: target, Posters: n.posters, Records: n.store, Languages: renderer.Languages(), Program: n.build.program(), Log: n.log,
		Options: embeds.Options{BaseURL: base, Now: time.Now(), Players: players(n.platforms)},
		Aliases: n.marker.BaseURLAliases, Folders: target.folder != "",
	}, nil
}

// publishTarget opens where files are published, and makes it where it is missing.
func (n *newsroom) publishTarget(ctx context.Context, where string) (publishTarget, error) {
	incoming, err := spool.Open(filepath.Join(n.cacheDir, "incoming"))
	if err != nil {
		return publishTarget{}, err
	}
	if where == "" {
		target := publishTarget{bucket: n.store.Bucket(), prefix: publishedPrefix, store: n.store, spool: incoming}
		if n.address.Directory != "" {
			target.folder = filepath.Join(n.address.Directory, publishedPrefix)
		}
		return target, nil
	}
	address, err := storage.ParseAddress(where)
	if err != nil {
		return publishTarget{}, err
	}
	opened, err := openPublic(address)
	if err != nil {
		return publishTarget{}, fmt.Errorf("%w: --publish-to: %w", errUsage, err)
	}
	if opened.Prepare != nil {
		if err := opened.Prepare(ctx); err != nil {
			return publishTarget{}, fmt.Errorf("opening %s: %w", address, err)
		}
	}
	bucket := storage.WithRetries(storage.WithDeadlines(opened.Bucket, storage.Deadlines{}), storage.Retries{})
	return publishTarget{bucket: bucket, folder: address.Directory, store: n.store, spool: incoming}, nil
}

func openPublic(a storage.Address) (storage.Opened, error) {
	if a.Directory == "" {
		return storage.Open(a, os.Getenv)
	}
	d, err := storage.OpenPublicDirectory(a.Directory)
	return storage.Opened{Bucket: d}, err
}

// publishTarget is a bucket, or a part of one, as publish.Target.
type publishTarget struct {
	bucket storage.Bucket
	prefix string
	folder string // in which the bucket keeps it; empty where that is on an S3 server
	store  *storage.Store
	spool  *spool.Spool
}

// Get implements publish.Target.
func (t publishTarget) Get(ctx context.Context, name string) ([]byte, error) {
	body, _, err := t.bucket.Get(ctx, t.prefix+name, storage.Range{})
	if errors.Is(err, storage.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", archive.ErrNotFound, err)
	}
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(body, largestManifest))
	return data, errors.Join(err, body.Close())
}

// Put implements publish.Target.
func (t publishTarget) Put(ctx context.Context, name string, data []byte) error {
	_, err := t.bucket.Put(ctx, t.prefix+name, bytes.NewReader(data), int64(len(data)), storage.Condition{})
	return err
}

// PutMedia implements publish.Target. The file goes by the local disk: a bucket may
// want to begin again, and another's answer cannot be read twice.
func (t publishTarget) PutMedia(ctx context.Context, name string, id archive.VideoID, f archive.File) error {
	body, err := t.store.OpenFile(ctx, id, f, storage.Range{})
	if err != nil {
		return err
	}
	file, err := t.spool.Take(body, f.Bytes, f.Bytes)
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	_, err = t.bucket.Put(ctx, t.prefix+name, file, f.Bytes, storage.Condition{})
	return errors.Join(err, file.Close())
}

// Delete implements publish.Target. A folder that is left empty goes too: a file server
// would list it, and so tell of a video that is hidden.
func (t publishTarget) Delete(ctx context.Context, name string) error {
	if err := t.bucket.Delete(ctx, t.prefix+name); err != nil {
		return err
	}
	if folder := path.Dir(name); t.folder != "" && strings.Contains(folder, "/") {
		_ = os.Remove(filepath.Join(t.folder, folder)) // fails where something is left in it
	}
	return nil
}
