package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"videoteca/web"
)

func TestARefusedChangeOfTheAddressChangesNothing(t *testing.T) {
	s := newSite(t)
	serve(t, s.args("--base-url", "https://one.example.org")...).Stop(t)
	marker := filepath.Join(s.store, "videoteca.json")
	before, err := os.ReadFile(marker)
	if err != nil {
		t.Fatal(err)
	}
	got := try(t, "", s.args("serve", "--listen", "127.0.0.1:0", "--base-url", "https://two.example.org")...)
	for _, want := range []string{"https://one.example.org", "https://two.example.org", "--change-base-url"} {
		if got.code != exitUsage || !strings.Contains(got.errs, want) || got.out != "" {
			t.Errorf("no %s in %+v", want, got)
		}
	}
	if after, err := os.ReadFile(marker); err != nil || string(after) != string(before) {
		t.Errorf("the store is marked %s (%v)", after, err)
	}
}

func TestALoopbackAddressIsServedAndNotKept(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	for _, base := range []string{"http://localhost:9999", "http://127.0.0.1:9999", "http://[::1]:9999", "http://videos.localhost:9999"} {
		service := serve(t, s.args("--base-url", base)...)
		if _, body := ask(t, http.MethodGet, service.URL+"/e/"+v.ID+".json", "", nil); !strings.Contains(body, base+"/v/"+v.ID) {
			t.Errorf("%s is not served: %s", base, body)
		}
		service.Stop(t)
		if marker, err := os.ReadFile(filepath.Join(s.store, "videoteca.json")); err != nil || strings.Contains(string(marker), "9999") {
			t.Errorf("%s is kept: %s (%v)", base, marker, err)
		}
	}
}

func TestTheAddressMayComeFromTheEnvironment(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	t.Setenv("VIDEOTECA_BASE_URL", "https://videos.example.org/")
	service := serve(t, s.args()...)
	if _, body := ask(t, http.MethodGet, service.URL+"/e/"+v.ID+".json", "", nil); !strings.Contains(body, `"https://videos.example.org/v/`+v.ID) {
		t.Errorf("it serves %s", body)
	}
	if out := command(t, s.args("show", "--json", v.ID)...); !strings.Contains(out, `"embed": "https://videos.example.org/e/`+v.ID+`"`) {
		t.Errorf("commands do not know it: %s", out)
	}
}

// Articles that were printed under the old address stay as they are.
func TestAnOldAddressGoesOnAnswering(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	serve(t, s.args("--base-url", "https://one.example.org")...).Stop(t)
	token := web.NewToken()
	service := serve(t, s.args("--base-url", "https://two.example.org", "--change-base-url", "--token", token)...)
	for host, want := range map[string]int{"one.example.org": http.StatusOK, "two.example.org": http.StatusOK, "three.example.org": http.StatusMisdirectedRequest} {
		if got, _ := ask(t, http.MethodGet, service.URL+"/e/"+v.ID, host, nil); got != want {
			t.Errorf("as %s it answers %d", host, got)
		}
		got, body := ask(t, http.MethodGet, service.URL+"/oembed?url="+url.QueryEscape("https://"+host+"/v/"+v.ID), "two.example.org", nil)
		if (got == http.StatusOK) != (want == http.StatusOK) || got == http.StatusOK && (!strings.Contains(body, "https://two.example.org/e/"+v.ID) || strings.Contains(body, "one.example.org")) {
			t.Errorf("oEmbed of %s answers %d: %s", host, got, body)
		}
	}
	// An old domain may have been sold: its pages change nothing.
	for origin, want := range map[string]bool{"https://one.example.org": false, "https://two.example.org": true} {
		got, _ := ask(t, http.MethodPost, service.URL+"/videos", "two.example.org", func(r *http.Request) {
			r.Header.Set("Origin", origin)
			r.Header.Set("Authorization", "Bearer "+token)
		})
		if (got != http.StatusForbidden) != want {
			t.Errorf("a form of %s gets %d", origin, got)
		}
	}
	service.Stop(t)
	// Going back is a change like any other.
	if got := try(t, "", s.args("serve", "--listen", "127.0.0.1:0", "--base-url", "https://one.example.org")...); got.code != exitUsage {
		t.Errorf("going back unasked: %+v", got)
	}
	back := serve(t, s.args("--base-url", "https://one.example.org", "--change-base-url")...)
	if got, _ := ask(t, http.MethodGet, back.URL+"/e/"+v.ID, "two.example.org", nil); got != http.StatusOK {
		t.Errorf("after going back the other answers %d", got)
	}
}
