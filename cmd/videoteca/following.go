package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/catalog"
)

// How often the background looks. See docs/design.md on replicas.
const (
	pollEvery      = 5 * time.Second
	reconcileEvery = time.Hour
	retryReady     = 10 * time.Second
)

// follow keeps the catalog current: what the change feed names every few seconds, and beside that all of it at the
// start and every hour, which may take long and must not keep a withdrawal waiting. Whichever hears of a change first,
// no row is replaced by a lower revision. It closes filled after the first filling, and ends with ctx.
func (n *newsroom) follow(ctx context.Context, filled chan<- struct{}) {
	begun := time.Now()
	for !n.ready(ctx) {
		if !sleep(ctx, retryReady) {
			return
		}
	}
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { n.reconcileAlways(ctx, filled) })
	n.keepBaseURLLater(ctx)
	feed := storage.NewFeed(n.store, begun)
	feed.Article = func(ctx context.Context, a archive.Article) error { return n.catalog.PutArticles(ctx, a) }
	for sleep(ctx, pollEvery) {
		if err := feed.Poll(ctx, n.apply); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "the change feed cannot be read; it will be tried again", slog.Any("error", err))
		}
		n.keepBaseURLLater(ctx)
	}
}

// reconcileAlways makes the catalog equal to the store at the start, after which it closes filled, and every hour.
func (n *newsroom) reconcileAlways(ctx context.Context, filled chan<- struct{}) {
	if !n.reconcile(ctx) {
		return
	}
	close(filled)
	n.fillArticles(ctx)
	for sleep(ctx, reconcileEvery) && n.reconcile(ctx) {
		n.fillArticles(ctx)
		if err := n.store.Sweep(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "old change markers not deleted", slog.Any("error", err))
		}
	}
}

// reconcile fills the catalog, however many tries it takes. It reports success; only the end of ctx keeps it from it.
func (n *newsroom) reconcile(ctx context.Context) bool {
	for !n.fill(ctx) {
		if !sleep(ctx, retryReady) {
			return false
		}
	}
	return true
}

// checkCatalog goes once through a catalog that was too large to be checked before the service answered.
func (n *newsroom) checkCatalog(ctx context.Context, filled <-chan struct{}) {
	select {
	case <-ctx.Done():
		return
	case <-filled:
	}
	switch err := n.catalog.Check(ctx); {
	case err == nil, ctx.Err() != nil:
	case errors.Is(err, catalog.ErrDamaged):
		n.log.ErrorContext(ctx, "the catalog is damaged; restart the service, which builds it anew from the store", slog.Any("error", err))
	default:
		n.log.WarnContext(ctx, "the catalog could not be checked", slog.Any("error", err))
	}
}

// ready reports whether the store is there and may be used.
func (n *newsroom) ready(ctx context.Context) bool {
	err := n.store.EnsureReady(ctx)
	n.sayNotCurrent(ctx, err)
	return err == nil
}

func (n *newsroom) sayNotCurrent(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		n.log.WarnContext(ctx, "the catalog is not up to date; it will be tried again", slog.Any("error", err))
	}
}

// fill makes the catalog equal to the store and warms the posters. It reports success.
func (n *newsroom) fill(ctx context.Context) bool {
	filled, err := n.catalog.Fill(ctx, origin{n.store}, n.progress(ctx))
	if err != nil {
		n.sayNotCurrent(ctx, err)
		return false
	}
	n.log.InfoContext(ctx, "catalog up to date", slog.Int("videos", filled.Listed), slog.Int("read", filled.Read), slog.Int("failed", filled.Failed))
	if _, err := n.posters.Prune(ctx, n.catalog.All(ctx)); err != nil && ctx.Err() == nil {
		n.log.WarnContext(ctx, "posters of pictures that were purged are still here", slog.Any("error", err))
	}
	if err := n.posters.Warm(ctx, n.catalog.All(ctx)); err != nil && ctx.Err() == nil {
		n.log.WarnContext(ctx, "some posters are missing; they will be made when asked for", slog.Any("error", err))
	}
	return true
}

// fillArticles reads the articles of the store into the catalog. Until then pages say of some videos
// that no article uses them; embeds do not ask.
func (n *newsroom) fillArticles(ctx context.Context) {
	if _, err := n.catalog.FillArticles(ctx, origin{n.store}); err != nil && ctx.Err() == nil {
		n.log.WarnContext(ctx, "the articles are not all known here; they are read again within the hour", slog.Any("error", err))
	}
}

// progress logs how a long filling goes on.
func (n *newsroom) progress(ctx context.Context) func(done, total int) {
	next := time.Now().Add(pollEvery)
	return func(done, total int) {
		if time.Now().After(next) {
			next = time.Now().Add(pollEvery)
			n.log.InfoContext(ctx, "filling the catalog", slog.Int("done", done), slog.Int("of", total))
		}
	}
}

// apply takes a record that was changed, by another process or by this one.
func (n *newsroom) apply(ctx context.Context, v archive.Video, etag string) error {
	n.forgetErased(ctx, v)
	if err := n.catalog.Put(ctx, catalog.Entry{Video: v, ETag: etag}); err != nil {
		return err
	}
	if v.Visibility.Exposure != archive.Public {
		n.outdated.give()
	}
	if err := n.posters.Make(ctx, v); err != nil {
		n.log.WarnContext(ctx, "poster not made; it will be made when asked for", slog.String("video", string(v.ID)), slog.Any("error", err))
	}
	return nil
}
