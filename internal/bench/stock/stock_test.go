package stock

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/storagetest"
)

// read is what a store has, as the program reads it.
func read(t *testing.T, address string) map[archive.VideoID]archive.Video {
	t.Helper()
	a, err := storage.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := storage.Find(a, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if i, err := storage.ReadInstallation(t.Context(), opened.Bucket); err != nil || i.ID == "" {
		t.Errorf("%+v, %v", i, err)
	}
	store := storage.NewStore(opened.Bucket, storage.StoreOptions{})
	videos := map[archive.VideoID]archive.Video{}
	for ref, err := range store.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if videos[ref.ID], err = store.Video(t.Context(), ref.ID); err != nil {
			t.Error(err)
		}
	}
	return videos
}

func TestAStockedFolderIsAStoreThatTheProgramReads(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "store")
	last, err := Folder(t.Context(), folder, 5)
	if err != nil {
		t.Fatal(err)
	}
	videos := read(t, folder)
	if v := videos[last]; len(videos) != 5 || v.Title["es"] != "Reunión número 4 en la ciudad 4" || v.Sources[0].State() != archive.Live {
		t.Errorf("%d, the last %+v", len(videos), v)
	}
}

func TestTheVideosDifferInWhatListsAreNarrowedBy(t *testing.T) {
	tags, channels, captions := map[string]int{}, map[string]int{}, 0
	seen := map[archive.VideoID]bool{}
	for n := range 400 {
		v := Video(n)
		tags[v.Tags[0]]++
		channels[v.Sources[0].Described.Fields.Channel]++
		captions += len(v.Caption)
		seen[v.ID] = true
		if next := Video(n + 1); !next.Created.After(v.Created) {
			t.Fatalf("%d was registered at %s, the one after at %s", n, v.Created, next.Created)
		}
	}
	if len(tags) != 10 || len(channels) != 200 || captions != 4 || len(seen) != 400 {
		t.Errorf("%d tags, %d channels, %d captions, %d ids", len(tags), len(channels), captions, len(seen))
	}
}

func TestRecordsEndWhereNobodyWantsMore(t *testing.T) {
	next, stop := iter.Pull2(records(3))
	id, data, ok := next()
	stop()
	if !ok || !strings.Contains(string(data), `"id":"`+string(id)+`"`) || !strings.Contains(string(data), `"version":1`) {
		t.Errorf("%s: %s", id, data)
	}
	if keys := slices.Collect(func(yield func(string) bool) {
		for id := range records(2) {
			if !yield(Key(id)) {
				return
			}
		}
	}); len(keys) != 2 || storage.CheckKey(keys[0]) != nil || keys[0] == keys[1] {
		t.Errorf("%v", keys)
	}
}

func TestABucketIsStockedAlike(t *testing.T) {
	server := storagetest.StartVersityGW(t)
	t.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
	address, err := storage.ParseAddress("s3://stocked/lib?region=us-east-1&endpoint=" + server.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	last, err := Bucket(t.Context(), address, 40)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := storage.Find(address, func(name string) string {
		return map[string]string{"AWS_ACCESS_KEY_ID": server.AccessKey, "AWS_SECRET_ACCESS_KEY": server.SecretKey}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range opened.Bucket.List(t.Context(), "videos/", "") {
		if n++; err != nil {
			t.Fatal(err)
		}
	}
	if v, err := storage.NewStore(opened.Bucket, storage.StoreOptions{}).Video(t.Context(), last); err != nil || n != 40 || v.Title["es"] != "Reunión número 39 en la ciudad 39" {
		t.Errorf("%d objects, the last %+v, %v", n, v, err)
	}
}

func TestAStoreThatCannotBeMadeIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Folder(t.Context(), file, 1); !errors.Is(err, storage.ErrBadAddress) {
		t.Errorf("in place of the folder: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Folder(ctx, t.TempDir(), 1); err == nil {
		t.Error("a folder, cancelled")
	}
	nowhere, err := storage.ParseAddress("s3://nowhere?region=us-east-1&endpoint=http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Bucket(ctx, nowhere, 1); err == nil {
		t.Error("a bucket that nobody serves")
	}
}
