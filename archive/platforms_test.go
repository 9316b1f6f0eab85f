package archive_test

import (
	"errors"
	"net/http"
	"testing"

	"videoteca/archive"
	"videoteca/archive/oembed"
	"videoteca/archive/webfile"
	"videoteca/archive/youtube"
)

// installed is what an installation has: YouTube, another that speaks like it, plain
// files, and those that speak oEmbed. Recognising asks no network.
func installed(t *testing.T) archive.Platforms {
	t.Helper()
	own, err := youtube.New(youtube.Options{})
	if err != nil {
		t.Fatal(err)
	}
	offline := &http.Client{Transport: unplugged{t}}
	listed, err := oembed.Platforms(oembed.Options{HTTP: offline})
	if err != nil {
		t.Fatal(err)
	}
	return append(archive.Platforms{own, maketube(t, "http://maketube.localhost:8090"), webfile.New(webfile.Options{HTTP: offline})}, listed...)
}

// unplugged is a network that fails the test which asks it.
type unplugged struct{ t *testing.T }

func (u unplugged) RoundTrip(r *http.Request) (*http.Response, error) {
	u.t.Errorf("%s was asked", r.URL)
	return nil, errors.New("there is no network")
}

func TestEachAddressIsReadByThePlatformThatKnowsIt(t *testing.T) {
	platforms := installed(t)
	for address, want := range map[string]archive.Reference{
		"https://youtu.be/jNQXAC9IVRw?t=5": {Key: archive.SourceKey{Platform: "youtube", ID: "jNQXAC9IVRw"}, URL: "https://www.youtube.com/watch?v=jNQXAC9IVRw", Start: 5},
		"http://maketube.localhost:8090/shorts/simNY2019_1": {
			Key: archive.SourceKey{Platform: "maketube", ID: "simNY2019_1"}, URL: "http://maketube.localhost:8090/watch?v=simNY2019_1"},
		"https://files.example.org/acto.mp4#t=10,20": {
			Key: archive.SourceKey{Platform: "web", ID: "https://files.example.org/acto.mp4"}, URL: "https://files.example.org/acto.mp4", Start: 10, End: 20},
		"https://vimeo.com/76979871": {Key: archive.SourceKey{Platform: "vimeo", ID: "76979871"}, URL: "https://vimeo.com/76979871"},
	} {
		platform, got, err := platforms.Recognise(address)
		if err != nil || got != want || platform.Name() != want.Key.Platform {
			t.Errorf("%s is %+v, %v", address, got, err)
		}
	}
}

// A platform that knows an address without a video ends the search: nobody else is
// to make a source of a playlist.
func TestTheFirstPlatformThatKnowsAnAddressDecides(t *testing.T) {
	all := installed(t)
	for _, address := range []string{"https://www.youtube.com/playlist?list=PL123", "https://user:secret@files.example.org/a.mp4"} {
		platform, ref, err := all.Recognise(address)
		if !errors.Is(err, archive.ErrNotAVideo) || errors.Is(err, archive.ErrNotRecognised) || platform != nil || ref != (archive.Reference{}) {
			t.Errorf("%s: %v, %+v, %v", address, platform, ref, err)
		}
	}
	const file = "http://maketube.localhost:8090/watch.mp4"
	plain, tube := all.Named("web"), all.Named("maketube")
	if _, _, err := (archive.Platforms{tube, plain}).Recognise(file); !errors.Is(err, archive.ErrNotAVideo) {
		t.Errorf("asked first, the host's own platform says %v", err)
	}
	if _, ref, err := (archive.Platforms{plain, tube}).Recognise(file); err != nil || ref.Key.Platform != "web" {
		t.Errorf("asked first, plain files say %+v, %v", ref, err)
	}
}

func TestWhatNoPlatformKnowsIsRefused(t *testing.T) {
	platforms := installed(t)
	for _, address := range []string{"", " ", "words", "ftp://files.example.org/a.mp4", "https://nobody.example/x", "https://youtube.com.nobody.example/watch?v=jNQXAC9IVRw", "javascript:alert(1)"} {
		if _, _, err := platforms.Recognise(address); !errors.Is(err, archive.ErrNotRecognised) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestAPlatformIsFoundByItsName(t *testing.T) {
	platforms := installed(t)
	for _, p := range platforms {
		if got := platforms.Named(p.Name()); got != p {
			t.Errorf("%s names %v", p.Name(), got)
		}
	}
	if got := platforms.Named("nobody"); got != nil {
		t.Errorf("nobody is %v", got)
	}
	if got := archive.Platforms(nil).Named(""); got != nil {
		t.Errorf("without platforms there is %v", got)
	}
}
