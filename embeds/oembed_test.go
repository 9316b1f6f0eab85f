package embeds_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/embeds"
)

func oembed(t *testing.T, v archive.Video, o embeds.Options, q embeds.OEmbedRequest) embeds.Document {
	t.Helper()
	d, err := renderer(t).OEmbed(v, o, q)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// answer is an oEmbed answer as a consumer reads it.
type answer struct {
	XMLName         xml.Name `json:"-" xml:"oembed"`
	Type            string   `json:"type" xml:"type"`
	Version         string   `json:"version" xml:"version"`
	Title           string   `json:"title" xml:"title"`
	AuthorName      string   `json:"author_name" xml:"author_name"`
	AuthorURL       string   `json:"author_url" xml:"author_url"`
	ProviderName    string   `json:"provider_name" xml:"provider_name"`
	ThumbnailURL    string   `json:"thumbnail_url" xml:"thumbnail_url"`
	ThumbnailWidth  int      `json:"thumbnail_width" xml:"thumbnail_width"`
	ThumbnailHeight int      `json:"thumbnail_height" xml:"thumbnail_height"`
	HTML            string   `json:"html" xml:"html"`
	Width           int      `json:"width" xml:"width"`
	Height          int      `json:"height" xml:"height"`
}

func read(t *testing.T, d embeds.Document) answer {
	t.Helper()
	var a answer
	unmarshal := json.Unmarshal
	if strings.HasPrefix(d.Header["Content-Type"], "text/xml") {
		unmarshal = xml.Unmarshal
	}
	if err := unmarshal(d.Body, &a); err != nil {
		t.Fatalf("%v in %s", err, d.Body)
	}
	return a
}

func TestOEmbedAsItIsSent(t *testing.T) {
	golden(t, "oembed.json", oembed(t, meeting(), options(), embeds.OEmbedRequest{}).Body)
	golden(t, "oembed.xml", oembed(t, meeting(), options(), embeds.OEmbedRequest{Format: "xml"}).Body)
}

func TestOEmbedFormats(t *testing.T) {
	for format, want := range map[string]struct {
		status int
		kind   string
	}{
		"":     {200, "application/json"},
		"json": {200, "application/json"},
		"xml":  {200, "text/xml; charset=utf-8"},
		"yaml": {501, "application/problem+json"},
		"JSON": {501, "application/problem+json"},
	} {
		d := oembed(t, meeting(), options(), embeds.OEmbedRequest{Format: format})
		if d.Status != want.status || d.Header["Content-Type"] != want.kind || d.Header["Access-Control-Allow-Origin"] != "*" {
			t.Errorf("format %q: status %d, headers %v", format, d.Status, d.Header)
		}
	}
}

func TestBothFormatsSayTheSame(t *testing.T) {
	v := meeting()
	v.Title = archive.Text{"es": `Él dijo: "<b>no</b>" & 'sí' 🎥`}
	j, x := read(t, oembed(t, v, options(), embeds.OEmbedRequest{})), read(t, oembed(t, v, options(), embeds.OEmbedRequest{Format: "xml"}))
	j.XMLName, x.XMLName = xml.Name{}, xml.Name{}
	if j != x {
		t.Errorf("JSON says %+v, XML %+v", j, x)
	}
	if j.Title != v.Title["es"] || j.Type != "video" || j.Version != "1.0" || j.AuthorName != "Canal de prueba" || j.AuthorURL != "https://www.youtube.com/@prueba" {
		t.Errorf("it says %+v", j)
	}
}

func TestOEmbedFitsWhatIsAskedFor(t *testing.T) {
	tall := meeting()
	tall.Sources[0].Described.Width, tall.Sources[0].Described.Height = 1080, 1920
	for name, tt := range map[string]struct {
		video         archive.Video
		maxW, maxH    int
		width, height int
		thumbnail     int // width; 0: none
	}{
		"no limits":              {meeting(), 0, 0, 640, 360, 1280},
		"a wide column":          {meeting(), 1200, 0, 640, 360, 960},
		"a narrow column":        {meeting(), 400, 0, 400, 225, 320},
		"a low box":              {meeting(), 0, 180, 320, 180, 320},
		"both":                   {meeting(), 500, 100, 177, 100, 0},
		"too narrow for posters": {meeting(), 300, 0, 300, 169, 0},
		"one pixel":              {meeting(), 1, 1, 1, 1, 0},
		"vertical":               {tall, 0, 0, 360, 640, 1280},
		"vertical in a low box":  {tall, 0, 320, 180, 320, 320},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, oembed(t, tt.video, options(), embeds.OEmbedRequest{MaxWidth: tt.maxW, MaxHeight: tt.maxH}))
			if got.Width != tt.width || got.Height != tt.height || got.ThumbnailWidth != tt.thumbnail {
				t.Errorf("got %dx%d with a thumbnail %d wide, want %dx%d with %d", got.Width, got.Height, got.ThumbnailWidth, tt.width, tt.height, tt.thumbnail)
			}
			if all := got.ThumbnailURL != "" && got.ThumbnailHeight > 0; all != (tt.thumbnail > 0) {
				t.Errorf("of the thumbnail's three fields only some are set: %+v", got)
			}
		})
	}
}

func TestOEmbedMarkupIsOneFrameOfOurOwn(t *testing.T) {
	o := options()
	o.Language, o.Start = "en", 30
	got := read(t, oembed(t, meeting(), o, embeds.OEmbedRequest{}))
	frames := elements(t, []byte(got.HTML), "iframe")
	if len(frames) != 1 {
		t.Fatalf("markup is %s", got.HTML)
	}
	for name, want := range map[string]string{
		"src": baseURL + "/e/" + videoID + "?lang=en&start=30", "title": "Meeting in New York", "width": "640", "height": "360",
		"allowfullscreen": "", "referrerpolicy": "strict-origin-when-cross-origin", "frameborder": "0",
	} {
		if value, ok := attr(frames[0], name); !ok || value != want {
			t.Errorf("%s is %q, want %q", name, value, want)
		}
	}
}

func TestOEmbedOfWhatThePublicDoesNotGet(t *testing.T) {
	for _, exposure := range []archive.Exposure{archive.Withdrawn, archive.Erased, archive.Embargoed} {
		v := meeting()
		v.Visibility = archive.Visibility{Exposure: exposure, Until: day(2030, 1, 1)}
		d := oembed(t, v, options(), embeds.OEmbedRequest{})
		if d.Status != 404 || strings.Contains(string(d.Body), "Reunión") {
			t.Errorf("%s: status %d, %s", exposure, d.Status, d.Body)
		}
	}
}

func TestOEmbedOfACardIsAnswered(t *testing.T) {
	if d := oembed(t, standing(gone(archive.Removed)), options(), embeds.OEmbedRequest{}); d.Status != 200 {
		t.Errorf("status %d: the snippet of a dead source still shows the card", d.Status)
	}
}

func TestOEmbedTrustsNoAddressOfAChannel(t *testing.T) {
	v := meeting()
	v.Sources[0].Described.ChannelURL = "javascript:alert(1)"
	if got := read(t, oembed(t, v, options(), embeds.OEmbedRequest{})); got.AuthorURL != "" {
		t.Errorf("author_url is %s", got.AuthorURL)
	}
}

// WordPress keeps one quotation, if it comes first, and one frame, and listens to
// the frame only if the quotation is there.
func TestOEmbedForWordPressOpensWithTheLinkThatStandsUntilTheFrameSpeaks(t *testing.T) {
	v := meeting()
	v.Title = archive.Text{"es": "<b>\"Reunión\" & más"}
	plain := read(t, oembed(t, v, options(), embeds.OEmbedRequest{}))
	quoted := read(t, oembed(t, v, options(), embeds.OEmbedRequest{Quoted: true}))
	want := `<blockquote><a href="` + baseURL + "/v/" + videoID + `?lang=es">&lt;b&gt;&#34;Reunión&#34; &amp; más</a></blockquote>` + plain.HTML
	if quoted.HTML != want || strings.Contains(plain.HTML, "blockquote") {
		t.Errorf("got %s\nwant %s", quoted.HTML, want)
	}
}
