package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/wayback"
)

// archiveOnLoopback serves a make-believe web archive.
func archiveOnLoopback(t *testing.T) (*archivetest.WebArchive, string) {
	t.Helper()
	a := archivetest.NewWebArchive(archivetest.WebArchiveOptions{AccessKey: "AK", SecretKey: "SK+x", Capturing: time.Nanosecond})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: a}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return a, "http://" + listener.Addr().String()
}

// pressed is a newsroom of its own that knows one video of YouTube, which nobody asks for.
func pressed(t *testing.T) (*Settings, console, *bytes.Buffer) {
	t.Helper()
	dir := t.TempDir()
	s := &Settings{Store: filepath.Join(dir, "store"), Cache: filepath.Join(dir, "cache"), LeaseTerm: time.Minute, LogLevel: "error"}
	out := &bytes.Buffer{}
	c := console{in: strings.NewReader(""), out: out, err: os.Stderr}
	n, err := openFor(t.Context(), s, opening{founds: true}, c)
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	if err := n.store.EnsureReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := archive.Video{ID: archive.NewVideoID(), Sources: []archive.Source{{
		SourceKey: archive.SourceKey{Platform: "youtube", ID: "AbCdEfGhIjK"}, URL: "https://www.youtube.com/watch?v=AbCdEfGhIjK",
	}}}
	if _, err := n.store.Create(t.Context(), v, archive.Cause{Actor: "local", Verb: "register"}); err != nil {
		t.Fatal(err)
	}
	return s, c, out
}

func TestArchivedPagesAreLookedUpOrderedAndKept(t *testing.T) {
	a, base := archiveOnLoopback(t)
	s, c, out := pressed(t)
	command := archivePagesCommand{waybackFlags{WaybackKey: "AK:SK+x", WaybackBase: base}}
	if err := command.Run(t.Context(), s, c); err != nil {
		t.Fatal(err)
	}
	want := "1 source: 1 looked up, 0 archived pages found\ncaptures: 1 asked for, 0 made, 0 under way, 0 refused\n"
	if out.String() != want || len(a.Asked()) != 3 {
		t.Errorf("%s, asked %v", out, a.Asked())
	}
	out.Reset()
	s.JSON = true
	if err := command.Run(t.Context(), s, c); err != nil {
		t.Fatal(err)
	}
	var counts wayback.Counts
	if err := json.Unmarshal(out.Bytes(), &counts); err != nil || counts != (wayback.Counts{Sources: 1}) {
		t.Errorf("a moment later: %v, %s", err, out)
	}
}

func TestAnArchivedPageIsInTheRecord(t *testing.T) {
	a, base := archiveOnLoopback(t)
	a.Keep("https://www.youtube.com/watch?v=AbCdEfGhIjK", time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), http.StatusOK)
	s, c, out := pressed(t)
	if err := (archivePagesCommand{waybackFlags{WaybackBase: base + "/"}}).Run(t.Context(), s, c); err != nil {
		t.Fatal(err)
	}
	if out.String() != "1 source: 1 looked up, 1 archived page found\n" {
		t.Errorf("%s", out)
	}
	n, err := open(t.Context(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	for v, err := range n.catalog.All(t.Context()) {
		if err != nil || v.Sources[0].Archived == nil || v.Sources[0].Archived.URL != base+"/web/20200102030405/"+v.Sources[0].URL {
			t.Errorf("%v: %+v", err, v.Sources[0].Archived)
		}
	}
}

func TestAnArchiveThatIsDownFailsTheCommandAndNothingElse(t *testing.T) {
	a, base := archiveOnLoopback(t)
	if err := a.SetFault(archivetest.WebArchiveRateLimited); err != nil {
		t.Fatal(err)
	}
	s, c, _ := pressed(t)
	if err := (archivePagesCommand{waybackFlags{WaybackBase: base}}).Run(t.Context(), s, c); !errors.Is(err, wayback.ErrBusy) {
		t.Error(err)
	}
}

func TestKeysOfTheWebArchiveAreReadAndNotShown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte("AK:SK\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		flags waybackFlags
		keyed bool
		wrong bool
	}{
		"none":           {waybackFlags{}, false, false},
		"on the line":    {waybackFlags{WaybackKey: "AK:SK"}, true, false},
		"in a file":      {waybackFlags{WaybackKeyFile: file}, true, false},
		"in no file":     {waybackFlags{WaybackKeyFile: file + "x"}, false, true},
		"half of them":   {waybackFlags{WaybackKey: "SKnotshown"}, false, true},
		"an empty half":  {waybackFlags{WaybackKey: "SKnotshown:"}, false, true},
		"no address":     {waybackFlags{WaybackBase: "archive.example.org"}, false, true},
		"another scheme": {waybackFlags{WaybackBase: "ftp://archive.example.org"}, false, true},
	} {
		client, err := c.flags.client(&Settings{}, build{})
		if c.wrong != errors.Is(err, errUsage) || err == nil && client.Keyed() != c.keyed {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "SKnotshown") {
			t.Errorf("%s shows the key: %v", name, err)
		}
	}
}

func TestARegistrationIsAnnounced(t *testing.T) {
	s, c, _ := pressed(t)
	n, err := open(t.Context(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	a, base := archiveOnLoopback(t)
	client, err := waybackFlags{WaybackBase: base}.client(s, n.build)
	if err != nil {
		t.Fatal(err)
	}
	library := announcing{n.library, n.pageKeeper(client)}
	if _, err := library.Register(t.Context(), archive.Registration{URL: "no address"}); err == nil {
		t.Error("no address was registered")
	}
	if _, err := library.AddSource(t.Context(), "7k3mzq9x0abd", "no address", ""); err == nil {
		t.Error("no address was added")
	}
	known, told := firstVideo(t, n), 0
	list := []archive.Registration{{URL: "no address"}, {URL: known.Sources[0].URL}}
	library.RegisterMany(t.Context(), list, archive.Many{End: func(i int, done archive.Registered, err error) {
		if told++; (err != nil) != (i == 0) || i == 1 && done.Video.ID == "" {
			t.Errorf("the %dth: %s, %v", i, done.Video.ID, err)
		}
	}})
	if told != 2 {
		t.Errorf("%d are told", told)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); library.keeper.Run(ctx) }()
	for range 100 {
		if len(a.Asked()) > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	<-ended
	if len(a.Asked()) == 0 {
		t.Error("nobody looked for the page")
	}
}

func firstVideo(t *testing.T, n *newsroom) archive.Video {
	t.Helper()
	for l, err := range n.store.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		v, err := n.store.Video(t.Context(), l.ID)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	t.Fatal("no video")
	return archive.Video{}
}
