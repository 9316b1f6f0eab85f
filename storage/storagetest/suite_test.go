package storagetest

import (
	"cmp"
	"context"
	"io"
	"iter"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"videoteca/storage"
)

// flaw is one way in which a store may be broken, the part of the suite that must find
// it, and what that part must say of it.
type flaw struct {
	name   string
	breaks func(storage.Bucket) storage.Bucket
	part   func(*testing.T, storage.Bucket)
	says   string
}

// childEnv makes this test binary the process in which tests are to fail.
const childEnv = "VIDEOTECA_TEST_BROKEN"

func TestTheSuiteFindsBrokenStores(t *testing.T) {
	flaws := slices.Concat(conditionFlaws(), readingFlaws(), keyFlaws(), listingFlaws(), racingFlaws())
	if os.Getenv(childEnv) != "" {
		for _, f := range flaws {
			t.Run(f.name, func(t *testing.T) { onBroken(t, f) })
		}
		return
	}
	failures := failuresOf(t, "TestTheSuiteFindsBrokenStores")
	for _, f := range flaws {
		t.Run(f.name, func(t *testing.T) {
			found, ok := failures[strings.ReplaceAll(f.name, " ", "_")]
			if !ok {
				t.Fatal("the suite passes it")
			}
			if !strings.Contains(found, f.says) {
				t.Errorf("the suite says\n%s\nand not %q", found, f.says)
			}
		})
	}
}

func TestRunFailsEveryPartOnAStoreThatIsDown(t *testing.T) {
	if os.Getenv(childEnv) != "" {
		Run(t, func(*testing.T) storage.Bucket { return down{} })
		return
	}
	failures := failuresOf(t, "TestRunFailsEveryPartOnAStoreThatIsDown")
	parts := []string{
		"an object comes back as it was put", "conditions hold", "one of sixteen creators wins",
		"sixteen writers count to exactly 320", "more than a thousand keys are listed in order",
		"keys are listed in the order of their bytes", "a listing starts after a key and within a prefix",
		"hostile keys are refused", "a key is no folder of another", "ranges", "a cancelled context ends a call",
		"an empty object is refused", "a deleted object is gone", "the store proves itself",
	}
	for _, part := range parts {
		if said := failures[strings.ReplaceAll(part, " ", "_")]; !strings.Contains(said, errDown.Error()) {
			t.Errorf("%s: the suite says %q", part, said)
		}
	}
	if len(failures) != len(parts) {
		t.Errorf("%d parts failed, want %d: a part is missing here", len(failures), len(parts))
	}
}

// onBroken runs the part that must fail. It does so in a bubble, where the waits of the
// races cost no time.
func onBroken(t *testing.T, f flaw) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) { f.part(t, f.breaks(directory(t, folder))) })
}

// directory is a sound store.
func directory(t *testing.T, folder string) storage.Bucket {
	t.Helper()
	d, err := storage.OpenDirectory(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// failuresOf runs one of this binary's tests in a process of its own, where it must
// fail, and returns what its subtests that failed said, by their names.
func failuresOf(t *testing.T, test string) map[string]string {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.timeout=2m")
	c.Env = append(os.Environ(), childEnv+"=1")
	raw, err := c.CombinedOutput()
	out := string(raw)
	if err == nil || strings.Contains(out, "panic:") || !strings.Contains(out, "--- FAIL: "+test+" ") {
		t.Fatalf("the broken stores ended with %v:\n%s", err, out)
	}
	failures := map[string]string{}
	for _, block := range strings.Split(out, "--- FAIL: "+test+"/")[1:] {
		name, said, _ := strings.Cut(block, " ")
		failures[name] = said
	}
	return failures
}

// flawed is a store some of whose calls are replaced.
type flawed struct {
	storage.Bucket
	get    func(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error)
	put    func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error)
	delete func(ctx context.Context, key string) error
	list   func(ctx context.Context, prefix, startAfter string) iter.Seq2[storage.Object, error]
	stat   func(ctx context.Context, key string) (storage.Object, error)
}

func (b flawed) Get(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
	if b.get == nil {
		return b.Bucket.Get(ctx, key, r)
	}
	return b.get(ctx, key, r)
}

func (b flawed) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
	if b.put == nil {
		return b.Bucket.Put(ctx, key, body, size, cond)
	}
	return b.put(ctx, key, body, size, cond)
}

func (b flawed) Delete(ctx context.Context, key string) error {
	if b.delete == nil {
		return b.Bucket.Delete(ctx, key)
	}
	return b.delete(ctx, key)
}

func (b flawed) List(ctx context.Context, prefix, startAfter string) iter.Seq2[storage.Object, error] {
	if b.list == nil {
		return b.Bucket.List(ctx, prefix, startAfter)
	}
	return b.list(ctx, prefix, startAfter)
}

func (b flawed) Stat(ctx context.Context, key string) (storage.Object, error) {
	if b.stat == nil {
		return b.Bucket.Stat(ctx, key)
	}
	return b.stat(ctx, key)
}

// byKey is the order that a listing must have.
func byKey(a, b storage.Object) int { return cmp.Compare(a.Key, b.Key) }
