package main

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/storage/storagetest"
	"videoteca/web"
)

// site is the environment of a test's commands: a platform, a store and a cache.
type site struct {
	platform *archivetest.Server
	store    string
	cache    string
	flags    []string // that every command of it has
}

// newSite has a directory store. Other stores are set by the test.
func newSite(t *testing.T) *site {
	t.Helper()
	s := startSite(t)
	t.Setenv("VIDEOTECA_YOUTUBE_LIKE", s.like())
	t.Setenv("VIDEOTECA_LOG_LEVEL", "warn")
	return s
}

// newSiteAside is newSite for a test that runs beside others: what it configures stands in the
// arguments, since the environment belongs to all.
func newSiteAside(t *testing.T) *site {
	t.Helper()
	t.Parallel()
	s := startSite(t)
	s.flags = []string{"--youtube-like", s.like(), "--log-level", "warn"}
	return s
}

func startSite(t *testing.T) *site {
	t.Helper()
	s := &site{platform: archivetest.Start(t, archivetest.Options{}, archivetest.TwoMeetings()...), cache: t.TempDir()}
	s.store = filepath.Join(t.TempDir(), "store")
	return s
}

// like is the site's platform as --youtube-like names it.
func (s *site) like() string { return "maketube=" + s.platform.URL + "#" + archivetest.ControlID }

func (s *site) args(more ...string) []string {
	return slices.Concat(more, []string{"--store", s.store, "--cache", s.cache}, s.flags)
}

func (s *site) watch(id string) string { return s.platform.URL + "/watch?v=" + id }

// add registers a video of the platform and returns it.
func (s *site) add(t *testing.T, id string) web.APIVideo {
	t.Helper()
	var list listOf[web.APIVideo]
	out := command(t, s.args("add", "--json", s.watch(id))...)
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list.Items) != 1 {
		t.Fatalf("add printed %s (%v)", out, err)
	}
	return list.Items[0]
}

func (s *site) list(t *testing.T) []web.APIVideo {
	t.Helper()
	var list listOf[web.APIVideo]
	if err := json.Unmarshal([]byte(command(t, s.args("list", "--json")...)), &list); err != nil {
		t.Fatal(err)
	}
	return list.Items
}

// onS3 makes the site's store a fresh bucket on a real S3 server.
func (s *site) onS3(t *testing.T) storagetest.Server {
	t.Helper()
	server := storagetest.StartVersityGW(t)
	for _, v := range server.Env() {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
	s.store = "s3://videos-" + strings.ToLower(rand.Text()[:8]) + "/newsroom?endpoint=" + server.Endpoint + "&region=us-east-1"
	return server
}

func status(t *testing.T, url string) int {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

func TestAStoppedInstallationMovesBetweenADirectoryAndABucket(t *testing.T) {
	s := newSite(t)
	first := s.add(t, archivetest.NewYorkID)
	directory := s.store

	server := s.onS3(t)
	bucket, _, _ := strings.Cut(strings.TrimPrefix(s.store, "s3://"), "/")
	rclone(t, server, "mkdir", "there:"+bucket)
	rclone(t, server, "sync", directory, "there:"+bucket+"/newsroom", "--exclude", "/.videoteca/**")
	if got := s.list(t); len(got) != 1 || got[0].ID != first.ID || got[0].Title != first.Title {
		t.Fatalf("in the bucket stands %+v", got)
	}
	second := s.add(t, archivetest.OvalOfficeID)

	s.store = filepath.Join(t.TempDir(), "back")
	rclone(t, server, "sync", "there:"+bucket+"/newsroom", s.store)
	got := s.list(t)
	if len(got) != 2 || got[0].ID != second.ID || got[1].ID != first.ID {
		t.Fatalf("back in a directory stand %+v", got)
	}
	service := serve(t, s.args()...)
	for _, path := range []string{"/e/" + first.ID, "/p/" + second.ID + "/640.jpg", "/v/" + second.ID} {
		if code := status(t, service.URL+path); code != http.StatusOK {
			t.Errorf("%s answers %d", path, code)
		}
	}
	command(t, s.args("check", "--all")...)
}

// rclone runs the real program with a remote called "there" on the server.
func rclone(t *testing.T, server storagetest.Server, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "rclone", append(args, "--config", filepath.Join(t.TempDir(), "none"))...)
	c.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") }),
		"RCLONE_CONFIG_THERE_TYPE=s3", "RCLONE_CONFIG_THERE_PROVIDER=Other", "RCLONE_CONFIG_THERE_ENDPOINT="+server.Endpoint,
		"RCLONE_CONFIG_THERE_ACCESS_KEY_ID="+server.AccessKey, "RCLONE_CONFIG_THERE_SECRET_ACCESS_KEY="+server.SecretKey)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("rclone (tools/install-deps installs it): %v\n%s", err, out)
	}
}

func TestKnownEmbedsAnswerWithTheStoreAndThePlatformDeadAlsoAfterARestart(t *testing.T) {
	s := newSite(t)
	server := s.onS3(t)
	v := s.add(t, archivetest.NewYorkID)
	service := serve(t, s.args()...)
	paths := []string{"/e/" + v.ID, "/v/" + v.ID, "/e/" + v.ID + ".json", "/p/" + v.ID + "/320.jpg", "/p/" + v.ID + "/1280.jpg"}
	want := map[string]int{}
	for _, path := range paths {
		want[path] = status(t, service.URL+path)
	}
	server.Stop()
	s.platform.Close()
	ask := func(when, base string) {
		for _, path := range paths {
			if code := status(t, base+path); code != http.StatusOK || code != want[path] {
				t.Errorf("%s: %s answers %d", when, path, code)
			}
		}
		// Whether there is such a video cannot be told, so it is not denied.
		if code := status(t, base+"/e/"+string(archive.NewVideoID())); code != http.StatusServiceUnavailable {
			t.Errorf("%s: an unknown id answers %d", when, code)
		}
		if code := status(t, base+"/readyz"); code != http.StatusServiceUnavailable {
			t.Errorf("%s: /readyz answers %d", when, code)
		}
		if code := status(t, base+"/healthz"); code != http.StatusOK {
			t.Errorf("%s: /healthz answers %d", when, code)
		}
	}
	ask("dead", service.URL)
	service.Stop(t)
	ask("after a restart", serve(t, s.args()...).URL)
}

func TestWhatOneReplicaWritesAnotherServes(t *testing.T) {
	s := newSite(t)
	one := serve(t, s.args()...)
	other := &site{platform: s.platform, store: s.store, cache: t.TempDir()}
	v := other.add(t, archivetest.OvalOfficeID)
	if code := status(t, one.URL+"/e/"+v.ID); code != http.StatusOK {
		t.Errorf("the other replica answers %d", code)
	}
	if code := status(t, one.URL+"/e/"+string(archive.NewVideoID())); code != http.StatusNotFound {
		t.Errorf("an unknown id answers %d", code)
	}
}

func TestTheBaseURLIsKeptAndChangedOnlyOnPurpose(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	serve(t, s.args("--base-url", "https://videos.example.org")...).Stop(t)
	if out := command(t, s.args("snippet", v.ID)...); !strings.Contains(out, `href="https://videos.example.org/v/`+v.ID) {
		t.Errorf("the snippet is %s", out)
	}
	var errs strings.Builder
	code := run(t.Context(), s.args("serve", "--listen", "127.0.0.1:0", "--base-url", "https://other.example.org"), console{in: strings.NewReader(""), out: &errs, err: &errs})
	if code != exitUsage || !strings.Contains(errs.String(), "--change-base-url") {
		t.Errorf("another base URL: exit code %d\n%s", code, &errs)
	}
	serve(t, s.args("--base-url", "https://other.example.org", "--change-base-url")...).Stop(t)
	if out := command(t, s.args("snippet", v.ID)...); !strings.Contains(out, `href="https://other.example.org/v/`) {
		t.Errorf("after the change the snippet is %s", out)
	}
	raw, err := os.ReadFile(filepath.Join(s.store, "videoteca.json"))
	if err != nil || !strings.Contains(string(raw), `"https://videos.example.org"`) {
		t.Errorf("the old address is no alias: %s (%v)", raw, err)
	}
}

func TestTheTokenSignsInOnceAndOpensTheAPI(t *testing.T) {
	s := newSite(t)
	token := web.NewToken()
	service := serve(t, s.args("--token", token)...)
	if !strings.HasPrefix(service.Link, service.URL+"/login?token=") {
		t.Errorf("the link is %q", service.Link)
	}
	if code := status(t, service.URL+"/api/v1/videos"); code != http.StatusUnauthorized {
		t.Errorf("without the token the API answers %d", code)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, service.URL+"/api/v1/videos", strings.NewReader(`{"url":"`+s.watch(archivetest.NewYorkID)+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	for _, want := range []int{http.StatusCreated, http.StatusOK} {
		again := request.Clone(t.Context())
		again.Body, err = request.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(again)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil || response.StatusCode != want {
			t.Errorf("registering answers %d, want %d (%v)", response.StatusCode, want, err)
		}
	}
	if strings.Contains(service.log.String(), token) {
		t.Error("the token is in the log")
	}
}
