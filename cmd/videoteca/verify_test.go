package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage/verify"
)

// stored is the one object of the site's store that the pattern names.
func (s *site) stored(t *testing.T, pattern ...string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(append([]string{s.store}, pattern...)...))
	if err != nil || len(found) == 0 {
		t.Fatalf("%v: %v, %v", pattern, found, err)
	}
	return found[0]
}

// copied is a second store.
func (s *site) copied(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "backup")
	if err := os.CopyFS(folder, os.DirFS(s.store)); err != nil {
		t.Fatal(err)
	}
	return folder
}

func (s *site) report(t *testing.T, want int, args ...string) verifyReport {
	t.Helper()
	got := try(t, "", s.args(append([]string{"verify", "--json"}, args...)...)...)
	var document verifyReport
	if err := json.Unmarshal([]byte(got.out), &document); err != nil || got.code != want {
		t.Fatalf("%v: %+v", err, got)
	}
	return document
}

func TestVerifySaysWhatIsDamagedAndPutsItBack(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.playing(t, "playing0000"))
	command(t, s.args("audit")...)
	if out := command(t, s.args("verify")...); !strings.Contains(out, "0 faults, 0 repaired, 0 notes") {
		t.Fatalf("whole: %s", out)
	}
	backup := s.copied(t)
	file := s.stored(t, "files", v.ID[:2], v.ID, "*")
	if err := os.WriteFile(file, []byte("rot"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := try(t, "", s.args("verify", "--restart")...)
	if got.code != exitDamaged || !strings.Contains(got.out, "fault  content") || !strings.Contains(got.out, filepath.Base(file)) || !strings.Contains(got.errs, "1 fault is left") {
		t.Fatalf("damaged: %+v", got)
	}
	if dry := s.report(t, exitDamaged, "--from", backup, "--dry-run"); len(dry.Findings) != 1 || !dry.Findings[0].Repairable {
		t.Errorf("a dry run: %+v", dry)
	}
	got = try(t, "", s.args("verify", v.ID, "--from", backup)...)
	if got.code != exitOK || !strings.Contains(got.out, "fixed  content") || !strings.Contains(got.out, "1 fault, 1 repaired") {
		t.Errorf("repaired: %+v", got)
	}
	if whole := s.report(t, exitOK); whole.Summary.Faults != 0 || whole.Findings == nil || !whole.Summary.Complete {
		t.Errorf("afterwards: %+v", whole)
	}
}

func TestVerifyFromATimer(t *testing.T) {
	s := newSite(t)
	s.add(t, s.crowd(t, 1)[0])
	if got := s.report(t, exitOK, "--for", "1ns"); got.Summary.Complete {
		t.Errorf("after no time: %+v", got)
	}
	if out := command(t, s.args("verify", "--for", "1ns")...); !strings.Contains(out, "run the same command again to go on") {
		t.Errorf("%s", out)
	}
	if got := s.report(t, exitOK, "--for", "1h", "--max-age", "30d"); !got.Summary.Complete || got.Summary.Recent {
		t.Errorf("the rest: %+v", got)
	}
	if out := command(t, s.args("verify", "--max-age", "30d")...); !strings.HasPrefix(out, "checked on 20") {
		t.Errorf("%s", out)
	}
}

func TestVerifyRefusesWhatItCannotDo(t *testing.T) {
	s := newSite(t)
	s.add(t, s.crowd(t, 1)[0])
	other := newSite(t)
	other.add(t, other.crowd(t, 1)[0])
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	for _, tt := range []struct {
		says string
		args []string
		want int
	}{
		{"not a video id", []string{"nope"}, exitUsage},
		{"not found", []string{string(archive.NewVideoID())}, exitMissing},
		{"--dry-run", []string{"--dry-run"}, exitUsage},
		{"--max-age", []string{"--max-age", "long"}, exitUsage},
		{"--for", []string{"--for", "-1h"}, exitUsage},
		{"--from", []string{"--from", nowhere}, exitUsage},
		{"--from", []string{"--from", "ftp://x"}, exitUsage},
		{"another installation", []string{"--from", other.store}, exitUsage},
	} {
		if got := try(t, "", s.args(append([]string{"verify"}, tt.args...)...)...); got.code != tt.want || !strings.Contains(got.errs, tt.says) || got.out != "" {
			t.Errorf("%v: %+v", tt.args, got)
		}
	}
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("a second store was made where there was none")
	}
}

func TestAVerifyThatIsStoppedSaysHowToGoOn(t *testing.T) {
	s := newSite(t)
	s.add(t, s.crowd(t, 1)[0])
	var errs strings.Builder
	if code := run(t.Context(), s.args("verify"), console{in: strings.NewReader(""), out: hungUp{}, err: &errs}); code != exitFailure || !strings.Contains(errs.String(), "broken pipe") {
		t.Errorf("exit code %d, %s", code, &errs)
	}
}

func TestTheLinesOfVerify(t *testing.T) {
	f := verify.Finding{Severity: verify.Fault, Kind: verify.Content, Key: "files/x", Detail: "d"}
	if got := findingLine(f); got != "fault  content           files/x  d" {
		t.Errorf("%q", got)
	}
	line := verifyLine(verify.Progress{Objects: 100, TotalObjects: 300, Bytes: 5e6, TotalBytes: 15e6, Faults: 2, Elapsed: 10 * time.Second})
	if want := "100 of 300 objects, 10 a second, 0.5 MB a second, 2 faults, 20s left"; line != want {
		t.Errorf("%q, want %q", line, want)
	}
	if line := verifyLine(verify.Progress{Objects: 1, Elapsed: time.Second}); line != "1 objects, 1 a second, 0.0 MB a second" {
		t.Errorf("%q", line)
	}
}

func TestADirectoryIsMeasuredWithoutItsOwnFiles(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{"videos/7k/a.json": "12345", "videoteca.json": "123", ".videoteca/locks/00": "not counted"} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if objects, bytes, err := measure(t.Context(), folder); objects != 2 || bytes != 8 || err != nil {
		t.Errorf("%d objects, %d bytes, %v", objects, bytes, err)
	}
	if _, _, err := measure(t.Context(), filepath.Join(folder, "none")); err == nil {
		t.Error("a folder that is not there was measured")
	}
}
