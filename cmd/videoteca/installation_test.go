package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/storage"
)

// verbs are command lines of all that works on a store, about the video, without what they need beside it.
func verbs(id string) map[string][]string {
	return map[string][]string{
		"list": {"list"}, "list --json": {"list", "--json"}, "show": {"show", id}, "snippet": {"snippet", id}, "verify": {"verify"}, "report": {"report"},
		"dossier": {"dossier", id, "-o", "-"}, "check": {"check", id}, "audit": {"audit"}, "prefer": {"prefer", id, "maketube:x"}, "tune": {"tune"},
		"retention": {"retention", "show"}, "reindex": {"reindex"}, "overrule": {"overrule", "alive", id, "--reason", "seen"},
	}
}

// found makes the installation of a site, as the first start does.
func (s *site) found(t *testing.T) {
	t.Helper()
	if _, err := storage.Ensure(t.Context(), s.opened(t).store.Bucket(), time.Now()); err != nil {
		t.Fatal(err)
	}
}

// mark writes the store's marker, as another version or a fault of the disk would.
func (s *site) mark(t *testing.T, change func(string) string) {
	t.Helper()
	marker := filepath.Join(s.store, storage.KeyInstallation)
	raw, err := os.ReadFile(marker)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(marker, []byte(change(string(raw))), 0o600); err != nil {
		t.Fatal(err)
	}
}

func newer(marker string) string { return strings.Replace(marker, `"format": 1`, `"format": 2`, 1) }

// everything is what stands under a folder, with its size and time.
func everything(t *testing.T, folder string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		list = append(list, path+" "+info.ModTime().String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEveryCommandRefusesAStoreOfANewerFormat(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	s.mark(t, newer)
	before := everything(t, s.store)
	lines := verbs(v.ID)
	lines["add"], lines["user"] = []string{"add", s.watch(archivetest.NewYorkID)}, []string{"user", "list"}
	lines["serve"] = []string{"serve", "--listen", "127.0.0.1:0"}
	for name, args := range lines {
		got := try(t, "", s.args(args...)...)
		if got.code != exitFailure || got.out != "" || !strings.Contains(got.errs, "newer format") || !strings.Contains(got.errs, "later version") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if after := everything(t, s.store); !slices.Equal(before, after) {
		t.Errorf("the store was\n%v and is\n%v", before, after)
	}
}

func TestADamagedMarkerIsCalledDamagedWithTheCure(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	s.mark(t, func(string) string { return `{"format":` })
	for name, args := range verbs(v.ID) {
		if name == "verify" {
			continue // it is there for that
		}
		got := try(t, "", s.args(args...)...)
		if got.code != exitFailure || got.out != "" || !strings.Contains(got.errs, "damaged: videoteca.json") || !strings.Contains(got.errs, "verify --from") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := try(t, "", s.args("verify")...); got.code != exitDamaged || !strings.Contains(got.out, "videoteca.json") {
		t.Errorf("verify: %+v", got)
	}
	service := serve(t, s.args()...)
	if code := status(t, service.URL+"/e/"+v.ID); code != http.StatusOK {
		t.Errorf("what is known answers %d", code)
	}
	if log := service.log.String(); !strings.Contains(log, "marker is damaged") || !strings.Contains(log, "verify --from") || strings.Contains(log, "cannot be reached") {
		t.Errorf("the log says %s", log)
	}
}

func TestAMistypedStoreIsNotMade(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	parent := t.TempDir()
	empty := filepath.Join(parent, "empty")
	if err := os.Mkdir(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	before := everything(t, parent)
	for where, store := range map[string]string{"a folder that is not there": filepath.Join(parent, "typo"), "a folder of something else": empty} {
		for name, args := range verbs(v.ID) {
			got := try(t, "", append(args, "--store", store, "--cache", filepath.Join(parent, "cache"))...)
			if got.code != exitUsage || got.out != "" || !strings.Contains(got.errs, store+": there is no installation there; videoteca serve and videoteca add make one") {
				t.Errorf("%s, %s: %+v", name, where, got)
			}
		}
	}
	if after := everything(t, parent); !slices.Equal(before, after) {
		t.Errorf("there was\n%v and is\n%v", before, after)
	}
}

func TestAMistypedBucketIsNotMade(t *testing.T) {
	s := newSite(t)
	s.onS3(t)
	for name, args := range verbs(string(archive.NewVideoID())) {
		if got := try(t, "", s.args(args...)...); got.code != exitUsage || got.out != "" || !strings.Contains(got.errs, "there is no installation there") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	s.add(t, s.crowd(t, 1)[0])
	if got := try(t, "", s.args("list")...); got.code != exitOK {
		t.Errorf("once it is made: %+v", got)
	}
}

func TestAFileInPlaceOfTheStoreIsNamedAsOne(t *testing.T) {
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{"list": {"list"}, "add": {"add", s.watch(archivetest.NewYorkID)}, "serve": {"serve", "--listen", "127.0.0.1:0"}} {
		got := try(t, "", append(args, "--store", file, "--cache", s.cache)...)
		if got.code != exitUsage || !strings.Contains(got.errs, "--store: ") || !strings.Contains(got.errs, "a file stands where the folder should be") || strings.Contains(got.errs, "no such object") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The posters are the running service's, and so is how much room they take.
func TestACommandLetsNoPosterOfTheServiceGo(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	n := s.newsroomAt(t)
	old := filepath.Join(n.cacheDir, "posters", "ab", "abandoned.jpg")
	if err := os.MkdirAll(filepath.Dir(old), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(old, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	const muchMore = 1 << 30 // bytes; more than any default, and none of them is written
	if err := os.Truncate(old, muchMore); err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, past, past); err != nil {
		t.Fatal(err)
	}
	lines := verbs(v.ID)
	lines["add"] = []string{"add", s.watch(archivetest.OvalOfficeID)}
	for name, args := range lines {
		try(t, "", s.args(args...)...)
		if _, err := os.Stat(old); err != nil {
			t.Fatalf("after %s: %v", name, err)
		}
	}
	serve(t, s.args("--cache-size", "1")...).Stop(t)
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the service keeps what is over its limit: %v", err)
	}
}

func TestNoRoomForPostersIsRefused(t *testing.T) {
	s := newSite(t)
	for _, size := range []string{"0", "-1"} {
		if got := try(t, "", s.args("serve", "--listen", "127.0.0.1:0", "--cache-size="+size)...); got.code != exitUsage || !strings.Contains(got.errs, "--cache-size "+size) {
			t.Errorf("%s MiB: %+v", size, got)
		}
	}
}

// brokenBucket answers nothing.
type brokenBucket struct{ storage.Bucket }

func (brokenBucket) Get(context.Context, string, storage.Range) (io.ReadCloser, storage.Object, error) {
	return nil, storage.Object{}, errHungUp
}

func (brokenBucket) Stat(context.Context, string) (storage.Object, error) {
	return storage.Object{}, errHungUp
}

// broken is the newsroom with its store down, as it starts then.
func (n *newsroom) broken(t *testing.T) {
	t.Helper()
	n.store = storage.NewStore(brokenBucket{n.store.Bucket()}, storage.StoreOptions{Log: slog.New(slog.DiscardHandler)})
	n.marker, n.base, n.unkept = storage.Installation{}, "", nil
	if err := n.refused(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTheBaseURLIsKnownWithTheStoreDown(t *testing.T) {
	s := &site{store: filepath.Join(t.TempDir(), "store"), cache: t.TempDir()}
	n := s.newsroomAt(t)
	if _, _, err := n.keepBaseURL(t.Context(), "https://one.example.org", false, "127.0.0.1:81"); err != nil {
		t.Fatal(err)
	}
	n.broken(t)
	if got, err := n.baseURL(); err != nil || got != "https://one.example.org" {
		t.Errorf("snippets are made with %q, %v", got, err)
	}
	if base, _, err := n.keepBaseURL(t.Context(), "", false, "127.0.0.1:81"); err != nil || base != "https://one.example.org" {
		t.Errorf("this machine remembers %q, %v", base, err)
	}
	memory := filepath.Join(n.cacheDir, installationFile)
	for name, spoil := range map[string]func() error{
		"spoilt": func() error { return os.WriteFile(memory, []byte("{"), 0o600) },
		"gone":   func() error { return os.Remove(memory) },
	} {
		if err := spoil(); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		n.broken(t)
		if got, err := n.baseURL(); !errors.Is(err, archive.ErrUnavailable) {
			t.Errorf("its memory %s, snippets are made with %q, %v", name, got, err)
		}
		if base, _, err := n.keepBaseURL(t.Context(), "", false, "127.0.0.1:81"); err != nil || base != "http://127.0.0.1:81" {
			t.Errorf("its memory %s, it goes by %q, %v", name, base, err)
		}
		if base, _, err := n.keepBaseURL(t.Context(), "https://two.example.org", false, "127.0.0.1:81"); err != nil || base != "https://two.example.org" {
			t.Errorf("its memory %s, the flag makes it %q, %v", name, base, err)
		}
	}
	if report := (health{n}).Ready(t.Context()); report.Store {
		t.Error("it is ready with the store down")
	}
}

// What the store cannot be told at the start it is told when it answers.
func TestABaseURLGivenWithTheStoreDownIsKeptLater(t *testing.T) {
	for name, tt := range map[string]struct {
		known, flag string
		change      bool
		kept        string
		aliases     []string // while the store is down
	}{
		"nothing is known":                {"", "https://one.example.org", false, "https://one.example.org", nil},
		"none is kept yet":                {"none", "https://one.example.org", false, "https://one.example.org", nil},
		"another is kept, and stays":      {"https://old.example.org", "https://one.example.org", false, "https://old.example.org", []string{"https://old.example.org"}},
		"another is replaced on purpose":  {"https://old.example.org", "https://one.example.org", true, "https://one.example.org", []string{"https://old.example.org"}},
		"a loopback one is never kept":    {"https://old.example.org", "http://127.0.0.1:9", false, "https://old.example.org", nil},
		"the kept one needs no telling":   {"https://old.example.org", "https://old.example.org", false, "https://old.example.org", nil},
		"without a flag it is remembered": {"https://old.example.org", "", false, "https://old.example.org", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{store: filepath.Join(t.TempDir(), "store"), cache: t.TempDir()}
			n := s.newsroomAt(t)
			whole := n.store
			if tt.known != "" {
				if _, _, err := n.keepBaseURL(t.Context(), strings.TrimPrefix(tt.known, "none"), false, "127.0.0.1:81"); err != nil {
					t.Fatal(err)
				}
				if err := n.refused(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			n.broken(t)
			base, aliases, err := n.keepBaseURL(t.Context(), tt.flag, tt.change, "127.0.0.1:81")
			if want := strings.TrimSuffix(tt.flag, "/"); err != nil || tt.flag != "" && base != want || !slices.Equal(aliases, tt.aliases) {
				t.Fatalf("while it is down: %q with %v, %v", base, aliases, err)
			}
			n.keepBaseURLLater(t.Context()) // it is still down
			n.store = whole
			for range 2 {
				n.keepBaseURLLater(t.Context())
			}
			if n.unkept != nil || n.base != base {
				t.Errorf("%+v is not kept, and it answers under %q", n.unkept, n.base)
			}
			if got, err := s.newsroomAt(t).baseURL(); err != nil || got != tt.kept {
				t.Errorf("the store keeps %q, %v", got, err)
			}
		})
	}
}

func TestAServiceStartsWithABaseURLWhileTheStoreIsDown(t *testing.T) {
	s := newSite(t)
	server := s.onS3(t)
	v := s.add(t, s.crowd(t, 1)[0])
	server.Stop()
	service := serve(t, s.args("--base-url", "https://videos.example.org")...)
	if _, body := ask(t, http.MethodGet, service.URL+"/e/"+v.ID+".json", "", nil); !strings.Contains(body, "https://videos.example.org/v/"+v.ID) {
		t.Errorf("it serves %s", body)
	}
	if log := service.log.String(); !strings.Contains(log, "kept once the store answers") {
		t.Errorf("the log says %s", log)
	}
}
