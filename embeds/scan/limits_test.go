package scan_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"videoteca/archive"
	"videoteca/embeds/scan"
)

func TestStandInsSayWhereTheVideoBegins(t *testing.T) {
	for page, want := range map[string]float64{
		`<lite-youtube videoid="aaaaaaaaaaa" params="start=90&rel=0"></lite-youtube>`:           90,
		`<lite-youtube videoid="aaaaaaaaaaa" params="rel=0&amp;start=7"></lite-youtube>`:        7,
		`<div class="youtube" data-id="aaaaaaaaaaa" data-start="12"></div>`:                     12,
		`<lite-youtube videoid="aaaaaaaaaaa" videoStartAt="33"></lite-youtube>`:                 33,
		`<amp-youtube data-videoid="aaaaaaaaaaa" data-param-start="5"></amp-youtube>`:           5,
		`<lite-youtube videoid="aaaaaaaaaaa" params="start=soon"></lite-youtube>`:               0,
		`<lite-youtube videoid="aaaaaaaaaaa" params="start=99999999999"></lite-youtube>`:        0,
		`<lite-youtube videoid="aaaaaaaaaaa" params="%zz"></lite-youtube>`:                      0,
		`<iframe src="https://www.youtube.com/embed/aaaaaaaaaaa?start=90&end=120">`:             90,
		`<a href="https://youtu.be/aaaaaaaaaaa?t=1m30s">x</a>`:                                  90,
		`<lite-vimeo videoid="12345678" params="start=9"></lite-vimeo>`:                         0,
		`<script>new YT.Player("p", {playerVars: {start: 3}, videoId: "aaaaaaaaaaa"})</script>`: 0,
	} {
		found := scan.HTML([]byte(page), options(t)).Found
		if len(found) != 1 || float64(found[0].Reference.Start) != want {
			t.Errorf("%s: %+v", page, found)
		}
	}
}

func TestIdsThatAreNoneAreNotTaken(t *testing.T) {
	for _, page := range []string{
		`<lite-youtube videoid="short"></lite-youtube>`,
		`<lite-youtube videoid="twelve-chars"></lite-youtube>`,
		`<lite-youtube></lite-youtube>`,
		`<lite-vimeo videoid="x"></lite-vimeo>`,
		`<amp-dailymotion data-videoid="aaaaaaaaaaa"></amp-dailymotion>`,
		`<div data-id="aaaaaaaaaaa"></div>`, // of what?
		`<div class="player" data-video-id="aaaaaaaaaaa"></div>`,
		`<script>player({videoId: "aaaaaaaaaaa"})</script>`, // nobody's API that we know
		`<!-- https://youtu.be/aaaaaaaaaaa -->`,
		`<!-- wp:paragraph {"url":"https://youtu.be/aaaaaaaaaaa"} -->`,
		`<textarea>https://youtu.be/aaaaaaaaaaa</textarea>`,
		`<p>see https://youtu.be/aaaaaaaaaaa for more</p>`, // in a sentence, unlinked
		`<script type="application/ld+json">{"@type":"VideoObject","embedUrl":</script>`,
		`<script type="application/ld+json">{"@type":"Article","url":"https://youtu.be/aaaaaaaaaaa"}</script>`,
	} {
		if got := read(t, page); len(got) != 0 {
			t.Errorf("%s: found %q", page, got)
		}
	}
}

func TestStructuredDataIsFollowedWhereverItStands(t *testing.T) {
	for name, tt := range map[string]struct {
		json string
		want []string
	}{
		"a list":              {`[{"@type":"VideoObject","contentUrl":"/a.mp4"}]`, []string{"metadata webfile:https://news.example.org/a.mp4"}},
		"within an article":   {`{"@type":"NewsArticle","video":{"@type":"https://schema.org/VideoObject","name":"n","embedUrl":"https://youtu.be/aaaaaaaaaaa"}}`, []string{"metadata youtube:aaaaaaaaaaa n"}},
		"the player first":    {`{"@type":"VideoObject","embedUrl":"https://youtu.be/aaaaaaaaaaa","contentUrl":"https://youtu.be/bbbbbbbbbbb"}`, []string{"metadata youtube:aaaaaaaaaaa"}},
		"what nobody knows":   {`{"@type":"VideoObject","embedUrl":"https://x.example/1","url":"https://youtu.be/aaaaaaaaaaa"}`, []string{"metadata youtube:aaaaaaaaaaa"}},
		"figures for words":   {`{"@type":"VideoObject","name":7,"embedUrl":["https://youtu.be/aaaaaaaaaaa"]}`, nil},
		"of no type":          {`{"embedUrl":"https://youtu.be/aaaaaaaaaaa"}`, nil},
		"without end, nearly": {strings.Repeat(`{"a":`, 60) + `{"@type":"VideoObject","embedUrl":"https://youtu.be/aaaaaaaaaaa"}` + strings.Repeat("}", 60), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := read(t, `<script type="application/ld+json">`+tt.json+`</script>`); !slices.Equal(got, tt.want) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestADocumentInAFrameDoesNotSpeakForThePage(t *testing.T) {
	page := `<iframe srcdoc="<html lang=fr><title>Other</title><base href='https://other.example/'><link rel=canonical href='/x'><meta property='og:video' content='https://youtu.be/bbbbbbbbbbb'>"></iframe>
		<title>Ours</title><video src="a.mp4"></video>`
	d := scan.HTML([]byte(page), options(t))
	if d.Title != "Ours" || d.Language != "" || d.Canonical != "" {
		t.Errorf("got %q, %q, %q", d.Title, d.Language, d.Canonical)
	}
	if len(d.Found) != 1 || d.Found[0].Address != "https://news.example.org/2025/a.mp4" {
		t.Errorf("found %+v", d.Found)
	}
}

func TestLabelsAreOneShortLine(t *testing.T) {
	long := strings.Repeat("Reunión\n\t ", 60)
	found := scan.HTML([]byte(`<a href="https://youtu.be/aaaaaaaaaaa">`+long+`</a>`), options(t)).Found
	if label := found[0].Label; !strings.HasPrefix(label, "Reunión Reunión") || !strings.HasSuffix(label, "…") || len(label) > 210 || !utf8.ValidString(label) {
		t.Errorf("the label is %q", label)
	}
	found = scan.HTML([]byte("<a href=https://youtu.be/aaaaaaaaaaa>a\xffb</a>"), options(t)).Found
	if found[0].Label != "ab" {
		t.Errorf("the label is %q", found[0].Label)
	}
}

func TestWhatIsNoAddressOfTheWebIsPassedOver(t *testing.T) {
	for _, address := range []string{
		"", " ", "http://", "https:///path", "http://[::1", "ftp://youtu.be/aaaaaaaaaaa", "javascript:void(0)", "data:video/mp4,x",
		"https://youtu.be/aaaaaaaaaaa?" + strings.Repeat("x", 5000),
	} {
		for _, page := range []string{`<iframe src="` + address + `">`, `<a href="` + address + `">x</a>`, `<video src="` + address + `">`} {
			if d := scan.HTML([]byte(page), options(t)); len(d.Found) != 0 || len(d.Strangers) != 0 {
				t.Errorf("%.60s: %+v", page, d)
			}
		}
	}
}

func TestOneMoreMentionAddsOnlyWhatWasNotKnown(t *testing.T) {
	page := `<iframe src="https://www.youtube.com/embed/aaaaaaaaaaa" title="from the frame"></iframe><a href="https://youtu.be/aaaaaaaaaaa">from the link</a>`
	if got := read(t, page); !slices.Equal(got, []string{"player youtube:aaaaaaaaaaa from the frame"}) {
		t.Errorf("found %q", got)
	}
	untitled := `<iframe src="https://www.youtube.com/embed/aaaaaaaaaaa"></iframe><a href="https://youtu.be/aaaaaaaaaaa">from the link</a>`
	if got := read(t, untitled); !slices.Equal(got, []string{"player youtube:aaaaaaaaaaa from the link"}) {
		t.Errorf("found %q", got)
	}
}

func TestOurFigureIsKnownByItsShapeAloneAndALinkIsALink(t *testing.T) {
	for page, want := range map[string]scan.Form{
		`<a href="` + own + `/v/` + kept + `"><img src="x.jpg"></a>`:                         scan.Snippet, // laundered of figure, srcset and script
		`<a href="` + own + `/v/` + kept + `"><span><img src="x.jpg"></span></a>`:            scan.Snippet,
		`<p><a href="` + own + `/v/` + kept + `">x</a> <img src="x.jpg"></p>`:                scan.Link,
		`<a href="` + strings.ToUpper(own[:8]) + own[8:] + `/v/` + kept + `/?lang=es">x</a>`: scan.Link,
	} {
		found := scan.HTML([]byte(page), options(t)).Found
		if len(found) != 1 || found[0].Form != want || found[0].Video != archive.VideoID(kept) {
			t.Errorf("%s: %+v", page, found)
		}
	}
	for _, page := range []string{own + "/v/short", own + "/p/" + kept + "/640.jpg", own + "/videos/" + kept, own + "/v/"} {
		if found := scan.HTML([]byte(`<a href="`+page+`">x</a>`), options(t)).Found; len(found) != 0 {
			t.Errorf("%s: %+v", page, found)
		}
	}
}
