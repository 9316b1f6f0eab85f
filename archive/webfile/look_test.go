package webfile

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"videoteca/internal/safehttp"
)

func TestFileNameIsWhatPeopleWouldCallIt(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.org/a/clip.mp4?x=/y.mp4":   "clip.mp4",
		"https://example.org/dos%20a%C3%B1os.mp4":   "dos años.mp4",
		"https://example.org/%00%0Aa%7f.mp4":        "a.mp4",
		"https://example.org/%ff%febroken.mp4":      "broken.mp4",
		"https://example.org/%3Cscript%3Ealert.mp4": "<script>alert.mp4",
		"https://example.org/%zz.mp4":               "",
	} {
		if got := fileName(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

func TestWholeLength(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		length int64
		ranged string
		want   int64
	}{
		"a whole answer":        {http.StatusOK, 700, "", 700},
		"untold":                {http.StatusOK, -1, "", 0},
		"a part":                {http.StatusPartialContent, 100, "bytes 0-99/700", 700},
		"a part of the unknown": {http.StatusPartialContent, 100, "bytes 0-99/*", 0},
		"a part, unsaid":        {http.StatusPartialContent, 100, "", 0},
		"a part, negative":      {http.StatusPartialContent, 100, "bytes 0-99/-5", 0},
	} {
		res := &http.Response{StatusCode: c.status, ContentLength: c.length, Header: http.Header{"Content-Range": {c.ranged}}}
		if got := wholeLength(res); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestReasonsArePlainAndWithoutTheAddress(t *testing.T) {
	const address = "https://example.org/clip.mp4?token=secret"
	for name, c := range map[string]struct {
		cause error
		want  string
	}{
		"refused":  {&safehttp.RefusedError{Address: "10.0.0.5:80", Problem: "not a public address"}, "refused: 10.0.0.5:80"},
		"time-out": {context.DeadlineExceeded, "no answer in time"},
		"no name":  {&net.DNSError{Err: "no such host", Name: "example.org", IsNotFound: true}, "no such host"},
		"other":    {errors.New("connection reset"), "no answer: connection reset"},
	} {
		got := whyNoAnswer(fmt.Errorf("asking: %w", &url.Error{Op: "Get", URL: address, Err: c.cause}))
		if !strings.Contains(got, c.want) || strings.Contains(got, "secret") {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestFilesAreGatheredByHost(t *testing.T) {
	got := byHost([]string{"https://a.example/1.mp4", "https://b.example/1.mp4", "https://a.example/2.mp4", "https://a.example:8443/3.mp4"})
	want := [][]int{{0, 2}, {1}, {3}}
	if !slices.EqualFunc(got, want, slices.Equal[[]int]) {
		t.Errorf("got %v, want %v", got, want)
	}
}
