package safehttp_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"videoteca/internal/safehttp"
)

func TestRedirectsIntoTheOwnNetworkAreRefused(t *testing.T) {
	for _, target := range []string{
		"http://127.0.0.1:1/", "http://10.0.0.5/", "http://169.254.169.254/latest/meta-data",
		"http://[::1]:8080/", "http://localhost/", "http://2130706433/", "gopher://example.org/", "http://u:p@93.184.215.14/",
	} {
		t.Run(target, func(t *testing.T) {
			url, address := origin(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, target, http.StatusFound)
			})
			_, err := get(t, client(t, safehttp.Options{Allow: []string{address}}), url)
			if !errors.Is(err, safehttp.ErrRefused) {
				t.Errorf("got %v, want ErrRefused", err)
			}
		})
	}
}

func TestRedirectsAreFollowedUpToTheLimit(t *testing.T) {
	url, address := origin(t, func(w http.ResponseWriter, r *http.Request) {
		left, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if left > 0 {
			http.Redirect(w, r, fmt.Sprintf("/%d", left-1), http.StatusFound)
		}
	})
	for name, c := range map[string]struct {
		hops, limit int
		far         bool
	}{
		"five by default":        {5, 0, false},
		"six are too many":       {6, 0, true},
		"a limit of one":         {1, 1, false},
		"past a limit of one":    {2, 1, true},
		"none":                   {0, -1, false},
		"one where none allowed": {1, -1, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := safehttp.Options{Allow: []string{address}, MaxRedirects: c.limit}
			_, err := get(t, client(t, o), fmt.Sprintf("%s/%d", url, c.hops))
			if errors.Is(err, safehttp.ErrTooManyRedirects) != c.far {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestARedirectLoopEnds(t *testing.T) {
	asked := 0
	url, address := origin(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	})
	_, err := get(t, client(t, safehttp.Options{Allow: []string{address}}), url+"/loop")
	if !errors.Is(err, safehttp.ErrTooManyRedirects) || asked != 6 {
		t.Errorf("%d requests, then %v; want 6 and ErrTooManyRedirects", asked, err)
	}
}

func TestARedirectFromHTTPSToHTTPIsRefused(t *testing.T) {
	plain, plainAddress := origin(t, func(http.ResponseWriter, *http.Request) { t.Error("asked in the clear") })
	secure := httptest.NewTLSServer(http.RedirectHandler(plain, http.StatusFound))
	t.Cleanup(secure.Close)

	guarded := client(t, safehttp.Options{Allow: []string{plainAddress}})
	c := secure.Client() // knows the test server's certificate
	c.CheckRedirect = guarded.CheckRedirect
	if _, err := get(t, c, secure.URL); !errors.Is(err, safehttp.ErrRefused) {
		t.Errorf("got %v, want ErrRefused", err)
	}
}

func TestBodiesAreLimited(t *testing.T) {
	for name, c := range map[string]struct {
		size  int
		large bool
	}{"empty": {0, false}, "at the limit": {1000, false}, "one over": {1001, true}, "far over": {100_000, true}} {
		t.Run(name, func(t *testing.T) {
			url, address := origin(t, func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write(make([]byte, c.size))
			})
			res, err := get(t, client(t, safehttp.Options{Allow: []string{address}, MaxBody: 1000}), url)
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(res.Body)
			if errors.Is(err, safehttp.ErrTooLarge) != c.large {
				t.Errorf("got %v", err)
			}
			if want := min(c.size, 1000); len(data) != want {
				t.Errorf("%d bytes, want %d", len(data), want)
			}
			if _, again := res.Body.Read(make([]byte, 1)); c.large && !errors.Is(again, safehttp.ErrTooLarge) {
				t.Errorf("reading on: %v", again)
			}
		})
	}
}

func TestAGzipBombIsCutAtTheLimit(t *testing.T) {
	url, address := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 64 {
			_, _ = z.Write(make([]byte, 1<<20))
		}
		_ = z.Close()
	})
	res, err := get(t, client(t, safehttp.Options{Allow: []string{address}, MaxBody: 1 << 20}), url)
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, res.Body)
	if !errors.Is(err, safehttp.ErrTooLarge) || n != 1<<20 {
		t.Errorf("%d bytes and %v, want 1 MiB and ErrTooLarge", n, err)
	}
}

func TestASlowBodyEndsWithTheTime(t *testing.T) {
	url, address := origin(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte("."))
			_ = http.NewResponseController(w).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	})
	res, err := get(t, client(t, safehttp.Options{Allow: []string{address}, Timeout: 100 * time.Millisecond}), url)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if _, err := io.Copy(io.Discard, res.Body); err == nil {
		t.Error("the body ended by itself")
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestLargeHeadersAreRefused(t *testing.T) {
	url, address := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Filler", strings.Repeat("x", 64<<10))
	})
	if _, err := get(t, client(t, safehttp.Options{Allow: []string{address}, MaxHeader: 8 << 10}), url); err == nil {
		t.Error("accepted")
	}
}

func TestTheUserAgentIsSetUnlessTheRequestHasOne(t *testing.T) {
	var seen string
	url, address := origin(t, func(_ http.ResponseWriter, r *http.Request) { seen = r.UserAgent() })
	c := client(t, safehttp.Options{Allow: []string{address}, UserAgent: "Videoteca/1.2"})
	if _, err := get(t, c, url); err != nil || seen != "Videoteca/1.2" {
		t.Errorf("%q, %v", seen, err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", "own")
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if seen != "own" {
		t.Errorf("%q", seen)
	}
}

func TestAProxyFromTheEnvironmentIsNotUsed(t *testing.T) {
	proxy, _ := origin(t, func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") })
	t.Setenv("HTTP_PROXY", proxy)
	t.Setenv("http_proxy", proxy)
	if _, err := get(t, client(t, safehttp.Options{}), "http://10.0.0.5/"); !errors.Is(err, safehttp.ErrRefused) {
		t.Errorf("got %v, want ErrRefused", err)
	}
}
