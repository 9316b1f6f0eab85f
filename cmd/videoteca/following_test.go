package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// slowArticles is a bucket whose articles take until they are let go, as a hundred thousand of them would.
type slowArticles struct {
	storage.Bucket
	letGo chan struct{}
}

func (b slowArticles) Get(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
	if strings.HasPrefix(key, "articles/") {
		select {
		case <-b.letGo:
		case <-ctx.Done():
			return nil, storage.Object{}, ctx.Err()
		}
	}
	return b.Bucket.Get(ctx, key, r)
}

// followed is a service's newsroom that keeps its catalog current beside another process on the same store.
type followed struct {
	*newsroom
	other  *storage.Store
	video  archive.VideoID // in the store, with an article
	letGo  chan struct{}
	filled chan struct{}
	ended  chan struct{}
}

// follows begins to follow a store of one video until ctx ends. It belongs into a bubble of synctest.
func follows(ctx context.Context, t *testing.T) *followed {
	t.Helper()
	s := &site{store: filepath.Join(t.TempDir(), "store"), cache: t.TempDir()}
	f := &followed{newsroom: s.newsroomAt(t), letGo: make(chan struct{}), filled: make(chan struct{}), ended: make(chan struct{})}
	f.other = storage.NewStore(f.store.Bucket(), storage.StoreOptions{})
	v, err := f.other.Create(t.Context(), archive.Video{ID: archive.NewVideoID()}, archive.Cause{Actor: "ana", Verb: "register"})
	if err != nil {
		t.Fatal(err)
	}
	f.video = v.ID
	a, err := archive.NewArticle("https://example.org/story", "es")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.other.Place(t.Context(), a, v.ID); err != nil {
		t.Fatal(err)
	}
	f.unmarks(t) // else the feed would ask for the article
	f.store = storage.NewStore(slowArticles{f.store.Bucket(), f.letGo}, storage.StoreOptions{})
	go func() {
		defer close(f.ended)
		f.follow(ctx, f.filled)
	}()
	<-f.filled
	return f
}

// withdraws is what the other process does.
func (f *followed) withdraws(t *testing.T) {
	t.Helper()
	_, err := f.other.Update(t.Context(), f.video, archive.Cause{Actor: "ana", Verb: "withdraw"}, func(v *archive.Video) error {
		v.Visibility.Exposure = archive.Withdrawn
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// unmarks leaves nothing that the change feed could tell of.
func (f *followed) unmarks(t *testing.T) {
	t.Helper()
	for object, err := range f.other.Bucket().List(t.Context(), "changes/", "") {
		if err == nil {
			err = f.other.Bucket().Delete(t.Context(), object.Key)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (f *followed) exposure(t *testing.T) archive.Exposure {
	t.Helper()
	v, err := f.catalog.Video(t.Context(), f.video)
	if err != nil {
		t.Fatal(err)
	}
	return v.Visibility.Exposure
}

func TestAWithdrawalElsewhereIsKnownWithinSecondsWhileTheStoreIsReadThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		f := follows(ctx, t)
		f.withdraws(t)
		time.Sleep(2 * pollEvery)
		if got := f.exposure(t); got != archive.Withdrawn {
			t.Errorf("readers get it as %q", got)
		}
		if page, err := f.catalog.Articles(t.Context(), archive.ArticleQuery{}); err != nil || len(page.Articles) != 0 {
			t.Errorf("the articles were not slow: %+v, %v", page, err)
		}
		close(f.letGo)
		time.Sleep(time.Second)
		if page, err := f.catalog.Articles(t.Context(), archive.ArticleQuery{}); err != nil || len(page.Articles) != 1 || page.Articles[0].Revision != 1 {
			t.Errorf("the articles are %+v, %v", page, err)
		}
		end()
		<-f.ended
	})
}

// The bubble fails where anything of it is left.
func TestFollowingEndsInTheMiddleOfReadingTheStoreThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		f := follows(ctx, t)
		end()
		<-f.ended
	})
}

func TestAChangeThatNoMarkerTellsOfIsKnownWithinTheHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		f := follows(ctx, t)
		close(f.letGo)
		time.Sleep(2 * pollEvery)
		f.withdraws(t)
		f.unmarks(t)
		time.Sleep(2 * pollEvery)
		if got := f.exposure(t); got == archive.Withdrawn {
			t.Error("a marker told of it")
		}
		time.Sleep(reconcileEvery)
		if got := f.exposure(t); got != archive.Withdrawn {
			t.Errorf("readers get it as %q", got)
		}
		end()
		<-f.ended
	})
}
