package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

func TestAnEditorGivesAVideoItsCopyCaptionsAndPosterOnItsPage(t *testing.T) {
	s := newSiteAside(t)
	v := s.add(t, archivetest.NewYorkID)
	service := serve(t, s.args("--token="+web.NewToken())...)
	folder := t.TempDir()
	film, vtt, page := filepath.Join(folder, "film.webm"), filepath.Join(folder, "es.vtt"), filepath.Join(folder, "page.mp4")
	for path, content := range map[string][]byte{film: demoCopy, vtt: []byte("WEBVTT\n\n00:00.000 --> 00:04.000\nHola\n"), page: []byte("<!doctype html>")} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := newBrowser(t)
	at := service.URL + "/videos/" + v.ID + "?lang=es"
	const copies, captions = `form[action*="/copies"]`, `form[action*="/captions"]`
	b.do("signing in", chromedp.Navigate(service.Link), chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS(".sign-out")), chromedp.Navigate(at))

	b.do("sending what is no film", chromedp.SetValue(chromedp.CSS(copies+" [name=rights]"), "La autora lo autorizó."),
		chromedp.SetUploadFiles(chromedp.CSS(copies+" [name=file]"), []string{page}), chromedp.Click(chromedp.CSS(copies+" button")),
		poll(`document.querySelector('`+copies+` [role=status]').textContent.includes("no es mp4 ni webm")`))

	b.do("sending the film", chromedp.SetUploadFiles(chromedp.CSS(copies+" [name=file]"), []string{film}), chromedp.Click(chromedp.CSS(copies+" button")), chromedp.WaitVisible(chromedp.CSS(".done")))
	if got := b.text(".files:has(" + copies + ")"); !strings.Contains(got, "video/webm") || !strings.Contains(got, "La autora lo autorizó.") {
		t.Errorf("the page shows %q", got)
	}
	b.do("sending captions in no language", chromedp.Navigate(at), chromedp.SetValue(chromedp.CSS(captions+" [name=language]"), "español!"),
		chromedp.SetUploadFiles(chromedp.CSS(captions+" [name=file]"), []string{vtt}), chromedp.Click(chromedp.CSS(captions+" button")),
		poll(`document.querySelector('`+captions+` [role=status]').textContent.includes("no es una etiqueta de idioma")`))
	b.do("sending captions", chromedp.SetValue(chromedp.CSS(captions+" [name=language]"), "es"),
		chromedp.SetUploadFiles(chromedp.CSS(captions+" [name=file]"), []string{vtt}), chromedp.Click(chromedp.CSS(captions+" button")), chromedp.WaitVisible(chromedp.CSS(".done")))

	// With its source gone the copy plays, captions and all.
	if err := s.platform.SetState(archivetest.NewYorkID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	reader := newBrowser(t)
	reader.do("opening the embed", chromedp.Navigate(service.URL+"/e/"+v.ID+"?lang=es&captions=es"), chromedp.WaitVisible(chromedp.CSS("button.play")), chromedp.Click(chromedp.CSS("button.play")),
		poll(`document.querySelector("video")?.currentTime > 0`),
		poll(`[...document.querySelector("video").textTracks].some((one) => one.mode === "showing" && one.cues?.length === 1)`))
}
