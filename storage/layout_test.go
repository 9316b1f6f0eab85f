package storage

import (
	"strings"
	"testing"
	"time"

	"videoteca/archive"
)

// claimDigest is what printf 'youtube\ndQw4w9WgXcQ' | sha256sum says.
const claimDigest = "9777048529c5145f5f0d108ad5324426a393222172d6c2192e92e60124c2e2a5"

func TestKeysOfTheFormat(t *testing.T) {
	const id = archive.VideoID("7k3mzq9x0abd")
	for got, want := range map[string]string{
		videoKey(id):       "videos/7k/7k3mzq9x0abd.json",
		eventsPrefix(id):   "events/7k/7k3mzq9x0abd/",
		capturesPrefix(id): "captures/7k/7k3mzq9x0abd/",
		fileKey(id, archive.File{Digest: "ab12", Extension: "jpg"}): "files/7k/7k3mzq9x0abd/ab12.jpg",
		articleKey("0f3c"): "articles/0f/0f3c.json",
		claimKey(archive.SourceKey{Platform: "youtube", ID: "dQw4w9WgXcQ"}): "sources/" + claimDigest[:2] + "/" + claimDigest + ".json",
		// The day is UTC's: in San Salvador it is still the 13th.
		auditPrefix(time.Date(2025, 4, 13, 20, 0, 0, 0, time.FixedZone("SV", -6*3600)), "x"): "audits/2025/04/14/x/",
		partKey("2025/04/14/x", 7): "audits/2025/04/14/x/0007.jsonl.gz",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if err := CheckPrefix(got); err != nil {
			t.Error(err)
		}
	}
}

func TestARecordsKeyIsReadBackAndNoOtherIs(t *testing.T) {
	if id, ok := videoOf("videos/7k/7k3mzq9x0abd.json"); !ok || id != "7k3mzq9x0abd" {
		t.Errorf("got %q, %v", id, ok)
	}
	for _, key := range []string{
		"", "videos/", "videos/7k3mzq9x0abd.json", "videos/00/7k3mzq9x0abd.json", "videos/7k/7k3mzq9x0abd", "videos/7K/7K3MZQ9X0ABD.json",
		"videos/7k/7k3mzq9x0abd.json.json", "videos/7k/x/7k3mzq9x0abd.json", "articles/7k/7k3mzq9x0abd.json", "videos/7k/7k3mzq9x0abu.json",
	} {
		if id, ok := videoOf(key); ok {
			t.Errorf("%s was taken for the record of %s", key, id)
		}
	}
}

func FuzzVideoOf(f *testing.F) {
	f.Add("videos/7k/7k3mzq9x0abd.json")
	f.Add("videos//.json")
	f.Fuzz(func(t *testing.T, key string) {
		if id, ok := videoOf(key); ok && videoKey(id) != key {
			t.Errorf("%q was read as %q", key, id)
		}
	})
}

func TestIdsSortByTimeAndWithinAMillisecond(t *testing.T) {
	ids, last := newULIDs(), ""
	at := time.Date(2025, 4, 14, 9, 30, 0, 0, time.UTC)
	for i := range 2000 {
		id, err := ids.next(at.Add(time.Duration(i/1000) * time.Millisecond))
		if err != nil || id <= last || id != strings.ToLower(id) || CheckKey("changes/"+id+".json") != nil {
			t.Fatalf("%s after %s, %v", id, last, err)
		}
		last = id
	}
	if drawn, err := ulidTime(last); err != nil || !drawn.Equal(at.Add(time.Millisecond)) {
		t.Errorf("%s was drawn at %v, %v", last, drawn, err)
	}
}

func TestTheFloorOfATimeSortsBeforeItsIds(t *testing.T) {
	at := time.Date(2025, 4, 14, 9, 30, 0, 0, time.UTC)
	id, err := newULIDs().next(at)
	if err != nil || floorULID(at) > id || floorULID(at.Add(time.Millisecond)) < id {
		t.Errorf("%s is not between %s and the next, %v", id, floorULID(at), err)
	}
	if _, err := ulidTime(floorULID(time.Time{})); err != nil {
		t.Errorf("the floor of no time: %v", err)
	}
}

func FuzzULIDTime(f *testing.F) {
	f.Add("01jrt0000000000000000000zz")
	f.Add("8zzzzzzzzzzzzzzzzzzzzzzzzz")
	f.Fuzz(func(t *testing.T, id string) {
		at, err := ulidTime(id)
		if err == nil && floorULID(at) > strings.ToLower(id) {
			t.Errorf("%s sorts before the floor of its time %v", id, at)
		}
	})
}
