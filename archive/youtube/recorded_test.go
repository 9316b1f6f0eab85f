//go:build recorded

// These tests need answers recorded from the real API, which are not part of the
// repository. They are built where VIDEOTECA_DATA names their folder, see Makefile.

package youtube_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

// recorded reads an answer that the real API gave.
func recorded(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(os.Getenv("VIDEOTECA_DATA"), "youtube", name))
	if err != nil {
		t.Fatalf("set VIDEOTECA_DATA to the folder that has youtube/%s: %v", name, err)
	}
	return body
}

// replaying is YouTube itself, whose API gives a recorded answer and which is otherwise away.
func replaying(t *testing.T, status int, name string) (*youtube.Adapter, []byte) {
	t.Helper()
	body := recorded(t, name)
	s := newStage()
	s.acts = map[string]http.HandlerFunc{onAPI: says(status, string(body)), onOEmbed: says(404, ""), onThumbnail: says(404, "")}
	a, err := youtube.New(youtube.Options{Key: testKey, Transport: memory{s}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return a, body
}

func TestTheRecordedAnswerForOneVideo(t *testing.T) {
	a, body := replaying(t, 200, "videos_list_single.json")
	f := fetch(t, a, "D-lhorsDlUQ")
	got := f.Fields
	if got.Title != "What are Actions on Google (Assistant on Air)" || got.Channel != "Google Developers" ||
		got.ChannelID != "UC_x5XG1OV2P6uZZ5FSM9Ttw" || got.ChannelURL != "https://www.youtube.com/channel/UC_x5XG1OV2P6uZZ5FSM9Ttw" ||
		!got.Published.Equal(time.Date(2019, 3, 21, 20, 37, 49, 0, time.UTC)) || got.Language != "en" || len(got.Tags) != 20 {
		t.Errorf("%+v", got)
	}
	if len(f.Raw) != 1 || !bytes.Equal(f.Raw[0].Data, body) {
		t.Error("the raw answer is not what came")
	}
	if o := by(t, f.Observations, youtube.MethodList, "D-lhorsDlUQ"); o.Outcome != archive.Playable || o.Host != "youtube.googleapis.com" {
		t.Errorf("%+v", o)
	}
}

func TestTheRecordedAnswerForFiveVideos(t *testing.T) {
	a, _ := replaying(t, 200, "videos_list_chart.json")
	ids := []string{"hDeuSfo_Ys0", "Ukd8dJNBvOA", "Pdgk3ERKdug", "QmYNmNHrtCQ", "X1jMMFOqxEw"}
	seen := probe(t, a, append(ids, dead1)...)
	for _, id := range ids {
		if o := by(t, seen, youtube.MethodList, id); o.Outcome != archive.Playable || !o.Answers {
			t.Errorf("%+v", o)
		}
	}
	// It is a page of a chart: it counts 8 and shows 5, so an id that it does not show is not missing.
	if o := by(t, seen, youtube.MethodList, dead1); o.Outcome != archive.Unclear {
		t.Errorf("%+v", o)
	}
}

func TestTheRecordedRefusal(t *testing.T) {
	a, _ := replaying(t, 403, "error_permission.json")
	if o := by(t, probe(t, a, first), youtube.MethodList, first); o.Outcome != archive.Unclear || o.Reason != "HTTP 403 SERVICE_UNAVAILABLE" || o.Status != 403 {
		t.Errorf("%+v", o)
	}
}
