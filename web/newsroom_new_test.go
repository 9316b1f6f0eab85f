package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/web"
)

// painted is the toy platform with fields and a picture to each video.
type painted struct {
	toy
	language string
	picture  []byte
}

func (p painted) Fetch(ctx context.Context, ref archive.Reference) (archive.Fetched, error) {
	f, err := p.toy.Fetch(ctx, ref)
	f.Fields = archive.Fields{Title: "Encuentro " + hostile, Channel: "Un canal", Seconds: 3723, Language: p.language}
	f.Pictures = []archive.Picture{{Width: 120, Data: []byte("too small to be chosen")}, {Width: 960, Data: p.picture}}
	return f, err
}

func pngPicture(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 960, 540))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAnAddressShowsAtOnceWhatItIs(t *testing.T) {
	s := newSite(t, withLibrary(painted{language: "es-419", picture: pngPicture(t)}))
	before := len(s.shelf.videos)
	page := s.open(t, "/new?lang=en&url=https://toy.example/fresh")
	preview := words(all(parsed(t, page), class("preview"))[0])
	for _, want := range []string{"Encuentro", "Un canal", "1:02:03", "Live", "toy"} {
		if !strings.Contains(preview, want) {
			t.Errorf("the preview %q lacks %q", preview, want)
		}
	}
	form := typed(t, page, "/videos")
	if form.Get("url") != "https://toy.example/fresh" || !strings.HasPrefix(form.Get("title.es"), "Encuentro") || form.Get("title.en") != "" || form.Get("language") != "es" {
		t.Errorf("the form begins with %v", form)
	}
	if len(s.shelf.videos) != before {
		t.Error("looking registers")
	}
}

func TestPreviewShowsThePictureEncodedAnew(t *testing.T) {
	s := newSite(t, withLibrary(painted{picture: pngPicture(t)}))
	images := all(parsed(t, s.open(t, "/new?url=https://toy.example/fresh")), tag("img"))
	if len(images) != 1 {
		t.Fatalf("%d pictures", len(images))
	}
	data, ok := strings.CutPrefix(attr(images[0], "src"), "data:image/jpeg;base64,")
	if !ok {
		t.Fatalf("the picture is at %.80s", attr(images[0], "src"))
	}
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	if err != nil || config.Width != 640 {
		t.Errorf("a picture %d wide: %v", config.Width, err)
	}
}

func TestPreviewGoesWithoutAPictureThatIsNone(t *testing.T) {
	s := newSite(t, withLibrary(painted{picture: []byte("<svg onload=alert(1)>")}))
	if page := s.open(t, "/new?url=https://toy.example/fresh"); len(all(parsed(t, page), tag("img"))) != 0 {
		t.Error("bytes that nobody can read became a picture")
	}
}

func TestPlatformsLanguagesThatTheFormHasNotAreNotTaken(t *testing.T) {
	for _, language := range []string{"", "e", "s", "pt-BR", " ", "<b>"} {
		s := newSite(t, withLibrary(painted{language: language}))
		if form := typed(t, s.open(t, "/new?lang=en&url=https://toy.example/fresh"), "/videos"); form.Get("language") != "en" || form.Get("title.en") == "" {
			t.Errorf("language %q: the form begins with %v", language, form)
		}
	}
}

func TestPreviewTroubleDoesNotBlockRegistering(t *testing.T) {
	s := newSite(t)
	page := s.open(t, "/new?lang=en&url=https://toy.example/unreachable")
	if !strings.Contains(page, "registered all the same") || !strings.Contains(page, "no answer in time") {
		t.Errorf("no word on what is the matter: %s", page)
	}
	r := s.submit(t, "/videos?lang=en", typed(t, page, "/videos"))
	page = text(t, r)
	if r.StatusCode != 201 || !strings.Contains(page, "no answer in time") || !strings.Contains(page, "&lt;iframe") {
		t.Errorf("got %d; the page does not say what could not be fetched, or has no snippet: %s", r.StatusCode, page)
	}
	s.open(t, r.Header.Get("Location"))
	if to := redirected(t, s.submit(t, "/videos", url.Values{"url": {"https://toy.example/unreachable"}})); to != r.Header.Get("Location")+"?done=known" {
		t.Errorf("sent again, the form leads to %s", to)
	}
}

// blind is a library whose previews fail.
type blind struct{ *archive.Library }

func (blind) Preview(context.Context, string) (archive.Preview, error) {
	return archive.Preview{}, errors.New("reading /var/lib/secret: no")
}

func TestPreviewThatFailsLeavesTheForm(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Library = blind{newLibrary(o.Catalog.(*shelf))} })
	page := s.open(t, "/new?lang=es&url=https://toy.example/fresh")
	if !strings.Contains(page, "de todos modos") || strings.Contains(page, "secret") {
		t.Errorf("the page says %s", page)
	}
	if form := typed(t, page, "/videos"); form.Get("url") != "https://toy.example/fresh" {
		t.Errorf("the form is %v", form)
	}
}

func TestAnAddressOfNoVideoGetsAWordBesideIt(t *testing.T) {
	s := newSite(t)
	for address, want := range map[string]map[string]string{
		"nonsense":             {"en": "No known platform", "es": "Ninguna plataforma conocida"},
		"ftp://x.example/a":    {"en": "No known platform", "es": "Ninguna plataforma conocida"},
		"https://toy.example/": {"en": "one video's own page", "es": "la página de un video"},
	} {
		for lang, says := range want {
			r := s.get(t, "/new?lang="+lang+"&url="+url.QueryEscape(address), bearer())
			page := text(t, r)
			if r.StatusCode != 422 || !strings.Contains(besides(t, page, "url"), says) {
				t.Errorf("%s in %s: %d, beside the field: %q", address, lang, r.StatusCode, besides(t, page, "url"))
			}
			if typed(t, page, "/new").Get("url") != address {
				t.Errorf("%s: what was typed is lost", address)
			}
			if strings.Contains(page, `name="title.es"`) {
				t.Errorf("%s: the page asks for words about nothing", address)
			}
		}
	}
}

// whole is a form with everything filled in.
func whole() url.Values {
	return url.Values{
		"url": {"https://toy.example/fresh"}, "title.es": {"Reunión"}, "title.en": {"Meeting"},
		"caption.es": {"Dos\r\nlíneas"}, "caption.en": {"Caption"}, "alt.es": {"Una sala"}, "alt.en": {"A room"},
		"language": {"es"}, "eventDate": {"2019-09-25"}, "article": {"https://example.org/story"},
	}
}

func TestRegisteringKeepsTheWordsAndLeadsToTheSnippet(t *testing.T) {
	s := newSite(t)
	to := redirected(t, s.submit(t, "/videos?lang=es", whole()))
	id, lang, _ := strings.Cut(strings.TrimPrefix(to, "/new?saved="), "&")
	if lang != "lang=es" {
		t.Errorf("to %s", to)
	}
	v := s.shelf.videos[archive.VideoID(id)]
	if v.Title["es"] != "Reunión" || v.Title["en"] != "Meeting" || v.Caption["es"] != "Dos\nlíneas" || v.Alt["en"] != "A room" || v.DefaultLanguage != "es" || v.EventDate != "2019-09-25" {
		t.Errorf("kept: %+v", v)
	}
	if len(s.shelf.placed) != 1 || s.shelf.placed[0].URL != "https://example.org/story" {
		t.Errorf("articles: %+v", s.shelf.placed)
	}
	page := s.open(t, to)
	if !strings.Contains(page, "Copie el código en el artículo") || !strings.Contains(page, "&lt;iframe") {
		t.Error("the page has no snippet, or does not say what to do with it")
	}
}

func TestRegisteringAKnownSourceLeadsToItsVideo(t *testing.T) {
	s := newSite(t)
	to := redirected(t, s.submit(t, "/videos", url.Values{"url": {"https://toy.example/one"}, "language": {"en"}, "article": {"https://example.org/story"}}))
	if to != "/videos/"+string(pictured)+"?done=known" {
		t.Fatalf("to %s", to)
	}
	if v := s.shelf.videos[pictured]; v.Title["es"] != "Reunión" || v.Revision != 1 {
		t.Error("registering again changed the words")
	}
	if len(s.shelf.placed) != 1 {
		t.Error("the article is not noted")
	}
	if page := s.open(t, to+"&lang=es"); !strings.Contains(page, "ya estaba registrado") {
		t.Error("nothing says that it was known")
	}
}

// Two register one video at once, each with words of their own: the second chooses.
func TestWordsTypedForAVideoThatIsKnownAreNotLost(t *testing.T) {
	s := newSite(t)
	form := whole()
	form.Set("url", "https://toy.example/one")
	form.Set("title.es", "Otra reunión")
	r := s.submit(t, "/videos?lang=es", form)
	page := text(t, r)
	sent := typed(t, page, "/videos/"+string(pictured))
	if r.StatusCode != 409 || sent.Get("title.es") != "Otra reunión" || sent.Get("pick.title.es") == "" || sent.Get("revision") != "1" {
		t.Fatalf("%d: %v", r.StatusCode, sent)
	}
	if v := s.shelf.videos[pictured]; v.Title["es"] != "Reunión" || v.Revision != 1 {
		t.Error("something was saved before anybody chose")
	}
}

func TestErrorsStandBesideTheirFieldAndCostNoWork(t *testing.T) {
	for name, tt := range map[string]struct{ field, value, es, en string }{
		"a date":     {"eventDate", "el miércoles", "2019-09-25", "2019-09-25"},
		"a language": {"language", "x1", "BCP 47", "BCP 47"},
		"an article": {"article", "not an address", "completa", "full address"},
		"a title":    {"title.es", strings.Repeat("á", 9<<10), "demasiado largo", "too long"},
		"an address": {"url", "nonsense", "Ninguna plataforma", "No known platform"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			before := len(s.shelf.videos)
			form := whole()
			form.Set(tt.field, tt.value)
			for lang, want := range map[string]string{"es": tt.es, "en": tt.en} {
				r := s.submit(t, "/videos?lang="+lang, form)
				page := text(t, r)
				if got := besides(t, page, tt.field); r.StatusCode != 422 || !strings.Contains(got, want) {
					t.Errorf("%s: %d, beside the field: %q, want %q", lang, r.StatusCode, got, want)
				}
				for field, values := range typed(t, page, "/videos") {
					if want := strings.ReplaceAll(form.Get(field), "\r\n", "\n"); values[0] != want {
						t.Errorf("%s was %q and is %q", field, want, values[0])
					}
				}
			}
			if len(s.shelf.videos) != before {
				t.Error("it was registered all the same")
			}
		})
	}
}

func TestAFormThatIsNoneIsRefused(t *testing.T) {
	if r := newSite(t).ask(t, "POST", "/videos", "url=%zz", bearer()); r.StatusCode != 400 {
		t.Errorf("got %d", r.StatusCode)
	}
}
