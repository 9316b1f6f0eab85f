package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/internal/dossier"
)

// extracted unpacks a dossier, checks it with the tool that its page names, and
// returns its folder and manifest.
func extracted(t *testing.T, data []byte) (folder string, m dossier.Manifest) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	if err := os.CopyFS(root, z); err != nil {
		t.Fatal(err)
	}
	folders, err := os.ReadDir(root)
	if err != nil || len(folders) != 1 {
		t.Fatalf("%v, %v", folders, err)
	}
	folder = filepath.Join(root, folders[0].Name())
	check := exec.CommandContext(t.Context(), "sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS")
	check.Dir = folder
	if out, err := check.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err = os.ReadFile(filepath.Join(folder, "manifest.json"))
	if err = errors.Join(err, json.Unmarshal(data, &m)); err != nil {
		t.Fatal(err)
	}
	return folder, m
}

// file is a file of the store.
func (s *site) file(t *testing.T, names ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{s.store}, names...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestADossierOfALostVideo(t *testing.T) {
	s := newSite(t)
	v, film := s.withFilm(t)
	command(t, s.args("check", v.ID)...)
	if err := s.platform.SetState("playing0000", archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	command(t, s.args("check", v.ID)...)
	data := command(t, s.args("dossier", v.ID, "-o", "-", "--vantage", "SV, redacción")...)
	folder, m := extracted(t, []byte(data))
	if m.Video != archive.VideoID(v.ID) || m.Vantage != "SV, redacción" || m.Actor != "local" || !m.Chain.Whole() || m.Chain.Events < 4 || m.Captures != 1 {
		t.Errorf("%+v", m)
	}
	if m.Observations < 2 || m.Searched.Audits != 3 || len(m.Searched.Named) == 0 || len(m.Searched.Absent)+len(m.Searched.Broken) != 0 {
		t.Errorf("searched %+v, found %d", m.Searched, m.Observations)
	}
	record, err := os.ReadFile(filepath.Join(folder, "record.json"))
	if err != nil || string(record) != s.file(t, "videos", v.ID[:2], v.ID+".json") {
		t.Errorf("the record is not as it is kept: %v", err)
	}
	page, err := os.ReadFile(filepath.Join(folder, "index.es.html"))
	if err != nil || !strings.Contains(string(page), "posible pérdida") || !strings.Contains(string(page), "Intervalo de la pérdida") {
		t.Errorf("%v: %s", err, page)
	}
	for _, f := range m.Files {
		want := dossier.FileIncluded
		if f.Role == dossier.RoleCopy {
			want = dossier.FileLeftOut
		}
		if f.Condition != want {
			t.Errorf("%+v", f)
		}
	}
	if strings.Contains(data, film) {
		t.Error("the copy is in it unasked")
	}
}

func TestADossierWithCopies(t *testing.T) {
	s := newSite(t)
	v, film := s.withFilm(t)
	folder, m := extracted(t, []byte(command(t, s.args("dossier", v.ID, "-o", "-", "--with-copies", "--all-observations")...)))
	at := slices.IndexFunc(m.Files, func(f dossier.Kept) bool { return f.Role == dossier.RoleCopy })
	if at < 0 {
		t.Fatal("no copy is listed")
	}
	if got, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(m.Files[at].Name))); err != nil || string(got) != film {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if !m.Searched.All {
		t.Errorf("%+v", m.Searched)
	}
}

func TestADossierBecomesAFileOnlyWhenItIsWhole(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	t.Chdir(t.TempDir())
	name := strings.TrimSpace(command(t, s.args("dossier", v.ID)...))
	data, err := os.ReadFile(name)
	if err != nil || !strings.HasPrefix(name, "dossier-"+v.ID) || !strings.HasSuffix(name, "Z.zip") {
		t.Fatalf("%q: %v", name, err)
	}
	if folder, _ := extracted(t, data); filepath.Base(folder)+".zip" != name {
		t.Errorf("its folder is %s", folder)
	}
	var told map[string]string
	if err := json.Unmarshal([]byte(command(t, s.args("dossier", v.ID, "-o", "named.zip", "--json")...)), &told); err != nil || told["file"] != "named.zip" {
		t.Errorf("%v, %v", told, err)
	}
	for _, tt := range []struct {
		says string
		args []string
		want int
	}{
		{"not found", []string{"dossier", string(archive.NewVideoID())}, exitMissing},
		{"not a video id", []string{"dossier", "nope"}, exitUsage},
		{"--output", []string{"dossier", v.ID, "-o", "none/such.zip"}, exitUsage},
	} {
		if got := try(t, "", s.args(tt.args...)...); got.code != tt.want || !strings.Contains(got.errs, tt.says) || got.out != "" {
			t.Errorf("%v: %+v", tt.args, got)
		}
	}
	left, err := os.ReadDir(".")
	if err != nil || len(left) != 2 {
		t.Errorf("beside two dossiers there are %v, %v", left, err)
	}
}

func TestAJournalThatIsDamagedIsNamedInTheDossier(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.playing(t, "playing0000"))
	command(t, s.args("check", v.ID)...)
	parts, err := filepath.Glob(filepath.Join(s.store, "audits", "*", "*", "*", "*", "0001.jsonl.gz"))
	if err != nil || len(parts) != 2 { // of the registration and of the check
		t.Fatalf("%v, %v", parts, err)
	}
	whole, err := os.ReadFile(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"no gzip": []byte("plain"), "half a gzip": whole[:len(whole)/2]} {
		if err := errors.Join(os.Remove(parts[0]), os.WriteFile(parts[0], content, 0o600)); err != nil {
			t.Fatal(err)
		}
		if _, m := extracted(t, []byte(command(t, s.args("dossier", v.ID, "-o", "-")...))); len(m.Searched.Broken) != 1 || !strings.HasSuffix(m.Searched.Broken[0], "/0001") {
			t.Errorf("%s: %+v", name, m.Searched)
		}
	}
}

func TestTheServiceGivesTheDossierToo(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	const token = "c2VjcmV0LXRva2VuLW9mLXRoZS1kb3NzaWVyLXRlc3QtMjU2LWJpdHM"
	service := serve(t, s.args("--token", token)...)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, service.URL+"/videos/"+v.ID+"/dossier.zip", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("status %d, %v", answer.StatusCode, err)
	}
	if _, m := extracted(t, data); m.Video != archive.VideoID(v.ID) || m.BaseURL == "" || m.Installation == "" {
		t.Errorf("%+v", m)
	}
}
