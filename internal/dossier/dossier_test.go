package dossier_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/dossier"
)

func TestADossierHasEverythingInItsOrder(t *testing.T) {
	s := lost(t)
	u := write(t, s, options())
	want := []string{"record.json", "events/01a.json", "events/01b.json", "captures/01c.json"}
	for _, f := range u.manifest.Files {
		if f.Name != "" {
			want = append(want, f.Name)
		}
	}
	want = append(want, "observations.jsonl", "index.en.html", "index.es.html", "manifest.json", "SHA256SUMS")
	if !slices.Equal(u.names, want) || len(u.names) != 12 {
		t.Errorf("it has %q", u.names)
	}
	if !bytes.Equal(u.files["record.json"], s.record) || !bytes.Equal(u.files["events/01b.json"], s.events[1].Data) || !bytes.Equal(u.files["captures/01c.json"], s.captures[0].Data) {
		t.Error("documents are not as they are kept")
	}
}

func TestTheSameArchiveMakesTheSameBytes(t *testing.T) {
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := dossier.Write(t.Context(), out, lost(t), videoID, options()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two dossiers of one archive differ")
	}
}

func TestTheManifestSaysWhoAndWhenAndFromWhere(t *testing.T) {
	m := write(t, lost(t), options()).manifest
	if m.Version != 1 || m.Video != videoID || m.Revision != 3 || m.Made != "2026-04-09T12:00:00Z" || m.Program != "videoteca v1.2.3" ||
		m.Vantage != "DE, Hetzner" || m.Actor != "local" || m.Installation != "01jnga0000000000000000000z" || m.BaseURL != "https://videos.example.org" {
		t.Errorf("%+v", m)
	}
	if m.Captures != 1 || m.Chain.Events != 2 || !m.Chain.Whole() || m.Observations != 3 {
		t.Errorf("%d captures, %d observations, chain %+v", m.Captures, m.Observations, m.Chain)
	}
}

func TestEveryFileHasItsDigest(t *testing.T) {
	u := write(t, lost(t), options())
	sums := map[string]string{}
	for line := range strings.Lines(string(u.files["SHA256SUMS"])) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			t.Fatalf("%q is no line of sha256sum", line)
		}
		sums[name] = sum
	}
	for name, content := range u.files {
		if want := digest(content); name != "SHA256SUMS" && sums[name] != want {
			t.Errorf("%s has the digest %s, listed is %q", name, want, sums[name])
		}
	}
	if len(sums) != len(u.files)-1 {
		t.Errorf("%d files are listed, there are %d beside the list", len(sums), len(u.files)-1)
	}
	for _, e := range u.manifest.Entries {
		if sums[e.Name] != e.SHA256 || int64(len(u.files[e.Name])) != e.Bytes {
			t.Errorf("the manifest says %+v", e)
		}
	}
}

// The tool that the page names is the judge of the list.
func TestSha256sumAcceptsTheListAndFindsAnAlteredFile(t *testing.T) {
	u := write(t, lost(t), options())
	folder := t.TempDir()
	for name, content := range u.files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	check := func() (string, error) {
		tool := exec.CommandContext(t.Context(), "sha256sum", "-c", "--strict", "SHA256SUMS")
		tool.Dir = folder
		out, err := tool.CombinedOutput()
		return string(out), err
	}
	if out, err := check(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(folder, "record.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := check(); err == nil || !strings.Contains(out, "record.json: FAILED") {
		t.Errorf("an altered record passes: %s", out)
	}
}

func TestFailuresOfTheArchiveEndTheDossier(t *testing.T) {
	for _, call := range []string{"Record", "Events", "Captures", "Open", "Audits", "Parts", "OpenPart"} {
		s := lost(t)
		s.down[call] = archive.ErrUnavailable
		var out bytes.Buffer
		err := dossier.Write(t.Context(), &out, s, videoID, options())
		if !errors.Is(err, archive.ErrUnavailable) || !strings.Contains(err.Error(), string(videoID)) {
			t.Errorf("%s: %v", call, err)
		}
		if bytes.Contains(out.Bytes(), []byte("PK\x05\x06")) {
			t.Errorf("%s: what is there looks like a whole zip", call)
		}
	}
}

func TestAVideoThatIsNotThereGetsNoByte(t *testing.T) {
	s := lost(t)
	s.down["Record"] = archive.ErrNotFound
	var out bytes.Buffer
	if err := dossier.Write(t.Context(), &out, s, videoID, options()); !errors.Is(err, archive.ErrNotFound) || out.Len() != 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
	s = lost(t)
	s.record = []byte("<html>")
	if err := dossier.Write(t.Context(), &out, s, videoID, options()); err == nil || out.Len() != 0 {
		t.Errorf("a record that is none: %v, %d bytes", err, out.Len())
	}
}

// full is a disk without room.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func TestAFullDiskIsAnError(t *testing.T) {
	for _, room := range []int{0, 1 << 10} {
		if err := dossier.Write(t.Context(), &full{room}, lost(t), videoID, options()); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("room for %d bytes: %v", room, err)
		}
	}
}

func TestAStoppedDossierSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := dossier.Write(ctx, io.Discard, lost(t), videoID, options()); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}
