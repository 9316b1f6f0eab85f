package catalog

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
)

func recordOf(t testing.TB, n int, title string) []byte {
	t.Helper()
	data, err := json.Marshal(archive.Video{ID: archive.VideoID(fmt.Sprintf("%012d", n)), Title: archive.Text{"es": title}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestARecordIsDecodedAnewOnceItSaysSomethingElse(t *testing.T) {
	var d decoded
	for _, title := range []string{"Antes", "Antes", "Después", "Antes"} {
		record := recordOf(t, 1, title)
		v, err := d.video(0, record)
		if err != nil || v.Title["es"] != title {
			t.Errorf("%q is read as %+v, %v", title, v, err)
		}
		clear(record) // whose memory is the database's
	}
	if n := len(d.young) + len(d.old); n != 2 {
		t.Errorf("%d are kept", n)
	}
}

func TestWhatIsNoRecordIsNotKept(t *testing.T) {
	var d decoded
	if _, err := d.video(0, []byte("{")); err == nil || len(d.young) != 0 {
		t.Errorf("got %v, kept %d", err, len(d.young))
	}
}

func TestDecodedRecordsAreBoundedAndThoseInUseStay(t *testing.T) {
	var d decoded
	used := recordOf(t, 0, "en uso")
	for n := range 5 * mostDecoded {
		if _, err := d.video(0, recordOf(t, n+1, "otro")); err != nil {
			t.Fatal(err)
		}
		if _, err := d.video(0, used); err != nil {
			t.Fatal(err)
		}
		if kept := len(d.young) + len(d.old); kept > mostDecoded {
			t.Fatalf("%d are kept", kept)
		}
	}
	if _, known := d.known(0, used); !known {
		t.Error("what is asked for all the time is gone")
	}
	if _, known := d.known(0, recordOf(t, 1, "otro")); known {
		t.Error("what nobody asked for is kept")
	}
}

func TestNothingOfBeforeAChangeIsKept(t *testing.T) {
	var d decoded
	record := recordOf(t, 1, "suprimido")
	for _, version := range []uint64{1, 2, 1} { // the last read began before the change
		if _, err := d.video(version, record); err != nil {
			t.Fatal(err)
		}
		if kept := len(d.young) + len(d.old); kept != 1 {
			t.Errorf("at version %d %d are kept", version, kept)
		}
	}
	if _, err := d.video(3, recordOf(t, 2, "otro")); err != nil || len(d.young)+len(d.old) != 1 {
		t.Errorf("%d are kept, %v", len(d.young)+len(d.old), err)
	}
	if _, known := d.known(3, record); known {
		t.Error("what was erased is still there")
	}
}

func TestALargeRecordIsDecodedAndNotKept(t *testing.T) {
	for title, kept := range map[string]int{strings.Repeat("x", largestDecoded): 0, strings.Repeat("x", largestDecoded/2): 1} {
		var d decoded
		v, err := d.video(0, recordOf(t, 1, title))
		if err != nil || v.Title["es"] != title {
			t.Errorf("of %d bytes: %v", len(title), err)
		}
		if n := len(d.young) + len(d.old); n != kept {
			t.Errorf("of %d bytes %d are kept", len(title), n)
		}
	}
}

func TestWhatAnotherProcessErasedIsGoneFromMemoryAtTheNextList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "catalog.db")
		here, there := open(t, path), open(t, path)
		fill(t, here, 2)
		kept := func(want int) {
			t.Helper()
			if _, err := here.List(t.Context(), archive.Query{}); err != nil {
				t.Fatal(err)
			}
			if n := len(here.read.young) + len(here.read.old); n != want {
				t.Errorf("%d are kept, not %d", n, want)
			}
		}
		kept(2)
		erased := entry(1, 2)
		erased.Video.Visibility.Exposure = archive.Erased
		put(t, there, erased)
		time.Sleep(watchInterval)
		kept(1)
	})
}

func TestManyDecodeTheSameAtOnce(t *testing.T) {
	var d decoded
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for n := range 200 {
				if v, err := d.video(0, recordOf(t, n%7, "x")); err != nil || v.ID != archive.VideoID(fmt.Sprintf("%012d", n%7)) {
					t.Errorf("got %s, %v", v.ID, err)
				}
			}
		})
	}
	wait.Wait()
}

// Pages are handed to many: nobody's sources are another's.
func TestThoseWhoListShareNoSources(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 3)
	first, err := c.List(t.Context(), archive.Query{})
	if err != nil || len(first.Videos) != 3 {
		t.Fatalf("%+v, %v", first, err)
	}
	was := first.Videos[0].Sources[0].URL
	first.Videos[0].Sources[0].URL = "https://altered.example/"
	second, err := c.List(t.Context(), archive.Query{})
	if err != nil || second.Videos[0].Sources[0].URL != was {
		t.Errorf("%+v, %v", second.Videos[0].Sources, err)
	}
}
