package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// picture is an image of a document: what it shows in words, and where it stands.
var picture = regexp.MustCompile(`!\[([^\]]*)\]\(([^)\s]+)\)`)

// Pictures that are named exist and are described, and those that exist are named.
func TestEveryPictureIsThereAndNamed(t *testing.T) {
	documents, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, document := range append(documents, "../README.md") {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range picture.FindAllStringSubmatch(string(text), -1) {
			path := filepath.Join(filepath.Dir(document), found[2])
			named[path] = true
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s: %v", document, err)
			}
			if found[1] == "" {
				t.Errorf("%s: %s has no alternative text", document, found[2])
			}
		}
	}
	pictures, err := filepath.Glob("images/*")
	if err != nil || len(pictures) < 19 {
		t.Fatalf("%v, %v", pictures, err)
	}
	for _, path := range pictures {
		if !named[filepath.Clean(path)] && !named[filepath.Join("..", "docs", path)] {
			t.Errorf("no document shows %s", path)
		}
	}
}
