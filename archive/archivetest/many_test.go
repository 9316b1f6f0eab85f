package archivetest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"videoteca/archive/archivetest"
)

func TestManyVideosAreAnsweredWithoutTakingMemory(t *testing.T) {
	p := platform(t)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	p.Many(5_000_000)
	runtime.ReadMemStats(&after)
	if grew := int64(after.HeapAlloc) - int64(before.HeapAlloc); grew > 1<<20 {
		t.Errorf("five million videos take %d bytes", grew)
	}
	for _, i := range []int{0, 1, 99, 4_999_999} {
		v, known := p.Video(archivetest.ManyID(i))
		if !known || v.State != archivetest.Playable || v.ChannelID != archivetest.ManyChannelID(i) || len(v.ID) != 11 {
			t.Errorf("%d: %+v", i, v)
		}
	}
	if n := len(p.List()); n != 3 {
		t.Errorf("%d videos are listed", n)
	}
}

func TestManyEndsWhereItSays(t *testing.T) {
	p := platform(t)
	p.Many(150)
	for id, want := range map[string]bool{
		archivetest.ManyID(149): true, archivetest.ManyID(150): false, "many00000+1": false, "many-000001": false, "manyxxxxxxx": false, "ynam0000001": false,
	} {
		if _, known := p.Video(id); known != want {
			t.Errorf("%s: known %v", id, known)
		}
	}
	for id, want := range map[string]bool{archivetest.ManyChannelID(149): true, archivetest.ManyChannelID(200): false, "UCmany1": false} {
		if _, known := p.Channel(id); known != want {
			t.Errorf("channel %s: known %v", id, known)
		}
	}
	p.Many(0)
	if _, known := p.Channel(archivetest.ManyChannelID(0)); known {
		t.Error("the channel of none is known")
	}
}

func TestManyAreSeenByEveryMethod(t *testing.T) {
	p := platform(t)
	p.Many(100)
	id := archivetest.ManyID(42)
	for _, path := range []string{
		"/oembed?url=" + base + "/watch?v=" + id, "/vi/" + id + "/default.jpg", "/feeds/videos.xml?channel_id=" + archivetest.ManyChannelID(42), "/embed/" + id,
	} {
		if res := get(p, path, "Referer", article); res.StatusCode != 200 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	var ids []string
	for i := range 50 {
		ids = append(ids, archivetest.ManyID(i+60))
	}
	if l := listed(t, p, "part="+allParts+"&id="+strings.Join(ids, ",")); len(l.Items) != 40 || l.Items[0].Snippet.Title != "Simulation 60" {
		t.Errorf("%d items", len(l.Items))
	}
}

func TestOneOfManyMayChangeAlone(t *testing.T) {
	p := platform(t)
	p.Many(10)
	set(t, p, archivetest.ManyID(3), archivetest.Removed)
	if got := textOf(t, get(p, "/youtube/v3/videos?part=id,status&key=k&id="+archivetest.ManyID(3)+","+archivetest.ManyID(4))); got == "" || strings.Contains(got, archivetest.ManyID(3)) {
		t.Errorf("%s", got)
	}
	if err := p.SetChannelClosed(archivetest.ManyChannelID(3), true); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if res := get(p, fmt.Sprintf("/oembed?url=%s/watch?v=%s", base, archivetest.ManyID(i))); res.StatusCode != 404 {
			t.Errorf("%d of a closed channel: %d", i, res.StatusCode)
		}
	}
	if n := len(p.List()); n != 4 {
		t.Errorf("%d videos are listed", n)
	}
}
