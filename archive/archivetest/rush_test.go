package archivetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"videoteca/archive/archivetest"
)

func TestManyMayAskInMemoryAtOnce(t *testing.T) {
	p := platform(t)
	p.Many(1000)
	client := &http.Client{Transport: p.RoundTripper()}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for k := range 10 {
				id := archivetest.ManyID(i*10 + k)
				if err := p.SetState(id, archivetest.States()[k]); err != nil {
					t.Error(err)
				}
				for _, path := range []string{"/youtube/v3/videos?part=snippet,status&key=k&id=" + id, "/feeds/videos.xml?channel_id=" + archivetest.ManyChannelID(i*10)} {
					res, err := client.Get(base + path)
					if err != nil || res.StatusCode != http.StatusOK {
						t.Errorf("%s: %v, %v", path, res, err)
					}
				}
			}
			p.Many(1000)
			p.SetLatency(0)
		})
	}
	all.Wait()
	if n := len(p.List()); n != 3+160 || p.Units() != 160 || p.Calls(archivetest.CallFeed) != 160 {
		t.Errorf("%d videos, %d units, %d feeds", n, p.Units(), p.Calls(archivetest.CallFeed))
	}
}

func TestEveryMethodIsCounted(t *testing.T) {
	p := platform(t)
	for _, path := range endpoints() {
		get(p, path, "Referer", article)
	}
	for _, c := range archivetest.Calls() {
		if p.Calls(c) != 1 {
			t.Errorf("%s: %d", c, p.Calls(c))
		}
	}
	if len(archivetest.Calls()) != len(endpoints()) {
		t.Errorf("%d methods, %d endpoints", len(archivetest.Calls()), len(endpoints()))
	}
}

// TestAThrottledAddressIsToldNothing: unlike a rate limit, which says when to come back.
func TestAThrottledAddressIsToldNothing(t *testing.T) {
	p := platform(t)
	fail(t, p, archivetest.FaultThrottled)
	for _, c := range []archivetest.Call{archivetest.CallOEmbed, archivetest.CallFeed, archivetest.CallThumbnail} {
		res := get(p, endpoints()[c])
		if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "" {
			t.Errorf("%s: %d, Retry-After %q", c, res.StatusCode, res.Header.Get("Retry-After"))
		}
	}
}

func TestAFeedEscapesWhatItQuotes(t *testing.T) {
	p := platform(t)
	if err := p.RenameChannel("UCone", `<script>&"]]>`); err != nil {
		t.Fatal(err)
	}
	f, _ := feedOf(t, p, "UCone")
	if f.Title != `<script>&"]]>` || f.Entries[0].Title != one().Title {
		t.Errorf("%+v", f)
	}
	if got := textOf(t, get(p, "/feeds/videos.xml?channel_id=UCone")); strings.Contains(got, "<script") {
		t.Errorf("%s", got)
	}
}

func TestTheDateIsByThePlatformsClock(t *testing.T) {
	p := platform(t)
	for _, path := range endpoints() {
		if got := get(p, path).Header.Get("Date"); got != "Sun, 01 Mar 2026 12:30:00 GMT" {
			t.Errorf("%s: %q", path, got)
		}
	}
	if got := fmt.Sprint(get(p, "/nowhere").Header["Date"]); got != "[Sun, 01 Mar 2026 12:30:00 GMT]" {
		t.Errorf("%s", got)
	}
}
