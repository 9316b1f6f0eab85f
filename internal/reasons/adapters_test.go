package reasons_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/webfile"
	"videoteca/archive/youtube"
)

const platform = "http://maketube.example"

// Whatever state a video is in and whatever is wrong with its platform, what the adapter notes is known.
func TestWhatAPlatformSaysIsKnown(t *testing.T) {
	for _, key := range []string{"", "a-key"} {
		synctest.Test(t, func(t *testing.T) {
			stage := archivetest.New(archivetest.Options{BaseURL: platform})
			if err := stage.Add(archivetest.TwoMeetings()...); err != nil {
				t.Fatal(err)
			}
			o := youtube.At("maketube", "MakeTube", platform, archivetest.ControlID)
			o.Key, o.Transport = key, stage.RoundTripper()
			adapter, err := youtube.New(o)
			if err != nil {
				t.Fatal(err)
			}
			for _, state := range archivetest.States() {
				if err := stage.SetState(archivetest.NewYorkID, state); err != nil {
					t.Fatal(err)
				}
				wantKnown(t, fmt.Sprint(state), adapter, archivetest.NewYorkID)
			}
			for _, fault := range archivetest.Faults() {
				if err := stage.SetFault(fault); err != nil {
					t.Fatal(err)
				}
				wantKnown(t, fmt.Sprint(fault), adapter, archivetest.NewYorkID)
			}
		})
	}
}

func TestWhatAFilesHostSaysIsKnown(t *testing.T) {
	for status, body := range map[int]string{200: "<!doctype html>", 206: "#EXTM3U\n", 403: "no", 404: "no", 410: "no", 451: "no", 500: "no"} {
		host := sends(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Request: r, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
		adapter := webfile.New(webfile.Options{HTTP: &http.Client{Transport: host}, Pause: -1})
		wantKnown(t, fmt.Sprint(status), adapter, "https://files.example/a.m3u8")
	}
}

type sends func(*http.Request) (*http.Response, error)

func (s sends) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

func wantKnown(t *testing.T, what string, p archive.Platform, id string) {
	t.Helper()
	observations, err := p.Probe(t.Context(), []string{id})
	if err != nil || len(observations) == 0 {
		t.Fatalf("%s: %d observations, %v", what, len(observations), err)
	}
	for _, o := range observations {
		if said := texts(t).Of("es", o.Reason); said.Lang != "" {
			t.Errorf("%s, %s: %q is not known", what, o.Method, o.Reason)
		}
	}
	s, _ := archive.Judge(archive.Standing{}, archive.Rounds(observations)[observations[0].Source])
	if said := texts(t).Of("es", s.Reason); said.Lang != "" {
		t.Errorf("%s: %q is not known", what, s.Reason)
	}
}
