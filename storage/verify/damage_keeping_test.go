package verify_test

import (
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/verify"
)

func ofFiles() []damage {
	return []damage{
		{
			name:     "a file is cut short",
			do:       written("pic", firstOf("files")),
			severity: verify.Fault, kind: verify.Content, detail: "bytes of", repairs: true,
		},
		{
			name: "a bit of a file flips",
			do: func(t *testing.T, l *library) string {
				key := l.of(t, "files")[1]
				data := []byte(l.read(t, key))
				data[3] ^= 1
				l.write(t, key, string(data))
				return key
			},
			severity: verify.Fault, kind: verify.Content, detail: "its content has the digest", repairs: true,
		},
		{
			name:     "a file is gone",
			do:       removed(firstOf("files")),
			severity: verify.Fault, kind: verify.Missing, detail: "names it", repairs: true,
		},
		{
			name: "a file's recorded size is wrong",
			do: func(t *testing.T, l *library) string {
				for _, key := range []string{l.of(t, "captures")[0], l.of(t, "videos")[0]} {
					l.edit(t, key, `"bytes": 22`, `"bytes": 23`)
				}
				return storage.Keys{}.File(l.videos[0].ID, l.videos[0].Sources[0].Described.Thumbnails[0])
			},
			severity: verify.Fault, kind: verify.Size, detail: "it has 22 bytes",
		},
		{
			name: "nobody names a file",
			do: func(t *testing.T, l *library) string {
				f, err := l.store.SaveFile(t.Context(), l.videos[0].ID, archive.File{Extension: "jpg", Type: "image/jpeg"}, []byte("left"))
				must(t, err)
				return storage.Keys{}.File(l.videos[0].ID, f)
			},
			severity: verify.Note, kind: verify.Orphan, detail: "names it",
		},
		{
			name: "a file is called otherwise",
			do: func(t *testing.T, l *library) string {
				key := storage.Keys{}.Video(l.videos[0].ID)
				key = "files/" + strings.TrimSuffix(strings.TrimPrefix(key, "videos/"), ".json") + "/thumbs.db"
				l.write(t, key, "x")
				return key
			},
			severity: verify.Note, kind: verify.Stray, detail: "no file",
		},
	}
}

func ofCaptures() []damage {
	return []damage{
		{
			name:     "a capture is gone",
			do:       removed(firstOf("captures")),
			severity: verify.Fault, kind: verify.Missing, detail: "the record names it", repairs: true,
		},
		{
			name:     "a capture is cut short",
			do:       written(`{"version": 1,`, firstOf("captures")),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no JSON", repairs: true,
		},
		{
			name:     "a capture has no method",
			do:       edited(`"method"`, `"mehtod"`, firstOf("captures")),
			severity: verify.Fault, kind: verify.Schema, detail: "method", repairs: true,
		},
		{
			name: "a capture is of another video",
			do: func(t *testing.T, l *library) string {
				key := l.of(t, "captures")[0]
				l.edit(t, key, string(l.videos[0].ID), string(l.videos[1].ID))
				return key
			},
			severity: verify.Fault, kind: verify.Misplaced, detail: "it is capture", repairs: true,
		},
		{
			name:     "a capture is of a later version",
			do:       edited(`"version": 1`, `"version": 2, "colour": "blue"`, firstOf("captures")),
			severity: verify.Note, kind: verify.NewerVersion, detail: "version 2",
		},
		{
			name: "captures of an unknown video",
			do: func(t *testing.T, l *library) string {
				c, err := l.store.SaveCapture(t.Context(), archive.Capture{Video: archive.NewVideoID(), Source: maketube("x"), URL: "u", At: morning(), Method: "m"})
				must(t, err)
				return storage.Keys{}.Capture(c.Video, c.ID)
			},
			severity: verify.Note, kind: verify.Orphan, detail: "no record",
		},
	}
}
