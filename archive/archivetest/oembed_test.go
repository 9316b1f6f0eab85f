package archivetest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive/archivetest"
)

type oembed struct {
	Type, Version, Title, HTML string
	AuthorName                 string `json:"author_name"`
	AuthorURL                  string `json:"author_url"`
	ProviderName               string `json:"provider_name"`
	ProviderURL                string `json:"provider_url"`
	ThumbnailURL               string `json:"thumbnail_url"`
	ThumbnailWidth             int    `json:"thumbnail_width"`
	ThumbnailHeight            int    `json:"thumbnail_height"`
	Width, Height              int
}

func oembedOf(t testing.TB, p http.Handler, address, more string) oembed {
	t.Helper()
	res := get(p, "/oembed?format=json&url="+url.QueryEscape(address)+more)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", address, res.StatusCode)
	}
	return into[oembed](t, res)
}

func TestOEmbedHasTheFieldsOfTheRealOne(t *testing.T) {
	got := oembedOf(t, platform(t), base+"/watch?v="+oneID, "")
	if got.Type != "video" || got.Version != "1.0" || got.Title != one().Title || got.AuthorName != "Channel One" ||
		got.AuthorURL != base+"/channel/UCone" || got.ProviderName != "MakeTube" || got.ProviderURL != base+"/" ||
		got.ThumbnailURL != base+"/vi/"+oneID+"/hqdefault.jpg" || got.ThumbnailWidth != 480 || got.ThumbnailHeight != 360 ||
		got.Width != 200 || got.Height != 113 {
		t.Errorf("%+v", got)
	}
	if strings.Contains(got.HTML, `"only"`) || !strings.Contains(got.HTML, `title="Only`) && !strings.Contains(got.HTML, `title="One &lt;b&gt;`) {
		t.Errorf("the title is not text: %s", got.HTML)
	}
}

func TestOEmbedRespectsBounds(t *testing.T) {
	p := platform(t)
	tall := archivetest.Video{ID: "tall_______", Vertical: true}
	if err := p.Add(tall); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id, more      string
		width, height int
	}{
		{oneID, "", 200, 113},
		{oneID, "&maxwidth=640", 640, 360},
		{oneID, "&maxheight=360", 640, 360},
		{oneID, "&maxwidth=640&maxheight=100", 178, 100},
		{oneID, "&maxwidth=160&maxheight=900", 160, 90},
		{oneID, "&maxwidth=0&maxheight=-4", 200, 113},
		{oneID, "&maxwidth=wide", 200, 113},
		{tall.ID, "", 113, 200},
		{tall.ID, "&maxwidth=360", 360, 640},
		{tall.ID, "&maxheight=640", 360, 640},
	} {
		got := oembedOf(t, p, base+"/watch?v="+c.id, c.more)
		if got.Width != c.width || got.Height != c.height {
			t.Errorf("%s%s: %dx%d, want %dx%d", c.id, c.more, got.Width, got.Height, c.width, c.height)
		}
	}
}

func TestOEmbedNamesNoThumbnailThatDoesNotExist(t *testing.T) {
	p := platform(t)
	if err := p.Add(archivetest.Video{ID: "small______", Largest: archivetest.Medium}); err != nil {
		t.Fatal(err)
	}
	if got := oembedOf(t, p, base+"/shorts/small______", ""); got.ThumbnailURL != base+"/vi/small______/mqdefault.jpg" || got.ThumbnailWidth != 320 {
		t.Errorf("%+v", got)
	}
}

func TestOEmbedReadsEveryFormOfAnAddress(t *testing.T) {
	p := platform(t)
	for address, want := range map[string]int{
		base + "/watch?v=" + oneID:                       200,
		base + "/watch?list=x&v=" + oneID + "&t=5":       200,
		base + "/embed/" + oneID + "?rel=0":              200,
		base + "/shorts/" + oneID:                        200,
		base + "/live/" + oneID:                          200,
		base + "/v/" + oneID:                             200,
		base + "/e/" + oneID + "/":                       200,
		"https://tube.test/watch?v=" + oneID:             200,
		"//tube.test/watch?v=" + oneID:                   200,
		"TUBE.test/watch?v=" + oneID:                     200,
		"https://www.youtube.com/watch?v=" + oneID:       404,
		"http://tube.test.evil.example/watch?v=" + oneID: 404,
		"ftp://tube.test/watch?v=" + oneID:               404,
		"":                                               404,
		"http://%zz/":                                    404,
		base + "/watch?v=short":                          400,
		base + "/watch":                                  400,
		base + "/embed/" + oneID + "/more":               400,
		base + "/":                                       400,
	} {
		if res := get(p, "/oembed?url="+url.QueryEscape(address)); res.StatusCode != want {
			t.Errorf("%q: %d, want %d", address, res.StatusCode, want)
		}
	}
}

func TestOEmbedSpeaksJSONAlone(t *testing.T) {
	if res := get(platform(t), "/oembed?format=xml&url="+base+"/watch?v="+oneID); res.StatusCode != http.StatusNotImplemented {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestOEmbedKnowsThePlatformUnderTheNameItWasAskedBy(t *testing.T) {
	p := platform(t, func(o *archivetest.Options) { o.BaseURL = "http://maketube.localhost:8090" })
	for _, address := range []string{"http://maketube.localhost:8090/watch?v=" + oneID, base + "/watch?v=" + oneID} {
		got := oembedOf(t, p, address, "")
		if !strings.Contains(got.HTML, `src="http://maketube.localhost:8090/embed/`) {
			t.Errorf("%s: %s", address, got.HTML)
		}
	}
}
