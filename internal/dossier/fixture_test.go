package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/dossier"
)

const videoID = archive.VideoID("7k3mzq9x0abd")

// hostile is a title that would end a script, an attribute and a line, and turn the
// reading direction.
const hostile = "</title></script><script>alert(1)</script>\" onload=' \u202e & <b>"

var watched = archive.SourceKey{Platform: "youtube", ID: "aaaaaaaaaaa"}

// deathAudit is the audit in which the source was lost, long before the last 90 days.
const deathAudit = "2025/03/04/01jnga0000000000000000000a"

func at(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, time.UTC)
}

func options() dossier.Options {
	return dossier.Options{
		Now: at(2026, 4, 9, 12), Program: "videoteca v1.2.3", Vantage: "DE, Hetzner", Actor: "local",
		BaseURL: "https://videos.example.org", Installation: "01jnga0000000000000000000z",
	}
}

// shelf is an archive in memory.
type shelf struct {
	record   []byte
	events   []dossier.Document
	captures []dossier.Document
	files    map[string][]byte // by name
	journal  map[string]map[int]string
	down     map[string]error // what a call fails with, by its name
	days     [2]time.Time     // between which audits were asked for
}

func (s *shelf) Record(context.Context, archive.VideoID) (dossier.Document, error) {
	return dossier.Document{Name: string(videoID) + ".json", Data: s.record}, s.down["Record"]
}

func each(documents []dossier.Document, fail error) iter.Seq2[dossier.Document, error] {
	return func(yield func(dossier.Document, error) bool) {
		for _, d := range documents {
			if !yield(d, nil) {
				return
			}
		}
		if fail != nil {
			yield(dossier.Document{}, fail)
		}
	}
}

func (s *shelf) Events(context.Context, archive.VideoID) iter.Seq2[dossier.Document, error] {
	return each(s.events, s.down["Events"])
}

func (s *shelf) Captures(context.Context, archive.VideoID) iter.Seq2[dossier.Document, error] {
	return each(s.captures, s.down["Captures"])
}

func (s *shelf) Open(_ context.Context, _ archive.VideoID, f archive.File) (io.ReadCloser, error) {
	data, ok := s.files[f.Name()]
	if !ok {
		return nil, fmt.Errorf("file %s: %w", f.Name(), archive.ErrNotFound)
	}
	return io.NopCloser(bytes.NewReader(data)), s.down["Open"]
}

func (s *shelf) Audits(_ context.Context, since, until time.Time) iter.Seq2[string, error] {
	s.days = [2]time.Time{since, until}
	return func(yield func(string, error) bool) {
		for _, audit := range slices.Sorted(maps.Keys(s.journal)) {
			day, err := time.Parse("2006/01/02", audit[:10])
			if err != nil || day.Before(since.Truncate(24*time.Hour)) || day.After(until) {
				continue
			}
			if !yield(audit, nil) {
				return
			}
		}
		if err := s.down["Audits"]; err != nil {
			yield("", err)
		}
	}
}

func (s *shelf) Parts(_ context.Context, audit string) ([]int, error) {
	return slices.Sorted(maps.Keys(s.journal[audit])), s.down["Parts"]
}

func (s *shelf) OpenPart(_ context.Context, audit string, part int) (io.ReadCloser, error) {
	if err := s.down["OpenPart"]; err != nil {
		return nil, err
	}
	return io.NopCloser(strings.NewReader(s.journal[audit][part])), nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func encoded(t testing.TB, document any) []byte {
	t.Helper()
	data, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// keep puts a file on the shelf.
func (s *shelf) keep(extension, media, label, content string) archive.File {
	f := archive.File{Algorithm: "sha256", Digest: digest([]byte(content)), Extension: extension, Type: media, Label: label, Bytes: int64(len(content))}
	s.files[f.Name()] = []byte(content)
	return f
}

// lines is a part of a journal.
func lines(t testing.TB, observations ...archive.Observation) string {
	t.Helper()
	var out strings.Builder
	for _, o := range observations {
		out.Write(append(encoded(t, o), '\n'))
	}
	return out.String()
}

func observed(when time.Time, method string, outcome archive.Outcome) archive.Observation {
	return archive.Observation{
		Source: watched, Method: method, Host: "www.youtube.com", At: when, Date: when.Add(time.Second), Outcome: outcome,
		Status: 403, Digest: strings.Repeat("cd", 32), Vantage: "DE, Hetzner", Program: "videoteca v1.2.3",
	}
}

// lost is an archive of a video whose only source was lost on 4 March 2025, with one
// of everything.
func lost(t testing.TB) *shelf {
	t.Helper()
	s := &shelf{files: map[string][]byte{}, journal: map[string]map[int]string{}, down: map[string]error{}}
	thumbnail := s.keep("jpg", "image/jpeg", "maxres", "a thumbnail")
	raw := s.keep("json", "application/json", "videos.list", `{"items":[]}`)
	evidence := s.keep("bin", "text/plain", "youtube.oembed", "Forbidden")
	film := s.keep("mp4", "video/mp4", "", "a film")
	v := archive.Video{
		ID: videoID, Revision: 3, Created: at(2025, 1, 2, 9), DefaultLanguage: "es", Title: archive.Text{"es": "Reunión " + hostile},
		Sources: []archive.Source{{
			SourceKey: watched, URL: "https://www.youtube.com/watch?v=aaaaaaaaaaa", Added: at(2025, 1, 2, 9),
			Standing: archive.Standing{
				State: archive.Gone, Outcome: archive.Removed, LastGood: at(2025, 3, 3, 6), FirstBad: at(2025, 3, 4, 6), Since: at(2025, 3, 4, 12), LastRound: at(2026, 4, 8, 6),
				Transitions: []archive.Transition{{At: at(2025, 3, 4, 12), From: archive.Suspect, To: archive.Gone, Reason: "removed", Audit: deathAudit, Evidence: []archive.File{evidence}}},
			},
		}},
		Copies: []archive.Copy{{File: film, Added: at(2025, 1, 3, 9)}},
	}
	s.record = encoded(t, v)
	first := encoded(t, archive.Event{ID: "01a", Video: videoID, At: at(2025, 1, 2, 9), Actor: "local", Verb: "register", Revision: 1})
	second := encoded(t, archive.Event{ID: "01b", Video: videoID, At: at(2025, 3, 4, 12), Actor: "audit", Verb: "check", Reason: hostile, Revision: 2, Previous: digest(first)})
	s.events = []dossier.Document{{Name: "01a.json", Data: first}, {Name: "01b.json", Data: second}}
	s.captures = []dossier.Document{{Name: "01c.json", Data: encoded(t, archive.Capture{
		ID: "01c", Video: videoID, Source: watched, URL: v.Sources[0].URL, At: at(2025, 1, 2, 9), Method: "youtube.videos.list", Program: "videoteca v1.0.0", Vantage: "SV",
		Fields: archive.Fields{Title: hostile, Channel: "Un canal"}, Thumbnails: []archive.File{thumbnail}, Raw: []archive.File{raw},
	})}}
	s.journal[deathAudit] = map[int]string{1: lines(t,
		observed(at(2025, 3, 4, 12), "youtube.oembed", archive.Removed),
		archive.Observation{Source: archive.SourceKey{Platform: "youtube", ID: "bbbbbbbbbbb"}, Method: "youtube.oembed"},
	), 2: lines(t, observed(at(2025, 3, 4, 12), "youtube.videos.list", archive.Missing))}
	s.journal["2025/06/01/01jw0000000000000000000000"] = map[int]string{1: lines(t, observed(at(2025, 6, 1, 6), "youtube.oembed", archive.Removed))}
	s.journal["2026/04/08/01kn0000000000000000000000"] = map[int]string{1: lines(t, observed(at(2026, 4, 8, 6), "youtube.oembed", archive.Unclear))}
	return s
}

// video is the record on the shelf, changed.
func (s *shelf) change(t testing.TB, change func(*archive.Video)) {
	t.Helper()
	var v archive.Video
	if err := json.Unmarshal(s.record, &v); err != nil {
		t.Fatal(err)
	}
	change(&v)
	s.record = encoded(t, v)
}

// unpacked is a dossier, its files by name.
type unpacked struct {
	names    []string
	files    map[string][]byte
	manifest dossier.Manifest
}

func write(t testing.TB, s *shelf, o dossier.Options) unpacked {
	t.Helper()
	var out bytes.Buffer
	if err := dossier.Write(t.Context(), &out, s, videoID, o); err != nil {
		t.Fatal(err)
	}
	return unpack(t, out.Bytes())
}

func unpack(t testing.TB, data []byte) unpacked {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	u := unpacked{files: map[string][]byte{}}
	for _, f := range z.File {
		body, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		folder, name, _ := strings.Cut(f.Name, "/")
		if folder != "dossier-7k3mzq9x0abd-20260409T120000Z" {
			t.Errorf("%s stands in another folder", f.Name)
		}
		u.names = append(u.names, name)
		u.files[name] = content
	}
	if err := json.Unmarshal(u.files["manifest.json"], &u.manifest); err != nil {
		t.Fatal(err)
	}
	return u
}
