package web_test

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"videoteca/internal/spool"
	"videoteca/web"
)

// listening is a site on a port, which has connections that break.
func listening(t *testing.T) (*site, *httptest.Server) {
	t.Helper()
	s, _ := receiving(t)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	return s, server
}

// halfway begins to send a piece over a connection of its own, and leaves it open.
func halfway(t *testing.T, server *httptest.Server, at string, offset int, sent string, announced int) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := fmt.Fprintf(c, "PATCH %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: %d\r\nContent-Length: %d\r\n\r\n%s",
		at, host, token, offset, announced, sent); err != nil {
		t.Fatal(err)
	}
	return c
}

// written waits until so many bytes are on the disk, and asks nobody who would take them away from the sender.
func written(t *testing.T, s *spool.Spool, at string, n int64) {
	t.Helper()
	for {
		r, err := s.Look(strings.TrimPrefix(at, uploads+"/"))
		if err != nil {
			t.Fatal(err)
		}
		if r.Offset >= n {
			return
		}
	}
}

// A client that lost its connection is back before the server knows that it is lost.
func TestANewConnectionTakesOverFromAHalfDeadOne(t *testing.T) {
	incoming, err := spool.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(o *web.Options) { o.Spool = incoming })
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	at := s.begin(t, len(mp4File), ofCopy(), bearer())
	old := halfway(t, server, at, 0, mp4File[:10], len(mp4File))
	written(t, incoming, at, 10)
	if got := s.come(t, at, bearer()); got != "10" {
		t.Fatalf("the new connection is told %s", got)
	}
	answer, err := http.ReadResponse(bufio.NewReader(old), nil)
	if err != nil || answer.StatusCode != http.StatusConflict {
		t.Errorf("the old one gets %+v, %v", answer, err)
	}
	if r := s.piece(t, at, 10, mp4File[10:], bearer()); r.StatusCode != http.StatusNoContent {
		t.Errorf("the new one gets %d", r.StatusCode)
	}
	if head, _ := incoming.Head(strings.TrimPrefix(at, uploads+"/"), len(mp4File)); string(head) != mp4File {
		t.Errorf("it holds %q", head)
	}
}

func TestWhatCameBeforeAConnectionBrokeIsTold(t *testing.T) {
	s, server := listening(t)
	at := s.begin(t, len(mp4File), ofCopy(), bearer())
	cut := halfway(t, server, at, 0, mp4File[:20], len(mp4File))
	if err := cut.Close(); err != nil {
		t.Fatal(err)
	}
	for s.come(t, at, bearer()) != "20" { // the test's own deadline ends this
	}
	if r := s.piece(t, at, 20, mp4File[20:], bearer()); r.StatusCode != http.StatusNoContent {
		t.Errorf("going on: %d", r.StatusCode)
	}
}

// Of two at one place at most one is added, and whoever asks again where it ends gets on.
func TestTwoPiecesAtOncePutBytesInOnce(t *testing.T) {
	s, _ := receiving(t)
	const size = len(mp4File) / 5 * 5
	at := s.begin(t, size, ofCopy(), bearer())
	whole := mp4File[:size]
	for offset := 0; offset < size; {
		statuses := make([]int, 2)
		var both sync.WaitGroup
		for i := range statuses {
			both.Go(func() {
				r := s.piece(t, at, offset, whole[offset:min(offset+5, size)], bearer())
				statuses[i] = r.StatusCode
			})
		}
		both.Wait()
		won := 0
		for _, status := range statuses {
			switch status {
			case http.StatusNoContent:
				won++
			case http.StatusConflict, http.StatusLocked:
			default:
				t.Fatalf("a racing piece got %d", status)
			}
		}
		now, err := strconv.Atoi(s.come(t, at, bearer()))
		if err != nil || won > 1 || now > offset+5 || won == 1 && now != offset+5 {
			t.Fatalf("%d won at %d, and it ends at %d (%v)", won, offset, now, err)
		}
		offset = now
	}
	id := strings.TrimPrefix(at, uploads+"/")
	r := s.call(t, http.MethodPost, videos+"/"+string(pictured)+"/copies", fmt.Sprintf(`{"upload":%q,"rights":"Propia."}`, id))
	v := decode[web.APIVideo](t, r)
	sum := sha256.Sum256([]byte(whole))
	if len(v.Copies) != 1 || v.Copies[0].Digest != fmt.Sprintf("%x", sum) {
		t.Errorf("kept is %+v, want %x", v.Copies, sum)
	}
}
