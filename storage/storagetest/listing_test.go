package storagetest

import (
	"context"
	"io"
	"iter"
	"slices"
	"strings"

	"videoteca/storage"
)

// listingFlaws are stores whose listings lack something, or have it in another order.
func listingFlaws() []flaw {
	return []flaw{
		{"it lists in the order of folders", listingAs(folderOrder), keyOrder, "listed [x/a/y x/a-b x/a.json x/a0]"},
		{"it lists backwards", listingAs(backwards), keyOrder, "listed [x/a0 x/a/y x/a.json x/a-b]"},
		{"it ends a listing after a thousand keys", firstPage, manyKeys, "listed 1000 keys of 1100"},
		{"it lists some keys twice", listingAs(twice), listing, `prefix "a/2" after "": [a/2 a/2], want [a/2]`},
		{"it lists without ETags", listingAs(withoutETags), listing, "listed {Key:a/1 Size:1 ETag: "},
		{"it lists from a key and not after it", fromKey, keyOrder, "after x/a-b came [x/a-b x/a.json"},
		{"it ignores the key to start after", ignoresAfter, listing, `prefix "a/" after "a/1": [a/1 a/2]`},
		{"it takes a prefix for a folder", foldersOnly, listing, `prefix "a" after "": [a/1 a/2], want [a/1 a/2 ab/1]`},
		{"it ignores the prefix", ignoresPrefix, listing, `prefix "none/" after "": [a/1`},
		{"it lists nothing of a folder that is started after", skipsFolder, listing, `prefix "b" after "b/c/d/": [b/c/d0]`},
		{"it breaks off a listing", breaksOff, listing, `listing "": the store is down`},
	}
}

// listingAs alters the result of a listing.
func listingAs(alter func([]storage.Object) []storage.Object) func(storage.Bucket) storage.Bucket {
	return func(b storage.Bucket) storage.Bucket {
		return flawed{Bucket: b, list: func(ctx context.Context, prefix, startAfter string) iter.Seq2[storage.Object, error] {
			return func(yield func(storage.Object, error) bool) {
				objects, err := listed(b.List(ctx, prefix, startAfter))
				for _, o := range alter(objects) {
					if !yield(o, nil) {
						return
					}
				}
				if err != nil {
					yield(storage.Object{}, err)
				}
			}
		}}
	}
}

func listed(seq iter.Seq2[storage.Object, error]) (objects []storage.Object, err error) {
	for object, err := range seq {
		if err != nil {
			return objects, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// folderOrder is how a file tree is walked: by name, whether a folder's or a file's.
func folderOrder(objects []storage.Object) []storage.Object {
	slices.SortFunc(objects, func(a, b storage.Object) int {
		return slices.Compare(strings.Split(a.Key, "/"), strings.Split(b.Key, "/"))
	})
	return objects
}

func backwards(objects []storage.Object) []storage.Object {
	slices.SortFunc(objects, func(a, b storage.Object) int { return byKey(b, a) })
	return objects
}

// firstPage is a store behind a client that does not ask for the next page. It keeps keys
// in memory: eleven hundred durable writes take seconds.
func firstPage(b storage.Bucket) storage.Bucket {
	var kept []storage.Object
	return flawed{
		Bucket: b,
		put: func(_ context.Context, key string, _ io.ReadSeeker, size int64, _ storage.Condition) (storage.Object, error) {
			kept = append(kept, storage.Object{Key: key, Size: size, ETag: key})
			return kept[len(kept)-1], nil
		},
		list: func(_ context.Context, _, startAfter string) iter.Seq2[storage.Object, error] {
			return func(yield func(storage.Object, error) bool) {
				slices.SortFunc(kept, byKey)
				for _, o := range kept[:min(len(kept), 1000)] {
					if o.Key > startAfter && !yield(o, nil) {
						return
					}
				}
			}
		},
	}
}

func twice(objects []storage.Object) []storage.Object { return slices.Repeat(objects, 2) }

func withoutETags(objects []storage.Object) []storage.Object {
	for i := range objects {
		objects[i].ETag = ""
	}
	return objects
}

// fromKey takes the marker for the first key of the page.
func fromKey(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, list: func(ctx context.Context, prefix, startAfter string) iter.Seq2[storage.Object, error] {
		return func(yield func(storage.Object, error) bool) {
			if object, err := b.Stat(ctx, startAfter); err == nil && strings.HasPrefix(startAfter, prefix) && !yield(object, nil) {
				return
			}
			b.List(ctx, prefix, startAfter)(yield)
		}
	}}
}

func ignoresAfter(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, list: func(ctx context.Context, prefix, _ string) iter.Seq2[storage.Object, error] {
		return b.List(ctx, prefix, "")
	}}
}

func ignoresPrefix(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, list: func(ctx context.Context, _, startAfter string) iter.Seq2[storage.Object, error] {
		return b.List(ctx, "", startAfter)
	}}
}

func foldersOnly(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, list: func(ctx context.Context, prefix, startAfter string) iter.Seq2[storage.Object, error] {
		if prefix != "" {
			prefix = strings.TrimSuffix(prefix, "/") + "/"
		}
		return b.List(ctx, prefix, startAfter)
	}}
}

// skipsFolder takes a folder's name for the end of what stands in it.
func skipsFolder(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, list: func(ctx context.Context, prefix, startAfter string) iter.Seq2[storage.Object, error] {
		if folder, ok := strings.CutSuffix(startAfter, "/"); ok {
			startAfter = folder + "/" + strings.Repeat("z", 200)
		}
		return b.List(ctx, prefix, startAfter)
	}}
}

func breaksOff(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, list: func(ctx context.Context, prefix, startAfter string) iter.Seq2[storage.Object, error] {
		return func(yield func(storage.Object, error) bool) {
			for object, err := range b.List(ctx, prefix, startAfter) {
				if err == nil && object.Key > "a/2" {
					err = errDown
				}
				if !yield(object, err) || err != nil {
					return
				}
			}
		}
	}}
}
