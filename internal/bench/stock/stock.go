// Package stock fills stores with made-up videos for the benchmarks that start from one.
package stock

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"videoteca/archive"
	"videoteca/storage"
)

// writers is how many records are sent to a bucket at once.
const writers = 16

// write is the identifier of the write that every made-up record has behind it.
const write = "01jx0000000000000000000000"

// Video is the n-th video: live, of one of 200 channels, with one of ten tags; every hundredth has a caption.
func Video(n int) archive.Video {
	at := time.Date(2019, 9, 25, 0, n, 0, 0, time.UTC) // a minute after the one before
	key := archive.SourceKey{Platform: "youtube", ID: fmt.Sprintf("v%010d", n)}
	v := archive.Video{
		ID: archive.NewVideoID(), Revision: 1, Created: at, Updated: at, DefaultLanguage: "es", RegisteredBy: "ana",
		Title: archive.Text{"es": fmt.Sprintf("Reunión número %d en la ciudad %d", n, n%1000)}, Tags: []string{fmt.Sprintf("etiqueta %d", n%10)},
		EventDate: archive.EDTF(at.Format(time.DateOnly)),
		Sources: []archive.Source{{
			SourceKey: key, URL: "https://www.youtube.com/watch?v=" + key.ID, Added: at,
			Standing:  archive.Standing{State: archive.Live, Outcome: archive.Playable, Since: at, FirstRound: at, LastRound: at, LastClear: at, LastGood: at},
			Described: &archive.Description{Fields: archive.Fields{Title: "Título de la plataforma", Channel: fmt.Sprintf("Canal %d", n%200), Seconds: 3600}},
		}},
	}
	if n%100 == 0 {
		v.Caption = archive.Text{"es": "Asamblea extraordinaria"}
	}
	return v
}

// Key is the key of a video's record.
func Key(id archive.VideoID) string {
	return "videos/" + string(id[:2]) + "/" + string(id) + ".json"
}

// record is a video as the store keeps it.
func record(v archive.Video) ([]byte, error) {
	return json.Marshal(struct {
		Version int `json:"version"`
		archive.Video
		Writes []string `json:"writes"`
	}{1, v, []string{write}})
}

// records are so many made-up records.
func records(videos int) iter.Seq2[archive.VideoID, []byte] {
	return func(yield func(archive.VideoID, []byte) bool) {
		for n := range videos {
			v := Video(n)
			data, err := record(v)
			if err != nil || !yield(v.ID, data) { // of plain values, which can always be written as JSON
				return
			}
		}
	}
}

// Folder makes a store of so many videos in a folder, and returns the id of the last. The records are
// not synced: they need not outlive the machine.
func Folder(ctx context.Context, folder string, videos int) (last archive.VideoID, err error) {
	bucket, err := storage.OpenDirectory(folder)
	if err != nil {
		return "", err
	}
	defer bucket.Close()
	if err := storage.NewStore(bucket, storage.StoreOptions{}).EnsureReady(ctx); err != nil {
		return "", err
	}
	for id, data := range records(videos) {
		name := filepath.Join(folder, filepath.FromSlash(Key(id)))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return "", err
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			return "", err
		}
		last = id
	}
	return last, ctx.Err()
}

// Bucket makes a store of so many videos in an empty bucket, and returns the id of the last.
func Bucket(ctx context.Context, address storage.Address, videos int) (last archive.VideoID, err error) {
	opened, err := storage.Open(address, os.Getenv)
	if err != nil {
		return "", err
	}
	if err := storage.NewStore(opened.Bucket, storage.StoreOptions{Prepare: opened.Prepare}).EnsureReady(ctx); err != nil {
		return "", err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	for id, data := range records(videos) {
		last = id
		group.Go(func() error {
			_, err := opened.Bucket.Put(ctx, Key(id), bytes.NewReader(data), int64(len(data)), storage.Condition{})
			return err
		})
	}
	return last, group.Wait()
}
