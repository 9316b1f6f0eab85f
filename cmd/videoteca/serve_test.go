package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"videoteca/web"
)

// soon fails the test unless the condition holds within some seconds.
func soon(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come to %s", what)
		}
	}
}

func TestTwoServicesShareAStoreAndACache(t *testing.T) {
	s := newSite(t)
	before := s.add(t, s.crowd(t, 1)[0])
	token := web.NewToken()
	one, two := serve(t, s.args("--token", token)...), serve(t, s.args("--token", token)...)
	if port(t, one.URL) == port(t, two.URL) {
		t.Fatalf("both listen at %s", one.URL)
	}
	for _, service := range []*service{one, two} {
		if got := status(t, service.URL+"/e/"+before.ID); got != http.StatusOK {
			t.Errorf("%s answers %d", service.URL, got)
		}
	}
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	added := s.add(t, s.playing(t, "playing0000")) // by a command beside them
	for _, service := range []*service{one, two} {
		if got := status(t, service.URL+"/e/"+added.ID); got != http.StatusOK {
			t.Errorf("%s answers %d", service.URL, got)
		}
		_, body := ask(t, http.MethodGet, service.URL+"/api/v1/videos", "", bearer)
		var list listOf[web.APIVideo]
		if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Items) != 2 || list.Items[0].ID != added.ID {
			t.Errorf("%s lists %s", service.URL, body)
		}
	}
	one.Stop(t)
	if got := status(t, two.URL+"/e/"+added.ID); got != http.StatusOK {
		t.Errorf("without the other it answers %d", got)
	}
}

func TestAFreshStartOfAnEmptyStore(t *testing.T) {
	s := newSite(t)
	service := serve(t, s.args()...)
	if got := status(t, service.URL+"/readyz"); got != http.StatusOK {
		t.Errorf("/readyz answers %d", got)
	}
	if got := s.list(t); len(got) != 0 {
		t.Errorf("it lists %+v", got)
	}
	marker, err := os.ReadFile(filepath.Join(s.store, "videoteca.json"))
	if err != nil || !strings.Contains(string(marker), `"format": 1`) || strings.Contains(string(marker), "127.0.0.1") {
		t.Errorf("the store is marked %s (%v)", marker, err)
	}
}

func TestTheFlagsOfServeReachItsAnswers(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.playing(t, "playing0000"))
	token := web.NewToken()
	secret := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(secret, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	plain := serve(t, s.args()...)
	told := serve(t, s.args("--frame-ancestors", "https://news.example.org", "--frame-ancestors", "https://noticias.example.org", "--stale-if-error", "90s", "--oembed-platform-urls", "--token-file", secret)...)

	header := func(base, path string) http.Header {
		answer, _ := part(t, http.MethodGet, base+path, "")
		return answer.Header
	}
	policy := header(told.URL, "/e/"+v.ID).Get("Content-Security-Policy")
	if !strings.Contains(policy, "frame-ancestors 'self' https://news.example.org https://noticias.example.org") {
		t.Errorf("the policy is %s", policy)
	}
	if policy := header(plain.URL, "/e/"+v.ID).Get("Content-Security-Policy"); strings.Contains(policy, "frame-ancestors") {
		t.Errorf("unless told otherwise embeds are open to all: %s", policy)
	}
	for base, want := range map[string]string{plain.URL: "stale-if-error=3600", told.URL: "stale-if-error=90"} {
		if got := header(base, "/e/"+v.ID).Get("Cache-Control"); !strings.HasSuffix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for base, want := range map[string]int{plain.URL: http.StatusNotFound, told.URL: http.StatusOK} {
		if got := status(t, base+"/oembed?url="+s.watch("playing0000")); got != want {
			t.Errorf("oEmbed of a platform's address answers %d, want %d", got, want)
		}
	}
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	for base, want := range map[string]int{plain.URL: http.StatusUnauthorized, told.URL: http.StatusOK} {
		if got, body := ask(t, http.MethodGet, base+"/metrics", "", bearer); got != want || got == http.StatusOK && !strings.Contains(body, "videoteca_http_requests_total") {
			t.Errorf("with the token of the file /metrics answers %d, want %d", got, want)
		}
	}
}

// videotecaProcess is "videoteca serve" in a process of its own, as a container runs it.
func videotecaProcess(t *testing.T, args ...string) (c *exec.Cmd, base string) {
	t.Helper()
	c = exec.CommandContext(t.Context(), "videoteca", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	c.WaitDelay = 5 * time.Second
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() }) // it has ended, unless the test failed
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "Videoteca is at "); ok {
			return c, rest
		}
	}
	t.Fatalf("it ends before it serves: %v", c.Wait())
	return nil, ""
}

func TestTheSignalsOfContainersAndTerminalsEndTheServiceInOrder(t *testing.T) {
	s := newSite(t)
	for name, signal := range map[string]os.Signal{"a container engine's": syscall.SIGTERM, "Ctrl-C": os.Interrupt} {
		c, base := videotecaProcess(t, s.args()...)
		if got := status(t, base+"/healthz"); got != http.StatusOK {
			t.Errorf("/healthz answers %d", got)
		}
		if err := c.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAProcessThatIsKilledLeavesNothingInTheWay(t *testing.T) {
	s := newSite(t)
	c, _ := videotecaProcess(t, s.args()...)
	v := s.add(t, s.crowd(t, 1)[0])
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil {
		t.Error("a killed process ended well")
	}
	service := serve(t, s.args()...)
	if got := status(t, service.URL+"/e/"+v.ID); got != http.StatusOK {
		t.Errorf("after a restart the embed answers %d", got)
	}
}

func TestAStopDoesNotWaitForConnectionsThatAskNothing(t *testing.T) {
	s := newSite(t)
	service := serve(t, s.args()...)
	if got := status(t, service.URL+"/healthz"); got != http.StatusOK { // and its connection is kept
		t.Fatalf("/healthz answers %d", got)
	}
	began := time.Now()
	service.Stop(t)
	if took := time.Since(began); took > shutdownGrace/2 {
		t.Errorf("it took %s", took)
	}
}

func TestASleepEndsWithItsContext(t *testing.T) {
	if !sleep(t.Context(), time.Nanosecond) {
		t.Error("a sleep to its end is told as one that was broken off")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if sleep(ctx, time.Hour) {
		t.Error("a sleep that was broken off is told as one to its end")
	}
}

// What a command writes is in a service's own list as soon as the change feed tells of it.
func TestAServiceWithACacheOfItsOwnHearsOfChanges(t *testing.T) {
	s := newSite(t)
	token := web.NewToken()
	service := serve(t, s.args("--token", token)...)
	other := &site{platform: s.platform, store: s.store, cache: t.TempDir()}
	v := other.add(t, s.crowd(t, 1)[0])
	soon(t, "a list with the video", func() bool {
		_, body := ask(t, http.MethodGet, service.URL+"/api/v1/videos", "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
		return strings.Contains(body, `"`+v.ID+`"`)
	})
}
