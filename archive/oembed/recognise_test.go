package oembed_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/oembed"
)

func all(t testing.TB) archive.Platforms {
	t.Helper()
	ps, err := oembed.Platforms(oembed.Options{HTTP: &http.Client{Transport: http.NewFileTransport(http.Dir(t.TempDir()))}})
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

type recognised struct {
	address, platform, id, page string
	start, end                  int
}

func TestEveryFormOfAnAddressNamesOneSource(t *testing.T) {
	const (
		vimeoPage  = "https://vimeo.com/76979871"
		hashedPage = "https://vimeo.com/76979871/8272103f6e"
		dailyPage  = "https://www.dailymotion.com/video/x7tgad0"
		tiktokPage = "https://www.tiktok.com/@scout2015/video/6718335390845095173"
		xPage      = "https://x.com/Interior/status/507185938620219395"
		framaPage  = "https://framatube.org/videos/watch/" + uuid
		framaID    = "framatube.org/" + uuid
	)
	ps := all(t)
	for _, want := range []recognised{
		{"https://vimeo.com/76979871", "vimeo", "76979871", vimeoPage, 0, 0},
		{"http://www.vimeo.com/76979871/", "vimeo", "76979871", vimeoPage, 0, 0},
		{"vimeo.com/76979871", "vimeo", "76979871", vimeoPage, 0, 0},
		{"  //VIMEO.com/76979871#t=30s ", "vimeo", "76979871", vimeoPage, 30, 0},
		{"https://vimeo.com/76979871?share=copy#t=1m30s", "vimeo", "76979871", vimeoPage, 90, 0},
		{"https://vimeo.com/channels/staffpicks/76979871", "vimeo", "76979871", vimeoPage, 0, 0},
		{"https://vimeo.com/groups/shortfilms/videos/76979871", "vimeo", "76979871", vimeoPage, 0, 0},
		{"https://vimeo.com/album/2222/video/76979871", "vimeo", "76979871", vimeoPage, 0, 0},
		{"https://vimeo.com/showcase/2222/video/76979871", "vimeo", "76979871", vimeoPage, 0, 0},
		{"https://vimeo.com/manage/videos/76979871", "vimeo", "76979871", vimeoPage, 0, 0},
		{"https://vimeo.com/76979871/likes", "vimeo", "76979871", vimeoPage, 0, 0},
		{"https://player.vimeo.com/video/76979871?autoplay=1&amp;title=0#t=12", "vimeo", "76979871", vimeoPage, 12, 0},
		{"https://vimeo.com/76979871/8272103f6e", "vimeo", "76979871:8272103f6e", hashedPage, 0, 0},
		{"https://vimeo.com/76979871?h=8272103f6e", "vimeo", "76979871:8272103f6e", hashedPage, 0, 0},
		{"https://player.vimeo.com/video/76979871?h=8272103f6e", "vimeo", "76979871:8272103f6e", hashedPage, 0, 0},
		{"https://vimeo.com/showcase/2222/video/76979871?h=8272103f6e", "vimeo", "76979871:8272103f6e", hashedPage, 0, 0},

		{"https://www.dailymotion.com/video/x7tgad0", "dailymotion", "x7tgad0", dailyPage, 0, 0},
		{"https://www.dailymotion.com/video/x7tgad0_midnight-sun_travel?start=42", "dailymotion", "x7tgad0", dailyPage, 42, 0},
		{"https://www.dailymotion.com/es/video/x7tgad0?playlist=x6hzkz", "dailymotion", "x7tgad0", dailyPage, 0, 0},
		{"//www.dailymotion.com/embed/video/x7tgad0", "dailymotion", "x7tgad0", dailyPage, 0, 0},
		{"https://dai.ly/x7tgad0", "dailymotion", "x7tgad0", dailyPage, 0, 0},
		{"https://geo.dailymotion.com/player.html?video=x7tgad0&startTime=7", "dailymotion", "x7tgad0", dailyPage, 7, 0},
		{"https://geo.dailymotion.com/player/xh7k2.html?video=x7tgad0", "dailymotion", "x7tgad0", dailyPage, 0, 0},
		{"https://www.dailymotion.com/video/k4HgR5Fhb0c7DlsWQyo", "dailymotion", "k4HgR5Fhb0c7DlsWQyo", "https://www.dailymotion.com/video/k4HgR5Fhb0c7DlsWQyo", 0, 0},

		{"https://www.tiktok.com/@scout2015/video/6718335390845095173?is_from_webapp=1", "tiktok", "6718335390845095173", tiktokPage, 0, 0},
		{"https://m.tiktok.com/@scout2015/video/6718335390845095173/", "tiktok", "6718335390845095173", tiktokPage, 0, 0},
		{"https://www.tiktok.com/embed/v2/6718335390845095173", "tiktok", "6718335390845095173", "https://www.tiktok.com/@_/video/6718335390845095173", 0, 0},
		{"https://www.tiktok.com/player/v1/6718335390845095173", "tiktok", "6718335390845095173", "https://www.tiktok.com/@_/video/6718335390845095173", 0, 0},
		{"https://m.tiktok.com/v/6718335390845095173.html", "tiktok", "6718335390845095173", "https://www.tiktok.com/@_/video/6718335390845095173", 0, 0},

		{"https://twitter.com/Interior/status/507185938620219395?s=20", "x", "507185938620219395", xPage, 0, 0},
		{"https://x.com/Interior/status/507185938620219395/video/1", "x", "507185938620219395", xPage, 0, 0},
		{"https://mobile.twitter.com/Interior/statuses/507185938620219395", "x", "507185938620219395", xPage, 0, 0},
		{"https://x.com/i/web/status/507185938620219395", "x", "507185938620219395", "https://x.com/i/status/507185938620219395", 0, 0},

		{"https://framatube.org/w/" + short, "peertube", framaID, framaPage, 0, 0},
		{"https://Framatube.ORG/w/" + short + "?start=1h2m3s&stop=1h3m", "peertube", framaID, framaPage, 3723, 3780},
		{"https://framatube.org/w/" + uuid, "peertube", framaID, framaPage, 0, 0},
		{"https://framatube.org/w/" + short + ";threadId=5", "peertube", framaID, framaPage, 0, 0},
		{"https://framatube.org/videos/watch/" + strings.ToUpper(uuid), "peertube", framaID, framaPage, 0, 0},
		{"https://framatube.org/videos/watch/" + short, "peertube", framaID, framaPage, 0, 0},
		{"framatube.org/videos/embed/" + short + "?start=90s&stop=30s", "peertube", framaID, framaPage, 90, 0},
		{"https://tube.example:8443/w/" + short, "peertube", "tube.example:8443/" + uuid, "https://tube.example:8443/videos/watch/" + uuid, 0, 0},
		{"https://vidéo.example/w/" + short, "peertube", "xn--vido-dpa.example/" + uuid, "https://xn--vido-dpa.example/videos/watch/" + uuid, 0, 0},

		{"https://www.ted.com/talks/jill_bolte_taylor?utm_source=x", "ted", "https://ted.com/talks/jill_bolte_taylor", "https://ted.com/talks/jill_bolte_taylor", 0, 0},
		{"http://ted.com/talks/jill_bolte_taylor#t=61", "ted", "https://ted.com/talks/jill_bolte_taylor", "https://ted.com/talks/jill_bolte_taylor", 61, 0},
		{"https://players.brightcove.net/1/x_default/index.html?videoId=12&autoplay=true", "brightcove", "https://players.brightcove.net/1/x_default/index.html?videoId=12", "https://players.brightcove.net/1/x_default/index.html?videoId=12", 0, 0},
		{"https://home.wistia.com/medias/e4a27b971d?wtime=0", "wistia", "https://home.wistia.com/medias/e4a27b971d?wtime=0", "https://home.wistia.com/medias/e4a27b971d?wtime=0", 0, 0},
		{"https://www.facebook.com/watchnews/videos/1234/", "facebook", "https://www.facebook.com/watchnews/videos/1234/", "https://www.facebook.com/watchnews/videos/1234/", 0, 0},
		{"https://www.streamable.com/abc?t=3", "streamable", "https://streamable.com/abc", "https://streamable.com/abc", 3, 0},
		{"http://animoto.com/play/abc", "animoto", "http://animoto.com/play/abc", "http://animoto.com/play/abc", 0, 0},
		{"https://animoto.com/play/abc", "animoto", "http://animoto.com/play/abc", "http://animoto.com/play/abc", 0, 0},
	} {
		t.Run(want.address, func(t *testing.T) {
			p, ref, err := ps.Recognise(want.address)
			if err != nil {
				t.Fatal(err)
			}
			got := recognised{want.address, p.Name(), ref.Key.ID, ref.URL, ref.Start, ref.End}
			if got != want || ref.Key.Platform != want.platform {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestPagesThatNameNoSingleVideo(t *testing.T) {
	ps := all(t)
	for address, says := range map[string]string{
		"https://vimeo.com/":                                 "Vimeo",
		"https://vimeo.com/staffpicks":                       "Vimeo",
		"https://vimeo.com/channels/12345":                   "Vimeo",
		"https://vimeo.com/showcase/2222":                    "Vimeo",
		"https://vimeo.com/ondemand/somefilm":                "Vimeo",
		"https://vimeo.com/ondemand/somefilm/12345":          "Vimeo",
		"https://vimeo.com/event/12345":                      "Vimeo",
		"https://vimeo.com/user/0123":                        "Vimeo",
		"https://developer.vimeo.com/76979871":               "Vimeo",
		"https://player.vimeo.com/76979871":                  "Vimeo",
		"https://www.dailymotion.com/playlist/x6hz":          "Dailymotion",
		"https://www.dailymotion.com/video/":                 "Dailymotion",
		"https://geo.dailymotion.com/player.html":            "Dailymotion",
		"https://dai.ly/":                                    "Dailymotion",
		"https://vm.tiktok.com/ZMabc123/":                    "short link",
		"https://vt.tiktok.com/ZMabc123":                     "short link",
		"https://www.tiktok.com/t/ZMabc123/":                 "short link",
		"https://www.tiktok.com/@scout2015":                  "TikTok",
		"https://x.com/Interior":                             "X",
		"https://twitter.com/i/spaces/1abc":                  "X",
		"https://framatube.org/w/p/" + short:                 "playlist",
		"https://tube.example/videos/watch/playlist/" + uuid: "playlist",
		"https://www.ted.com/speakers/someone":               "TED",
		"https://rumble.com/c/Channel":                       "Rumble",
		"https://www.facebook.com/someone/posts/1":           "Facebook",
		"https://players.brightcove.net/1/x/index.html":      "Brightcove",
		"https://streamable.com/":                            "Streamable",
	} {
		_, _, err := ps.Recognise(address)
		if !errors.Is(err, archive.ErrNotAVideo) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want ErrNotAVideo naming %q", address, err, says)
		}
	}
}

func TestWhatIsSomebodyElses(t *testing.T) {
	ps := all(t)
	for _, address := range []string{
		"", " ", "https://", "mailto:a@example.org", "javascript:alert(1)", "ftp://vimeo.com/76979871", "https://[::1",
		"https://example.org/", "https://notvimeo.com/76979871", "https://vimeo.com.example.org/76979871",
		"https://example.org/?u=https://vimeo.com/76979871", "https://user:pass@vimeo.com/76979871",
		"https://fox.com/a/status/12", "https://example.org/w/" + short[:21], "https://example.org/w/" + short + "x",
		"https://example.org/w/0OIl0OIl0OIl0OIl0OIl00",            // not base58
		"https://example.org/w/xBuEXKpA6iqZQK5Kf2TnkW",            // one more than 128 bits
		"https://example.org/w/ZZZZZZZZZZZZZZZZZZZZZZ",            // more than 128 bits
		"https://example.org/videos/watch/" + uuid[:35],           //
		"https://www.youtube.com/watch?v=jNQXAC9IVRw",             // archive/youtube has them
		"https://wistia.com.example.org/medias/x",                 //
		"https://vimeo.com/76979871?" + strings.Repeat("a", 3000), // longer than an address
	} {
		if _, _, err := ps.Recognise(address); !errors.Is(err, archive.ErrNotRecognised) {
			t.Errorf("%q: %v, want ErrNotRecognised", address, err)
		}
	}
}

func TestAnInstanceWithAnOriginKnowsItsOwnAddressesAlone(t *testing.T) {
	client := &http.Client{Transport: http.NewFileTransport(http.Dir(t.TempDir()))}
	a := adapter(t, oembed.Options{Provider: oembed.PeerTube, Name: "ours", Origin: "http://Tube.example:9000", HTTP: client})
	ref := reference(t, a, "http://tube.example:9000/w/"+short+"?start=5")
	want := archive.Reference{
		Key: archive.SourceKey{Platform: "ours", ID: uuid}, URL: "http://tube.example:9000/videos/watch/" + uuid, Start: 5,
	}
	if ref != want {
		t.Errorf("got %+v, want %+v", ref, want)
	}
	if _, err := a.Recognise("https://framatube.org/w/" + short); !errors.Is(err, archive.ErrNotRecognised) {
		t.Errorf("another instance: %v", err)
	}
	if _, err := a.Recognise("http://tube.example:9000/about"); !errors.Is(err, archive.ErrNotAVideo) {
		t.Errorf("another page: %v", err)
	}
	if got := a.Player(); got != (archive.Player{Kind: archive.PlayerPeerTube, Label: "PeerTube", Origin: "http://tube.example:9000"}) {
		t.Errorf("player %+v", got)
	}
}

// FuzzRecognise: what is recognised is recognised again by its canonical page,
// under the same key, and by the platform that said so.
func FuzzRecognise(f *testing.F) {
	for _, s := range []string{
		"https://vimeo.com/76979871/8272103f6e#t=30s", "https://player.vimeo.com/video/1?h=abcdef", "https://dai.ly/x7tgad0",
		"https://framatube.org/w/" + short + "?start=1h&stop=2h", "http://[::1]:9000/w/" + uuid, "https://www.tiktok.com/@a.b/video/1",
		"https://twitter.com/i/status/20", "https://www.ted.com/talks/a%2Fb?x=1;y=2", "https://home.wistia.com/medias/%zz",
		"https://players.brightcove.net/1/2/index.html?videoId=%20", "//a:80/w/" + short, "https://odysee.com/@a/b#c?d",
	} {
		f.Add(s)
	}
	ps := all(f)
	f.Fuzz(func(t *testing.T, address string) {
		p, ref, err := ps.Recognise(address)
		if err != nil {
			return
		}
		again, err := p.Recognise(ref.URL)
		if err != nil || again.Key != ref.Key || again.URL != ref.URL {
			t.Fatalf("%q gave %+v, and that %+v, %v", address, ref, again, err)
		}
		if ref.Key.Platform != p.Name() || ref.Key.ID == "" || ref.Start < 0 || ref.End < 0 || ref.End > 0 && ref.End <= ref.Start {
			t.Fatalf("%q: %+v", address, ref)
		}
		if !strings.HasPrefix(ref.URL, "https://") && !strings.HasPrefix(ref.URL, "http://") {
			t.Fatalf("%q: %q is no page", address, ref.URL)
		}
	})
}
