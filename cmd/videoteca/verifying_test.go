package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// checking is a verifier of the site's store.
func (s *site) checking(t *testing.T, every string) *verifier {
	t.Helper()
	v, err := newVerifier(s.opened(t), every)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *verifier) turned(t *testing.T) verifiedState {
	t.Helper()
	if err := v.goOn(t.Context()); err != nil {
		t.Fatal(err)
	}
	state, _, err := v.verified(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestTheStoreIsCheckedByItselfAndSaysWhatItFound(t *testing.T) {
	s := newSiteAside(t)
	added := s.add(t, s.playing(t, "playing0000"))
	v := s.checking(t, "30d")
	if result, err := (verifications{v.newsroom}).Verified(t.Context()); err != nil || result != nil {
		t.Fatalf("before the first: %+v, %v", result, err)
	}
	first := v.turned(t)
	if first.Last == nil || first.Running != nil || first.Last.Objects == 0 || first.Last.Damaged() {
		t.Fatalf("%+v", first)
	}
	if err := os.WriteFile(s.stored(t, "files", added.ID[:2], added.ID, "*"), []byte("rot"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := v.turned(t); !again.Last.Started.Equal(first.Last.Started) || again.Last.Damaged() {
		t.Errorf("it is not due, and was made: %+v", again.Last)
	}
	v.every = 0
	if got := v.turned(t); got.Last.Faults == 0 || len(got.Last.Found) == 0 {
		t.Fatalf("damaged: %+v", got.Last)
	}
	result, err := verifications{v.newsroom}.Verified(t.Context())
	if err != nil || result.Faults == 0 || result.Found[0].Kind != "content" || !strings.HasPrefix(result.Found[0].Key, "files/") {
		t.Errorf("%+v, %v", result, err)
	}
	w := httptest.NewRecorder()
	promhttp.HandlerFor(v.metrics, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	if told := w.Body.String(); !strings.Contains(told, fmt.Sprintf("\nvideoteca_verify_faults %d\n", result.Faults)) || strings.Contains(told, "videoteca_verify_ended_timestamp_seconds 0\n") {
		t.Errorf("the metrics tell %s", told)
	}
}

// How far a pass has come stands on the machine that makes it: another one leaves it alone, for some hours.
func TestAPassBelongsToItsReplicaUntilThatIsAway(t *testing.T) {
	s := newSiteAside(t)
	for _, id := range s.crowd(t, 3) {
		s.add(t, id)
	}
	v := s.checking(t, "30d")
	v.turn = time.Nanosecond
	begun := v.turned(t)
	if begun.Running == nil || begun.Last != nil {
		t.Fatalf("in a nanosecond it came to its end: %+v", begun)
	}
	elsewhere := *s
	elsewhere.cache = t.TempDir()
	other := elsewhere.checking(t, "30d")
	if got := other.turned(t); got.Last != nil || !got.Running.Started.Equal(begun.Running.Started) {
		t.Errorf("another replica went on: %+v", got)
	}
	if !other.mine(begun, begun.Turned.Add(verifyHandover)) {
		t.Error("nobody ever takes it over")
	}
	v.turn = time.Minute
	if got := v.turned(t); got.Last == nil || got.Running != nil {
		t.Errorf("it did not go on: %+v", got.Last)
	}
}

func TestHowOftenTheStoreIsCheckedIsASpan(t *testing.T) {
	s := newSite(t)
	if v := s.checking(t, ""); v != nil {
		t.Error("nobody asked for it")
	}
	if got := try(t, "", s.args("serve", "--listen", "127.0.0.1:0", "--verify-every", "often")...); got.code != exitUsage || !strings.Contains(got.errs, "--verify-every") {
		t.Errorf("%+v", got)
	}
	service := serve(t, s.args("--verify-every", "30d", "--no-audit", "--no-archived-pages")...)
	waitFor(t, "a pass was made", func() bool {
		_, err := os.Stat(filepath.Join(s.store, "settings", "verified.json"))
		return err == nil
	})
	service.Stop(t)
}
