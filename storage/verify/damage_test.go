package verify_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"videoteca/storage"
	"videoteca/storage/verify"
)

func TestAWholeStoreHasNothingToFind(t *testing.T) {
	l := newLibrary(t)
	found, summary := l.verified(t, verify.Options{})
	if len(found) > 0 || summary.Damaged() {
		t.Errorf("%+v", found)
	}
	if want := int64(len(l.keys(t, ""))); !summary.Complete || summary.Objects < want || summary.Bytes == 0 {
		t.Errorf("of %d objects %+v", want, summary)
	}
}

func TestAnEmptyStoreIsWhole(t *testing.T) {
	l := &library{folder: t.TempDir()}
	if found, summary := l.verified(t, verify.Options{}); len(found) > 0 || !summary.Complete || summary.Objects != 0 {
		t.Errorf("%+v, %+v", found, summary)
	}
}

// damage is one thing that goes wrong with a store, and all that is found then.
type damage struct {
	name string
	// do damages the store and returns the key that the finding is about.
	do       object
	severity verify.Severity
	kind     verify.Kind
	detail   string // a part of it
	repairs  bool   // a second store can put it back
	also     int    // findings that follow from it, of what names the object
}

// object is a key of the library's.
type object func(*testing.T, *library) string

func firstOf(folder string) object {
	return func(t *testing.T, l *library) string { t.Helper(); return l.of(t, folder)[0] }
}

func oneUnder(prefix string) object {
	return func(t *testing.T, l *library) string { t.Helper(); return l.keys(t, prefix)[0] }
}

func partNumber(n int) object {
	return func(_ *testing.T, l *library) string { return storage.Keys{}.Part(l.audit, n) }
}

func lastEvent(t *testing.T, l *library) string {
	t.Helper()
	all := l.of(t, "events")
	return all[len(all)-1]
}

func middleEvent(t *testing.T, l *library) string { t.Helper(); return l.of(t, "events")[2] }

func claimKey(_ *testing.T, l *library) string {
	return storage.Keys{}.Claim(l.videos[0].Sources[0].SourceKey)
}

// removed, written and edited do damage to an object, and return its key.
func removed(of object) object {
	return func(t *testing.T, l *library) string {
		t.Helper()
		key := of(t, l)
		l.remove(t, key)
		return key
	}
}

func written(content string, of object) object {
	return func(t *testing.T, l *library) string {
		t.Helper()
		key := of(t, l)
		l.write(t, key, content)
		return key
	}
}

func edited(from, to string, of object) object {
	return func(t *testing.T, l *library) string {
		t.Helper()
		key := of(t, l)
		l.edit(t, key, from, to)
		return key
	}
}

func damages() []damage {
	return slices.Concat(ofFiles(), ofCaptures(), ofEvents(), ofRecords(), ofClaims(), ofTheRest(), ofJournals())
}

// loser is the ULID of an event between those of the tests' videos, none of which comes to pass.
const loser = "01jrst4pe0h7yg5fknab9mvem1"

func stem(key string) string {
	name := key[strings.LastIndexByte(key, '/')+1:]
	return name[:strings.IndexByte(name, '.')]
}

func heardLine(id string) string {
	return fmt.Sprintf(`{"source":{"platform":"maketube","id":%q},"lastRound":"2025-04-14T09:30:00Z","outcome":"playable"}`, id)
}

func zipped(lines ...string) string {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	for _, line := range lines {
		_, _ = io.WriteString(zip, line+"\n") // a buffer never fails
	}
	_ = zip.Close()
	return out.String()
}

// about is the finding on the object, among those that follow from it.
func about(t *testing.T, d damage, key string, found []verify.Finding) verify.Finding {
	t.Helper()
	if len(found) != 1+d.also {
		t.Fatalf("%d findings: %+v", len(found), found)
	}
	at := slices.IndexFunc(found, func(f verify.Finding) bool { return f.Key == key })
	if at < 0 {
		t.Fatalf("none of %s: %+v", key, found)
	}
	return found[at]
}

func TestEachDamageIsFoundAndNothingElseAndPutBackFromASecondStore(t *testing.T) {
	whole := newLibrary(t)
	from := directory(t, whole.fork(t).folder)
	for _, d := range damages() {
		t.Run(d.name, func(t *testing.T) {
			l := whole.fork(t)
			key := d.do(t, l)
			found, summary := l.verified(t, verify.Options{})
			f := about(t, d, key, found)
			if f.Severity != d.severity || f.Kind != d.kind || !strings.Contains(f.Detail, d.detail) || f.Repaired || f.Repairable {
				t.Errorf("%+v\nwant %s %s of %s, %q", f, d.severity, d.kind, key, d.detail)
			}
			if summary.Damaged() != (d.severity == verify.Fault) || int(summary.Faults+summary.Notes) != len(found) {
				t.Errorf("%+v", summary)
			}
			if d.repairs {
				putBack(t, d, key, l, whole, from)
				return
			}
			before := l.objects(t)
			if found, summary := l.verified(t, verify.Options{From: from}); summary.Repaired != 0 || !maps.Equal(l.objects(t), before) {
				t.Errorf("something was changed: %+v", found)
			}
		})
	}
}

// putBack repairs the damage, after a dry run that changes nothing.
func putBack(t *testing.T, d damage, key string, l, whole *library, from storage.Bucket) {
	t.Helper()
	before := l.objects(t)
	found, _ := l.verified(t, verify.Options{From: from, DryRun: true})
	if f := about(t, d, key, found); !f.Repairable || f.Repaired || !maps.Equal(l.objects(t), before) {
		t.Fatalf("a dry run: %+v", f)
	}
	found, summary := l.verified(t, verify.Options{From: from})
	d.also = 0 // what names the object is looked at after it is back
	if f := about(t, d, key, found); !f.Repaired || summary.Damaged() || summary.Repaired != 1 {
		t.Fatalf("%+v, %+v", f, summary)
	}
	if !maps.Equal(l.objects(t), whole.objects(t)) {
		t.Error("the store is not as it was")
	}
}

// However many objects are cut short at once, as by a disk that was full, none is passed over.
func TestEveryObjectThatIsCutShortIsFound(t *testing.T) {
	l := newLibrary(t)
	whole := l.objects(t)
	for key, content := range whole {
		l.write(t, key, content[:len(content)/2])
	}
	found, summary := l.verified(t, verify.Options{})
	about := map[string]verify.Finding{}
	for _, f := range found {
		about[f.Key] = f
	}
	for key := range whole {
		if f, is := about[key]; !is || f.Severity != verify.Fault {
			t.Errorf("%s: %+v", key, f)
		}
	}
	if !summary.Complete || summary.Faults < int64(len(whole)) {
		t.Errorf("of %d objects %+v", len(whole), summary)
	}
}

// The same from a second store: all come back but those that serve for a day.
func TestEveryObjectThatIsCutShortComesBack(t *testing.T) {
	l := newLibrary(t)
	from, whole := directory(t, l.fork(t).folder), l.objects(t)
	passing := func(key string) bool {
		return strings.HasPrefix(key, "changes/") || strings.HasPrefix(key, "accounts/sessions/") || strings.HasPrefix(key, "accounts/throttle/")
	}
	for key, content := range whole {
		if !passing(key) {
			l.write(t, key, content[:len(content)/2])
		}
	}
	if _, summary := l.verified(t, verify.Options{From: from}); summary.Damaged() || summary.Repaired == 0 {
		t.Errorf("%+v", summary)
	}
	if now := l.objects(t); !maps.Equal(now, whole) {
		for key, content := range whole {
			if now[key] != content {
				t.Errorf("%s is not as it was", key)
			}
		}
	}
}
