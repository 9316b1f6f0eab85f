package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/internal/safehttp"
	"videoteca/internal/webpage"
	"videoteca/web"
)

// press is a newspaper whose pages a test wrote, by address.
type press map[string]string

// Read implements web.Articles.
func (p press) Read(_ context.Context, address string) (webpage.Page, error) {
	switch page, ok := p[address]; {
	case ok:
		return webpage.Page{Address: address, HTML: []byte(page)}, nil
	case strings.Contains(address, "10.0.0.1"):
		return webpage.Page{}, fmt.Errorf("%w: %w", webpage.ErrAway, &safehttp.RefusedError{Address: address, Problem: "private"})
	case strings.HasSuffix(address, ".pdf"):
		return webpage.Page{}, webpage.ErrNoHTML
	case strings.HasSuffix(address, "/silent"):
		return webpage.Page{}, webpage.ErrAway
	}
	return webpage.Page{}, webpage.ErrStatus
}

const storyAddress = "https://news.example.org/story"

// article has a player of a video that is new, a link to one that is known, our own figure, a playlist, and a stranger.
const article = `<html lang="es-SV"><title>Dos reuniones</title><link rel="canonical" href="https://news.example.org/story">
	<iframe src="https://toy.example/fresh" title="La primera"></iframe>
	<a href="https://toy.example/one">la segunda</a>
	<figure><a href="` + baseURL + `/v/` + string(pictured) + `"><img src="x.jpg" alt="nuestra"></a></figure>
	<iframe src="https://toy.example/"></iframe><iframe src="https://widgets.example/1"></iframe>`

func withPress(o *web.Options) {
	o.Articles = press{storyAddress: article, "https://news.example.org/none": "<p>x"}
}

// row is one video in the list of those found.
type row struct {
	name, address, says string
	ticked              bool
}

func rows(t testing.TB, page string) (list []row) {
	t.Helper()
	for _, ul := range all(parsed(t, page), class("finds")) {
		for _, li := range all(ul, tag("li")) {
			r := row{says: words(li)}
			for _, box := range all(li, tag("input")) {
				r.address = attr(box, "value")
				r.ticked = slices.ContainsFunc(box.Attr, func(a html.Attribute) bool { return a.Key == "checked" })
			}
			r.name = words(all(li, func(n *html.Node) bool { return attr(n, "dir") == "auto" })[0])
			list = append(list, r)
		}
	}
	return list
}

func TestAnArticlesAddressListsItsVideos(t *testing.T) {
	s := newSite(t, withPress)
	page := s.open(t, "/new?lang=en&url="+storyAddress)
	got := rows(t, page)
	if len(got) != 4 {
		t.Fatalf("%d rows: %+v", len(got), got)
	}
	for i, want := range []row{
		{"La primera", "https://toy.example/fresh", "player", true},
		{"la segunda", "https://toy.example/one", "already here", false},
		{"nuestra", "https://toy.example/two", "our own embed", true},
		{"https://toy.example/", "", "names no single video", false},
	} {
		if got[i].name != want.name || got[i].address != want.address || got[i].ticked != want.ticked || !strings.Contains(got[i].says, want.says) {
			t.Errorf("row %d is %+v, want %+v", i, got[i], want)
		}
	}
	form := typed(t, page, "/new/many")
	if form.Get("article") != storyAddress || form.Get("language") != "es-SV" || form.Get("articleTitle") != "Dos reuniones" {
		t.Errorf("of the article: %v", form)
	}
	if !strings.Contains(page, "has one more frame") {
		t.Error("no word of the frame that nobody knows")
	}
	if len(s.shelf.placed) != 0 {
		t.Error("looking changes something")
	}
}

func TestWhatIsTickedIsRegisteredWithItsArticle(t *testing.T) {
	s := newSite(t, withPress)
	form := url.Values{"url": {"https://toy.example/fresh", "https://toy.example/one"}, "article": {storyAddress}, "articleTitle": {"Dos reuniones"}, "language": {"es"}}
	to := redirected(t, s.submit(t, "/new/many?lang=es", form))
	ids := strings.Split(strings.TrimSuffix(strings.TrimPrefix(to, "/new?saved="), "&lang=es"), ",")
	if len(ids) != 2 || ids[1] != string(pictured) {
		t.Fatalf("to %s", to)
	}
	if v := s.shelf.videos[archive.VideoID(ids[0])]; v.DefaultLanguage != "es" || v.Sources[0].URL != "https://toy.example/fresh" {
		t.Errorf("kept: %+v", v)
	}
	if len(s.shelf.placed) != 2 || s.shelf.placed[0].URL != storyAddress || s.shelf.placed[0].Title != "Dos reuniones" {
		t.Errorf("articles: %+v", s.shelf.placed)
	}
	page := s.open(t, to)
	if strings.Count(page, `data-snippet="article"`) != 2 || !strings.Contains(page, "2 videos registrados") {
		t.Errorf("the page of the snippets: %s", page)
	}
}

func TestAListOfAddressesSaysOfEachWhatItIs(t *testing.T) {
	s := newSite(t)
	pasted := "https://toy.example/fresh\nhttps://toy.example/one\nhttps://toy.example/\nhttps://elsewhere.example/x\nhttps://toy.example/fresh?again=1"
	r := s.submit(t, "/new?lang=es", url.Values{"url": {pasted}})
	page := text(t, r)
	got := rows(t, page)
	if r.StatusCode != 200 || len(got) != 5 || typed(t, page, "/new").Get("url") != pasted {
		t.Fatalf("%d, %+v", r.StatusCode, got)
	}
	for i, want := range []string{"https://toy.example/fresh", "ya registrado", "un solo video", "Ninguna plataforma", "https://toy.example/fresh?again=1"} {
		if !strings.Contains(got[i].says, want) {
			t.Errorf("row %d says %q, want %q", i, got[i].says, want)
		}
	}
	if !got[0].ticked || got[1].ticked || got[2].address != "" || got[3].address != "" {
		t.Errorf("ticked: %+v", got)
	}
}

func TestAListNamesWhatIsKnownInThePagesLanguage(t *testing.T) {
	s := newSite(t)
	pasted := "https://toy.example/fresh\nhttps://toy.example/one"
	for lang, title := range map[string]string{"en": "Meeting", "es": "Reunión"} {
		got := rows(t, text(t, s.submit(t, "/new?lang="+lang, url.Values{"url": {pasted}})))
		if len(got) != 2 || !strings.Contains(got[1].says, title) {
			t.Errorf("%s: %+v", lang, got)
		}
	}
}

func TestMarkupIsReadToo(t *testing.T) {
	s := newSite(t)
	page := text(t, s.submit(t, "/new?lang=en", url.Values{"url": {`<iframe src="https://toy.example/fresh" title="x"></iframe>`}}))
	if got := rows(t, page); len(got) != 1 || got[0].address != "https://toy.example/fresh" || !got[0].ticked {
		t.Errorf("found %+v", got)
	}
	r := s.submit(t, "/new?lang=en", url.Values{"url": {`<p>nothing</p>`}})
	if page := text(t, r); r.StatusCode != 422 || !strings.Contains(besides(t, page, "url"), "no video in this code") {
		t.Errorf("%d, %q", r.StatusCode, besides(t, page, "url"))
	}
}

// silent is a platform that must not be asked.
type silent struct {
	toy
	t *testing.T
}

func (s silent) Fetch(context.Context, archive.Reference) (archive.Fetched, error) {
	s.t.Error("the platform was asked for a video that is known")
	return archive.Fetched{}, errors.New("asked")
}

func TestAKnownVideoIsShownAsSoonAsItsAddressIsPasted(t *testing.T) {
	s := newSite(t, withLibrary(silent{t: t}))
	for _, address := range []string{"https://toy.example/one", baseURL + "/v/" + string(pictured) + "?lang=en", baseURL + "/e/" + string(pictured), baseURL + "/videos/" + string(pictured) + "/evidence?lang=es#history"} {
		page := s.open(t, "/new?lang=es&url="+url.QueryEscape(address))
		if !strings.Contains(page, "Este video ya está registrado") || !strings.Contains(page, "/videos/"+string(pictured)) || !strings.Contains(page, `data-snippet="article"`) {
			t.Errorf("%s: %s", address, page)
		}
		if form := typed(t, page, "/videos"); form.Get("url") != "https://toy.example/two" {
			t.Errorf("%s: another article cannot be noted: %v", address, form)
		}
	}
}

func TestWhyAnArticleCannotBeReadStandsBesideTheField(t *testing.T) {
	s := newSite(t, withPress)
	for address, want := range map[string]string{
		"http://10.0.0.1/": "private network", "https://news.example.org/a.pdf": "no web page", "https://news.example.org/nowhere": "not there",
		"https://news.example.org/silent": "did not answer", "https://news.example.org/none": "No video was found",
	} {
		r := s.get(t, "/new?lang=en&url="+url.QueryEscape(address), bearer())
		if got := besides(t, text(t, r), "url"); r.StatusCode != 422 || !strings.Contains(got, want) {
			t.Errorf("%s: %d, %q", address, r.StatusCode, got)
		}
	}
}

func TestWhatIsWrongWithManyChangesNothing(t *testing.T) {
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprintf("https://toy.example/%d", i)
	}
	for name, tt := range map[string]struct {
		form url.Values
		want string
	}{
		"nothing ticked": {url.Values{"article": {storyAddress}}, "Nothing was ticked"},
		"an article":     {url.Values{"url": {"https://toy.example/fresh"}, "article": {"no address"}}, "full address"},
		"a language":     {url.Values{"url": {"https://toy.example/fresh"}, "article": {storyAddress}, "language": {"x1"}}, "BCP 47"},
		"too many":       {url.Values{"url": many}, "At most 100"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			before := len(s.shelf.videos)
			r := s.submit(t, "/new/many?lang=en", tt.form)
			if page := text(t, r); r.StatusCode != 422 || !strings.Contains(page, tt.want) {
				t.Errorf("%d: %s", r.StatusCode, page)
			}
			if len(s.shelf.videos) != before {
				t.Error("something was registered all the same")
			}
		})
	}
}

func TestOneOfManyThatFailsStopsNoOther(t *testing.T) {
	s := newSite(t)
	r := s.submit(t, "/new/many?lang=es", url.Values{"url": {"https://toy.example/fresh", "nonsense", "https://toy.example/unreachable"}})
	page := text(t, r)
	if r.StatusCode != http.StatusOK || strings.Count(page, `data-snippet="article"`) != 2 || !strings.Contains(page, "No registrados") || !strings.Contains(page, "no answer in time") {
		t.Errorf("%d: %s", r.StatusCode, page)
	}
	if again := typed(t, page, "/new").Get("url"); again != "nonsense" {
		t.Errorf("the form for another try has %q", again)
	}
}

func TestSuggestionsStandBesideTheirFields(t *testing.T) {
	s := newSite(t, withLibrary(talkative{}))
	page := s.open(t, "/new?lang=en&url=https://toy.example/fresh")
	offered := map[string]string{}
	for _, button := range all(parsed(t, page), func(n *html.Node) bool { return attr(n, "data-use") != "" }) {
		offered[attr(button, "data-use")] = attr(button, "data-value")
	}
	if offered["caption.es"] != "El presidente se reunió con su homólogo." || offered["eventDate"] != "2019-09-25" || len(offered) != 2 {
		t.Errorf("offered: %v", offered)
	}
	if form := typed(t, page, "/videos"); form.Get("caption.es") != "" || form.Get("eventDate") != "" {
		t.Errorf("what nobody confirmed stands in the form: %v", form)
	}
}

// talkative is a platform whose video says much.
type talkative struct{ toy }

func (p talkative) Fetch(ctx context.Context, ref archive.Reference) (archive.Fetched, error) {
	f, err := p.toy.Fetch(ctx, ref)
	f.Fields = archive.Fields{Title: "Reunión, 25 de septiembre de 2019", Description: "#live\nEl presidente se reunió con su homólogo.", Language: "es"}
	return f, err
}

func TestSnippetsOfNoVideoAreNotShown(t *testing.T) {
	s := newSite(t)
	for saved, want := range map[string]int{"nonsense": 400, "0000000000zz": 404, string(pictured) + ",": 400, string(pictured): 200} {
		if r := s.get(t, "/new?saved="+saved, bearer()); r.StatusCode != want {
			t.Errorf("%q: %d", saved, r.StatusCode)
		}
	}
}

func TestProgramsScanDocumentsToo(t *testing.T) {
	s := newSite(t, withPress)
	read := func(body string) web.APIDocument {
		t.Helper()
		r := s.ask(t, "POST", "/api/v1/scan", body, bearer())
		if r.StatusCode != 200 {
			t.Fatalf("%d: %s", r.StatusCode, text(t, r))
		}
		return decode[web.APIDocument](t, r)
	}
	d := read(`{"url":"` + storyAddress + `"}`)
	if d.Title != "Dos reuniones" || d.Language != "es-SV" || d.Article != storyAddress || len(d.Items) != 4 || len(d.Strangers) != 1 {
		t.Fatalf("got %+v", d)
	}
	if first := d.Items[0]; first.Source != "toy:fresh" || first.Video != "" || first.Form != "player" || first.Label != "La primera" {
		t.Errorf("the first: %+v", first)
	}
	if d.Items[1].Video != string(pictured) || d.Items[2].Video != string(pictured) || d.Items[2].Source != "" || d.Items[3].Problem == "" {
		t.Errorf("the others: %+v", d.Items[1:])
	}
	if d := read(`{"html":"<iframe src=https://toy.example/fresh>"}`); len(d.Items) != 1 {
		t.Errorf("of the document itself: %+v", d)
	}
	for body, want := range map[string]string{
		`{}`: "no address", `{"url":"nonsense"}`: "http://", `{"url":"http://10.0.0.1/"}`: "private network", `{"url":"x","html":"<p>"}`: "http://",
	} {
		if p := wantProblem(t, s.ask(t, "POST", "/api/v1/scan", body, bearer()), 422); len(p.Errors) != 1 || p.Errors[0].Location != "body.url" || !strings.Contains(p.Detail+p.Errors[0].Message, want) {
			t.Errorf("%s: %+v", body, p)
		}
	}
}
