package main

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive/archivetest"
)

// port is where a service listens, as --listen takes it.
func port(t *testing.T, base string) string {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// readiness is what /readyz says.
type readiness struct {
	Ready   bool
	Store   string
	Posters struct{ Held, Of int }
}

func readyz(t *testing.T, base string) (status int, r readiness) {
	t.Helper()
	status, body := ask(t, http.MethodGet, base+"/readyz", "", nil)
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return status, r
}

// A container that is restarted because the store is down would serve nothing at all;
// as it is, it serves what is known.
func TestAServiceThatIsNotReadyIsWellNonetheless(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	service := serve(t, s.args()...)
	marker := filepath.Join(s.store, "videoteca.json")
	if err := os.Rename(marker, marker+".away"); err != nil {
		t.Fatal(err)
	}
	if status, r := readyz(t, service.URL); status != http.StatusServiceUnavailable || r.Ready || r.Store != "unreachable" || r.Posters.Of != 1 {
		t.Errorf("without its store: %d, %+v", status, r)
	}
	if out := command(t, "health", "--listen", port(t, service.URL)); out != "ok\n" {
		t.Errorf("health says %q", out)
	}
	if out := command(t, "health", "--json", "--listen", port(t, service.URL)); out != "{\n  \"status\": \"ok\"\n}\n" {
		t.Errorf("as a document health says %q", out)
	}
	if status, _ := ask(t, http.MethodGet, service.URL+"/e/"+v.ID, "", nil); status != http.StatusOK {
		t.Errorf("the embed answers %d", status)
	}

	if err := os.Rename(marker+".away", marker); err != nil {
		t.Fatal(err)
	}
	status, r := readyz(t, service.URL)
	for deadline := time.Now().Add(10 * time.Second); !r.Ready && time.Now().Before(deadline); status, r = readyz(t, service.URL) {
		time.Sleep(50 * time.Millisecond) // an answer is kept for a moment
	}
	if status != http.StatusOK || r.Store != "reachable" || r.Posters.Held != 1 {
		t.Errorf("with it again: %d, %+v", status, r)
	}
}

func TestHealthOfWhatDoesNotAnswer(t *testing.T) {
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if got := try(t, "", "health", "--listen", silent.Addr().String()); got.code != exitFailure || !strings.Contains(got.errs, "asking the service") || got.out != "" {
		t.Errorf("a silent one: %+v", got)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it waited %s, longer than container engines do", took)
	}
	address := silent.Addr().String()
	if err := silent.Close(); err != nil {
		t.Fatal(err)
	}
	if got := try(t, "", "health", "--listen", address); got.code != exitFailure || !strings.Contains(got.errs, "refused") {
		t.Errorf("a dead one: %+v", got)
	}
}

func TestHealthFindsTheServiceByTheVariableThatTheServiceReads(t *testing.T) {
	s := newSite(t)
	service := serve(t, s.args()...)
	t.Setenv("VIDEOTECA_LISTEN", strings.Replace(port(t, service.URL), "127.0.0.1", "0.0.0.0", 1))
	if out := command(t, "health"); out != "ok\n" {
		t.Errorf("it says %q", out)
	}
	t.Setenv("VIDEOTECA_STORE", "ftp://nothing") // health needs no store, and opens none
	if out := command(t, "health"); out != "ok\n" {
		t.Errorf("with a store of no use it says %q", out)
	}
}
