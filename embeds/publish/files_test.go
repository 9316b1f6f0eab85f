package publish

import (
	"strings"
	"testing"
)

func TestTheScriptKnowsTheAddressesOfEarlierDays(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.Options.BaseURL += "/"
	p.Aliases = []string{"https://old.example.org"}
	p.must(t)
	if !strings.Contains(f.files["embed.js"], `["https://videos.example.org","https://old.example.org"]`) {
		t.Error("it knows figures of the present address alone")
	}
}

// In a folder a page is the index of a folder of its name, and finds its way from there.
func TestAFolderHasAnIndexAtEveryAddress(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.Folders = true
	p.must(t, video(one))
	for name, link := range map[string]string{
		"e/7k3mzq9x0abd/index.html": `href="../../v/7k3mzq9x0abd.html"`, "v/7k3mzq9x0abd/index.html": `src="../../p/7k3mzq9x0abd/640.jpg"`, "e/7k3mzq9x0abd.html": `href="../v/7k3mzq9x0abd.html"`,
	} {
		if !strings.Contains(f.files[name], link) {
			t.Errorf("%s has no %s", name, link)
		}
	}
	f.neverNested(t)
	p.Folders = false // the tree has moved into a bucket
	p.must(t, video(one))
	f.neverNested(t)
	if f.files["e/7k3mzq9x0abd"] == "" {
		t.Error("it has no object at the address")
	}
	p.Folders = true // and back
	p.must(t, video(one))
	f.neverNested(t)
}

// neverNested holds the bucket's rule: no key is a directory of another.
func (f *folder) neverNested(t *testing.T) {
	t.Helper()
	for a := range f.files {
		for b := range f.files {
			if strings.HasPrefix(b, a+"/") {
				t.Errorf("%s is a folder of %s", a, b)
			}
		}
	}
}
