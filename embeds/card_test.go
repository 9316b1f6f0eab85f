package embeds_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/embeds"
)

func TestTheCardSaysWhy(t *testing.T) {
	suspect := archive.Standing{State: archive.Suspect, Outcome: archive.Missing, LastGood: day(2026, 3, 1), FirstBad: day(2026, 4, 8), LastClear: day(2026, 4, 8)}
	undated := gone(archive.Private)
	undated.LastGood, undated.FirstBad, undated.LastClear = time.Time{}, time.Time{}, time.Time{}
	for name, tt := range map[string]struct {
		standing archive.Standing
		en, es   string
	}{
		"removed":            {gone(archive.Removed), "YouTube says that this video has been removed.", "YouTube indica que este video fue eliminado."},
		"private":            {undated, "YouTube says that this video is private.", "YouTube indica que este video es privado."},
		"missing":            {gone(archive.Missing), "This video can no longer be found at YouTube. No reason is given there.", "Este video ya no se encuentra en YouTube, que no indica el motivo."},
		"suspect":            {suspect, "At the last check, on 8 April 2026, this video was not available at YouTube. It will be checked again.", "En la última revisión, el 8 de abril de 2026, este video no estaba disponible en YouTube. Se revisará de nuevo."},
		"embedding disabled": {archive.Standing{State: archive.Limited, Outcome: archive.EmbeddingDisabled}, "YouTube does not let this video be played on other pages. It can be watched there.", "YouTube no permite reproducir este video en otras páginas. Se puede ver allí."},
		"for adults":         {limited(archive.Restriction{Aspect: archive.AspectAge}), "YouTube shows this video only to adults who have signed in.", "YouTube muestra este video solo a personas adultas que hayan iniciado sesión."},
		"for members":        {limited(archive.Restriction{Aspect: archive.AspectMembers}), "YouTube shows this video only to members of the channel.", "YouTube muestra este video solo a miembros del canal."},
		"scheduled":          {limited(archive.Restriction{Aspect: archive.AspectScheduled}), "This video has not begun yet at YouTube.", "Este video aún no ha comenzado en YouTube."},
		"processing":         {limited(archive.Restriction{Aspect: archive.AspectProcessing}), "YouTube is still preparing this video.", "YouTube todavía está preparando este video."},
		"nowhere":            {limited(archive.Restriction{Aspect: archive.AspectRegion, Nowhere: true}), "YouTube blocks this video in every country.", "YouTube bloquea este video en todos los países."},
		"restricted somehow": {limited(), "YouTube limits who can watch this video. It may be possible to watch it there.", "YouTube limita quién puede ver este video. Es posible que se pueda ver allí."},
		"a new restriction":  {limited(archive.Restriction{Aspect: "moon-phase"}), "YouTube limits who can watch this video. It may be possible to watch it there.", "YouTube limita quién puede ver este video. Es posible que se pueda ver allí."},
		"gone, unclear why":  {archive.Standing{State: archive.Gone}, "This video can no longer be found at YouTube. No reason is given there.", "Este video ya no se encuentra en YouTube, que no indica el motivo."},
	} {
		t.Run(name, func(t *testing.T) {
			for lang, want := range map[string]string{"en": tt.en, "es": tt.es} {
				o := options()
				o.Language = lang
				d := page(t, standing(tt.standing), o)
				if d.Status != 200 {
					t.Errorf("status %d", d.Status)
				}
				if got := text(reasonOf(t, d)); got != want {
					t.Errorf("in %s it says %q, want %q", lang, got, want)
				}
			}
		})
	}
}

// reasonOf is the sentence that the card begins with.
func reasonOf(t *testing.T, d embeds.Document) *html.Node {
	t.Helper()
	card := classed(t, d.Body, "card")
	if card == nil {
		return nil
	}
	for n := range card.Descendants() {
		if n.Type == html.ElementNode && n.Data == "p" {
			return n
		}
	}
	return nil
}

func TestTheCardNeedsNoScript(t *testing.T) {
	d := page(t, standing(gone(archive.Removed)), options())
	if _, hidden := attr(classed(t, d.Body, "card"), "hidden"); hidden {
		t.Error("the card is hidden")
	}
	if strings.Contains(string(d.Body), `id="player-data"`) || len(elements(t, d.Body, "button")) != 0 {
		t.Error("there is a player that cannot play anything")
	}
	if n := len(elements(t, watch(t, standing(gone(archive.Removed)), options()).Body, "script")); n != 1 { // structured data
		t.Errorf("the watch page has %d scripts", n)
	}
}

func TestTheCardTellsWhatIsKept(t *testing.T) {
	d := page(t, standing(gone(archive.Removed)), options())
	card := text(classed(t, d.Body, "card"))
	for _, want := range []string{
		"Reunión en Nueva York", "Canal de prueba", "26 de septiembre de 2019", "1:02:03",
		"Visto por última vez en la fuente", "1 de marzo de 2026", "Ausencia detectada", "4 de marzo de 2026",
		"Estaba en: YouTube",
	} {
		if !strings.Contains(card, want) {
			t.Errorf("the card does not say %q: %s", want, card)
		}
	}
	if images := elements(t, d.Body, "img"); len(images) != 1 {
		t.Errorf("the card has %d pictures", len(images))
	}
}

func TestTheCardLeavesOutWhatNobodyKnows(t *testing.T) {
	o := options()
	o.HasPoster, o.Language = false, "en"
	d := page(t, archive.Video{ID: videoID}, o)
	card := text(classed(t, d.Body, "card"))
	if want := videoID + "\nNo source of this video is known.\nMore about this video"; card != want {
		t.Errorf("the card says %q, want %q", card, want)
	}
}

func TestTheCardWaitsBehindThePlayer(t *testing.T) {
	d := page(t, meeting(), options())
	if classed(t, d.Body, "card") != nil {
		t.Error("the card shows beside the player")
	}
	card := dataOf(t, d).Card
	if card.Links[0].Label != "Abrir en YouTube" || len(card.Facts) != 4 || !strings.HasPrefix(card.Failed, "Ninguna de las fuentes") {
		t.Errorf("the card of a live source is %+v", card)
	}
	if got := strings.Join(card.Text.Paragraphs, "|"); got != "Primer párrafo.|Segundo párrafo." || card.Text.Lang != "es" {
		t.Errorf("its caption is %q", got)
	}
}

func TestTheReasonIsOfTheNearestSource(t *testing.T) {
	o := options()
	o.Language = "en"
	v := mirrored(source("demo", "ccc", archive.Standing{State: archive.Limited, Outcome: archive.EmbeddingDisabled}))
	v.Sources[0].Standing = gone(archive.Removed)
	d := page(t, v, o)
	if got := text(reasonOf(t, d)); !strings.HasPrefix(got, "Demo does not let") {
		t.Errorf("it says %q, although the video can be watched at the second source", got)
	}
	var labels []string
	for _, a := range elements(t, d.Body, "a") {
		labels = append(labels, text(a))
	}
	if got := strings.Join(labels, ", "); got != "Where it was: YouTube, Watch at Demo, More about this video" {
		t.Errorf("links are %s", got)
	}
}

func TestSourcesOfTheSameNameAreNumbered(t *testing.T) {
	v := mirrored(source("youtube", "bbb", gone(archive.Private)))
	v.Sources[0].Standing = gone(archive.Removed)
	if got := text(classed(t, page(t, v, options()).Body, "card")); !strings.Contains(got, "Estaba en: YouTube (2)") {
		t.Errorf("the card says %q", got)
	}
}

func TestAWithdrawnVideoShowsItsExplanationAndNoMedia(t *testing.T) {
	v := meeting()
	v.Visibility.Exposure = archive.Withdrawn
	v.Explanation = archive.Text{"es": "Se retiró a petición de una persona.\nPuede volver."}
	for name, d := range map[string]embeds.Document{"embed": page(t, v, options()), "watch": watch(t, v, options())} {
		main := text(elements(t, d.Body, "main")[0])
		if d.Status != 200 || !strings.Contains(main, "Se retiró a petición de una persona.") || !strings.Contains(main, "Puede volver.") {
			t.Errorf("%s: status %d, says %q", name, d.Status, main)
		}
		if n := len(elements(t, d.Body, "img")) + len(elements(t, d.Body, "script")) + len(elements(t, d.Body, "a")); n != 0 {
			t.Errorf("%s: %d pictures, scripts and links remain", name, n)
		}
		if strings.Contains(string(d.Body), "Reunión") {
			t.Errorf("%s: the title is still there", name)
		}
	}
}

func TestAnErasedVideoSaysNothingOfItself(t *testing.T) {
	v := meeting()
	v.Visibility.Exposure = archive.Erased
	v.Explanation = archive.Text{"es": "Nombre de la persona"}
	body := string(page(t, v, options()).Body)
	if strings.Contains(body, "Nombre de la persona") || !strings.Contains(body, "La redacción ya no muestra este video.") {
		t.Errorf("the page is %s", body)
	}
}

func TestAnEmbargoedVideoIsUnknownUntilItsDate(t *testing.T) {
	v, o := meeting(), options()
	v.Visibility = archive.Visibility{Exposure: archive.Embargoed, Until: o.Now.Add(time.Hour)}
	if a, b := page(t, v, o), watch(t, v, o); a.Status != 404 || b.Status != 404 || strings.Contains(string(a.Body)+string(b.Body), "Reunión") {
		t.Errorf("before its date: %d and %d", a.Status, b.Status)
	}
	o.Now = v.Visibility.Until
	if a, b := page(t, v, o), watch(t, v, o); a.Status != 200 || b.Status != 200 {
		t.Errorf("from its date on: %d and %d", a.Status, b.Status)
	}
}

func TestNoticesForWhatIsNotThere(t *testing.T) {
	r, o := renderer(t), embeds.Options{Asked: embeds.Asked{Language: "es-SV"}}
	missing, err := r.NotFound(o)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(elements(t, missing.Body, "h1")[0]); missing.Status != 404 || got != "Aquí no hay ningún video con esa dirección" {
		t.Errorf("status %d, %q", missing.Status, got)
	}
	busy, err := r.Unavailable(embeds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := text(elements(t, busy.Body, "h1")[0]); busy.Status != 503 || busy.Header["Retry-After"] != "5" || got != "The archive cannot answer just now" {
		t.Errorf("status %d, headers %v, %q", busy.Status, busy.Header, got)
	}
}

func TestTheme(t *testing.T) {
	o := options()
	o.Theme = embeds.ThemeDark
	if theme, _ := attr(elements(t, page(t, meeting(), o).Body, "html")[0], "data-theme"); theme != "dark" {
		t.Errorf("the theme is %q", theme)
	}
	if _, set := attr(elements(t, page(t, meeting(), options()).Body, "html")[0], "data-theme"); set {
		t.Error("a theme is set although the reader's system decides")
	}
}
