package archive_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"videoteca/archive"
)

func TestAnArticlesIDFollowsFromItsAddress(t *testing.T) {
	const story = "https://example.org/2019/09/reunion?id=7"
	first, err := archive.NewArticle(story, "es")
	if err != nil {
		t.Fatal(err)
	}
	if first.URL != story || first.Language != "es" || !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(first.ID) || first.Placements != nil {
		t.Errorf("the article is %+v", first)
	}
	for _, same := range []string{
		"HTTPS://EXAMPLE.ORG/2019/09/reunion?id=7",
		"https://example.org:443/2019/09/reunion?id=7#comentarios",
		"https://example.org/2019/09/reunion?utm_source=boletin&id=7&fbclid=x",
		"\thttps://lector@example.org/2019/09/reunion?id=7\n",
	} {
		if got, err := archive.NewArticle(same, "en"); err != nil || got.ID != first.ID || got.Language != "en" {
			t.Errorf("%q is %+v, %v", same, got, err)
		}
	}
	for _, another := range []string{
		"http://example.org/2019/09/reunion?id=7", // whether it is the same page only the site can say
		"https://www.example.org/2019/09/reunion?id=7",
		"https://example.org/2019/09/Reunion?id=7", // paths may differ by case
		"https://example.org:8443/2019/09/reunion?id=7",
		"https://example.org/2019/09/reunion?id=8",
		"https://example.org/2019/09/reunion/?id=7",
	} {
		if got, err := archive.NewArticle(another, ""); err != nil || got.ID == first.ID {
			t.Errorf("%q has the id %s, %v", another, got.ID, err)
		}
	}
}

func TestAnArticleHasAWebAddress(t *testing.T) {
	for _, address := range []string{"", "nota", "/nota", "//example.org/nota", "mailto:a@example.org", "javascript:alert(1)", "file:///etc/passwd", "https://", "https:///nota", "https://exa mple.org", "http://[::1"} {
		got, err := archive.NewArticle(address, "es")
		var field *archive.FieldError
		if !errors.As(err, &field) || field.Field != "article" || !strings.Contains(field.Cure, "https://") {
			t.Errorf("%q: %v", address, err)
		}
		if got.ID != "" || got.URL != "" {
			t.Errorf("%q is kept as %+v", address, got)
		}
	}
}

func TestTheLanguageOfAnArticleIsATag(t *testing.T) {
	d := newDesk(t)
	for _, language := range []string{"español!", "e", "es_SV", "<b>"} {
		_, err := d.Register(t.Context(), archive.Registration{URL: d.watch("simNY2019_1"), Article: "https://example.org/nota", ArticleLanguage: language})
		var field *archive.FieldError
		if !errors.As(err, &field) || field.Field != "article.language" || !strings.Contains(err.Error(), language) {
			t.Errorf("%q: %v", language, err)
		}
	}
	if videos, articles := collect(t, d.store.List(t.Context())), collect(t, d.store.Articles(t.Context())); len(videos) != 0 || len(articles) != 0 {
		t.Errorf("refused registrations left %d videos and %d articles", len(videos), len(articles))
	}
}

func TestAnArticleHoldsEachOfItsVideosOnce(t *testing.T) {
	d := newDesk(t)
	var ids []archive.VideoID
	for _, id := range []string{"simNY2019_1", "simOO2025_1", "simNY2019_1"} {
		done, err := d.Register(t.Context(), archive.Registration{URL: d.watch(id), Article: "https://example.org/dos-reuniones"})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, done.Video.ID)
	}
	articles := collect(t, d.store.Articles(t.Context()))
	if len(articles) != 1 || len(articles[0].Placements) != 2 {
		t.Fatalf("articles %+v", articles)
	}
	for i, placed := range articles[0].Placements {
		if placed.Video != ids[i] || placed.Added.IsZero() {
			t.Errorf("placement %d is %+v, want %s", i, placed, ids[i])
		}
	}
}
