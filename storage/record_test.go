package storage_test

import (
	"errors"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

func TestARecordOfALaterVersionIsReadAndNeverRewritten(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	s.edit(t, recordKey(v.ID), `"version": 1`, `"version": 2`)
	if got, err := s.Video(t.Context(), v.ID); err != nil || got.Title["en"] != "Meeting in New York" {
		t.Errorf("reading it: %+v, %v", got, err)
	}
	before := s.read(t, recordKey(v.ID))
	_, err := s.Update(t.Context(), v.ID, editor("describe"), note("x"))
	if !errors.Is(err, storage.ErrNewerFormat) || !strings.Contains(err.Error(), "version 2") || !strings.Contains(err.Error(), "later version of videoteca") {
		t.Errorf("changing it: %v", err)
	}
	if s.read(t, recordKey(v.ID)) != before || len(s.keys(t, "events/")) != 1 {
		t.Error("something was written")
	}
}

func TestWhatOthersAddedToARecordSurvivesAChange(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	s.edit(t, recordKey(v.ID), `"sources": [`, `"shelf": "B4", "sources": [`)
	s.edit(t, recordKey(v.ID), `"platform": "youtube"`, `"platform": "youtube", "rank": 1`)
	s.noted(t, v.ID, "x")
	for _, part := range []string{`"shelf": "B4"`, `"rank": 1`, `"notes": "x"`, `"revision": 2`} {
		if got := s.read(t, recordKey(v.ID)); !strings.Contains(got, part) {
			t.Errorf("there is no %s in\n%s", part, got)
		}
	}
}

func TestADamagedRecordIsNeitherMissingNorUnavailable(t *testing.T) {
	for name, content := range map[string]string{
		"cut off":        `{"version":1,"id":"7k3m`,
		"another's":      `{"version":1,"id":"7k3mzq9x0abe","revision":1}`,
		"no revision":    `{"version":1,"id":"7k3mzq9x0abd"}`,
		"another shape":  `{"version":1,"id":"7k3mzq9x0abd","revision":1,"sources":"none"}`,
		"no JSON at all": "\x00\x01",
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.overwrite(t, "videos/7k/7k3mzq9x0abd.json", content)
			_, err := s.Video(t.Context(), "7k3mzq9x0abd")
			if !errors.Is(err, storage.ErrDamaged) || errors.Is(err, archive.ErrNotFound) || errors.Is(err, archive.ErrUnavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestVideosAreListedWithTheETagsOfTheirRecords(t *testing.T) {
	s := newStage(t)
	want := map[archive.VideoID]string{}
	for range 5 {
		v := s.registered(t)
		_, etag, err := s.Read(t.Context(), v.ID)
		if err != nil {
			t.Fatal(err)
		}
		want[v.ID] = etag
	}
	s.overwrite(t, "videos/readme.json", "not a record")
	for _, got := range all(t, s.List(t.Context())) {
		if want[got.ID] != got.ETag {
			t.Errorf("%s has ETag %s, want %s", got.ID, got.ETag, want[got.ID])
		}
		delete(want, got.ID)
	}
	if len(want) != 0 {
		t.Errorf("not listed: %v", want)
	}
}
