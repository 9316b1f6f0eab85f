package storage_test

import (
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

func TestKeysNameWhatTheStoreWrites(t *testing.T) {
	s := newStage(t)
	fill(t, s)
	const id = archive.VideoID("7k3mzq9x0abd")
	var keys storage.Keys
	written := s.keys(t, "")
	first := func(prefix string) string {
		return written[slices.IndexFunc(written, func(key string) bool { return strings.HasPrefix(key, prefix) })]
	}
	name := func(key string) string { return strings.TrimSuffix(key[strings.LastIndexByte(key, '/')+1:], ".json") }
	event, capture, file := first("events/"), first("captures/"), name(first("files/"))
	digest, extension, _ := strings.Cut(file, ".")
	part := first("audits/")
	audit := part[len("audits/"):strings.LastIndexByte(part, '/')]
	for _, key := range []string{
		keys.Video(id), keys.Claim(youtube("dQw4w9WgXcQ")), keys.Event(id, name(event)), keys.Capture(id, name(capture)),
		keys.File(id, archive.File{Digest: digest, Extension: extension}), keys.Article(story(t).ID), keys.Channel(presidency()),
		keys.Part(audit, 1), keys.Summary(audit),
	} {
		if !slices.Contains(written, key) {
			t.Errorf("nothing was written under %s", key)
		}
	}
	if !strings.HasPrefix(event, keys.Events(id)) {
		t.Errorf("%s is not below %s", event, keys.Events(id))
	}
	if at, err := storage.Drawn(name(event)); err != nil || !at.Equal(morning()) {
		t.Errorf("the event is of %s, %v", at, err)
	}
	if _, err := storage.Drawn("yesterday"); err == nil {
		t.Error("a word was taken for a ULID")
	}
}
