package catalog

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

func TestChangesGrowWithEveryWriteAndWithNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "catalog.db")
		here, there := open(t, path), open(t, path)
		gone, leave := context.WithCancel(t.Context())
		leave()
		was := here.changes(t.Context())
		changed := func(why string, want bool) {
			t.Helper()
			for _, ctx := range []context.Context{gone, t.Context()} { // a reader who left is no fault of the file
				now := here.changes(ctx)
				if grew := now > was; grew != want {
					t.Errorf("%s: %d after %d", why, now, was)
				}
				was, want = now, false
			}
		}
		time.Sleep(watchInterval)
		changed("nothing happened", false)
		put(t, here, entry(1, 1))
		changed("written here", true)
		time.Sleep(watchInterval)
		here.changes(t.Context())
		was = here.changes(t.Context())
		put(t, there, entry(1, 2))
		changed("written elsewhere, a moment ago", false)
		time.Sleep(watchInterval)
		changed("written elsewhere", true)
		time.Sleep(watchInterval)
		changed("nothing happened since", false)
	})
}

func TestAFileThatCannotBeAskedForChangesCountsAsChanged(t *testing.T) {
	c := newCatalog(t)
	was := c.changes(t.Context())
	if err := c.watch.conn.Close(); err != nil {
		t.Fatal(err)
	}
	c.watch.next = time.Time{}
	if now := c.changes(t.Context()); now <= was {
		t.Errorf("%d after %d", now, was)
	}
}
