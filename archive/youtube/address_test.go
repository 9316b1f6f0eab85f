package youtube_test

import (
	"errors"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

func youTube(t testing.TB) *youtube.Adapter {
	t.Helper()
	a, err := youtube.New(youtube.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const first = "jNQXAC9IVRw"

func TestEveryFormOfAnAddressNamesTheVideo(t *testing.T) {
	a := youTube(t)
	for _, address := range []string{
		"https://www.youtube.com/watch?v=" + first,
		"http://youtube.com/watch?v=" + first,
		"HTTPS://WWW.YouTube.COM/watch?v=" + first,
		"https://www.youtube.com:443/watch?v=" + first,
		"https://www.youtube.com./watch?v=" + first,
		"//www.youtube.com/watch?v=" + first,
		"www.youtube.com/watch?v=" + first,
		"youtube.com/watch?v=" + first,
		"  https://www.youtube.com/watch?v=" + first + "\n",
		"https://m.youtube.com/watch?v=" + first,
		"https://music.youtube.com/watch?v=" + first + "&si=abc",
		"https://gaming.youtube.com/watch?v=" + first,
		"https://www.youtubekids.com/watch?v=" + first,
		"https://www.youtube.com/watch?feature=share&v=" + first,
		"https://www.youtube.com/watch?feature=share&amp;v=" + first,
		"https://www.youtube.com/watch?list=PL1&index=2&v=" + first,
		"https://www.youtube.com/watch/?v=" + first,
		"https://www.youtube.com/watch/" + first,
		"https://www.youtube.com/?v=" + first,
		"https://www.youtube.com/watch?v=" + first + "?feature=share",
		"https://www.youtube.com/watch#!v=" + first,
		"https://www.youtube.com/#!v=" + first + "&feature=related",
		"https://www.youtube.com/embed/" + first,
		"https://www.youtube.com/embed/" + first + "/?rel=0",
		"https://www.youtube-nocookie.com/embed/" + first + "?rel=0",
		"//www.youtube-nocookie.com/embed/" + first,
		"https://www.youtube.com/v/" + first + "&hl=en_US&fs=1",
		"https://www.youtube.com/e/" + first,
		"https://youtube.googleapis.com/v/" + first + "?version=3",
		"https://www.youtube.com/shorts/" + first + "?feature=share",
		"https://www.youtube.com/live/" + first,
		"https://youtu.be/" + first,
		"youtu.be/" + first + "?si=x",
		"//youtu.be/" + first + "/",
		"https://www.youtube.com/attribution_link?a=1&u=%2Fwatch%3Fv%3D" + first + "%26feature%3Dshare",
		"https://www.youtube.com/attribution_link?u=https%3A%2F%2Fyoutu.be%2F" + first,
	} {
		ref, err := a.Recognise(address)
		want := archive.Reference{Key: archive.SourceKey{Platform: "youtube", ID: first}, URL: "https://www.youtube.com/watch?v=" + first}
		if err != nil || ref != want {
			t.Errorf("Recognise(%q) = %+v, %v", address, ref, err)
		}
	}
}

func TestAnAddressSaysWhereToBeginAndEnd(t *testing.T) {
	a := youTube(t)
	for query, want := range map[string][2]int{
		"&t=90":                   {90, 0},
		"&t=90s":                  {90, 0},
		"&t=1h2m3s":               {3723, 0},
		"&t=2m":                   {120, 0},
		"&t=1h5":                  {3605, 0},
		"&start=7":                {7, 0},
		"&start=7&end=12":         {7, 12},
		"&end=12":                 {0, 12},
		"&start=20&end=12":        {20, 0},
		"#t=1m5s":                 {65, 0},
		"&t=9#t=1m5s":             {9, 0},
		"&amp;t=33":               {33, 0},
		"&t=":                     {0, 0},
		"&t=soon":                 {0, 0},
		"&t=-5":                   {0, 0},
		"&t=99999999999999999999": {0, 0},
		"&t=5&t=6":                {5, 0},
	} {
		ref, err := a.Recognise("https://www.youtube.com/watch?v=" + first + query)
		if err != nil || ref.Start != want[0] || ref.End != want[1] {
			t.Errorf("%q: from %d to %d, %v; want %v", query, ref.Start, ref.End, err, want)
		}
	}
}

func TestWhatIsNoSingleVideoIsSaidToBeSo(t *testing.T) {
	a := youTube(t)
	for address, what := range map[string]string{
		"https://www.youtube.com/embed/videoseries?list=PL1":                                                 "a playlist",
		"https://www.youtube.com/embed/live_stream?channel=UC1":                                              "streams",
		"https://www.youtube.com/playlist?list=PL1":                                                          "a playlist",
		"https://www.youtube.com/watch?list=PL1":                                                             "a playlist",
		"https://www.youtube.com/channel/UCWwWOFsW68TqXE-HZLC3WIA":                                           "a channel",
		"https://www.youtube.com/@nayibbukele":                                                               "a channel",
		"https://www.youtube.com/@nayibbukele/live":                                                          "a channel",
		"https://www.youtube.com/c/" + first:                                                                 "a channel",
		"https://www.youtube.com/user/" + first:                                                              "a channel",
		"https://www.youtube.com/results?search_query=x":                                                     "a search",
		"https://www.youtube.com/":                                                                           "without a video's id",
		"https://www.youtube.com/watch":                                                                      "without a video's id",
		"https://www.youtube.com/watch?v=short":                                                              "without a video's id",
		"https://www.youtube.com/watch?v=" + first + "X":                                                     "without a video's id",
		"https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.org&v=" + first:                            "without a video's id",
		"https://youtu.be/":                                                                                  "without a video's id",
		"https://youtu.be/watch?v=" + first:                                                                  "without a video's id",
		"https://www.youtube.com/attribution_link?u=https%3A%2F%2Fexample.org%2Fwatch%3Fv%3D" + first:        "attribution link",
		"https://www.youtube.com/attribution_link?u=%2Fattribution_link%3Fu%3D%252Fwatch%253Fv%253D" + first: "attribution link",
	} {
		_, err := a.Recognise(address)
		if !errors.Is(err, archive.ErrNotAVideo) || !strings.Contains(err.Error(), what) {
			t.Errorf("Recognise(%q): %v; want %q", address, err, what)
		}
	}
}

func TestAddressesOfOthersAreNotRecognised(t *testing.T) {
	a := youTube(t)
	for _, address := range []string{
		"", " ", "x", first, "https://", "https://vimeo.com/76979871",
		"https://youtube.com.example.org/watch?v=" + first,
		"https://notyoutube.com/watch?v=" + first,
		"https://www.youtube.com@example.org/watch?v=" + first,
		"https://example.org/?u=https://www.youtube.com/watch?v=" + first,
		"ftp://www.youtube.com/watch?v=" + first,
		"javascript:alert('" + first + "')",
		"data:text/html,https://youtu.be/" + first,
		"https://www.youtube.com:port/watch?v=" + first,
		"https://www.youtube.com/%zz?v=" + first,
	} {
		if ref, err := a.Recognise(address); !errors.Is(err, archive.ErrNotRecognised) {
			t.Errorf("Recognise(%q) = %+v, %v", address, ref, err)
		}
	}
}

func TestAnotherInstanceKnowsItsOwnHostOnly(t *testing.T) {
	a, err := youtube.New(youtube.At("demo", "Demo", "http://video.localhost:8090", ""))
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Reference{Key: archive.SourceKey{Platform: "demo", ID: first}, URL: "http://video.localhost:8090/watch?v=" + first, Start: 5}
	for _, address := range []string{
		"http://video.localhost:8090/watch?v=" + first + "&t=5",
		"video.localhost:8090/embed/" + first + "?start=5",
		"//VIDEO.localhost:8090/shorts/" + first + "#t=5",
	} {
		if ref, err := a.Recognise(address); err != nil || ref != want {
			t.Errorf("Recognise(%q) = %+v, %v", address, ref, err)
		}
	}
	for _, address := range []string{
		"https://www.youtube.com/watch?v=" + first, "https://youtu.be/" + first,
		"http://video.localhost/watch?v=" + first, "http://x.video.localhost:8090/watch?v=" + first,
	} {
		if _, err := a.Recognise(address); !errors.Is(err, archive.ErrNotRecognised) {
			t.Errorf("Recognise(%q): %v", address, err)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	for _, seed := range []string{
		"https://www.youtube.com/watch?v=" + first + "&t=1h2m3s", "//youtu.be/" + first, "youtube.com/#!v=" + first,
		"https://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3D" + first, "https://www.youtube.com/embed/videoseries",
		"video.localhost:8090/v/" + first + "&hl=es", "https://[::1]/watch?v=", "%", "//", "https://youtu.be//?#",
	} {
		f.Add(seed)
	}
	demo, err := youtube.New(youtube.At("demo", "Demo", "http://video.localhost:8090", ""))
	if err != nil {
		f.Fatal(err)
	}
	platforms := archive.Platforms{youTube(f), demo}
	f.Fuzz(func(t *testing.T, address string) {
		for _, p := range platforms {
			ref, err := p.Recognise(address)
			if err != nil {
				if !errors.Is(err, archive.ErrNotRecognised) && !errors.Is(err, archive.ErrNotAVideo) {
					t.Fatalf("%q: an error of no kind: %v", address, err)
				}
				continue
			}
			if len(ref.Key.ID) != 11 || ref.Start < 0 || ref.End != 0 && ref.End <= ref.Start {
				t.Fatalf("%q: %+v", address, ref)
			}
			again, err := p.Recognise(ref.URL)
			if err != nil || again.Key != ref.Key || again.URL != ref.URL {
				t.Fatalf("%q: its canonical address %q is %+v, %v", address, ref.URL, again, err)
			}
		}
	})
}
