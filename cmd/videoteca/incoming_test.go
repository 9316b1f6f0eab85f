package main

import (
	"context"
	"log/slog"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/internal/spool"
)

func TestUploadsThatNobodyFinishesAreSweptWhileTheServiceRuns(t *testing.T) {
	var ahead atomic.Int64
	folder := t.TempDir()
	incoming, err := spool.OpenWith(folder, spool.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := incoming.Begin(spool.About{Owner: "ana", Size: 8}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		sweepAlways(ctx, incoming, time.Millisecond, slog.New(slog.DiscardHandler))
	}()
	ahead.Store(int64(25 * time.Hour))
	for deadline := time.Now().Add(20 * time.Second); len(left(t, folder)) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%v are still there", left(t, folder))
		}
	}
	stop()
	<-ended
}

// left are the files in a folder.
func left(t *testing.T, folder string) []os.DirEntry {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	return files
}
