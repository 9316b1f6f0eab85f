package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/internal/i18n"
	"videoteca/web"
)

// signedIn is a browser on a page of the newsroom.
func signedInAt(t *testing.T, service *service, path string) *browser {
	t.Helper()
	b := newBrowser(t)
	b.do("signing in", chromedp.Navigate(service.Link), chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS(".sign-out")),
		chromedp.Navigate(service.URL+path))
	return b
}

func TestAnAdministratorChangesHowOftenSuspectsAreAsked(t *testing.T) {
	s := newSiteAside(t)
	s.add(t, archivetest.NewYorkID)
	service := serve(t, s.args("--token="+web.NewToken(), "--youtube-key=very-secret-key", "--vantage=DE, Hetzner")...)
	b := signedInAt(t, service, "/settings?lang=es")
	const field, back = `[type="text"][name="suspect"]`, `[name="back"][value="suspect"]`

	b.do("saving", chromedp.SetValue(chromedp.CSS(field), "3h"), chromedp.Submit(chromedp.CSS(field)), chromedp.WaitVisible(chromedp.CSS(".done")))
	if got := b.value(field); got != "3h" {
		t.Errorf("the field says %q", got)
	}
	if got := b.text(".timeline"); !strings.Contains(got, "Fuentes dudosas: el valor predeterminado → 3h") {
		t.Errorf("the changes are %q", got)
	}
	if out := command(t, s.args("tune")...); !strings.Contains(out, "suspect       3h") {
		t.Errorf("the command says %s", out)
	}

	b.do("saving what cannot be", chromedp.SetValue(chromedp.CSS(field), "1s"), chromedp.Submit(chromedp.CSS(field)), chromedp.WaitVisible(chromedp.CSS("#suspect-problem")))
	if got := b.text("#suspect-problem"); !strings.Contains(got, "diez minutos como mínimo") || b.value(field) != "1s" {
		t.Errorf("beside %q it says %q", b.value(field), got)
	}

	b.do("taking back", chromedp.Click(chromedp.CSS(back)), chromedp.WaitVisible(chromedp.CSS(".done")), chromedp.WaitNotPresent(chromedp.CSS(back)))
	b.do("undoing that", chromedp.Click(chromedp.CSS(".done button")), chromedp.WaitVisible(chromedp.CSS(back)))
	if got := b.value(field); got != "3h" {
		t.Errorf("undone, the field says %q", got)
	}

	for _, want := range []string{"DE, Hetzner", s.store, "0 / 9000", "configurada"} {
		if got := b.text(".facts"); !strings.Contains(got, want) {
			t.Errorf("what it runs with lacks %q: %s", want, got)
		}
	}
	if got := b.text("body"); strings.Contains(got, "very-secret-key") {
		t.Error("the page shows the key")
	}
}

func TestTimesAreShownInTheReadersZone(t *testing.T) {
	s := newSiteAside(t)
	v := s.add(t, archivetest.NewYorkID)
	service := serve(t, s.args("--token="+web.NewToken())...)
	b := newBrowser(t)
	if _, err := chromedp.Call(b.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "America/El_Salvador"}); err != nil {
		t.Fatal(err)
	}
	b.do("signing in", chromedp.Navigate(service.Link), chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS(".sign-out")))
	created := v.Created.UTC()
	there := created.Add(-6 * time.Hour)
	exact, shown := created.Format("2006-01-02T15:04:05Z"), there.Format("15:04")+" GMT-6"
	for lang, day := range map[string]string{"en": i18n.FormatDate("en", there), "es": i18n.FormatDate("es", there)} {
		b.do("opening the library", chromedp.Navigate(service.URL+"/videos?lang="+lang), chromedp.WaitVisible(chromedp.CSS("main time[title]")))
		if got := b.text("main time"); got != day+", "+shown {
			t.Errorf("%s: %q, want %q", lang, got, day+", "+shown)
		}
		if title := b.evaluate(`document.querySelector("main time").title`); title != exact {
			t.Errorf("%s: on hover %q, want %q", lang, title, exact)
		}
	}

	// What the library's script puts in place of the results is done as well.
	b.do("searching", chromedp.SendKeys(chromedp.CSS("[name=q]"), "nueva"), poll(`location.search.includes("q=nueva")`), chromedp.WaitVisible(chromedp.CSS("#results time[title]")))
	if got := b.text("#results time"); !strings.HasSuffix(got, shown) {
		t.Errorf("in new results: %q", got)
	}

	// Without scripts the page says which zone it means.
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.do("opening it without scripts", chromedp.Navigate(service.URL+"/videos?lang=en"))
	if got := b.text("main time"); got != i18n.FormatMoment("en", created) {
		t.Errorf("without scripts: %q", got)
	}
}

// evaluate is a string that an expression gives in the page.
func (b *browser) evaluate(expression string) string {
	b.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return got
}
