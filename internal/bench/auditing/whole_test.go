package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/webfile"
	"videoteca/storage"
	"videoteca/storage/catalog"
)

// TestMain lets the test binary be the command, which starts itself as the platform and as the auditing process.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-role" {
		main()
		return
	}
	os.Exit(m.Run())
}

// printed is what a function writes to standard output.
func printed(t *testing.T, f func() error) (string, error) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = write
	failed := f()
	os.Stdout = stdout
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(read)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), failed
}

func TestTheWholeMeasurementRunsInItsProcesses(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := printed(t, func() error {
		return bench{Sources: 101, Latency: time.Millisecond, AtOnce: 2}.measure(t.Context(), self, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`(?m)^101 sources, 3 calls of the API \(3 are exact\), 2 at once, 1ms each$`, `(?m)^wall time   \d+\.\d s, \d+\.\d+ of the 0\.0 s`,
		`(?m)^memory      \d+ MB`, `(?m)^written     \d objects, 1 parts of the journal among them; 0 states changed$`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

// shell is a program that prints an address as the platform does, and is something else as the auditing process.
func shell(t *testing.T, audits string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nif [ \"$2\" = audit ]; then "+audits+"; fi\necho http://127.0.0.1:1\nexec sleep 600\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAMeasurementStopsWhereAProcessFails(t *testing.T) {
	for says, audits := range map[string]string{
		"the auditing process: exit status 3":  "exit 3",
		"what the auditing process printed":    "echo done; exit 0",
		"asking how often the API was called:": "echo '{}'; exit 0",
	} {
		out, err := printed(t, func() error { return bench{Sources: 1, AtOnce: 1}.run(t.Context(), shell(t, audits)) })
		if err == nil || !strings.Contains(err.Error(), says) || out != "" {
			t.Errorf("%v, want %q; it prints %q", err, says, out)
		}
	}
}

// platform starts the platform in this process, and returns where it serves.
func platform(t *testing.T, b bench) string {
	t.Helper()
	read, write := io.Pipe()
	go func() { _ = write.CloseWithError(b.platform(write)) }() // it serves until the process ends
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func TestThePlatformCountsItsCallsAndNoOthers(t *testing.T) {
	p := started{address: platform(t, bench{Sources: 3, Latency: time.Microsecond})}
	for want := range 3 {
		if calls, err := p.calls(t.Context()); err != nil || calls != want {
			t.Errorf("%d calls, want %d, %v", calls, want, err)
		}
		for _, path := range []string{"/youtube/v3/videos?part=status&key=make-believe&id=" + archivetest.ManyID(want), "/watch?v=" + archivetest.ManyID(want)} {
			answer, err := http.Get(p.address + path)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil || !bytes.Contains(body, []byte(archivetest.ManyID(want))) {
				t.Errorf("%s: %s, %v", path, body, err)
			}
		}
	}
}

func TestALibraryThatCannotBeWrittenIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (bench{Sources: 1}).fill(file); err == nil {
		t.Error("a library in a file")
	}
	folder := t.TempDir()
	id := string(videoID(0))
	if err := os.MkdirAll(filepath.Join(folder, "videos", id[:2], id+".json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := (bench{Sources: 1}).fill(folder); err == nil {
		t.Error("a record in place of a folder")
	}
}

func TestALinkIsASourceOfItsOwnThatWasCaptured(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	v := video(7, linkSource(7, "8080"), at)
	s := v.Sources[0]
	if s.Platform != webfile.Name || s.ID != linkURL(7, "8080") || s.URL != s.ID || !strings.HasPrefix(s.URL, "http://127.0.") {
		t.Errorf("%+v", s)
	}
	if s.Described == nil || !s.Described.At.Equal(at) || s.Standing.State != archive.Live || !s.Standing.LastGood.Equal(at) {
		t.Errorf("so it would be captured by the audit: %+v", s)
	}
}

// filled is a library with its catalog, as the auditing process has them.
func filled(t *testing.T, sources int) (*storage.Store, *counting, *catalog.Catalog) {
	t.Helper()
	folder := t.TempDir()
	if err := (bench{Sources: sources}).fill(filepath.Join(folder, "store")); err != nil {
		t.Fatal(err)
	}
	bucket, err := storage.OpenDirectory(filepath.Join(folder, "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() }) // the folder goes next
	counted := &counting{Bucket: bucket}
	store := storage.NewStore(counted, storage.StoreOptions{})
	known, err := catalog.Open(t.Context(), filepath.Join(folder, "catalog.sqlite"), catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = known.Close() }) // likewise
	if _, err := known.Fill(t.Context(), origin{store}, nil); err != nil {
		t.Fatal(err)
	}
	return store, counted, known
}

func TestTheCatalogFindsTheVideoOfASource(t *testing.T) {
	_, _, known := filled(t, 5)
	key := youtubeSource(3).SourceKey
	if v, err := (finder{known}).BySource(t.Context(), key); err != nil || v.ID != videoID(3) || v.Source(key) == nil {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := (finder{known}).BySource(t.Context(), archive.SourceKey{Platform: platformName, ID: "nobody's"}); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("nobody's: %v", err)
	}
}

func TestTheObjectsThatAreWrittenAreCounted(t *testing.T) {
	store, counted, _ := filled(t, 1)
	before := counted.writes.Load()
	if _, err := store.SaveSetting(t.Context(), "thresholds", "", map[string]int{"goneAfter": 2}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Setting(t.Context(), "thresholds", &struct{}{}); err != nil { // which writes nothing
		t.Fatal(err)
	}
	var wrote []string
	for object, err := range counted.List(t.Context(), "settings/", "") {
		if err != nil {
			t.Fatal(err)
		}
		wrote = append(wrote, object.Key)
	}
	if n := counted.writes.Load() - before; n < 1 || len(wrote) != 1 {
		t.Errorf("%d are counted, %v stand there", n, wrote)
	}
}

func TestAResultIsReadAsItIsPrinted(t *testing.T) {
	want := result{Wall: 28 * time.Second, CPU: 9 * time.Second, PeakKiB: 154_320, Sources: 100_000, Parts: 21, Objects: 23, Changes: 1}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got result
	if err := json.Unmarshal(data, &got); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if used := cpu(); used <= 0 {
		t.Errorf("this process has used %s", used)
	}
}
