package storage_test

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"testing"

	"videoteca/storage"
)

func TestKeysAndWhatIsWrongWithThem(t *testing.T) {
	tests := []struct{ key, says string }{
		{"videoteca.json", ""},
		{"videos/7k/7k3mzq9x0abd.json", ""},
		{"a_b-c.d/0", ""},
		{"a/b.", ""},
		{strings.Repeat("a", 255), ""},
		{strings.Repeat("a/", 449) + "bb", ""}, // 900 bytes
		{"", "it is empty"},
		{"/", "empty segment"},
		{"/a", "empty segment"},
		{"a/", "empty segment"},
		{"a//b", "empty segment"},
		{".", "starts with a dot"},
		{"a/../b", "starts with a dot"},
		{".videoteca/tmp/x", "starts with a dot"},
		{"Videos/a", "a character outside a-z, 0-9, dot, hyphen, underscore"},
		{"año", "a character outside"},
		{"a b", "a character outside"},
		{"a\x00", "a character outside"},
		{"a\xff", "a character outside"},
		{`a\b`, "a character outside"},
		{strings.Repeat("a", 256), "a segment of 256 bytes is longer than 255"},
		{strings.Repeat("a/", 450) + "b", "901 bytes are more than 900"},
	}
	for _, tt := range tests {
		err := storage.CheckKey(tt.key)
		if tt.says == "" && err != nil {
			t.Errorf("%q: %v", tt.key, err)
		}
		if tt.says != "" && (!errors.Is(err, storage.ErrBadKey) || !strings.Contains(err.Error(), tt.says)) {
			t.Errorf("%q: got %v, want %q", tt.key, err, tt.says)
		}
	}
}

func TestAPrefixMayBeEmptyAndEndAnywhere(t *testing.T) {
	for _, prefix := range []string{"", "v", "videos", "videos/", "videos/7k/7k3"} {
		if err := storage.CheckPrefix(prefix); err != nil {
			t.Errorf("%q: %v", prefix, err)
		}
	}
	for _, prefix := range []string{"/", "/videos", "videos//", "videos/../", ".", "Videos", strings.Repeat("a/", 451)} {
		if err := storage.CheckPrefix(prefix); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("%q: %v", prefix, err)
		}
	}
}

// A key is a path in a directory and a part of a URL: what is allowed is the same name in both.
func FuzzCheckKey(f *testing.F) {
	for _, key := range []string{"", "a", "a/b.json", "../a", "a//b", "a/.b", "A", "a\x00", strings.Repeat("a/", 450)} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		err := storage.CheckKey(key)
		if err != nil {
			if !errors.Is(err, storage.ErrBadKey) {
				t.Fatalf("%q: %v is not ErrBadKey", key, err)
			}
			return
		}
		if !fs.ValidPath(key) || key == "." || path.Clean(key) != key || len(key) > 900 || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789._/-") != "" {
			t.Errorf("%q is taken", key)
		}
		for i := range min(len(key), 64) {
			if err := storage.CheckPrefix(key[:i]); err != nil {
				t.Errorf("%q begins a key, and is refused: %v", key[:i], err)
			}
		}
	})
}
