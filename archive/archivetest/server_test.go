package archivetest_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"videoteca/archive/archivetest"
)

// fetched is the status of a GET over the network, 0 where there is no answer.
func fetched(t testing.TB, address string) int {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	res, err := client.Get(address)
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func TestAServerAnswersOnLoopbackUntilItIsClosed(t *testing.T) {
	s := archivetest.Start(t, archivetest.Options{}, one())
	address := s.URL + "/oembed?url=" + s.URL + "/watch?v=" + oneID
	if got := fetched(t, address); got != http.StatusOK {
		t.Errorf("while it runs: %d", got)
	}
	s.Close()
	s.Close()
	if got := fetched(t, address); got != 0 {
		t.Errorf("after its end: %d", got)
	}
}

// failing notes what Start reports.
type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Fatalf(string, ...any) { f.failed = true }

func TestAServerWithAnImpossibleVideoFailsItsTest(t *testing.T) {
	f := &failing{TB: t}
	archivetest.Start(f, archivetest.Options{}, archivetest.Video{ID: "short"})
	if !f.failed {
		t.Error("a video without a valid id was served")
	}
}

func listener(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestServingEndsWithItsContext(t *testing.T) {
	p, l := platform(t), listener(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx, l) }()
	if got := fetched(t, "http://"+l.Addr().String()+"/_control"); got != http.StatusOK {
		t.Errorf("while it runs: %d", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("ended by its context: %v", err)
	}
	if got := fetched(t, "http://"+l.Addr().String()+"/_control"); got != 0 {
		t.Errorf("after its end: %d", got)
	}
}

func TestServingEndsThoughSlowAnswersAreUnderWay(t *testing.T) {
	p, l := platform(t), listener(t)
	fail(t, p, archivetest.FaultSlow)
	p.SetDelay(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	ended, asked := make(chan error, 1), make(chan int, 1)
	go func() { ended <- p.Serve(ctx, l) }()
	go func() { asked <- fetched(t, "http://"+l.Addr().String()+"/watch?v="+oneID) }()
	for p.Calls(archivetest.CallPage) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	began := time.Now()
	if err := <-ended; err != nil || time.Since(began) > 4*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	<-asked
}

func TestServingOnAClosedListenerFails(t *testing.T) {
	l := listener(t)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := platform(t).Serve(t.Context(), l); err == nil {
		t.Error("no error")
	}
}
