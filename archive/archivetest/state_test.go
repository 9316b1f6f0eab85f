package archivetest_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"videoteca/archive/archivetest"
)

var errorInPage = regexp.MustCompile(`"error":(\d+)`)

// playerError is the code that the player's page will report, 0 where it plays.
func playerError(t testing.TB, p http.Handler, path string, headers ...string) int {
	t.Helper()
	res := get(p, path, headers...)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("player of %s: status %d", path, res.StatusCode)
	}
	m := errorInPage.FindStringSubmatch(textOf(t, res))
	if m == nil {
		t.Fatalf("no code in the player of %s", path)
	}
	code, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestAStateLooksTheSameFromEveryEndpoint(t *testing.T) {
	p := platform(t) // one for all states: its picture is drawn once
	for _, c := range []struct {
		state    archivetest.State
		listed   string // part of the item of videos.list; empty: there is none
		oembed   int
		pictures int
		player   int
		watch    string // part of the watch page
	}{
		{archivetest.Playable, `"privacyStatus": "public"`, 200, 200, 0, "<iframe"},
		{archivetest.Unlisted, `"privacyStatus": "unlisted"`, 200, 200, 0, "<iframe"},
		{archivetest.Private, "", 403, 404, 100, "Video unavailable"},
		{archivetest.Removed, "", 404, 404, 100, "Video unavailable"},
		{archivetest.EmbeddingOff, `"embeddable": false`, 401, 200, 150, "<iframe"},
		{archivetest.RegionBlocked, `"blocked": [`, 200, 200, 150, "Video unavailable"},
		{archivetest.RegionBlockedEverywhere, `"allowed": []`, 200, 200, 150, "Video unavailable"},
		{archivetest.AgeRestricted, `"ytRating": "ytAgeRestricted"`, 200, 200, 150, "<iframe"},
		{archivetest.Scheduled, `"liveBroadcastContent": "upcoming"`, 200, 200, 0, "<iframe"},
		{archivetest.Processing, `"uploadStatus": "uploaded"`, 200, 200, 5, "<iframe"},
		{archivetest.Rejected, `"uploadStatus": "rejected"`, 404, 404, 100, "Video unavailable"},
	} {
		t.Run(string(c.state), func(t *testing.T) {
			set(t, p, oneID, c.state)
			listed := textOf(t, get(p, "/youtube/v3/videos?part=snippet,contentDetails,status,liveStreamingDetails&key=k&id="+oneID))
			if c.listed == "" && strings.Contains(listed, oneID) || !strings.Contains(listed, c.listed) {
				t.Errorf("videos.list: want %q in %s", c.listed, listed)
			}
			if res := get(p, "/oembed?url="+base+"/watch?v="+oneID); res.StatusCode != c.oembed {
				t.Errorf("oEmbed %d, want %d", res.StatusCode, c.oembed)
			}
			if res := get(p, "/vi/"+oneID+"/hqdefault.jpg"); res.StatusCode != c.pictures {
				t.Errorf("thumbnail %d, want %d", res.StatusCode, c.pictures)
			}
			if code := playerError(t, p, "/embed/"+oneID, "Referer", article); code != c.player {
				t.Errorf("player %d, want %d", code, c.player)
			}
			watch := get(p, "/watch?v="+oneID)
			if page := textOf(t, watch); watch.StatusCode != http.StatusOK || !strings.Contains(page, c.watch) {
				t.Errorf("watch page %d without %q: %s", watch.StatusCode, c.watch, page)
			}
		})
	}
}

func TestTheTableAboveHasEveryState(t *testing.T) {
	if n := len(archivetest.States()); n != 11 {
		t.Errorf("%d states: the table covers 11", n)
	}
}

func TestAStateTouchesNoOtherVideo(t *testing.T) {
	p := platform(t)
	set(t, p, oneID, archivetest.Removed)
	if code := playerError(t, p, "/embed/"+otherID, "Referer", article); code != 0 {
		t.Errorf("the other's player: %d", code)
	}
	if res := get(p, "/oembed?url="+base+"/watch?v="+otherID); res.StatusCode != 200 {
		t.Errorf("the other's oEmbed: %d", res.StatusCode)
	}
}

func TestAVideoComesBackAsItWas(t *testing.T) {
	p := platform(t)
	before := textOf(t, get(p, "/youtube/v3/videos?part=snippet,status&key=k&id="+oneID))
	set(t, p, oneID, archivetest.Removed)
	set(t, p, oneID, archivetest.Playable)
	if after := textOf(t, get(p, "/youtube/v3/videos?part=snippet,status&key=k&id="+oneID)); after != before {
		t.Errorf("before %s\nafter %s", before, after)
	}
}

func TestAnUnknownIDLooksRemoved(t *testing.T) {
	p := platform(t)
	const never = "never______"
	if got := textOf(t, get(p, "/youtube/v3/videos?part=id&key=k&id="+never)); strings.Contains(got, never) {
		t.Errorf("listed: %s", got)
	}
	if res := get(p, "/oembed?url="+base+"/watch?v="+never); res.StatusCode != 404 {
		t.Errorf("oEmbed %d", res.StatusCode)
	}
	if res := get(p, "/vi/"+never+"/default.jpg"); res.StatusCode != 404 {
		t.Errorf("thumbnail %d", res.StatusCode)
	}
	if code := playerError(t, p, "/embed/"+never, "Referer", article); code != 100 {
		t.Errorf("player %d", code)
	}
	if res := get(p, "/watch?v="+never); res.StatusCode != 200 {
		t.Errorf("watch page %d: real ones answer 200 for anything", res.StatusCode)
	}
}

func TestARegionBlockCountsWhereTheViewerSits(t *testing.T) {
	for _, c := range []struct {
		regions []string
		viewer  string
		player  int
	}{
		{nil, "SV", 150}, // blocked where the viewer is
		{[]string{"SV", "GT"}, "SV", 150},
		{[]string{"DE"}, "SV", 0},
		{[]string{"DE"}, "DE", 150},
	} {
		p := platform(t, func(o *archivetest.Options) { o.Region = c.viewer })
		v := one()
		v.State, v.Regions = archivetest.RegionBlocked, c.regions
		if err := p.Add(v); err != nil {
			t.Fatal(err)
		}
		if code := playerError(t, p, "/embed/"+oneID, "Referer", article); code != c.player {
			t.Errorf("blocked in %v, viewer in %s: %d, want %d", c.regions, c.viewer, code, c.player)
		}
	}
}

func TestTheControlAlwaysPlays(t *testing.T) {
	p := platform(t)
	for _, err := range []error{
		p.SetState(archivetest.ControlID, archivetest.Removed),
		p.SetChannelClosed("UCcontrol000000000000000", true),
		p.Add(archivetest.Video{ID: archivetest.ControlID, State: archivetest.Removed}),
	} {
		if !isA(err, archivetest.ErrControl) {
			t.Errorf("the control was changed: %v", err)
		}
	}
	if code := playerError(t, p, "/embed/"+archivetest.ControlID, "Referer", article); code != 0 {
		t.Errorf("the control's player: %d", code)
	}
}
