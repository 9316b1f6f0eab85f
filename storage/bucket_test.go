package storage_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"videoteca/storage"
	"videoteca/storage/storagetest"
)

func directory(t *testing.T) storage.Bucket {
	t.Helper()
	d, err := storage.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return storagetest.Wrapped(d)
}

func TestADirectoryIsABucket(t *testing.T) { storagetest.Run(t, directory) }

func TestVersityGWIsABucket(t *testing.T) {
	server := storagetest.StartVersityGW(t)
	storagetest.Run(t, func(t *testing.T) storage.Bucket { return server.Bucket(t) })
}

func TestMinIOIsABucketWhereItIsBuilt(t *testing.T) {
	server, ok := storagetest.StartMinIO(t)
	if !ok {
		t.Log("VIDEOTECA_MINIO names no binary; the directory and versitygw are the mandatory stores")
		return
	}
	storagetest.Run(t, func(t *testing.T) storage.Bucket { return server.Bucket(t) })
}

func TestWritersCountTo320AlsoWhileAFifthOfTheAnswersIsLost(t *testing.T) {
	lossy := storagetest.StartLossy(t, storagetest.StartVersityGW(t))
	b := lossy.Bucket(t)
	if got := storagetest.Count(t, b); got != 320 {
		t.Errorf("counted to %d", got)
	}
	if lossy.Dropped() < 32 {
		t.Errorf("only %d answers were dropped", lossy.Dropped())
	}
	t.Logf("versitygw behind a lossy proxy: 320 of 320, %d answers dropped", lossy.Dropped())
}

func TestAServerThatHangsIsGivenUpInTime(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s3, err := storage.NewS3(storage.S3Options{
		Endpoint: "http://" + l.Addr().String(), Region: "us-east-1", Bucket: "videos",
		Credentials: storage.Credentials{AccessKey: "a", SecretKey: "b"},
	})
	if err != nil {
		t.Fatal(err)
	}
	const limit = 200 * time.Millisecond
	b := storage.WithDeadlines(s3, storage.Deadlines{Call: limit})
	_, _, getErr := b.Get(t.Context(), "k.json", storage.Range{})
	_, putErr := b.Put(t.Context(), "k.json", strings.NewReader("x"), 1, storage.Condition{})
	_, statErr := b.Stat(t.Context(), "k.json")
	var listErr error
	for _, err := range b.List(t.Context(), "", "") {
		listErr = err
	}
	for what, err := range map[string]error{"Get": getErr, "Put": putErr, "Stat": statErr, "List": listErr, "Delete": b.Delete(t.Context(), "k.json")} {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := storage.Prove(t.Context(), b); err == nil || errors.Is(err, storage.ErrUnsupported) {
		t.Errorf("a store that hangs was judged: %v", err)
	}
}

// forgetful ignores every condition, as some stores do.
type forgetful struct{ storage.Bucket }

func (b forgetful) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, _ storage.Condition) (storage.Object, error) {
	return b.Bucket.Put(ctx, key, body, size, storage.Condition{})
}

func TestAStoreThatIgnoresConditionsIsRefused(t *testing.T) {
	err := storage.Prove(t.Context(), forgetful{directory(t)})
	if !errors.Is(err, storage.ErrUnsupported) || !strings.Contains(err.Error(), "docs/storage.md") {
		t.Errorf("got %v", err)
	}
	if err := storage.NewStore(forgetful{directory(t)}, storage.StoreOptions{}).EnsureReady(t.Context()); !errors.Is(err, storage.ErrUnsupported) {
		t.Errorf("the store says %v", err)
	}
}
