package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/web"
)

// outage is a store that takes nothing in, while what this machine knows of it can be read.
type outage struct {
	*shelf
	err error
}

func (o outage) Update(context.Context, archive.VideoID, archive.Cause, func(*archive.Video) error) (archive.Video, error) {
	return archive.Video{}, fmt.Errorf("writing s3://secret-bucket: %w", o.err)
}

func (o outage) Claim(context.Context, archive.SourceKey, archive.VideoID) (archive.VideoID, error) {
	return "", fmt.Errorf("writing s3://secret-bucket: %w", o.err)
}

// inAnOutage is a site whose store fails with err.
func inAnOutage(t *testing.T, err error) *site {
	t.Helper()
	return newSite(t, func(o *web.Options) {
		o.Library = archive.NewLibrary(archive.LibraryOptions{Store: outage{o.Catalog.(*shelf), err}, Platforms: archive.Platforms{toy{}}, Now: now})
	})
}

// alarms are what the page says at once to whoever does not see it.
func alarms(t *testing.T, page string) string {
	t.Helper()
	var said []string
	for _, n := range all(parsed(t, page), func(n *html.Node) bool { return attr(n, "role") == "alert" }) {
		said = append(said, words(n))
	}
	return strings.Join(said, "\n")
}

func TestWhatWasTypedIsNotLostWhenItCannotBeSaved(t *testing.T) {
	for _, away := range []struct {
		err    error
		status int
		says   string
		again  string // Retry-After
	}{
		{archive.ErrUnavailable, http.StatusServiceUnavailable, "no es posible comunicarse con el almacén", "5"},
		{fmt.Errorf("%w: %w", archive.ErrUnavailable, archive.ErrFull), http.StatusInsufficientStorage, "no queda espacio", ""},
		{errors.New("broken"), http.StatusInternalServerError, "en el registro figura como", ""},
	} {
		s := inAnOutage(t, away.err)
		for _, tt := range []struct {
			path string
			sent url.Values
		}{
			{picturedPage, url.Values{"title.es": {"Lo que escribí"}, "caption.en": {"A long\ncaption"}, "eventDate": {"2020"}, "language": {"es"}, "revision": {"1"}, "base.title.es": {"Reunión"}}},
			{picturedPage + "/labels", url.Values{"tags": {"ONU, Nueva York"}, "collections": {"Cumbres"}, "notes": {"Lo que escribí"}, "revision": {"1"}, "base.notes": {"not for readers"}}},
			{"/videos", url.Values{"url": {"https://toy.example/fresh"}, "title.es": {"Lo que escribí"}, "caption.en": {"A long\ncaption"}, "eventDate": {"2020"}, "language": {"es"}, "article": {"https://example.org/a"}}},
		} {
			r := s.submit(t, tt.path+"?lang=es", tt.sent)
			page := text(t, r)
			if r.StatusCode != away.status || r.Header.Get("Retry-After") != away.again || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d, Retry-After %q, Cache-Control %q", tt.path, r.StatusCode, r.Header.Get("Retry-After"), r.Header.Get("Cache-Control"))
			}
			if said := alarms(t, page); !strings.Contains(said, "No se guardó") || !strings.Contains(said, away.says) {
				t.Errorf("%s: the page warns %q", tt.path, said)
			}
			if strings.Contains(page, "secret-bucket") {
				t.Errorf("%s: the page says where the store is", tt.path)
			}
			kept := typed(t, page, tt.path)
			for name, value := range tt.sent {
				if got := strings.TrimPrefix(kept.Get(name), "\n"); got != value[0] {
					t.Errorf("%s: of %s there is %q, want %q", tt.path, name, got, value[0])
				}
			}
		}
		if v := s.stored(pictured); v.Revision != 1 {
			t.Errorf("something was saved: %+v", v)
		}
	}
}

func TestWhatWasTypedIsSavedOnceTheStoreIsBack(t *testing.T) {
	s := inAnOutage(t, archive.ErrUnavailable)
	form := typed(t, s.open(t, picturedPage), picturedPage)
	form.Set("title.es", "Lo que escribí")
	again := typed(t, text(t, s.submit(t, picturedPage, form)), picturedPage)
	back := newSite(t)
	redirected(t, back.submit(t, picturedPage, again))
	if got := back.stored(pictured).Title["es"]; got != "Lo que escribí" {
		t.Errorf("the title is %q", got)
	}
}
