package main

import (
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// strangers are the hosts asked so far that are none of these addresses'.
func (b *browser) strangers(own ...string) (hosts []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for host := range b.hosts {
		if !slices.ContainsFunc(own, func(address string) bool { return strings.HasSuffix(address, "://"+host) }) {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// shelved registers a video in each state that a source, a newsroom and a takedown can bring about.
func (s *site) shelved(t *testing.T, service *service, token string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, state := range []string{"live", "warned", "withdrawn"} {
		ids[state] = s.add(t, s.playing(t, "shelved-"+(state + "...")[:3])).ID
	}
	for state, upstream := range map[string]archivetest.State{"limited": archivetest.EmbeddingOff, "removed": archivetest.Removed, "copied": archivetest.Removed} {
		source := s.playing(t, "shelved-"+state[:3])
		ids[state] = s.add(t, source).ID
		if err := s.platform.SetState(source, upstream); err != nil {
			t.Fatal(err)
		}
	}
	s.keeping(t, "copy", ids["copied"], fileOf(t, "film.mp4", mp4Head+"film"), "--rights", permission)
	command(t, s.args("check", ids["limited"], ids["removed"], ids["copied"])...)
	warning := func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		r.Body = io.NopCloser(strings.NewReader(`{"contentWarning":{"es":"Imágenes fuertes."}}`))
	}
	if code, answer := ask(t, http.MethodPatch, service.URL+"/api/v1/videos/"+ids["warned"], "", warning); code != http.StatusOK {
		t.Fatal(answer)
	}
	s.post(t, service.URL+"/api/v1/videos/"+ids["withdrawn"]+"/withdraw", token, `{"explanation":{"es":"A petición."}}`)
	return ids
}

func TestWithStoreAndPlatformDownEmbedsAreServedAndAskNobodyElse(t *testing.T) {
	s := newSiteAside(t)
	token := web.NewToken()
	service := serve(t, s.args("--token", token, "--no-audit", "--no-archived-pages")...)
	ids := s.shelved(t, service, token)
	for state, id := range ids { // its posters are ready, if the public gets any
		if state == "withdrawn" {
			continue
		}
		soon(t, "the embed of "+state, func() bool { return status(t, service.URL+"/p/"+id+"/640.jpg") == http.StatusOK })
	}
	if err := os.Rename(s.store, s.store+".gone"); err != nil {
		t.Fatal(err)
	}
	s.platform.Close()

	b := newBrowser(t)
	own := []string{service.URL}
	for state, shown := range map[string]string{"live": "button.play", "warned": ".warning", "copied": "button.play", "limited": ".card", "removed": ".card", "withdrawn": "main", "unknown": "h1"} {
		id, known := ids[state]
		if !known {
			id = "zzzzzzzzzzzz"
		}
		article := articleWith(t, `<iframe src="`+service.URL+`/e/`+id+`"></iframe>`)
		own = append(own, article)
		for _, address := range []string{service.URL + "/e/" + id, service.URL + "/v/" + id, article} {
			b.do(state+" at "+address, chromedp.Navigate(address))
			if address == article {
				b.within("waiting for the embed of "+state, []string{"iframe"}, visible(shown))
			} else {
				b.do("waiting for "+state, chromedp.WaitVisible(chromedp.CSS(shown)))
			}
			if got := b.strangers(own...); len(got) != 0 {
				t.Fatalf("%s at %s: the page asked %q", state, address, got)
			}
		}
	}
	held, err := chromedp.Call(b.ctx, storage.GetCookies, storage.GetCookiesParams{})
	if err != nil || len(held.Cookies) != 0 {
		t.Errorf("cookies are set: %v (%v)", held.Cookies, err)
	}
}
