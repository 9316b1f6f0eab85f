package scan_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/youtube"
	"videoteca/embeds/scan"
)

// own is the newsroom's public address, and kept one of its videos.
const (
	own  = "https://videos.example.org"
	kept = "7k3mzq9x0abd"
)

// recognise knows YouTube as the program does, Vimeo's and Dailymotion's pages, and plain .mp4 files.
func recognise(t testing.TB) func(string) (archive.Reference, error) {
	t.Helper()
	adapter, err := youtube.New(youtube.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return func(address string) (archive.Reference, error) {
		ref, err := adapter.Recognise(address)
		if !errors.Is(err, archive.ErrNotRecognised) {
			return ref, err
		}
		u, err := url.Parse(address)
		if err != nil {
			return archive.Reference{}, archive.ErrNotRecognised
		}
		last := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
		switch {
		case strings.HasSuffix(u.Host, "vimeo.com"):
			return archive.Reference{Key: archive.SourceKey{Platform: "vimeo", ID: last}, URL: address}, nil
		case strings.HasSuffix(u.Host, "dailymotion.com"):
			return archive.Reference{Key: archive.SourceKey{Platform: "dailymotion", ID: last}, URL: address}, nil
		case strings.HasSuffix(u.Path, ".mp4"):
			return archive.Reference{Key: archive.SourceKey{Platform: "webfile", ID: address}, URL: address}, nil
		}
		return archive.Reference{}, archive.ErrNotRecognised
	}
}

func options(t testing.TB) scan.Options {
	return scan.Options{Base: "https://news.example.org/2025/story", Own: []string{own, "https://old.example.org"}, Recognise: recognise(t)}
}

// read is what stands in a piece of a page, as "form platform:id label".
func read(t testing.TB, page string) []string {
	t.Helper()
	var out []string
	for _, f := range scan.HTML([]byte(page), options(t)).Found {
		name := f.Reference.Key.String()
		switch {
		case f.Video != "":
			name = string(f.Video)
		case f.Problem != nil:
			name = "no video at " + f.Address
		}
		out = append(out, strings.TrimSpace(string(f.Form)+" "+name+" "+f.Label))
	}
	return out
}
