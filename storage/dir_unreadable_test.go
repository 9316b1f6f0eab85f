package storage_test

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"videoteca/storage"
	"videoteca/storage/storagetest"
)

// asNobody runs what must obey the modes of files, which root does not.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		do()
		return
	}
	const nobody = 65534
	runtime.LockOSThread() // as whom files are opened is a matter of the thread
	defer runtime.UnlockOSThread()
	for _, user := range []int{nobody, 0} {
		if err := unix.Setfsuid(user); err != nil {
			t.Fatal(err)
		}
		if user == nobody {
			do()
		}
	}
}

func TestAnObjectThatCannotBeReadIsListedAndHidesNoOther(t *testing.T) {
	folder := t.TempDir()
	d, err := storage.OpenPublicDirectory(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, key := range []string{"changes/a.json", "changes/b.json", "changes/c.json"} {
		storagetest.Put(t, d, key, "content", storage.IfAbsent())
	}
	if err := os.Chmod(filepath.Join(folder, "changes", "b.json"), 0); err != nil { // as if another user had written it
		t.Fatal(err)
	}
	var listed []storage.Object
	var unread error
	asNobody(t, func() {
		for object, err := range d.List(t.Context(), "changes/", "") {
			if err != nil {
				t.Error(err)
			}
			listed = append(listed, object)
		}
		var body io.Closer
		if body, _, unread = d.Get(t.Context(), "changes/b.json", storage.Range{}); unread == nil {
			_ = body.Close()
		}
	})
	if unread == nil {
		t.Error("it can be read, so this tests nothing")
	}
	if len(listed) != 3 || listed[0].ETag == "" || listed[2].ETag == "" {
		t.Fatalf("listed are %+v", listed)
	}
	if b := listed[1]; b.Key != "changes/b.json" || b.ETag != "" || b.Size != int64(len("content")) || b.Modified.IsZero() {
		t.Errorf("what cannot be read is listed as %+v", b)
	}
}
