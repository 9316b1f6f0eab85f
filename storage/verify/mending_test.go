package verify_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/verify"
)

// altered changes the reason of an event without breaking its form.
func (l *library) altered(t *testing.T, event int) string {
	t.Helper()
	key := l.of(t, "events")[event]
	l.edit(t, key, `"actor": "local"`, `"actor": "nobody"`)
	return key
}

func TestAnAlteredEventBreaksTheChain(t *testing.T) {
	l := newLibrary(t)
	from := directory(t, l.fork(t).folder)
	key := l.altered(t, 2)
	found, _ := l.verified(t, verify.Options{})
	if next := l.of(t, "events")[3]; len(found) != 1 || found[0].Kind != verify.BrokenChain || found[0].Key != next {
		t.Fatalf("alone: %+v", found)
	}
	found, _ = l.verified(t, verify.Options{From: from})
	if len(found) != 1 || found[0].Kind != verify.BrokenChain || found[0].Key != key || !found[0].Repaired || strings.Contains(l.read(t, key), "nobody") {
		t.Fatalf("with a second store: %+v", found)
	}
	if found, _ := l.verified(t, verify.Options{}); len(found) > 0 {
		t.Errorf("afterwards: %+v", found)
	}
}

func TestALostEventHidesNoAlteredOne(t *testing.T) {
	l := newLibrary(t)
	l.altered(t, 1)
	l.remove(t, l.of(t, "events")[5])
	found, _ := l.verified(t, verify.Options{})
	if len(found) != 2 || found[0].Kind != verify.BrokenChain || found[1].Kind != verify.Missing {
		t.Errorf("%+v", found)
	}
}

func TestEventsThatTheRecordNamesNoLongerComeBackOneByOne(t *testing.T) {
	l := newLibrary(t)
	for range 20 {
		_, err := l.store.Update(t.Context(), l.videos[0].ID, archive.Cause{Actor: "local", Verb: "describe"}, func(v *archive.Video) error { v.Notes += "x"; return nil })
		must(t, err)
	}
	whole := l.objects(t)
	from := directory(t, l.fork(t).folder)
	for _, key := range l.of(t, "events")[1:4] {
		l.remove(t, key)
	}
	if found, _ := l.verified(t, verify.Options{}); len(found) != 1 || found[0].Kind != verify.BrokenChain {
		t.Fatalf("alone: %+v", found)
	}
	found, summary := l.verified(t, verify.Options{From: from})
	if len(found) != 3 || summary.Repaired != 3 || len(l.objects(t)) != len(whole) {
		t.Errorf("%+v", found)
	}
}

func TestAnEventThatNothingNamesAnyMoreComesBackForItsRevision(t *testing.T) {
	l := newLibrary(t)
	first := storage.NewStore(l.store.Bucket(), storage.StoreOptions{Now: func() time.Time { return morning().Add(-time.Hour) }})
	change := func(s *storage.Store) {
		_, err := s.Update(t.Context(), l.videos[0].ID, archive.Cause{Actor: "local", Verb: "describe"}, func(v *archive.Video) error { v.Notes += "x"; return nil })
		must(t, err)
	}
	change(first) // by a clock that is behind, so that no later event follows it
	for range 20 {
		change(l.store)
	}
	from := directory(t, l.fork(t).folder)
	key := l.of(t, "events")[0]
	l.remove(t, key)
	if found, _ := l.verified(t, verify.Options{}); len(found) != 1 || found[0].Kind != verify.Unexplained || found[0].Severity != verify.Note {
		t.Fatalf("alone: %+v", found)
	}
	if found, _ := l.verified(t, verify.Options{From: from}); len(found) != 1 || found[0].Kind != verify.Missing || found[0].Key != key || !found[0].Repaired {
		t.Errorf("%+v", found)
	}
}

func TestAForkOfTheChainIsNoDamage(t *testing.T) {
	l := newLibrary(t)
	l.store = storage.NewStore(l.store.Bucket(), storage.StoreOptions{Now: func() time.Time { return morning().Add(-time.Hour) }}) // its events sort first
	_, err := l.store.Update(t.Context(), l.videos[0].ID, archive.Cause{Actor: "local", Verb: "describe"}, func(v *archive.Video) error { v.Notes = "by another clock"; return nil })
	must(t, err)
	if found, _ := l.verified(t, verify.Options{}); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestAnOlderRecordInThePlaceOfANewerIsFoundAndLeft(t *testing.T) {
	l := newLibrary(t)
	key := l.of(t, "videos")[0]
	old := l.read(t, key)
	for range 2 {
		_, err := l.store.Update(t.Context(), l.videos[0].ID, archive.Cause{Actor: "local", Verb: "describe"}, func(v *archive.Video) error { v.Notes += "x"; return nil })
		must(t, err)
	}
	from := l.fork(t)
	l.write(t, key, old)
	found, _ := l.verified(t, verify.Options{From: directory(t, from.folder)})
	kinds := map[verify.Kind]int{}
	for _, f := range found {
		kinds[f.Kind]++
	}
	if kinds[verify.StaleRecord] != 1 || kinds[verify.OtherIsNewer] != 1 || l.read(t, key) != old {
		t.Errorf("%+v", found)
	}
}

func TestASecondStoreThatIsOlderOverwritesNothing(t *testing.T) {
	l := newLibrary(t)
	from := directory(t, l.fork(t).folder)
	_, err := l.store.Update(t.Context(), l.videos[0].ID, archive.Cause{Actor: "local", Verb: "describe"}, func(v *archive.Video) error { v.Notes = "later"; return nil })
	must(t, err)
	before := l.read(t, l.of(t, "videos")[0])
	if found, _ := l.verified(t, verify.Options{From: from}); len(found) > 0 || l.read(t, l.of(t, "videos")[0]) != before {
		t.Errorf("%+v", found)
	}
}

func TestAVideoThatIsLostWholeComesBack(t *testing.T) {
	l := newLibrary(t)
	from := directory(t, l.fork(t).folder)
	for _, folder := range []string{"videos", "events", "captures", "files"} {
		for _, key := range l.of(t, folder) {
			l.remove(t, key)
		}
	}
	found, summary := l.verified(t, verify.Options{From: from})
	if summary.Damaged() || summary.Repaired < 10 {
		t.Errorf("%+v, %+v", summary, found)
	}
	if found, _ := l.verified(t, verify.Options{}); len(found) > 0 {
		t.Errorf("afterwards %+v", found)
	}
}

func TestWhatNothingNamesDoesNotComeBack(t *testing.T) {
	l := newLibrary(t)
	c, err := l.store.SaveCapture(t.Context(), archive.Capture{Video: l.videos[0].ID, Source: maketube("meeting0000"), URL: "u", At: morning(), Method: "m"})
	must(t, err)
	from := directory(t, l.fork(t).folder)
	l.remove(t, storage.Keys{}.Capture(c.Video, c.ID)) // as retention does
	if found, _ := l.verified(t, verify.Options{From: from}); len(found) > 0 || len(l.of(t, "captures")) != 1 {
		t.Errorf("%+v", found)
	}
}

func TestWhatIsDamagedInBothStoresIsNotTouched(t *testing.T) {
	for _, tt := range []struct{ name, folder, says string }{
		{"a file", "files", "damaged in the second store too"}, {"a capture", "captures", "is no better"}, {"a record", "videos", "is no better"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLibrary(t)
			key := l.of(t, tt.folder)[0]
			from := l.fork(t)
			from.write(t, key, "bad there")
			l.write(t, key, "bad here")
			found, summary := l.verified(t, verify.Options{From: directory(t, from.folder), Only: l.videos[0].ID})
			if len(found) != 1 || !strings.Contains(found[0].Detail, tt.says) || !summary.Damaged() || l.read(t, key) != "bad here" {
				t.Errorf("%+v", found)
			}
			from.remove(t, key)
			found, _ = l.verified(t, verify.Options{From: directory(t, from.folder), Only: l.videos[0].ID})
			if len(found) != 1 || !strings.Contains(found[0].Detail, "has it not either") {
				t.Errorf("%+v", found)
			}
		})
	}
}

func TestAPartThatIsDamagedInBothStoresIsNotTouched(t *testing.T) {
	l := newLibrary(t)
	key := storage.Keys{}.Part(l.audit, 2)
	from := l.fork(t)
	from.write(t, key, "bad there")
	l.write(t, key, "bad here")
	for _, says := range []string{"is no better", "has it not either"} {
		found, summary := l.verified(t, verify.Options{From: directory(t, from.folder)})
		if len(found) != 1 || !strings.Contains(found[0].Detail, says) || !summary.Damaged() || l.read(t, key) != "bad here" {
			t.Errorf("%+v", found)
		}
		if says == "is no better" {
			from.remove(t, key)
		}
	}
}

func TestTheStoreOfAnotherInstallationIsRefused(t *testing.T) {
	l, other := newLibrary(t), built(t, t.TempDir())
	before := len(l.keys(t, ""))
	_, err := verify.Run(t.Context(), verify.Options{Bucket: directory(t, l.folder), From: directory(t, other.folder)}, nil, nil)
	if !errors.Is(err, verify.ErrOtherInstallation) || len(l.keys(t, "")) != before {
		t.Errorf("%v", err)
	}
}

func TestASourceThatAnotherVideoOwns(t *testing.T) {
	l := newLibrary(t)
	key := storage.Keys{}.Claim(maketube("meeting0000"))
	l.edit(t, key, string(l.videos[0].ID), string(l.videos[1].ID))
	found, _ := l.verified(t, verify.Options{})
	if len(found) != 2 || found[0].Kind != verify.ForeignClaim || found[0].Severity != verify.Fault || found[1].Kind != verify.Orphan {
		t.Errorf("%+v", found)
	}
}

func TestVideosThatWereMergedNeedNothing(t *testing.T) {
	l := newLibrary(t)
	kept, duplicate := l.videos[0], l.videos[1]
	clean := func(when string) {
		t.Helper()
		if found, _ := l.verified(t, verify.Options{}); len(found) > 0 {
			t.Errorf("%s: %+v", when, found)
		}
	}
	library := archive.NewLibrary(archive.LibraryOptions{Store: l.store, Platforms: archive.Platforms{}})
	_, err := library.Merge(t.Context(), l.store, kept.ID, duplicate.ID, "ana")
	must(t, err)
	clean("merged")
	must(t, l.store.MoveClaim(t.Context(), duplicate.Sources[0].SourceKey, kept.ID, duplicate.ID)) // it leads to the one kept all the same
	clean("with a claim of the duplicate's")
	for _, folder := range []string{"captures", "files"} {
		for _, key := range l.of(t, folder) {
			if strings.Contains(key, string(duplicate.ID)) { // as retention leaves it
				l.remove(t, key)
			}
		}
	}
	clean("with nothing beside the duplicate's record")
	_, err = archive.NewEraser(archive.EraserOptions{Store: l.store, Attic: l.store}).Erase(t.Context(), duplicate.ID, "law", "", "ana")
	must(t, err)
	clean("erased")
}

func TestAnErasedVideoNeedsNothing(t *testing.T) {
	l := newLibrary(t)
	_, err := l.store.Update(t.Context(), l.videos[0].ID, archive.Cause{Actor: "local", Verb: "erase"}, func(v *archive.Video) error {
		v.Visibility.Exposure = archive.Erased
		return nil
	})
	must(t, err)
	for _, folder := range []string{"captures", "files", "events"} {
		for _, key := range l.of(t, folder) {
			l.remove(t, key)
		}
	}
	l.remove(t, storage.Keys{}.Claim(maketube("meeting0000")))
	if found, _ := l.verified(t, verify.Options{}); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestWhatRetentionPurgedIsNotMissing(t *testing.T) {
	l := newLibrary(t)
	capture := l.of(t, "captures")[0]
	thumbnail := l.videos[0].Sources[0].Described.Thumbnails[0]
	l.edit(t, l.of(t, "videos")[0], `"url": "https://tube`, `"purged": [{"capture": "`+stem(capture)+`", "digest": "`+thumbnail.Digest+`", "captured": "2025-04-14T09:30:00Z", "at": "2025-05-14T09:30:00Z", "reason": "retention"}],
      "url": "https://tube`)
	l.remove(t, capture)
	l.remove(t, storage.Keys{}.File(l.videos[0].ID, thumbnail))
	if found, _ := l.verified(t, verify.Options{}); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestNoTemporaryFileStays(t *testing.T) {
	l := newLibrary(t)
	from := directory(t, l.fork(t).folder)
	l.remove(t, l.of(t, "files")[0])
	l.remove(t, storage.Keys{}.Part(l.audit, 1))
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	l.verified(t, verify.Options{From: from})
	left, err := filepath.Glob(filepath.Join(temp, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	if _, err := os.Stat(l.path(storage.Keys{}.Part(l.audit, 1))); err != nil {
		t.Error(err)
	}
}
