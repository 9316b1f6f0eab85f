package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"videoteca/storage"
)

// Run holds a Bucket to its contract. Open is called once for each part of it
// and returns an empty bucket.
func Run(t *testing.T, open func(t *testing.T) storage.Bucket) {
	for _, part := range []struct {
		name string
		test func(*testing.T, storage.Bucket)
	}{
		{"an object comes back as it was put", roundTrip},
		{"conditions hold", conditions},
		{"one of sixteen creators wins", creators},
		{"sixteen writers count to exactly 320", counters},
		{"more than a thousand keys are listed in order", manyKeys},
		{"keys are listed in the order of their bytes", keyOrder},
		{"a listing starts after a key and within a prefix", listing},
		{"hostile keys are refused", hostileKeys},
		{"a key is no folder of another", folders},
		{"ranges", ranges},
		{"a cancelled context ends a call", cancelled},
		{"an empty object is refused", empty},
		{"a deleted object is gone", deleting},
		{"the store proves itself", proves},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, open(t)) })
	}
}

// Put writes an object or fails the test.
func Put(t testing.TB, b storage.Bucket, key, body string, cond storage.Condition) storage.Object {
	t.Helper()
	object, err := put(t.Context(), b, key, body, cond)
	if err != nil {
		t.Fatalf("putting %s: %v", key, err)
	}
	return object
}

func put(ctx context.Context, b storage.Bucket, key, body string, cond storage.Condition) (storage.Object, error) {
	return b.Put(ctx, key, strings.NewReader(body), int64(len(body)), cond)
}

func get(ctx context.Context, b storage.Bucket, key string, r storage.Range) (string, storage.Object, error) {
	body, object, err := b.Get(ctx, key, r)
	if err != nil {
		return "", object, err
	}
	data, err := io.ReadAll(body)
	return string(data), object, errors.Join(err, body.Close())
}

// Keys lists the keys of a bucket or fails the test.
func Keys(t testing.TB, b storage.Bucket, prefix, startAfter string) []string {
	t.Helper()
	var keys []string
	for object, err := range b.List(t.Context(), prefix, startAfter) {
		if err != nil {
			t.Fatalf("listing %q: %v", prefix, err)
		}
		keys = append(keys, object.Key)
	}
	return keys
}

func roundTrip(t *testing.T, b storage.Bucket) {
	large := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB
	for key, body := range map[string]string{"a.json": `{"a":1}`, "videos/7k/7k3mzq9x0abd.json": "x", "files/big.jpg": large} {
		made := Put(t, b, key, body, storage.Condition{})
		got, object, err := get(t.Context(), b, key, storage.Range{})
		if err != nil || got != body {
			t.Fatalf("%s came back with %d bytes, error %v", key, len(got), err)
		}
		stat, err := b.Stat(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		for what, o := range map[string]storage.Object{"Put": made, "Get": object, "Stat": stat} {
			if o.Key != key || o.Size != int64(len(body)) || o.ETag == "" || o.ETag != made.ETag {
				t.Errorf("%s describes %s as %+v", what, key, o)
			}
		}
		if stat.Modified.IsZero() || object.Modified.IsZero() {
			t.Errorf("%s has no time", key)
		}
	}
	if _, _, err := get(t.Context(), b, "none.json", storage.Range{}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("reading what is not there: %v", err)
	}
	if _, err := b.Stat(t.Context(), "none.json"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("describing what is not there: %v", err)
	}
}

func conditions(t *testing.T, b storage.Bucket) {
	first := Put(t, b, "k.json", "one", storage.IfAbsent())
	refuse := func(what, key string, cond storage.Condition) {
		t.Helper()
		if _, err := put(t.Context(), b, key, "no", cond); !errors.Is(err, storage.ErrPreconditionFailed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	refuse("creating twice", "k.json", storage.IfAbsent())
	refuse("matching another ETag", "k.json", storage.IfMatch("0123456789abcdef0123456789abcdef"))
	refuse("matching on a missing key", "missing.json", storage.IfMatch(first.ETag))
	second := Put(t, b, "k.json", "two", storage.IfMatch(first.ETag))
	if second.ETag == first.ETag {
		t.Error("another content has the same ETag")
	}
	refuse("matching the ETag before", "k.json", storage.IfMatch(first.ETag))
	if got, _, err := get(t.Context(), b, "k.json", storage.Range{}); err != nil || got != "two" {
		t.Errorf("refused writes left %q, %v", got, err)
	}
	Put(t, b, "k.json", "three", storage.Condition{})
}

func manyKeys(t *testing.T, b storage.Bucket) {
	var want []string
	for i := range 1100 {
		key := fmt.Sprintf("many/%02x/%04d.json", i%7, i)
		Put(t, b, key, "x", storage.Condition{})
		want = append(want, key)
	}
	slices.Sort(want)
	if got := Keys(t, b, "many/", ""); !slices.Equal(got, want) {
		t.Errorf("listed %d keys of %d, or out of order", len(got), len(want))
	}
	if got := Keys(t, b, "many/", want[1050]); !slices.Equal(got, want[1051:]) {
		t.Errorf("after the 1,051st key came %d", len(got))
	}
}

func keyOrder(t *testing.T, b storage.Bucket) {
	want := []string{"x/a-b", "x/a.json", "x/a/y", "x/a0"}
	for _, key := range []string{"x/a0", "x/a/y", "x/a-b", "x/a.json"} {
		Put(t, b, key, key, storage.Condition{})
	}
	if got := Keys(t, b, "x/", ""); !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	for i, after := range want {
		if got := Keys(t, b, "x/", after); !slices.Equal(got, want[i+1:]) {
			t.Errorf("after %s came %v, want %v", after, got, want[i+1:])
		}
	}
}

func listing(t *testing.T, b storage.Bucket) {
	for _, key := range []string{"a/1", "a/2", "ab/1", "b/1", "b/c/d/e", "b/c/d0"} {
		Put(t, b, key, "x", storage.Condition{})
	}
	tests := []struct {
		prefix, after string
		want          []string
	}{
		{"", "", []string{"a/1", "a/2", "ab/1", "b/1", "b/c/d/e", "b/c/d0"}},
		{"a", "", []string{"a/1", "a/2", "ab/1"}},
		{"a/", "a/1", []string{"a/2"}},
		{"a/2", "", []string{"a/2"}},
		{"b/c/d", "", []string{"b/c/d/e", "b/c/d0"}},
		{"b", "b/c/d/e", []string{"b/c/d0"}},
		{"b", "b/c/d/", []string{"b/c/d/e", "b/c/d0"}},
		{"", "ab", []string{"ab/1", "b/1", "b/c/d/e", "b/c/d0"}},
		{"none/", "", nil},
		{"a/", "b", nil},
	}
	for _, tt := range tests {
		if got := Keys(t, b, tt.prefix, tt.after); !slices.Equal(got, tt.want) {
			t.Errorf("prefix %q after %q: %v, want %v", tt.prefix, tt.after, got, tt.want)
		}
	}
	for object, err := range b.List(t.Context(), "", "") {
		if err != nil || object.ETag == "" || object.Size != 1 {
			t.Errorf("listed %+v, %v", object, err)
		}
		break // a listing may be left
	}
}

func hostileKeys(t *testing.T, b storage.Bucket) {
	for _, key := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".hidden", "a/.b", ".videoteca/tmp/x",
		"A", "ñ", "a b", "a\x00b", "a\nb", `a\b`, "a?b", "a%2fb", "a:b", "~", strings.Repeat("a", 256), strings.Repeat("a/", 500) + "b",
	} {
		if _, err := put(t.Context(), b, key, "x", storage.Condition{}); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("putting %q: %v", key, err)
		}
		if _, _, err := b.Get(t.Context(), key, storage.Range{}); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("getting %q: %v", key, err)
		}
		if _, err := b.Stat(t.Context(), key); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("describing %q: %v", key, err)
		}
		if err := b.Delete(t.Context(), key); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("deleting %q: %v", key, err)
		}
	}
	if got := Keys(t, b, "", ""); len(got) != 0 {
		t.Errorf("hostile keys left %v", got)
	}
}

func folders(t *testing.T, b storage.Bucket) {
	Put(t, b, "a/b", "x", storage.Condition{})
	if _, _, err := b.Get(t.Context(), "a", storage.Range{}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("reading a folder: %v", err)
	}
	if _, err := b.Stat(t.Context(), "a/b/c"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("looking below an object: %v", err)
	}
}

func ranges(t *testing.T, b storage.Bucket) {
	Put(t, b, "r.mp4", "0123456789", storage.Condition{})
	tests := []struct {
		r    storage.Range
		want string
		err  error
	}{
		{storage.Range{}, "0123456789", nil},
		{storage.Range{Offset: 3}, "3456789", nil},
		{storage.Range{Length: 4}, "0123", nil},
		{storage.Range{Offset: 8, Length: 1}, "8", nil},
		{storage.Range{Offset: 8, Length: 100}, "89", nil},
		{storage.Range{Offset: 10}, "", storage.ErrBadRange},
		{storage.Range{Offset: 50, Length: 1}, "", storage.ErrBadRange},
		{storage.Range{Offset: -1}, "", storage.ErrBadRange},
	}
	for _, tt := range tests {
		got, object, err := get(t.Context(), b, "r.mp4", tt.r)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%+v: %q, %v", tt.r, got, err)
		}
		if err == nil && object.Size != 10 {
			t.Errorf("%+v: the object is said to have %d bytes", tt.r, object.Size)
		}
	}
}

func cancelled(t *testing.T, b storage.Bucket) {
	Put(t, b, "c.json", "x", storage.Condition{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, getErr := b.Get(ctx, "c.json", storage.Range{})
	_, putErr := put(ctx, b, "c.json", "y", storage.Condition{})
	_, statErr := b.Stat(ctx, "c.json")
	var listErr error
	for _, err := range b.List(ctx, "", "") {
		listErr = err
	}
	for what, err := range map[string]error{"Get": getErr, "Put": putErr, "Stat": statErr, "List": listErr, "Delete": b.Delete(ctx, "c.json")} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got, _, err := get(t.Context(), b, "c.json", storage.Range{}); err != nil || got != "x" {
		t.Errorf("cancelled calls left %q, %v", got, err)
	}
}

func empty(t *testing.T, b storage.Bucket) {
	if _, err := b.Put(t.Context(), "e.json", bytes.NewReader(nil), 0, storage.Condition{}); !errors.Is(err, storage.ErrEmptyObject) {
		t.Errorf("got %v", err)
	}
	if _, err := b.Stat(t.Context(), "e.json"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("an empty object is there: %v", err)
	}
}

func deleting(t *testing.T, b storage.Bucket) {
	Put(t, b, "d/e.json", "x", storage.Condition{})
	for range 2 { // a missing key is no error
		if err := b.Delete(t.Context(), "d/e.json"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Stat(t.Context(), "d/e.json"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("still there: %v", err)
	}
	Put(t, b, "d/e.json", "y", storage.IfAbsent())
}

func proves(t *testing.T, b storage.Bucket) {
	if err := storage.Prove(t.Context(), b); err != nil {
		t.Error(err)
	}
	if left := Keys(t, b, "", ""); len(left) != 0 {
		t.Errorf("the proof left %v", left)
	}
}
