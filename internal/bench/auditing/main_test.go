package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/storage"
)

func TestTheFloorIsWhatTheCallsAloneTake(t *testing.T) {
	b := bench{Sources: 100_000, Latency: 100 * time.Millisecond, AtOnce: 8}
	if b.calls() != 2000 || b.floor() != 25*time.Second {
		t.Errorf("%d calls, %s", b.calls(), b.floor())
	}
	if odd := (bench{Sources: 101}); odd.calls() != 3 {
		t.Errorf("101 sources need %d calls", odd.calls())
	}
}

func TestTheReportIsARatio(t *testing.T) {
	b := bench{Sources: 1000, Latency: 100 * time.Millisecond, AtOnce: 2}
	got := b.report(result{Wall: 1500 * time.Millisecond, CPU: 700 * time.Millisecond, PeakKiB: 100_000, Sources: 1000, Parts: 1, Objects: 4}, 20)
	for _, want := range []string{"20 calls of the API (20 are exact)", "1.5 s, 1.50 of the 1.0 s", "CPU         0.7 s", "102 MB", "4 objects, 1 parts"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestIDsAreValidAndDiffer(t *testing.T) {
	met := map[archive.VideoID]bool{}
	folders := map[string]bool{}
	for n := range 2000 {
		id, err := archive.ParseVideoID(string(videoID(n)))
		if err != nil || met[id] {
			t.Fatalf("%d: %s, %v", n, id, err)
		}
		met[id] = true
		folders[string(id[:2])] = true
	}
	if len(folders) < 500 {
		t.Errorf("they are in %d folders", len(folders))
	}
}

func TestTheLibraryIsOneThatTheStoreReads(t *testing.T) {
	folder := t.TempDir()
	if err := (bench{Sources: 30}).fill(folder); err != nil {
		t.Fatal(err)
	}
	bucket, err := storage.OpenDirectory(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer bucket.Close()
	store := storage.NewStore(bucket, storage.StoreOptions{})
	n := 0
	for listed, err := range store.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		v, err := store.Video(t.Context(), listed.ID)
		if err != nil || v.Sources[0].Standing.State != archive.Live {
			t.Fatalf("%+v, %v", v, err)
		}
		n++
	}
	if n != 30 {
		t.Errorf("%d of 30", n)
	}
}

// The measured process is the program itself, so the whole runs here once, small.
func TestAnAuditOfTheLibraryMakesExactlyItsCalls(t *testing.T) {
	b := bench{Sources: 120, Latency: time.Millisecond, AtOnce: 4}
	p := archivetest.New(archivetest.Options{})
	p.Many(b.Sources)
	server := httptest.NewServer(p)
	defer server.Close()
	folder := t.TempDir()
	if err := b.fill(filepath.Join(folder, "store")); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.audit(context.Background(), folder, server.URL, &out); err != nil {
		t.Fatal(err)
	}
	var r result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Sources != 120 || r.Changes != 0 || r.Parts != 1 || r.Objects != 4 || r.PeakKiB == 0 || r.Wall <= 0 {
		t.Errorf("%+v", r)
	}
	if calls := p.Calls(archivetest.CallVideos); calls != b.calls() {
		t.Errorf("%d calls, not %d", calls, b.calls())
	}
}

func TestAnAuditWithoutALibraryFails(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "store"), []byte("not a folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (bench{}).audit(context.Background(), folder, "http://127.0.0.1:1", &bytes.Buffer{}); err == nil {
		t.Error("a file was audited")
	}
	if err := (bench{}).audit(context.Background(), t.TempDir(), "nowhere", &bytes.Buffer{}); err == nil {
		t.Error("a platform at no address was asked")
	}
}

func TestThePeakIsReadFromTheKernelsStatus(t *testing.T) {
	kib, err := parsePeak("Name:\tx\nVmPeak:\t  999 kB\nVmHWM:\t   1234 kB\n")
	if err != nil || kib != 1234 {
		t.Errorf("%d, %v", kib, err)
	}
	if _, err := parsePeak("Name:\tx\n"); !errors.Is(err, errNoPeak) {
		t.Errorf("without it: %v", err)
	}
}

func TestAPlatformThatDoesNotStartIsToldOf(t *testing.T) {
	if _, err := (bench{}).start(t.Context(), filepath.Join(t.TempDir(), "nothing")); err == nil {
		t.Error("nothing was started")
	}
	if _, err := (bench{}).start(t.Context(), "/bin/true"); err == nil {
		t.Error("a platform without an address")
	}
	if _, err := (started{address: "http://127.0.0.1:1"}).calls(t.Context()); err == nil {
		t.Error("nobody counted calls")
	}
	if got := strings.Join((bench{Sources: 5, Latency: time.Second, AtOnce: 2}).args("audit"), " "); got != "-role audit -sources 5 -latency 1s -at-once 2" {
		t.Errorf("a child is called with %s", got)
	}
}
