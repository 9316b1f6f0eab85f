//go:build recorded

package scan_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"videoteca/embeds/scan"
)

// posts are the texts of WordPress's own export for testing themes, which has every way of embedding there is in it.
func posts(t *testing.T) (texts []string) {
	t.Helper()
	f, err := os.Open(filepath.Join(os.Getenv("VIDEOTECA_DATA"), "wordpress", "theme-unit-test.wxr.xml"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := xml.NewDecoder(f)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "encoded" && start.Name.Space == "http://purl.org/rss/1.0/modules/content/" {
			var text string
			if err := d.DecodeElement(&text, &start); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
		}
	}
}

func TestTheVideosOfWordPresssOwnExport(t *testing.T) {
	found := map[string]scan.Form{}
	texts := posts(t)
	for _, text := range texts {
		for _, f := range scan.HTML([]byte(text), options(t)).Found {
			if f.Reference.Key.Platform == "youtube" {
				found[f.Reference.Key.ID] = f.Form
			}
		}
	}
	if len(texts) < 30 {
		t.Errorf("%d posts", len(texts))
	}
	for id, shown := range map[string]bool{"O_HyZ5aW76c": false, "SQEQr7c0-dw": true, "ex8fMxXJDJw": true} {
		if form, ok := found[id]; !ok || form.Shown() != shown {
			t.Errorf("%s: %q, found %t", id, form, ok)
		}
	}
}
