package archive_test

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/youtube"
)

// stage is the make-believe platform of every test here. It is one, since drawing
// its pictures anew is most of what a registration costs. Tests that share it do not
// run in parallel, and each leaves it as it found it.
var stage *archivetest.Server

func TestMain(m *testing.M) {
	platform := archivetest.New(archivetest.Options{})
	if err := platform.Add(archivetest.TwoMeetings()...); err != nil {
		panic(err) // the two meetings are constants
	}
	listener := httptest.NewServer(platform)
	defer listener.Close()
	stage = &archivetest.Server{Platform: platform, URL: listener.URL}
	m.Run()
}

// onStage lends the platform to a test, and heals it afterwards.
func onStage(t *testing.T) *archivetest.Server {
	t.Helper()
	t.Cleanup(func() {
		if err := stage.SetFault(archivetest.FaultNone); err != nil {
			t.Error(err)
		}
		for _, v := range archivetest.TwoMeetings() {
			if err := stage.Add(v); err != nil {
				t.Error(err)
			}
		}
	})
	return stage
}

// maketube is the adapter of a platform under base. It takes any key.
func maketube(t *testing.T, base string) archive.Platform {
	t.Helper()
	o := youtube.At("maketube", "MakeTube", base, archivetest.ControlID)
	o.Key = "make-believe"
	adapter, err := youtube.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return adapter
}

// slogTo is a logger that writes plain lines.
func slogTo(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
