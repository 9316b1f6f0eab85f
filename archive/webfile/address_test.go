package webfile_test

import (
	"errors"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"videoteca/archive"
	"videoteca/archive/webfile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRecogniseReadsAddressesOfMediaFiles(t *testing.T) {
	a := webfile.New(webfile.Options{})
	for address, want := range map[string]archive.Reference{
		"https://example.org/clip.mp4":                   {URL: "https://example.org/clip.mp4"},
		"HTTPS://Example.ORG:443/Clip.MP4":               {URL: "https://example.org/Clip.MP4"},
		"http://example.org:80/a.webm":                   {URL: "http://example.org/a.webm"},
		"http://example.org:8080/a.ogv":                  {URL: "http://example.org:8080/a.ogv"},
		"//example.org/live/index.m3u8?token=b&a=1":      {URL: "https://example.org/live/index.m3u8?token=b&a=1"},
		"  https://example.org./a/../b/./c.m4v ":         {URL: "https://example.org/b/c.m4v"},
		"https://example.org/a.mp4?":                     {URL: "https://example.org/a.mp4"},
		"https://example.org/dos%20a%C3%B1os.mp4":        {URL: "https://example.org/dos%20a%C3%B1os.mp4"},
		"https://diputación.example/sesión.mp4":          {URL: "https://xn--diputacin-d7a.example/sesi%C3%B3n.mp4"},
		"https://[2001:DB8::1]:443/a.mp4":                {URL: "https://[2001:db8::1]/a.mp4"},
		"https://example.org/a.mp4#t=10,20":              {URL: "https://example.org/a.mp4", Start: 10, End: 20},
		"https://example.org/a.mp4#t=75.9":               {URL: "https://example.org/a.mp4", Start: 75},
		"https://example.org/a.mp4#t=,20.1":              {URL: "https://example.org/a.mp4", End: 21},
		"https://example.org/a.mp4#t=npt:1:02:03,":       {URL: "https://example.org/a.mp4", Start: 3723},
		"https://example.org/a.mp4#track=2&t=1:15s":      {URL: "https://example.org/a.mp4", Start: 75},
		"https://example.org/a.mp4#t=20,10":              {URL: "https://example.org/a.mp4"},
		"https://example.org/a.mp4#t=-5":                 {URL: "https://example.org/a.mp4"},
		"https://example.org/a.mp4#t=NaN":                {URL: "https://example.org/a.mp4"},
		"https://example.org/a.mp4#t=1e300":              {URL: "https://example.org/a.mp4"},
		"https://example.org/a.mp4#t=99999999999":        {URL: "https://example.org/a.mp4"},
		"https://example.org/a.mp4#t=1:2:3:4":            {URL: "https://example.org/a.mp4"},
		"https://example.org/a.mp4#chapter-2":            {URL: "https://example.org/a.mp4"},
		"https://a_b.example.org/under%2Fscore/clip.mp4": {URL: "https://a_b.example.org/under%2Fscore/clip.mp4"},
	} {
		t.Run(address, func(t *testing.T) {
			want.Key = archive.SourceKey{Platform: "web", ID: want.URL}
			got, err := a.Recognise(address)
			if err != nil || got != want {
				t.Errorf("got %+v, %v\nwant %+v", got, err, want)
			}
		})
	}
}

func TestRecogniseLeavesOtherAddressesAlone(t *testing.T) {
	a := webfile.New(webfile.Options{})
	for address, want := range map[string]error{
		"":                                    archive.ErrNotRecognised,
		"clip.mp4":                            archive.ErrNotRecognised,
		"https://example.org/":                archive.ErrNotRecognised,
		"https://example.org/story.html":      archive.ErrNotRecognised,
		"https://example.org/song.mp3":        archive.ErrNotRecognised,
		"https://example.org/?file=a.mp4":     archive.ErrNotRecognised,
		"https://example.org/clip.mp4/":       archive.ErrNotRecognised,
		"ftp://example.org/clip.mp4":          archive.ErrNotRecognised,
		"file:///home/clip.mp4":               archive.ErrNotRecognised,
		"javascript:alert(1)//clip.mp4":       archive.ErrNotRecognised,
		"https:///clip.mp4":                   archive.ErrNotRecognised,
		"https://./clip.mp4":                  archive.ErrNotRecognised,
		"https://exa mple.org/clip.mp4":       archive.ErrNotRecognised,
		"https://a%00b.example.org/x.mp4":     archive.ErrNotRecognised,
		"https://me:secret@example.org/a.mp4": archive.ErrNotAVideo,
		"https://example.org/" + strings.Repeat("a", 2048) + ".mp4": archive.ErrNotAVideo,
	} {
		if _, err := a.Recognise(address); !errors.Is(err, want) {
			t.Errorf("%.60q: got %v, want %v", address, err, want)
		}
	}
}

// FuzzRecognise: what is recognised has an id that is recognised as itself.
func FuzzRecognise(f *testing.F) {
	for _, s := range []string{
		"https://example.org/clip.mp4", "//EXAMPLE.org:443/a/../b.webm#t=1:2,3", "http://[::1]:80/x.m3u8?q#t=", "https://ñ.example/é.mp4",
		"https://example.org/%2e%2e/a.mp4", "https://example.org//a//b.mp4", "http://h:/a.mp4", "https://u@h/a.mp4", "//0../.weBm",
	} {
		f.Add(s)
	}
	a := webfile.New(webfile.Options{})
	f.Fuzz(func(t *testing.T, address string) {
		ref, err := a.Recognise(address)
		if err != nil {
			if !errors.Is(err, archive.ErrNotRecognised) && !errors.Is(err, archive.ErrNotAVideo) {
				t.Fatalf("%q: %v", address, err)
			}
			return
		}
		if ref.Start < 0 || ref.End < 0 || (ref.End > 0 && ref.End <= ref.Start) {
			t.Fatalf("%q begins at %d and ends at %d", address, ref.Start, ref.End)
		}
		again, err := a.Recognise(ref.Key.ID)
		if err != nil || again.Key != ref.Key {
			t.Fatalf("%q has the id %q, which is recognised as %q, %v", address, ref.Key.ID, again.Key.ID, err)
		}
	})
}
