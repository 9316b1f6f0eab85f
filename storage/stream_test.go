package storage_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/storagetest"
)

// film is a file of the newsroom's, described as the library describes it.
func film(content string) archive.File {
	sum := sha256.Sum256([]byte(content))
	return archive.File{Algorithm: "sha256", Digest: hex.EncodeToString(sum[:]), Extension: "mp4", Type: "video/mp4", Bytes: int64(len(content))}
}

func TestAStreamIsKeptOnceAndReadInParts(t *testing.T) {
	content := strings.Repeat("0123456789", 100_000)
	for name, bucket := range map[string]storage.Bucket{"a directory": directory(t), "versitygw": storagetest.StartVersityGW(t).Bucket(t)} {
		s := storage.NewStore(bucket, storage.StoreOptions{})
		id := archive.NewVideoID()
		for range 2 {
			if _, err := s.SaveStream(t.Context(), id, film(content), strings.NewReader(content)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		body, err := s.OpenFile(t.Context(), id, film(content), storage.Range{Offset: 999_995})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if end, err := io.ReadAll(body); err != nil || string(end) != "56789" {
			t.Errorf("%s: it ends with %q, %v", name, end, err)
		}
		if err := body.Close(); err != nil {
			t.Error(err)
		}
		if _, err := s.File(t.Context(), id, film(content)); err != nil { // which checks the digest
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAStreamWhoseNameIsNoDigestTouchesNothing(t *testing.T) {
	s := newStage(t)
	for _, f := range []archive.File{{Digest: "../../videoteca", Extension: "json", Bytes: 1}, {Digest: strings.Repeat("a", 64), Extension: "mp4/x", Bytes: 1}} {
		if _, err := s.SaveStream(t.Context(), archive.NewVideoID(), f, strings.NewReader("x")); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("%s: %v", f.Name(), err)
		}
	}
}

// unsure writes and then loses the reply.
type unsure struct{ storage.Bucket }

func (b unsure) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
	object, err := b.Bucket.Put(ctx, key, body, size, cond)
	if err == nil && strings.HasPrefix(key, "files/") {
		return storage.Object{}, storage.ErrOutcomeUnknown
	}
	return object, err
}

func TestAStreamWhoseReplyWasLostIsLookedFor(t *testing.T) {
	s := storage.NewStore(unsure{directory(t)}, storage.StoreOptions{})
	if _, err := s.SaveStream(t.Context(), archive.NewVideoID(), film("a film"), strings.NewReader("a film")); err != nil {
		t.Error(err)
	}
}

func TestABrowserMayReadAFileByASignedAddress(t *testing.T) {
	server := storagetest.StartVersityGW(t)
	s3, err := storage.NewS3(storage.S3Options{
		Endpoint: server.Endpoint, Region: "us-east-1", Bucket: "signed-" + strings.ToLower(rand.Text()[:8]),
		Credentials: storage.Credentials{AccessKey: server.AccessKey, SecretKey: server.SecretKey},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := storage.NewStore(s3, storage.StoreOptions{Prepare: s3.EnsureBucket, Presigner: s3})
	id := archive.NewVideoID()
	if _, err := s.SaveStream(t.Context(), id, film("a film"), strings.NewReader("a film")); err != nil {
		t.Fatal(err)
	}
	address, err := s.FileAddress(t.Context(), id, film("a film"))
	if err != nil {
		t.Fatal(err)
	}
	if signed, err := url.Parse(address); err != nil || signed.Query().Get("X-Amz-Expires") != "900" { // seconds: it bounds a takedown
		t.Errorf("the address is %s (%v)", address, err)
	}
	for name, tt := range map[string]struct {
		address string
		status  int
	}{"signed": {address, 206}, "tampered with": {strings.Replace(address, "X-Amz-Signature=", "X-Amz-Signature=0", 1), 403}} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Range", "bytes=2-5")
		r, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != tt.status || (tt.status == 206 && string(body) != "film") {
			t.Errorf("%s: status %d, %q, %v", name, r.StatusCode, body, err)
		}
		if err := r.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := newStage(t).FileAddress(t.Context(), id, film("a film")); !errors.Is(err, storage.ErrUnsupported) {
		t.Errorf("a directory: %v", err)
	}
}
