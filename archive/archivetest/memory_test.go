package archivetest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/youtube"
)

func TestInMemoryTheAnswersAreThoseOfTheNetwork(t *testing.T) {
	p := platform(t)
	client := &http.Client{Transport: p.RoundTripper()}
	res, err := client.Get(base + "/oembed?url=" + base + "/watch?v=" + oneID)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || res.ContentLength != int64(len(body)) || !strings.Contains(string(body), `"author_name": "Channel One"`) {
		t.Errorf("%d, %v: %s", res.StatusCode, err, body)
	}
	if res.Header.Get("Date") != "Sun, 01 Mar 2026 12:30:00 GMT" {
		t.Errorf("Date %q is not by the platform's clock", res.Header.Get("Date"))
	}
	if res, err := client.Head(base + "/nowhere"); err != nil || res.StatusCode != 404 {
		t.Errorf("%v, %v", res, err)
	}
	if res, err := client.Post(base+"/_control/fault", "application/json", strings.NewReader(`{"fault":"down"}`)); err != nil || res.StatusCode != 200 || p.Fault() != archivetest.FaultDown {
		t.Errorf("%v, %v", res, err)
	}
}

func TestInMemoryAnotherHostIsNotThere(t *testing.T) {
	client := &http.Client{Transport: platform(t).RoundTripper("tube.test")}
	if res, err := client.Get("http://TUBE.test/watch"); err != nil || res.StatusCode != 200 {
		t.Errorf("%v, %v", res, err)
	}
	_, err := client.Get("http://tube.test:81/watch")
	var unknown *net.DNSError
	if !errors.As(err, &unknown) || !unknown.IsNotFound {
		t.Errorf("%v", err)
	}
}

func TestInMemoryAPlatformThatHangsUpIsAnError(t *testing.T) {
	p := platform(t)
	fail(t, p, archivetest.FaultHangUp)
	if _, err := (&http.Client{Transport: p.RoundTripper()}).Get(base + "/watch"); !errors.Is(err, io.EOF) {
		t.Errorf("%v", err)
	}
}

func TestInMemoryEachMethodTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := platform(t)
		p.SetLatency(100 * time.Millisecond)
		p.SetLatency(time.Second, archivetest.CallOEmbed, archivetest.CallFeed)
		for call, path := range endpoints() {
			want := 100 * time.Millisecond
			if call == archivetest.CallOEmbed || call == archivetest.CallFeed {
				want = time.Second
			}
			began := time.Now()
			res, err := (&http.Client{Transport: p.RoundTripper()}).Get(base + path)
			if err != nil || res.StatusCode != 200 || time.Since(began) != want {
				t.Errorf("%s: %v after %s", call, err, time.Since(began))
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+endpoints()[archivetest.CallFeed], http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.RoundTripper().RoundTrip(r); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if _, err := p.RoundTripper().RoundTrip(r); !errors.Is(err, context.DeadlineExceeded) || p.Calls(archivetest.CallFeed) != 2 {
			t.Errorf("who has gone before asking: %v, %d calls", err, p.Calls(archivetest.CallFeed))
		}
	})
}

// TestThePlatformStandsForYouTubeItself: the adapter as it is wired for YouTube, with no socket.
func TestThePlatformStandsForYouTubeItself(t *testing.T) {
	p := archivetest.New(archivetest.Options{Now: today})
	p.Many(100)
	set(t, p, archivetest.ManyID(7), archivetest.Private)
	a, err := youtube.New(youtube.Options{
		Key: key, Transport: p.RoundTripper("youtube.googleapis.com", "www.youtube.com", "i.ytimg.com"), Now: today, Control: archivetest.ControlID,
	})
	if err != nil {
		t.Fatal(err)
	}
	seen, err := a.Probe(t.Context(), []string{archivetest.ManyID(6), archivetest.ManyID(7)})
	if err != nil {
		t.Fatal(err)
	}
	outcomes := map[string]archive.Outcome{}
	for _, o := range seen {
		if !o.Control {
			outcomes[o.Method+" "+o.Source.ID] = o.Outcome
		}
		if o.Skewed() {
			t.Errorf("the platform's clock is not the test's: %+v", o)
		}
	}
	if outcomes["youtube.videos.list "+archivetest.ManyID(6)] != archive.Playable || outcomes["youtube.oembed "+archivetest.ManyID(7)] != archive.Private {
		t.Errorf("%v", outcomes)
	}
}
