package scan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/embeds/scan"
)

func TestVideosAreFoundWhateverTheFormOfTheirPlayer(t *testing.T) {
	for name, tt := range map[string]struct {
		page string
		want []string
	}{
		"a frame":                         {`<iframe src="https://www.youtube.com/embed/aaaaaaaaaaa?rel=0" title="La reunión"></iframe>`, []string{"player youtube:aaaaaaaaaaa La reunión"}},
		"without a scheme":                {`<iframe src="//www.youtube-nocookie.com/embed/aaaaaaaaaaa">`, []string{"player youtube:aaaaaaaaaaa"}},
		"escaped as in feeds":             {`<iframe src="https://www.youtube.com/watch?feature=x&amp;v=aaaaaaaaaaa">`, []string{"player youtube:aaaaaaaaaaa"}},
		"a frame that is late":            {`<iframe src="about:blank" data-src="https://player.vimeo.com/video/12345678">`, []string{"player vimeo:12345678"}},
		"late, WP Rocket":                 {`<div class="rll-youtube-player" data-src="https://www.youtube.com/embed/aaaaaaaaaaa" data-id="aaaaaaaaaaa"></div>`, []string{"facade youtube:aaaaaaaaaaa"}},
		"late, LiteSpeed":                 {`<iframe data-litespeed-src="https://www.youtube.com/embed/aaaaaaaaaaa">`, []string{"player youtube:aaaaaaaaaaa"}},
		"behind a consent banner":         {`<iframe data-cmp-src="https://www.youtube.com/embed/aaaaaaaaaaa" class="cmplazyload">`, []string{"player youtube:aaaaaaaaaaa"}},
		"a document in an attribute":      {`<iframe srcdoc="<a href='https://youtu.be/aaaaaaaaaaa'>ver</a>"></iframe>`, []string{"link youtube:aaaaaaaaaaa ver"}},
		"for browsers without frames":     {`<noscript><iframe src="https://www.youtube.com/embed/aaaaaaaaaaa"></iframe></noscript>`, []string{"player youtube:aaaaaaaaaaa"}},
		"an old object":                   {`<object><param name="movie" value="https://www.youtube.com/v/aaaaaaaaaaa?fs=1"><embed src="https://www.youtube.com/v/aaaaaaaaaaa"></object>`, []string{"player youtube:aaaaaaaaaaa"}},
		"lite-youtube":                    {`<lite-youtube videoid="aaaaaaaaaaa" playlabel="Reproducir: la reunión" params="start=90"></lite-youtube>`, []string{"facade youtube:aaaaaaaaaaa Reproducir: la reunión"}},
		"lite-vimeo":                      {`<lite-vimeo videoid="12345678"></lite-vimeo>`, []string{"facade vimeo:12345678"}},
		"AMP":                             {`<amp-youtube data-videoid="aaaaaaaaaaa" width=480></amp-youtube>`, []string{"facade youtube:aaaaaaaaaaa"}},
		"AMP, Dailymotion":                {`<amp-dailymotion data-videoid="x2m8jpp"></amp-dailymotion>`, []string{"facade dailymotion:x2m8jpp"}},
		"Plyr":                            {`<div data-plyr-provider="youtube" data-plyr-embed-id="aaaaaaaaaaa"></div>`, []string{"facade youtube:aaaaaaaaaaa"}},
		"settings in JSON":                {`<div class="elementor-widget-video" data-settings='{"youtube_url":"https:\/\/youtu.be\/aaaaaaaaaaa","x":1}'></div>`, []string{"facade youtube:aaaaaaaaaaa"}},
		"the player's own script":         {`<script>new YT.Player('p', { videoId: 'aaaaaaaaaaa' })</script>`, []string{"facade youtube:aaaaaaaaaaa"}},
		"a media element":                 {`<video><source src="/media/a.mp4" type="video/mp4"></video>`, []string{"player webfile:https://news.example.org/media/a.mp4"}},
		"a link":                          {`<a href="https://youtu.be/aaaaaaaaaaa?t=30">el <b>video</b></a>`, []string{"link youtube:aaaaaaaaaaa el video"}},
		"a picture that links":            {`<a href="https://youtu.be/aaaaaaaaaaa"><img alt="Dos presidentes" src="x.jpg"></a>`, []string{"link youtube:aaaaaaaaaaa Dos presidentes"}},
		"an address on its own line":      {"<p>\nhttps://www.youtube.com/watch?v=aaaaaaaaaaa\n</p>", []string{"address youtube:aaaaaaaaaaa"}},
		"a block of WordPress":            {`<!-- wp:embed {"url":"https://youtu.be/aaaaaaaaaaa","type":"video"} /-->`, []string{"address youtube:aaaaaaaaaaa"}},
		"structured data":                 {`<script type="application/ld+json">{"@graph":[{"@type":["VideoObject"],"name":"La reunión","embedUrl":"https://www.youtube.com/embed/aaaaaaaaaaa"}]}</script>`, []string{"metadata youtube:aaaaaaaaaaa La reunión"}},
		"Open Graph":                      {`<meta property="og:video:url" content="https://www.youtube.com/embed/aaaaaaaaaaa">`, []string{"metadata youtube:aaaaaaaaaaa"}},
		"a thumbnail":                     {`<img src="https://i.ytimg.com/vi/aaaaaaaaaaa/hqdefault.jpg">`, []string{"picture youtube:aaaaaaaaaaa"}},
		"a thumbnail in a style":          {`<div style="background:url(https://img.youtube.com/vi/aaaaaaaaaaa/0.jpg)">`, []string{"picture youtube:aaaaaaaaaaa"}},
		"a playlist, which is no video":   {`<iframe src="https://www.youtube.com/embed/videoseries?list=PL1">`, []string{"player no video at https://www.youtube.com/embed/videoseries?list=PL1"}},
		"a link to a playlist is nothing": {`<a href="https://www.youtube.com/playlist?list=PL1">x</a>`, nil},
		"our figure":                      {`<figure><a href="` + own + `/v/` + kept + `?lang=es"><img src="` + own + `/p/` + kept + `/640.jpg" alt="x"></a></figure>`, []string{"snippet " + kept + " x"}},
		"our frame":                       {`<iframe src="` + own + `/e/` + kept + `" title="x"></iframe>`, []string{"snippet " + kept + " x"}},
		"our frame of earlier days":       {`<iframe src="https://old.example.org/e/` + kept + `"></iframe>`, []string{"snippet " + kept}},
		"a link to our page":              {`<a href="` + own + `/v/` + kept + `">x</a>`, []string{"link " + kept + " x"}},
		"somebody else's page like ours":  {`<iframe src="https://evil.example/e/` + kept + `"></iframe>`, nil},
		"script's text":                   {`<script>var a = "<iframe src='https://youtu.be/aaaaaaaaaaa'>"</script>`, nil},
		"other schemes":                   {`<iframe src="javascript:alert(1)"></iframe><a href="data:text/html,https://youtu.be/aaaaaaaaaaa">x</a>`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := read(t, tt.page); !slices.Equal(got, tt.want) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOneVideoIsListedOnceInItsMostTellingForm(t *testing.T) {
	page := `<img src="https://i.ytimg.com/vi/aaaaaaaaaaa/hqdefault.jpg">
		<a href="https://youtu.be/aaaaaaaaaaa">la reunión</a>
		<iframe src="https://www.youtube.com/embed/aaaaaaaaaaa?start=5"></iframe>`
	found := scan.HTML([]byte(page), options(t)).Found
	if len(found) != 1 || found[0].Form != scan.Player || found[0].Times != 3 || found[0].Label != "la reunión" || found[0].Reference.Start != 5 {
		t.Errorf("found %+v", found)
	}
}

func TestThePageSaysWhatItIs(t *testing.T) {
	page := `<html lang="es-SV"><head><title>Dos
		reuniones</title><link rel="canonical" href="/2025/canonical"><meta property="og:title" content="Dos reuniones en la Casa Blanca"></head>
		<body><base href="https://cdn.example.org/"><iframe src="https://widgets.example.com/x"></iframe><iframe src="https://widgets.example.com/x"></iframe></body>`
	d := scan.HTML([]byte(page), options(t))
	if d.Title != "Dos reuniones en la Casa Blanca" || d.Language != "es-SV" || d.Canonical != "https://news.example.org/2025/canonical" {
		t.Errorf("got %q, %q, %q", d.Title, d.Language, d.Canonical)
	}
	if !slices.Equal(d.Strangers, []string{"https://widgets.example.com/x"}) {
		t.Errorf("strangers: %q", d.Strangers)
	}
}

func TestRelativeAddressesFollowTheBase(t *testing.T) {
	page := `<base href="https://cdn.example.org/films/"><video src="a.mp4"></video>`
	if got := read(t, page); !slices.Equal(got, []string{"player webfile:https://cdn.example.org/films/a.mp4"}) {
		t.Errorf("found %q", got)
	}
	unplaced := options(t)
	unplaced.Base = ""
	if d := scan.HTML([]byte(`<base href="/x/"><video src="a.mp4"></video><iframe src="//youtu.be/aaaaaaaaaaa">`), unplaced); len(d.Found) != 1 {
		t.Errorf("of a page without an address: %+v", d.Found)
	}
}

func TestWhatIsShownIsToldFromWhatIsMentioned(t *testing.T) {
	for form, shown := range map[scan.Form]bool{
		scan.Snippet: true, scan.Player: true, scan.Facade: true, scan.Address: true, scan.Metadata: true, scan.Link: false, scan.Picture: false, "": false,
	} {
		if form.Shown() != shown {
			t.Errorf("%q: %t", form, form.Shown())
		}
	}
}

func TestAFloodOfAddressesIsCut(t *testing.T) {
	var page strings.Builder
	for n := range 3000 {
		fmt.Fprintf(&page, `<iframe src="https://www.youtube.com/embed/%011d"></iframe><iframe src="https://x.example/%d"></iframe>`, n, n)
	}
	d := scan.HTML([]byte(page.String()), options(t))
	if len(d.Found) != 2000 || !d.Cut || len(d.Strangers) != 2000 {
		t.Errorf("%d found, cut %t, %d strangers", len(d.Found), d.Cut, len(d.Strangers))
	}
}

func TestFramesWithinFramesEnd(t *testing.T) {
	page := `<iframe src="https://youtu.be/aaaaaaaaaaa">`
	for range 12 {
		page = `<iframe srcdoc="` + strings.NewReplacer("&", "&amp;", `"`, "&quot;").Replace(page) + `"></iframe>`
	}
	if got := read(t, page); len(got) != 0 {
		t.Errorf("twelve documents deep it found %q", got)
	}
}

func TestWithoutPlatformsOurOwnAreFoundStill(t *testing.T) {
	d := scan.HTML([]byte(`<iframe src="https://youtu.be/aaaaaaaaaaa"></iframe><iframe src="`+own+`/e/`+kept+`">`), scan.Options{Own: []string{own + "/"}})
	if len(d.Found) != 1 || d.Found[0].Video != archive.VideoID(kept) {
		t.Errorf("found %+v", d.Found)
	}
}

// Bytes of strangers: whatever they are, reading ends, and what is found is clean.
func FuzzHTML(f *testing.F) {
	f.Add(`<iframe src="https://www.youtube.com/embed/aaaaaaaaaaa" title="x"></iframe>`)
	f.Add(`<a href="https://youtu.be/aaaaaaaaaaa"><lite-youtube videoid="aaaaaaaaaaa" params="start=9">`)
	f.Add(`<script type="application/ld+json">{"@type":"VideoObject","embedUrl":"https://youtu.be/aaaaaaaaaaa"}</script>`)
	f.Add(`<base href="//x"><iframe srcdoc="&lt;iframe srcdoc=1&gt;">`)
	f.Add("<!-- wp:embed {\"url\":\"https:\\/\\/youtu.be\\/aaaaaaaaaaa\"} --><div data-x='http://[::1'>\xff")
	f.Fuzz(func(t *testing.T, page string) {
		began := time.Now()
		d := scan.HTML([]byte(page), options(t))
		if time.Since(began) > 10*time.Second {
			t.Fatalf("%d bytes took %s", len(page), time.Since(began))
		}
		for _, found := range d.Found {
			if !strings.HasPrefix(found.Address, "http://") && !strings.HasPrefix(found.Address, "https://") {
				t.Fatalf("an address of no web: %q", found.Address)
			}
			if strings.ContainsAny(found.Label, "\n\r\t") || len(found.Label) > 204 || found.Times < 1 {
				t.Fatalf("found %+v", found)
			}
			if found.Problem == nil && (found.Video == "") == (found.Reference.Key.ID == "") {
				t.Fatalf("neither ours nor a platform's, or both: %+v", found)
			}
		}
	})
}
