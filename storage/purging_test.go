package storage_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"videoteca/archive"
	"videoteca/storage"
)

// captured keeps a capture of a video with a thumbnail.
func captured(t *testing.T, s *stage, id archive.VideoID, title string) archive.Capture {
	t.Helper()
	f, err := s.SaveFile(t.Context(), id, archive.File{Extension: "jpg", Type: "image/jpeg", Width: 4, Height: 3}, []byte("a picture of "+title))
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.SaveCapture(t.Context(), archive.Capture{
		Video: id, Source: youtube("dQw4w9WgXcQ"), URL: "https://www.youtube.com/watch?v=dQw4w9WgXcQ", At: s.clock.now(), Method: "youtube.videos.list",
		Fields: archive.Fields{Title: title}, Thumbnails: []archive.File{f},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCapturesComeWithTheDigestsOfTheirObjects(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	first := captured(t, s, v.ID, "first")
	s.clock.advance(time.Hour)
	captured(t, s, v.ID, "second")
	stored := all(t, s.StoredCaptures(t.Context(), v.ID))
	if len(stored) != 2 || stored[0].ID != first.ID || stored[1].Fields.Title != "second" {
		t.Fatalf("got %+v", stored)
	}
	sum := sha256.Sum256([]byte(s.read(t, s.keys(t, "captures/")[0])))
	if stored[0].Digest != hex.EncodeToString(sum[:]) {
		t.Errorf("its digest is %s", stored[0].Digest)
	}
	if n := len(all(t, s.StoredCaptures(t.Context(), archive.NewVideoID()))); n != 0 {
		t.Errorf("a video without captures has %d", n)
	}
}

func TestACaptureThatIsDamagedIsNotPassedOver(t *testing.T) {
	for name, harm := range map[string]func(*testing.T, *stage, string){
		"no JSON":          func(t *testing.T, s *stage, key string) { s.overwrite(t, key, "{") },
		"another's":        func(t *testing.T, s *stage, key string) { s.edit(t, key, `"video": "`, `"video": "x`) },
		"of another name":  func(t *testing.T, s *stage, key string) { s.edit(t, key, `"id": "0`, `"id": "1`) },
		"without any name": func(t *testing.T, s *stage, key string) { s.overwrite(t, key, "{}") },
	} {
		s := newStage(t)
		v := s.registered(t)
		captured(t, s, v.ID, "x")
		harm(t, s, s.keys(t, "captures/")[0])
		var failed error
		for _, err := range s.StoredCaptures(t.Context(), v.ID) {
			failed = err
		}
		if !errors.Is(failed, storage.ErrDamaged) {
			t.Errorf("%s: %v", name, failed)
		}
	}
}

func TestACaptureRemovedWhileItIsReadIsNoError(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	first := captured(t, s, v.ID, "first")
	s.clock.advance(time.Hour)
	second := captured(t, s, v.ID, "second")
	var met []string
	for c, err := range s.StoredCaptures(t.Context(), v.ID) {
		if err != nil {
			t.Fatal(err)
		}
		met = append(met, c.ID)
		if err := s.RemoveCapture(t.Context(), v.ID, second.ID); err != nil {
			t.Fatal(err)
		}
	}
	if len(met) != 1 || met[0] != first.ID {
		t.Errorf("met %v", met)
	}
}

func TestWhatIsRemovedIsGoneAndRemovingItAgainIsNoError(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	goes, stays := captured(t, s, v.ID, "goes"), captured(t, s, v.ID, "stays")
	for range 2 {
		if err := s.RemoveFile(t.Context(), v.ID, goes.Thumbnails[0]); err != nil {
			t.Fatal(err)
		}
		if err := s.RemoveCapture(t.Context(), v.ID, goes.ID); err != nil {
			t.Fatal(err)
		}
	}
	if keys := s.keys(t, "captures/"); len(keys) != 1 || !strings.Contains(keys[0], stays.ID) {
		t.Errorf("captures are %v", keys)
	}
	if keys := s.keys(t, "files/"); len(keys) != 1 || !strings.HasSuffix(keys[0], stays.Thumbnails[0].Name()) {
		t.Errorf("files are %v", keys)
	}
}

// A name that no file has is somebody else's, and no purge may take it for a file.
func TestTheFilesThatLieThereAreListedByDigest(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	picture := captured(t, s, v.ID, "shows").Thumbnails[0]
	prefix := strings.TrimSuffix(s.keys(t, "files/")[0], picture.Name())
	s.overwrite(t, prefix+"notes.txt", "x")
	var listed []archive.File
	for f, err := range s.Files(t.Context(), v.ID) {
		if err != nil {
			t.Fatal(err)
		}
		listed = append(listed, f)
	}
	if len(listed) != 1 || listed[0].Name() != picture.Name() || listed[0].Bytes != picture.Bytes {
		t.Errorf("listed are %+v", listed)
	}
}

func TestNothingElseCanBeRemovedByAnOddName(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	before := len(s.keys(t, ""))
	for _, capture := range []string{"", "x", "../../../videos/" + string(v.ID)} {
		if err := s.RemoveCapture(t.Context(), v.ID, capture); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("capture %q: %v", capture, err)
		}
	}
	digest := strings.Repeat("0f", 32)
	for _, f := range []archive.File{{}, {Digest: "../x", Extension: "json"}, {Digest: digest, Extension: "a/b"}, {Digest: digest}} {
		if err := s.RemoveFile(t.Context(), v.ID, f); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("file %+v: %v", f, err)
		}
	}
	if after := len(s.keys(t, "")); after != before {
		t.Errorf("%d objects, there were %d", after, before)
	}
}

func TestWithoutAStoreNothingIsSaidToBeRemoved(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	c := captured(t, s, v.ID, "x")
	other := stageIn(t, s.folder)
	other.bucket.set(func(b *troubled) { b.down = true })
	if err := other.RemoveCapture(t.Context(), v.ID, c.ID); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("the capture: %v", err)
	}
	if err := other.RemoveFile(t.Context(), v.ID, c.Thumbnails[0]); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("the file: %v", err)
	}
}

func TestWhatAPurgeLeavesIsAsTheSchemaSays(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	c := captured(t, s, v.ID, "x")
	_, err := s.Update(t.Context(), v.ID, archive.Cause{Actor: "retention", Verb: "purge"}, func(v *archive.Video) error {
		digest := strings.Repeat("0f", 32)
		v.Sources[0].Purged = []archive.Purge{
			{Capture: c.ID, Digest: digest, Captured: morning(), At: morning(), Reason: "retention 30d"},
			{Digest: digest, Captured: morning(), At: morning(), Reason: "retention 30d"},
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(s.read(t, recordKey(v.ID))))
	if err != nil {
		t.Fatal(err)
	}
	schema := published(t, "video")
	if err := schema.Validate(document); err != nil {
		t.Error(err)
	}
	if missing := undescribed("video", schema, document); len(missing) != 0 {
		t.Errorf("not described are %v", missing)
	}
	if err := schema.Validate(purgedWithoutReason(document)); err == nil {
		t.Error("the schema allows a purge without a reason")
	}
}

func purgedWithoutReason(document any) any {
	source := document.(map[string]any)["sources"].([]any)[0].(map[string]any)
	delete(source["purged"].([]any)[0].(map[string]any), "reason")
	return document
}
