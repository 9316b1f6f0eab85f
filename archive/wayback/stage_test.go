package wayback

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive/archivetest"
)

const (
	accessKey = "AKmakebelieve00001"
	secretKey = "SKnever+shown/0002"
	base      = "https://archive.stage"
)

// ink collects log lines.
type ink struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (i *ink) Write(p []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.text.Write(p)
}

func (i *ink) String() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.text.String()
}

func (i *ink) lines(containing string) int {
	n := 0
	for line := range strings.Lines(i.String()) {
		if strings.Contains(line, containing) {
			n++
		}
	}
	return n
}

func (i *ink) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(i, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// newArchive is a make-believe archive that takes the tests' keys.
func newArchive() *archivetest.WebArchive {
	return archivetest.NewWebArchive(archivetest.WebArchiveOptions{AccessKey: accessKey, SecretKey: secretKey})
}

// clientOf asks a transport as if it were the archive, with keys.
func clientOf(transport http.RoundTripper) *Client {
	o := At(base)
	o.AccessKey, o.SecretKey, o.Transport = accessKey, secretKey, transport
	return New(o)
}

// sends is a transport that is a function.
type sends func(*http.Request) (*http.Response, error)

func (s sends) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

// answers gives each request the next of the answers, and the last to all further ones.
func answers(list ...*http.Response) (http.RoundTripper, *int) {
	n := new(int)
	return sends(func(r *http.Request) (*http.Response, error) {
		res := list[min(*n, len(list)-1)]
		*n++
		copied := *res
		copied.Request = r
		return &copied, nil
	}), n
}

func answer(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: &again{text: body}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
}

// again is a body that can be read any number of times.
type again struct {
	text string
	at   int
}

func (a *again) Read(p []byte) (int, error) {
	if a.at == len(a.text) {
		a.at = 0
		return 0, io.EOF
	}
	n := copy(p, a.text[a.at:])
	a.at += n
	return n, nil
}

func (a *again) Close() error { a.at = 0; return nil }

func fail(t *testing.T, a *archivetest.WebArchive, f archivetest.WebArchiveFault) {
	t.Helper()
	if err := a.SetFault(f); err != nil {
		t.Fatal(err)
	}
}

// about is how often the archive was asked by a service.
func about(a *archivetest.WebArchive, service string) int {
	n := 0
	for _, asked := range a.Asked() {
		if strings.HasPrefix(asked, service+" ") {
			n++
		}
	}
	return n
}

func took(began time.Time) time.Duration { return time.Since(began).Round(time.Millisecond) }
