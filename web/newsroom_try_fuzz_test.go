package web

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// FuzzMarkdownSeen holds that whatever stands in titles and captions, what is shown has the elements of a link, a picture and
// emphasis, and no attribute but theirs.
func FuzzMarkdownSeen(f *testing.F) {
	for _, seed := range []string{
		"", "[![alt](https://a.example/p.jpg)](https://a.example/v/1)", "**Title** and more", "[a \\] b](https://a.example/v/1)",
		"<script>alert(1)</script>", "[x](https://a.example/\"onload=\"alert(1))", "&lt;img src=x onerror=alert(1)&gt;", "[![\" onerror=\"x](\"y)](\"z)", "**<b>**",
	} {
		f.Add(seed)
	}
	allowed := map[string][]string{"p": nil, "strong": nil, "a": {"href"}, "img": {"src", "alt"}}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := html.NewTokenizer(strings.NewReader(markdownSeen(text)))
		for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
			if kind == html.TextToken {
				continue
			}
			token := tokens.Token()
			attributes, known := allowed[token.Data]
			if !known {
				t.Errorf("%q shows %s", text, token)
			}
			for _, a := range token.Attr {
				if !slices.Contains(attributes, a.Key) {
					t.Errorf("%q gives %s", text, token)
				}
			}
		}
	})
}
