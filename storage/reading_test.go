package storage_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

func TestRawEventsAreWhatTheirChainIsTakenOf(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	for _, note := range []string{"a", "b", "c"} {
		s.noted(t, v.ID, note)
	}
	previous, last := "", ""
	for _, raw := range all(t, s.RawEvents(t.Context(), v.ID)) {
		var e archive.Event
		if err := json.Unmarshal(raw.Data, &e); err != nil || e.Previous != previous || raw.Key <= last {
			t.Errorf("%s follows %q, want %q; %v", raw.Key, e.Previous, previous, err)
		}
		if string(raw.Data) != s.read(t, raw.Key) {
			t.Errorf("%s came otherwise than it stands", raw.Key)
		}
		digest := sha256.Sum256(raw.Data)
		previous, last = hex.EncodeToString(digest[:]), raw.Key
	}
	if events := all(t, s.Events(t.Context(), v.ID)); len(events) != 4 || last == "" {
		t.Errorf("%d events", len(events))
	}
}

func TestWhatAnEventChangedCanBeRead(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	s.noted(t, v.ID, "seen")
	events := all(t, s.Events(t.Context(), v.ID))
	after, _ := events[1].After.(map[string]any)
	if len(events) != 2 || events[1].Before != nil || after["notes"] != "seen" {
		t.Errorf("the events are %+v", events)
	}
}

// shown keeps a capture of a video, or fails the test.
func shown(t *testing.T, s *stage, id archive.VideoID, title string) archive.Capture {
	t.Helper()
	c, err := s.SaveCapture(t.Context(), archive.Capture{Video: id, Source: youtube("x"), URL: "https://youtu.be/x", At: morning(), Method: "oembed", Fields: archive.Fields{Title: title}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACaptureIsReadByItsID(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	one, two := shown(t, s, v.ID, "Reunión"), shown(t, s, v.ID, "Reunión bilateral")
	for _, want := range []archive.Capture{one, two} {
		got, err := s.ReadCapture(t.Context(), v.ID, strings.ToUpper(want.ID)) // as people retype it
		if err != nil || got.Fields.Title != want.Fields.Title || got.ID != want.ID {
			t.Errorf("read %+v, %v", got, err)
		}
	}
	raws := all(t, s.RawCaptures(t.Context(), v.ID))
	if len(raws) != 2 || !strings.HasSuffix(raws[1].Key, two.ID+".json") || string(raws[1].Data) != s.read(t, raws[1].Key) {
		t.Errorf("the captures as they stand: %+v", raws)
	}
}

func TestACaptureThatIsNotThereOrNotItself(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	c := shown(t, s, v.ID, "t")
	for _, id := range []string{"", "../x", "01jrtc00000000000000000000"} {
		if _, err := s.ReadCapture(t.Context(), v.ID, id); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := s.ReadCapture(t.Context(), archive.NewVideoID(), c.ID); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("of another video: %v", err)
	}
	key := s.keys(t, "captures/")[0]
	whole := s.read(t, key)
	for name, content := range map[string]string{"no JSON": "{]", "another's": strings.Replace(whole, c.ID, "01jrtc00000000000000000000", 1)} {
		s.overwrite(t, key, content)
		if _, err := s.ReadCapture(t.Context(), v.ID, c.ID); !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARecordIsReadAsItStands(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	raw, err := s.RawRecord(t.Context(), archive.VideoID(strings.ToUpper(string(v.ID))))
	if err != nil || raw.Key != recordKey(v.ID) || string(raw.Data) != s.read(t, raw.Key) {
		t.Errorf("read %s, %v", raw.Key, err)
	}
	for _, id := range []archive.VideoID{"7k3mzq9x0abd", "../x"} {
		if _, err := s.RawRecord(t.Context(), id); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestAfterAnObjectThatCannotBeReadTheRestStillComes(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	s.noted(t, v.ID, "a")
	s.overwrite(t, s.keys(t, "events/")[0], strings.Repeat("x", 17<<20)) // more than is read
	var good, bad int
	for raw, err := range s.RawEvents(t.Context(), v.ID) {
		if err != nil {
			bad++
		} else if len(raw.Data) > 0 {
			good++
		}
		if raw.Key == "" {
			t.Error("it has no name")
		}
	}
	if good != 1 || bad != 1 {
		t.Errorf("%d came, %d failed", good, bad)
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	for _, err := range s.RawEvents(t.Context(), v.ID) {
		if !errors.Is(err, archive.ErrUnavailable) {
			t.Errorf("without a store: %v", err)
		}
	}
}

func TestTheSizeOfAFileIsThatOfTheStore(t *testing.T) {
	s := newStage(t)
	id := archive.NewVideoID()
	f, err := s.SaveFile(t.Context(), id, archive.File{Extension: "jpg"}, []byte("picture"))
	if err != nil {
		t.Fatal(err)
	}
	if size, err := s.FileSize(t.Context(), id, f); err != nil || size != 7 {
		t.Errorf("%d bytes, %v", size, err)
	}
	if _, err := s.FileSize(t.Context(), archive.NewVideoID(), f); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("of another video: %v", err)
	}
}
