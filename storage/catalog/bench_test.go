package catalog

import (
	"testing"

	"videoteca/archive"
)

const benchmarkRows = 10_000

func BenchmarkVideo(b *testing.B) {
	c := newCatalog(b)
	fill(b, c, benchmarkRows)
	b.Run("catalog", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n = n%benchmarkRows + 1
			if _, err := c.Video(b.Context(), id(n)); err != nil {
				b.Fatal(err)
			}
		}
	})
	r := NewReader(c, newBucket(), ReaderOptions{})
	b.Run("memory", func(b *testing.B) {
		for b.Loop() {
			if _, err := r.Video(b.Context(), id(1)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkList(b *testing.B) {
	c := newCatalog(b)
	fill(b, c, benchmarkRows)
	var q archive.Query
	for b.Loop() {
		page, err := c.List(b.Context(), q)
		if err != nil || len(page.Videos) == 0 {
			b.Fatal(err)
		}
		q.After = page.Next
	}
}

func BenchmarkPut(b *testing.B) {
	c := newCatalog(b)
	revision := int64(0)
	for b.Loop() {
		revision++
		put(b, c, entry(1, revision))
	}
}

func BenchmarkOpen(b *testing.B) {
	path := b.TempDir() + "/catalog.db"
	fill(b, open(b, path), benchmarkRows)
	for b.Loop() {
		c, err := Open(b.Context(), path, Options{Store: store})
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
