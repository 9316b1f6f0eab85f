package embeds_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"videoteca/archive"
	"videoteca/embeds"
)

func TestTheFigureBecomesThePlayerInPlace(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	s.visit("<p>Antes.</p>" + s.snippet(embeds.SnippetArticle, id, embeds.Asked{Start: 30, Captions: "es"}))
	s.until("embed(0, 'button.play')")
	if got := s.thirdParties(); len(got) > 0 {
		t.Errorf("before the click the page asked %q", got)
	}
	if got := value[string](s, "embed(0, 'button.play').getAttribute('aria-label')"); got != "Reproducir: Reunión en Nueva York" {
		t.Errorf("the button is named %q", got)
	}
	if got := value[string](s, "says(0, '.meta')"); got != "1:05YouTube" {
		t.Errorf("the facade tells %q", got)
	}

	// By the keyboard alone.
	s.do("pressing Tab and Enter", chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r"))
	s.until("says(0, '[role=status]') === 'El reproductor de YouTube está listo.'")
	if got := value[string](s, "hosts()[0].shadowRoot.activeElement.tagName"); got != "IFRAME" {
		t.Errorf("the focus is on %s", got)
	}
	frame := value[string](s, "embed(0, 'iframe').src")
	for _, want := range []string{s.platform.URL + "/embed/good?", "origin=" + strings.ReplaceAll(strings.ReplaceAll(s.article.URL, ":", "%3A"), "/", "%2F"), "start=30", "cc_lang_pref=es", "hl=es"} {
		if !strings.Contains(frame, want) {
			t.Errorf("the player's address %s has no %s", frame, want)
		}
	}
	for attribute, want := range map[string]string{"allow": embeds.PlayerAllow, "referrerpolicy": "strict-origin-when-cross-origin", "title": "Reproductor: Reunión en Nueva York"} {
		if got := value[string](s, fmt.Sprintf("embed(0, 'iframe').getAttribute(%q)", attribute)); got != want {
			t.Errorf("the frame's %s is %q", attribute, got)
		}
	}
	if got := value[int](s, "document.querySelectorAll('iframe').length + hosts()[0].shadowRoot.querySelectorAll('iframe').length"); got != 1 {
		t.Errorf("the page holds %d frames", got)
	}
	if got := s.thirdParties(); !slices.Equal(got, []string{s.platform.URL}) {
		t.Errorf("after the click the page asked %q", got)
	}
}

func TestEveryPlatformsPlayerIsHeard(t *testing.T) {
	s := newStand(t)
	for _, key := range []string{"youtube:good", "youtube:babble", "vimeo:76979871", "vimeo:76979871:8272103f6e", "peertube:abc", "peertube:babble", "dailymotion:x7tgad0", "web:" + s.platform.URL + "/a.webm"} {
		s.visit(s.snippet(embeds.SnippetArticle, s.add(key), embeds.Asked{}))
		s.press(0)
		s.until("says(0, '[role=status]').endsWith('está listo.')")
	}
}

func TestWhatIsFinalGoesToTheNextSourceAtOnceAndWhatMayPassIsTriedAgain(t *testing.T) {
	s := newStand(t)
	for first, tries := range map[string]int{
		"youtube:e100": 1, "youtube:e101": 1, "youtube:e150": 1,
		"youtube:e2": 2, "youtube:e5": 2, "youtube:e152": 2, "youtube:e999": 2,
		"vimeo:4040": 1, "peertube:gone": 1,
		"web:" + s.platform.URL + "/broken.webm": 1,
	} {
		t.Run(strings.ReplaceAll(first, "/", "_"), func(t *testing.T) {
			id := s.add(first, "youtube:good")
			if strings.HasPrefix(first, "vimeo") {
				id = s.add("vimeo:404", "youtube:good")
			}
			s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
			s.press(0)
			s.until("embed(0, 'iframe') && embed(0, 'iframe').src.includes('/embed/good') && says(0, '[role=status]') === 'El reproductor de YouTube está listo.'")
			if got := s.count("/embed/", "/video/", "/videos/embed/", "/broken") - 1; got != tries && !strings.HasPrefix(first, "web") { // a file may be asked for in parts
				t.Errorf("the first source was tried %d times, want %d", got, tries)
			}
			s.waitForReports(1)
		})
	}
}

// count is how often the browser asked for addresses with one of these parts.
func (s *stand) count(parts ...string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, address := range s.asked {
		if slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(address, part) }) {
			n++
		}
	}
	return n
}

func (s *stand) waitForReports(n int) []string {
	s.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		s.mu.Lock()
		got := slices.Clone(s.reports)
		s.mu.Unlock()
		if len(got) >= n {
			return got
		}
	}
	s.t.Fatalf("no %d reports of trouble came", n)
	return nil
}

func TestWhenAllSourcesFailTheArchivesCardStandsInTheArticle(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:e100", "youtube:e101b")
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
	s.until("embed(0, 'button.play')")
	s.do("playing by keyboard", chromedp.KeyEvent("\t"), chromedp.KeyEvent(" "))
	s.until("embed(0, '.card')")
	card := value[string](s, "says(0, '.card')")
	for _, want := range []string{"Ninguna de las fuentes conocidas", "Canal de prueba", "1:05", "Abrir en YouTube", "Abrir en YouTube (2)"} {
		if !strings.Contains(card, want) {
			t.Errorf("the card has no %q: %s", want, card)
		}
	}
	if value[bool](s, "!embed(0, '.facade img') || embed(0, '.facade').hidden || !!embed(0, 'iframe') || !!embed(0, '.play')") {
		t.Error("the poster is not what is left")
	}
	if !value[bool](s, "hosts()[0].shadowRoot.activeElement === embed(0, '.card')") {
		t.Error("the focus is lost")
	}
	reports := s.waitForReports(2)
	if want := string(id) + ` {"source":"youtube:e100","code":100}`; reports[0] != want {
		t.Errorf("the report is %s, want %s", reports[0], want)
	}
}

func TestSilenceIsNoError(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:silent", "vimeo:76979871")
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
	s.press(0)
	s.until("!embed(0, '.note').hidden")
	if got := value[string](s, "says(0, '.note span')"); got != "YouTube sigue cargando." {
		t.Errorf("after ten seconds it says %q", got)
	}
	if got := value[string](s, "embed(0, '.note a').href"); got != s.platform.URL+"/page/silent" {
		t.Errorf("the source's own page is %q", got)
	}
	if !value[bool](s, "!!embed(0, 'iframe') && !embed(0, '.screen').hidden && embed(0, '.note').getBoundingClientRect().top >= embed(0, '.screen').getBoundingClientRect().bottom") {
		t.Error("the player has gone, or something covers it")
	}
	if s.count("/video/") != 0 {
		t.Error("the next source was loaded unasked")
	}
	s.evaluate("embed(0, '.note button').click()")
	s.until("says(0, '[role=status]') === 'El reproductor de Vimeo está listo.'")
	if len(s.reports) != 0 {
		t.Errorf("silence was reported: %q", s.reports)
	}
}

func TestARefusalOfThisPageLeadsOut(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:e153", "youtube:good")
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
	s.press(0)
	s.until("embed(0, 'a.play')")
	if got := value[string](s, "embed(0, 'a.play').href"); got != s.platform.URL+"/page/e153" {
		t.Errorf("the poster leads to %s", got)
	}
	if got := value[string](s, "says(0, '.note span')"); !strings.Contains(got, "no se pudo iniciar en esta página") {
		t.Errorf("it says %q", got)
	}
	if got := s.waitForReports(1)[0]; !strings.HasSuffix(got, `"code":153}`) {
		t.Errorf("the report is %s", got)
	}
}

func TestAPageWhosePolicyForbidsThePlayerLeadsOutToo(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	s.headers["Content-Security-Policy"] = fmt.Sprintf("default-src 'none'; script-src %[1]s; img-src %[1]s; connect-src %[1]s", s.service.URL)
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
	s.press(0)
	s.until("embed(0, 'a.play')")
	s.headers["Content-Security-Policy"] += "; frame-src " + s.platform.URL
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
	s.press(0)
	s.until("says(0, '[role=status]') === 'El reproductor de YouTube está listo.'")
	if got := value[string](s, "getComputedStyle(embed(0, '.screen')).position"); got != "relative" {
		t.Errorf("the stage has no style under a strict policy: position is %s", got)
	}
}

func TestAMessageCountsOnlyFromOurFrameAndItsOrigin(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:silent", "youtube:good")
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}) + `<iframe id="stranger" src="` + s.platform.URL + `/embed/e100-stranger"></iframe>`)
	s.press(0)
	s.until("embed(0, 'iframe') && embed(0, 'iframe').contentWindow")
	s.evaluate(`
		postMessage(JSON.stringify({ event: 'onError', info: 100 }), '*');
		window.dispatchEvent(new MessageEvent('message', { data: '{"event":"onError","info":100}', origin: new URL(embed(0, 'iframe').src).origin, source: document.getElementById('stranger').contentWindow }));
		window.dispatchEvent(new MessageEvent('message', { data: '{"event":"onError","info":100}', origin: 'https://evil.example', source: embed(0, 'iframe').contentWindow }));
		window.dispatchEvent(new MessageEvent('message', { data: '{"event":"onError","info":100}', origin: '', source: null }));`)
	time.Sleep(200 * time.Millisecond)
	if got := value[string](s, "embed(0, 'iframe').src"); !strings.Contains(got, "/embed/silent") {
		t.Errorf("a stranger's word was believed: it plays %s", got)
	}
	s.evaluate(`window.dispatchEvent(new MessageEvent('message', { data: '{"event":"onError","info":100}', origin: new URL(embed(0, 'iframe').src).origin, source: embed(0, 'iframe').contentWindow }))`)
	s.until("embed(0, 'iframe').src.includes('/embed/good')")
}

func TestOnePlaysAndTheOthersPause(t *testing.T) {
	s := newStand(t)
	var body strings.Builder
	for _, key := range []string{"youtube:good1", "vimeo:76979871", "peertube:abc", "dailymotion:x7tgad0", "web:" + s.platform.URL + "/a.webm"} {
		body.WriteString(s.snippet(embeds.SnippetArticle, s.add(key), embeds.Asked{}))
	}
	s.visit(body.String())
	for n := range 5 {
		s.evaluate(fmt.Sprintf("document.querySelectorAll('figure')[%d].scrollIntoView()", n))
		s.until(fmt.Sprintf("hosts().length > %d", n))
	}
	for n, paused := range []string{"", "/paused/good1", "/paused/76979871", "/paused/abc", ""} {
		s.until(fmt.Sprintf("hosts().length === 5 && embed(%d, 'button.play')", n))
		s.press(n)
		s.until(fmt.Sprintf("says(%d, '[role=status]').endsWith('está listo.')", n))
		if paused == "" {
			continue
		}
		for deadline := time.Now().Add(patience); s.count(paused) == 0; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) && n != 3 {
				t.Fatalf("%s never came", paused)
			}
			if n == 3 { // a player that tells nobody that it plays cannot stop the others
				break
			}
		}
	}
	// The file plays, so the silent platform's player has given way to its poster.
	s.until("!embed(3, 'iframe') && !embed(3, '.facade').hidden")
	s.evaluate("embed(3, 'button.play')")
}

func TestFiguresAreFoundByTheirShapeAlone(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	link, picture := s.service.URL+"/v/"+string(id), s.service.URL+"/p/"+string(id)+"/640.jpg"
	script := `<script async src="` + s.service.URL + `/embed.js"></script>`
	for name, body := range map[string]string{
		"laundered":       `<figure><a href="` + link + `"><img src="` + picture + `" alt="x"></a></figure>` + script,
		"without figure":  `<p><a href="` + link + `?lang=es" target="_blank"><span><img src="` + picture + `"></span></a></p>` + script,
		"upper-case id":   `<a href="` + s.service.URL + "/v/" + strings.ToUpper(string(id)) + `"><img src="` + picture + `"></a>` + script,
		"script twice":    s.snippet(embeds.SnippetArticle, id, embeds.Asked{}) + script + script,
		"right to left":   `<div dir="rtl" lang="ar"><a href="` + link + `"><img src="` + picture + `"></a></div>` + script,
		"narrow and tall": `<div style="width:160px"><a href="` + link + `?ratio=9:16"><img src="` + picture + `"></a></div>` + script,
	} {
		t.Run(name, func(t *testing.T) {
			s.visit(body)
			s.until("hosts().length === 1")
			s.press(0)
			s.until("says(0, '[role=status]')")
			if value[bool](s, "embed(0, 'iframe').getBoundingClientRect().height < 199") {
				t.Error("the player is lower than a player may be")
			}
		})
	}
	t.Run("late", func(t *testing.T) {
		s.visit(script)
		s.until("window.videotecaEmbeds")
		s.evaluate(fmt.Sprintf("document.body.insertAdjacentHTML('beforeend', `<figure><a href=%q><img src=%q></a></figure>`)", link, picture))
		s.press(0)
	})
	t.Run("in what opens later", func(t *testing.T) {
		s.visit(`<div id="closed" style="width:0;height:0;overflow:hidden"><div hidden id="tab">` + s.snippet(embeds.SnippetArticle, id, embeds.Asked{}) + `</div></div>`)
		s.evaluate("document.getElementById('tab').hidden = false; document.getElementById('closed').style = 'width:480px'")
		s.press(0)
		s.until("embed(0, 'iframe').getBoundingClientRect().width > 470")
	})
	t.Run("links that are none", func(t *testing.T) {
		s.visit(`<a href="https://evil.example/v/` + string(id) + `"><img src="` + picture + `"></a><a href="` + link + `/more"><img src="` + picture + `"></a><a href="` + link + `">text</a>` + script)
		s.until("window.videotecaEmbeds")
		time.Sleep(100 * time.Millisecond)
		if n := value[int](s, "hosts().length"); n != 0 || s.count(".json") != 0 {
			t.Errorf("%d links became embeds", n)
		}
	})
}

func TestWithoutTheServerAFigureIsALinkedPicture(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	snippet := s.snippet(embeds.SnippetArticle, id, embeds.Asked{})
	s.service.Close()
	s.visit(snippet)
	s.until("document.querySelector('figure a img') && document.querySelector('figcaption').textContent.includes('Reunión en Nueva York')")
	if n := value[int](s, "hosts().length"); n != 0 {
		t.Errorf("%d figures were replaced", n)
	}
}

func TestAVideoWithoutAPlayerSaysWhyBeneathItsPicture(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	v, _ := s.video(string(id))
	v.Sources[0].Standing = gone(archive.Removed)
	v.Sources[0].Archived = &archive.Memento{URL: "https://web.archive.example/2026/x", At: day(2026, 1, 2)}
	s.set(v)
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
	s.until("embed(0, '.card')")
	card := value[string](s, "says(0, '.card')")
	for _, want := range []string{"YouTube indica que este video fue eliminado.", "Visto por última vez en la fuente", "Copia archivada del 2 de enero de 2026"} {
		if !strings.Contains(card, want) {
			t.Errorf("the card has no %q: %s", want, card)
		}
	}
	s.until("document.querySelector('figure a img').complete")
	if value[bool](s, "!!embed(0, 'button')") {
		t.Error("there is a button that plays nothing")
	}
}

func TestAWithdrawnVideoLeavesItsExplanation(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	snippet := s.snippet(embeds.SnippetArticle, id, embeds.Asked{})
	v, _ := s.video(string(id))
	v.Visibility.Exposure, v.Explanation = archive.Withdrawn, archive.Text{"es": "Por petición."}
	s.set(v)
	s.visit(snippet)
	s.until("says(0, '.card').includes('Por petición.')")
	if value[bool](s, "!!document.querySelector('figure img') || !!embed(0, 'img, button')") {
		t.Error("the picture is still there")
	}
}

func TestACopyPlaysWithItsCaptions(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:e100")
	v, _ := s.video(string(id))
	v.Copies = []archive.Copy{{File: archive.File{Digest: "abc", Extension: "webm", Bytes: 7_400_000, Width: 160, Height: 90}}}
	v.Captions = []archive.Caption{{Language: "es", File: archive.File{Digest: "def", Extension: "vtt"}}, {Language: "en", File: archive.File{Digest: "012", Extension: "vtt"}}}
	s.set(v)
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{Prefer: embeds.PreferCopy, Captions: "es-SV"}))
	s.until("says(0, '.meta').includes('copia de la redacción')")
	if got := value[string](s, "says(0, '.meta')"); !strings.Contains(got, "MB") {
		t.Errorf("the facade does not tell how heavy it is: %q", got)
	}
	s.press(0)
	s.until("embed(0, 'video') && embed(0, 'video').currentTime > 0 && embed(0, 'video').textTracks.length === 2")
	s.until("[...embed(0, 'video').textTracks].some((one) => one.language === 'es' && one.mode === 'showing' && one.cues && one.cues.length === 1)")
	if got := s.thirdParties(); len(got) != 0 {
		t.Errorf("for its own copy the newsroom asked %q", got)
	}
	// After the source it comes by itself.
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
	s.press(0)
	s.until("embed(0, 'video') && embed(0, 'video').currentTime > 0")
}

func TestAContentWarningStandsBeforeTheButton(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	v, _ := s.video(string(id))
	v.ContentWarning = archive.Text{"es": "Imágenes fuertes."}
	s.set(v)
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
	s.until("embed(0, '.warning')")
	if !value[bool](s, "!!(embed(0, '.warning').compareDocumentPosition(embed(0, 'button.play')) & Node.DOCUMENT_POSITION_FOLLOWING)") {
		t.Error("the warning comes after the button")
	}
}
