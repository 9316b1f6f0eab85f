package storagetest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// backend is a small server of objects without conditions, which notes what reaches it.
type backend struct {
	mu      sync.Mutex
	objects map[string]string
	reached map[string]int // requests by method
	hosts   []string
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reached[r.Method]++
	b.hosts = append(b.hosts, r.Host)
	switch r.Method {
	case http.MethodPut:
		if strings.HasPrefix(r.URL.Path, "/refused/") {
			http.Error(w, "the condition does not hold", http.StatusPreconditionFailed)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		b.objects[r.URL.Path] = string(body)
		w.Header().Set("ETag", `"1"`)
	case http.MethodGet, http.MethodHead:
		if _, err := io.WriteString(w, b.objects[r.URL.Path]); err != nil {
			return // the client went away, and notices it itself
		}
	case http.MethodDelete:
		delete(b.objects, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	}
}

// lossy is a proxy in front of a backend.
func lossy(t *testing.T) (*Lossy, *backend) {
	t.Helper()
	b := &backend{objects: map[string]string{}, reached: map[string]int{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return StartLossy(t, Server{Endpoint: server.URL, AccessKey: "a", SecretKey: "s"}), b
}

// send makes a request and returns the status and the body; an error is a connection that was cut.
func (l *Lossy) send(t *testing.T, method, path, body string) (status int, answer string, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, l.Endpoint+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	return response.StatusCode, string(data), err
}

func TestEveryFifthWriteHappensAndIsNotAnswered(t *testing.T) {
	l, b := lossy(t)
	var cut []int
	for n := 1; n <= 20; n++ {
		path := "/videos/" + strings.Repeat("x", n)
		status, _, err := l.send(t, http.MethodPut, path, path)
		switch {
		case err != nil:
			cut = append(cut, n)
		case status != http.StatusOK:
			t.Errorf("write %d: status %d", n, status)
		}
		if b.objects[path] != path {
			t.Errorf("write %d did not happen", n)
		}
	}
	if !slices.Equal(cut, []int{5, 10, 15, 20}) || l.Dropped() != len(cut) {
		t.Errorf("not answered were the writes %v; the proxy says %d", cut, l.Dropped())
	}
	if b.reached[http.MethodPut] != 20 {
		t.Errorf("%d writes came: some were made twice", b.reached[http.MethodPut])
	}
}

func TestOtherMethodsAreAlwaysAnswered(t *testing.T) {
	l, b := lossy(t)
	if _, _, err := l.send(t, http.MethodPut, "/k", "body"); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete} {
		for range 2 * lossEvery {
			status, answer, err := l.send(t, method, "/k", "")
			if err != nil || status >= http.StatusBadRequest {
				t.Errorf("%s: status %d, %v", method, status, err)
			}
			if method == http.MethodGet && answer != "body" {
				t.Errorf("the object came as %q", answer)
			}
		}
		if b.reached[method] != 2*lossEvery {
			t.Errorf("%s reached the server %d times", method, b.reached[method])
		}
	}
	if l.Dropped() != 0 {
		t.Errorf("%d answers were dropped", l.Dropped())
	}
}

func TestWritesThatTheServerRefusedAreAnsweredAndNotCounted(t *testing.T) {
	l, _ := lossy(t)
	for range 3 * lossEvery {
		if status, _, err := l.send(t, http.MethodPut, "/refused/k", "x"); err != nil || status != http.StatusPreconditionFailed {
			t.Errorf("status %d, %v", status, err)
		}
	}
	for n := 1; n < lossEvery; n++ {
		if _, _, err := l.send(t, http.MethodPut, "/k", "x"); err != nil {
			t.Errorf("write %d after the refused ones: %v", n, err)
		}
	}
	if _, _, err := l.send(t, http.MethodPut, "/k", "x"); err == nil || l.Dropped() != 1 {
		t.Errorf("the fifth write that happened: %v, %d dropped", err, l.Dropped())
	}
}

func TestTheProxyKeepsWhatTheClientSigned(t *testing.T) {
	l, b := lossy(t)
	if _, _, err := l.send(t, http.MethodGet, "/k", ""); err != nil {
		t.Fatal(err)
	}
	if signed := strings.TrimPrefix(l.Endpoint, "http://"); !slices.Equal(b.hosts, []string{signed}) {
		t.Errorf("the server saw the hosts %v, and %s was signed", b.hosts, signed)
	}
	if l.AccessKey != "a" || l.SecretKey != "s" {
		t.Error("the proxy has other credentials than its server")
	}
}

func TestAProxyOfNothingFailsTheTest(t *testing.T) {
	said := fatal(t, func(t testing.TB) { StartLossy(t, Server{Endpoint: "http://a host/"}) })
	if !strings.Contains(said, "invalid character") {
		t.Errorf("it says %q", said)
	}
}
