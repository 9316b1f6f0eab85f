package main

import (
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// filesBelow are all files of a folder, with its hidden ones.
func filesBelow(t *testing.T, folder string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func TestACopyThatDoesNotFitIntoTheStoreLeavesNothingAndASmallerOneIsKept(t *testing.T) {
	s := newSiteAside(t)
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=4m"); err != nil {
		t.Fatalf("mounting a tmpfs (run the tests as root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s.store = filepath.Join(disk, "store")
	v := s.add(t, archivetest.NewYorkID)
	token := web.NewToken()
	service := serve(t, s.args("--token", token, "--no-audit", "--no-archived-pages")...)
	send := func(film string) (int, string) {
		address := service.URL + "/api/v1/videos/" + v.ID + "/copies?rights=Propia."
		return ask(t, http.MethodPost, address, "", func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Content-Type", "application/octet-stream")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(film)), int64(len(film))
		})
	}
	before := filesBelow(t, s.store)
	code, answer := send(mp4Head + strings.Repeat("x", 8<<20))
	var problem struct{ Status int }
	if err := json.Unmarshal([]byte(answer), &problem); err != nil || code != http.StatusInsufficientStorage || problem.Status != code {
		t.Errorf("%d %s (%v)", code, answer, err)
	}
	if after := filesBelow(t, s.store); len(after) != len(before) {
		t.Errorf("the store held %q, and holds %q", before, after)
	}
	for _, path := range filesBelow(t, s.cache) {
		if strings.Contains(path, "incoming") {
			t.Errorf("on the way is left %s", path)
		}
	}
	if code, answer := send(mp4Head + "film"); code != http.StatusOK {
		t.Errorf("a smaller one: %d %s", code, answer)
	}
}
