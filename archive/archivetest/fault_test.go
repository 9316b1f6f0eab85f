package archivetest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive/archivetest"
)

// endpoints are one address of each kind.
func endpoints() map[archivetest.Call]string {
	return map[archivetest.Call]string{
		archivetest.CallVideos:    "/youtube/v3/videos?part=status&key=k&id=" + oneID,
		archivetest.CallChannels:  "/youtube/v3/channels?part=status&key=k&id=UCone",
		archivetest.CallOEmbed:    "/oembed?url=" + base + "/watch?v=" + oneID,
		archivetest.CallFeed:      "/feeds/videos.xml?channel_id=UCone",
		archivetest.CallThumbnail: "/vi/" + oneID + "/default.jpg",
		archivetest.CallPage:      "/watch?v=" + oneID,
		archivetest.CallPlayer:    "/embed/" + oneID,
	}
}

func TestAFaultTouchesWhatItShould(t *testing.T) {
	const ok = http.StatusOK
	p := platform(t) // one for all faults: its picture is drawn once
	for _, c := range []struct {
		fault                                        archivetest.Fault
		videos, channels, oembed, feed, picture, web int
		player                                       int
	}{
		{archivetest.FaultNone, ok, ok, ok, ok, ok, ok, ok},
		{archivetest.FaultQuota, 403, 403, ok, ok, ok, ok, ok},
		{archivetest.FaultKeyRefused, 400, 400, ok, ok, ok, ok, ok},
		{archivetest.FaultDown, 503, 503, 503, 503, 503, 503, 503},
		{archivetest.FaultGarbage, ok, ok, ok, ok, ok, ok, ok},
		{archivetest.FaultConsent, ok, ok, 302, 302, ok, 302, ok},
		{archivetest.FaultAddressBlock, ok, ok, 403, 403, 403, ok, ok},
		{archivetest.FaultThrottled, ok, ok, 429, 429, 429, ok, ok},
		{archivetest.FaultRateLimited, 429, 429, 429, 429, 429, ok, ok},
		{archivetest.FaultSilentPlayer, ok, ok, ok, ok, ok, ok, ok},
	} {
		p.ResetCounts()
		fail(t, p, c.fault)
		want := map[archivetest.Call]int{
			archivetest.CallVideos: c.videos, archivetest.CallChannels: c.channels, archivetest.CallOEmbed: c.oembed,
			archivetest.CallFeed: c.feed, archivetest.CallThumbnail: c.picture, archivetest.CallPage: c.web, archivetest.CallPlayer: c.player,
		}
		for call, path := range endpoints() {
			if res := get(p, path, "Referer", article); res.StatusCode != want[call] {
				t.Errorf("%s, %s: %d, want %d", c.fault, call, res.StatusCode, want[call])
			}
			if p.Calls(call) != 1 {
				t.Errorf("%s, %s: counted %d times", c.fault, call, p.Calls(call))
			}
		}
	}
}

func TestAFaultHeals(t *testing.T) {
	p := platform(t)
	for _, f := range archivetest.Faults() {
		fail(t, p, f)
		if p.Fault() != f {
			t.Errorf("set %s, is %s", f, p.Fault())
		}
	}
	fail(t, p, archivetest.FaultNone)
	for call, path := range endpoints() {
		if res := get(p, path); res.StatusCode != http.StatusOK {
			t.Errorf("%s after all faults: %d", call, res.StatusCode)
		}
	}
}

func TestTheControlSharesThePlatformsFaults(t *testing.T) {
	p := platform(t)
	fail(t, p, archivetest.FaultDown)
	if res := get(p, "/oembed?url="+base+"/watch?v="+archivetest.ControlID); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestGarbageIsNeitherJSONNorPicture(t *testing.T) {
	p := platform(t)
	fail(t, p, archivetest.FaultGarbage)
	for call, path := range endpoints() {
		got := textOf(t, get(p, path))
		if got == "" || strings.HasPrefix(got, "{") || strings.HasPrefix(got, "\xff\xd8") || strings.Contains(got, "<html") {
			t.Errorf("%s: %q", call, got)
		}
	}
}

func TestTheConsentPageIsHTMLWithStatus200(t *testing.T) {
	p := platform(t)
	fail(t, p, archivetest.FaultConsent)
	to := get(p, "/oembed?url=x").Header.Get("Location")
	if to != base+"/consent?continue=%2Foembed%3Furl%3Dx" {
		t.Errorf("sent to %q", to)
	}
	res := get(p, strings.TrimPrefix(to, base))
	if got := textOf(t, res); res.StatusCode != http.StatusOK || !strings.Contains(got, "<!doctype html>") {
		t.Errorf("%d: %s", res.StatusCode, got)
	}
}

func TestARateLimitSaysWhenToComeBack(t *testing.T) {
	p := platform(t)
	fail(t, p, archivetest.FaultRateLimited)
	for _, call := range []archivetest.Call{archivetest.CallVideos, archivetest.CallOEmbed, archivetest.CallThumbnail} {
		if got := get(p, endpoints()[call]).Header.Get("Retry-After"); got != "1" {
			t.Errorf("%s: Retry-After %q", call, got)
		}
	}
}

func TestASlowPlatformAnswersInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := platform(t)
		fail(t, p, archivetest.FaultSlow)
		p.SetDelay(7 * time.Second)
		began := time.Now()
		res := get(p, endpoints()[archivetest.CallOEmbed])
		if took := time.Since(began); took != 7*time.Second || res.StatusCode != http.StatusOK {
			t.Errorf("%d after %s", res.StatusCode, took)
		}
	})
}

func TestASlowAnswerEndsWithItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := platform(t)
		fail(t, p, archivetest.FaultSlow)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		w := httptest.NewRecorder()
		began := time.Now()
		p.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, base+"/watch?v="+oneID, nil))
		if took := time.Since(began); took != time.Second || w.Body.Len() != 0 {
			t.Errorf("%d bytes after %s", w.Body.Len(), took)
		}
	})
}

func TestAPlatformThatHangsUpAnswersNothing(t *testing.T) {
	s := archivetest.Start(t, archivetest.Options{}, one())
	fail(t, s.Platform, archivetest.FaultHangUp)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for call, path := range endpoints() {
		res, err := client.Get(s.URL + path)
		if err == nil {
			body, _ := io.ReadAll(res.Body)
			t.Errorf("%s: %d %q", call, res.StatusCode, body)
		}
	}
	fail(t, s.Platform, archivetest.FaultNone)
	res, err := client.Get(s.URL + "/watch?v=" + oneID)
	if err != nil {
		t.Fatalf("healed: %v", err)
	}
	if _, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("healed: %d %v", res.StatusCode, err)
	}
	_ = res.Body.Close()
}
