package catalog

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"testing"

	"videoteca/archive"
)

func TestArticlesComeInPagesByTheirAddresses(t *testing.T) {
	c := newCatalog(t)
	var want []string
	for n := range 7 {
		want = append(want, fmt.Sprintf("https://example.org/%d", n))
	}
	for _, n := range []int{3, 0, 6, 1, 5, 2, 4} {
		if err := c.PutArticles(t.Context(), article(t, want[n], id(n), id(n+1))); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	q := archive.ArticleQuery{Limit: 3}
	for pages := 1; ; pages++ {
		page, err := c.Articles(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Articles {
			got = append(got, a.URL)
			if len(a.Placements) != 2 {
				t.Errorf("%s has %d placements", a.URL, len(a.Placements))
			}
		}
		if q.After = page.Next; page.Next == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
		// What is noted meanwhile, before the place, is shown twice to nobody.
		if err := c.PutArticles(t.Context(), article(t, "https://example.org/", id(1))); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestTheLastPageThatIsFullHasNoNext(t *testing.T) {
	c := newCatalog(t)
	if err := c.PutArticles(t.Context(), article(t, "https://example.org/a", id(1)), article(t, "https://example.org/b", id(1))); err != nil {
		t.Fatal(err)
	}
	page, err := c.Articles(t.Context(), archive.ArticleQuery{Limit: 2})
	if err != nil || len(page.Articles) != 2 || page.Next != "" {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestOneArticleIsFoundByAnyFormOfItsAddress(t *testing.T) {
	c := newCatalog(t)
	if err := c.PutArticles(t.Context(), article(t, "https://example.org/a", id(1)), article(t, "https://example.org/b", id(2))); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]int{"https://EXAMPLE.org/a?utm_source=x#top": 1, "https://example.org/c": 0} {
		page, err := c.Articles(t.Context(), archive.ArticleQuery{URL: address})
		if err != nil || len(page.Articles) != want || page.Next != "" {
			t.Errorf("%s: %+v, %v", address, page, err)
		}
	}
	var field *archive.FieldError
	if _, err := c.Articles(t.Context(), archive.ArticleQuery{URL: "a"}); !errors.As(err, &field) {
		t.Errorf("no address: %v", err)
	}
}

func TestAPlaceWhereNoPageOfArticlesEndedIsRefused(t *testing.T) {
	c := newCatalog(t)
	encode := base64.RawURLEncoding.EncodeToString
	for _, after := range []string{"garbage!", "garbage", encode([]byte("1 17")), encode([]byte("https://EXAMPLE.org/a"))} {
		_, err := c.Articles(t.Context(), archive.ArticleQuery{After: after})
		var field *archive.FieldError
		if !errors.As(err, &field) || field.Field != "after" {
			t.Errorf("%q: %v", after, err)
		}
	}
}

func FuzzParseArticleCursor(f *testing.F) {
	for _, seed := range []string{"", "garbage", articleCursor("https://example.org/a"), "====", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		address, err := parseArticleCursor(text)
		if err == nil && text != "" && articleCursor(address) != text {
			t.Errorf("%q is read as %q", text, address)
		}
	})
}
