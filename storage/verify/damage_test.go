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

	"videoteca/archive"
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
	do       func(t *testing.T, l *library) string
	severity verify.Severity
	kind     verify.Kind
	detail   string // a part of it
	repairs  bool   // a second store can put it back
	also     int    // findings that follow from it, of what names the object
}

func damages() []damage {
	first := func(folder string) func(*testing.T, *library) string {
		return func(t *testing.T, l *library) string { t.Helper(); return l.of(t, folder)[0] }
	}
	removed := func(of func(*testing.T, *library) string) func(*testing.T, *library) string {
		return func(t *testing.T, l *library) string {
			t.Helper()
			key := of(t, l)
			l.remove(t, key)
			return key
		}
	}
	written := func(content string, of func(*testing.T, *library) string) func(*testing.T, *library) string {
		return func(t *testing.T, l *library) string {
			t.Helper()
			key := of(t, l)
			l.write(t, key, content)
			return key
		}
	}
	edited := func(from, to string, of func(*testing.T, *library) string) func(*testing.T, *library) string {
		return func(t *testing.T, l *library) string {
			t.Helper()
			key := of(t, l)
			l.edit(t, key, from, to)
			return key
		}
	}
	last := func(t *testing.T, l *library) string { t.Helper(); all := l.of(t, "events"); return all[len(all)-1] }
	middle := func(t *testing.T, l *library) string { t.Helper(); return l.of(t, "events")[2] }
	one := func(prefix string) func(*testing.T, *library) string {
		return func(t *testing.T, l *library) string { t.Helper(); return l.keys(t, prefix)[0] }
	}
	part := func(n int) func(*testing.T, *library) string {
		return func(_ *testing.T, l *library) string { return storage.Keys{}.Part(l.audit, n) }
	}
	claimed := func(_ *testing.T, l *library) string { return storage.Keys{}.Claim(l.videos[0].Sources[0].SourceKey) }
	return []damage{
		{"a file is cut short", written("pic", first("files")), verify.Fault, verify.Content, "bytes of", true, 0},
		{"a bit of a file flips", func(t *testing.T, l *library) string {
			key := l.of(t, "files")[1]
			data := []byte(l.read(t, key))
			data[3] ^= 1
			l.write(t, key, string(data))
			return key
		}, verify.Fault, verify.Content, "its content has the digest", true, 0},
		{"a file is gone", removed(first("files")), verify.Fault, verify.Missing, "names it", true, 0},
		{"a file's recorded size is wrong", func(t *testing.T, l *library) string {
			for _, key := range []string{l.of(t, "captures")[0], l.of(t, "videos")[0]} {
				l.edit(t, key, `"bytes": 22`, `"bytes": 23`)
			}
			return storage.Keys{}.File(l.videos[0].ID, l.videos[0].Sources[0].Described.Thumbnails[0])
		}, verify.Fault, verify.Size, "it has 22 bytes", false, 0},
		{"nobody names a file", func(t *testing.T, l *library) string {
			f, err := l.store.SaveFile(t.Context(), l.videos[0].ID, archive.File{Extension: "jpg", Type: "image/jpeg"}, []byte("left"))
			must(t, err)
			return storage.Keys{}.File(l.videos[0].ID, f)
		}, verify.Note, verify.Orphan, "names it", false, 0},
		{"a file is called otherwise", func(t *testing.T, l *library) string {
			key := storage.Keys{}.Video(l.videos[0].ID)
			key = "files/" + strings.TrimSuffix(strings.TrimPrefix(key, "videos/"), ".json") + "/thumbs.db"
			l.write(t, key, "x")
			return key
		}, verify.Note, verify.Stray, "no file", false, 0},

		{"a capture is gone", removed(first("captures")), verify.Fault, verify.Missing, "the record names it", true, 0},
		{"a capture is cut short", written(`{"version": 1,`, first("captures")), verify.Fault, verify.Undecodable, "no JSON", true, 0},
		{"a capture has no method", edited(`"method"`, `"mehtod"`, first("captures")), verify.Fault, verify.Schema, "method", true, 0},
		{"a capture is of another video", func(t *testing.T, l *library) string {
			key := l.of(t, "captures")[0]
			l.edit(t, key, string(l.videos[0].ID), string(l.videos[1].ID))
			return key
		}, verify.Fault, verify.Misplaced, "it is capture", true, 0},
		{"a capture is of a later version", edited(`"version": 1`, `"version": 2, "colour": "blue"`, first("captures")), verify.Note, verify.NewerVersion, "version 2", false, 0},
		{"captures of an unknown video", func(t *testing.T, l *library) string {
			c, err := l.store.SaveCapture(t.Context(), archive.Capture{Video: archive.NewVideoID(), Source: maketube("x"), URL: "u", At: morning(), Method: "m"})
			must(t, err)
			return storage.Keys{}.Capture(c.Video, c.ID)
		}, verify.Note, verify.Orphan, "no record", false, 0},

		{"the newest event is gone", removed(last), verify.Fault, verify.Missing, "came to pass", true, 0},
		{"an event in the middle is gone", removed(middle), verify.Fault, verify.Missing, "came to pass", true, 0},
		{"the first event is gone", removed(first("events")), verify.Fault, verify.Missing, "came to pass", true, 0},
		{"an event cannot be read", written("{", middle), verify.Fault, verify.Undecodable, "no JSON", true, 0},
		{"an event is of another video", func(t *testing.T, l *library) string {
			key := last(t, l)
			l.edit(t, key, string(l.videos[0].ID), string(l.videos[1].ID))
			return key
		}, verify.Fault, verify.Misplaced, "it is event", true, 0},
		{"an event lost a race", func(t *testing.T, l *library) string {
			key := l.of(t, "events")[5]
			copied := strings.Replace(l.read(t, key), stem(key), loser, 1)
			beside := strings.Replace(key, stem(key), loser, 1)
			l.write(t, beside, copied)
			return beside
		}, verify.Note, verify.Unapplied, "lost a race", false, 0},
		{"a name among the events", func(t *testing.T, l *library) string {
			key := strings.Replace(first("events")(t, l), ".json", ".bak", 1)
			l.write(t, key, "x")
			return key
		}, verify.Note, verify.Stray, "no event", false, 0},

		{"a record is gone", removed(first("videos")), verify.Fault, verify.Missing, "revision 6", true, 2},
		{"a record is no JSON", written("{", first("videos")), verify.Fault, verify.Undecodable, "no JSON", true, 0},
		{"a record has no sources", edited(`"sources"`, `"source"`, first("videos")), verify.Fault, verify.Schema, "sources", true, 0},
		{"a record is of a later version", edited(`"version": 1`, `"version": 7`, first("videos")), verify.Note, verify.NewerVersion, "version 7", false, 0},
		{"a record was edited by hand", edited(`"revision": 6`, `"revision": 7`, first("videos")), verify.Note, verify.Unexplained, "first of 7", false, 0},
		{"a record beside the records", written("x", func(*testing.T, *library) string { return "videos/zz/old.json" }), verify.Note, verify.Stray, "no video", false, 0},

		{"a claim is gone", removed(claimed), verify.Fault, verify.Missing, "nothing says that it owns it", true, 0},
		{"a claim is no JSON", written("-", claimed), verify.Fault, verify.Undecodable, "no JSON", true, 0},
		{"a claim has no record", func(t *testing.T, l *library) string {
			_, err := l.store.Claim(t.Context(), maketube("never"), archive.NewVideoID())
			must(t, err)
			return storage.Keys{}.Claim(maketube("never"))
		}, verify.Note, verify.Orphan, "has no record", false, 0},
		{"a claim is of a source that its video has not", func(t *testing.T, l *library) string {
			_, err := l.store.Claim(t.Context(), maketube("mirror"), l.videos[0].ID)
			must(t, err)
			return storage.Keys{}.Claim(maketube("mirror"))
		}, verify.Note, verify.Orphan, "no such source", false, 0},
		{"a claim stands under another key", func(t *testing.T, l *library) string {
			key := "sources/00/" + strings.Repeat("0", 64) + ".json"
			l.write(t, key, l.read(t, claimed(t, l)))
			return key
		}, verify.Fault, verify.Misplaced, "belongs under", false, 0},

		{"an article places a video that is not there", func(t *testing.T, l *library) string {
			key := l.keys(t, "articles/")[0]
			l.edit(t, key, string(l.videos[0].ID), "000000000000")
			return key
		}, verify.Fault, verify.Dangling, "000000000000", false, 0},
		{"an article is no JSON", written("<html>", one("articles/")), verify.Fault, verify.Undecodable, "no JSON", true, 0},
		{"a channel stands under another key", edited("UCx", "UCy", one("channels/")), verify.Fault, verify.Misplaced, "belongs under", true, 0},
		{"a setting is no object", written("[]", one("settings/thresholds")), verify.Fault, verify.Schema, "setting", true, 0},
		{"a change of a setting names nobody", edited(`"ana"`, `""`, one("settings/events/")), verify.Fault, verify.Schema, "actor", true, 0},
		{"a change of a setting stands under another key", func(t *testing.T, l *library) string {
			l.write(t, "settings/events/01jrst4pe0h7yg5fknab9mvem1.json", l.read(t, l.keys(t, "settings/events/")[0]))
			return "settings/events/01jrst4pe0h7yg5fknab9mvem1.json"
		}, verify.Fault, verify.Misplaced, "it is change", false, 0},
		{"the accounts are no JSON", written("{", one("accounts/people.json")), verify.Fault, verify.Undecodable, "no JSON", true, 0},
		{"an account has no roles", edited(`"roles"`, `"rolls"`, one("accounts/people.json")), verify.Fault, verify.Schema, "roles", true, 0},
		{"a change of accounts has no verb", edited(`"verb"`, `"word"`, one("accounts/events/")), verify.Fault, verify.Schema, "verb", true, 0},
		{"a session is cut short", written("{", one("accounts/sessions/")), verify.Fault, verify.Undecodable, "no JSON", false, 0},
		{"failed attempts are of a name", written(`{"version":1,"of":{"ana":{"n":1,"last":"2025-04-14T09:30:00Z"}}}`, one("accounts/throttle/")), verify.Fault, verify.Schema, "throttle", false, 0},
		{"accounts of a later version", edited(`"version": 1`, `"version": 2`, one("accounts/people.json")), verify.Note, verify.NewerVersion, "version 2", false, 0},
		{"a name among the accounts", written("x", func(*testing.T, *library) string { return "accounts/backup.json" }), verify.Note, verify.Stray, "no such object", false, 0},
		{"a marker names nothing", written("{}", one("changes/")), verify.Fault, verify.Schema, "change", false, 0},
		{"the installation's marker is gone", removed(one("videoteca.json")), verify.Fault, verify.Missing, "records", true, 0},
		{"the installation's marker is damaged", written("\x00", one("videoteca.json")), verify.Fault, verify.Undecodable, "no JSON", true, 0},

		{"a part is no gzip", written("plain", part(1)), verify.Fault, verify.Undecodable, "no gzip", true, 0},
		{"a part is cut short", func(t *testing.T, l *library) string {
			key := part(2)(t, l)
			data := l.read(t, key)
			l.write(t, key, data[:len(data)/2])
			return key
		}, verify.Fault, verify.Undecodable, "line", true, 0},
		{"a part has a line without source", written(zipped(`{"method":"m"}`), part(3)), verify.Fault, verify.Schema, "line 1", true, 0},
		{"a part is empty", written(zipped(), part(3)), verify.Fault, verify.Schema, "no observation", true, 0},
		{"a part is gone", removed(part(2)), verify.Fault, verify.Missing, "later parts", true, 0},
		{"the last part is gone", removed(part(3)), verify.Fault, verify.Missing, "counts it", true, 0},
		{"a summary is no JSON", written("{", func(_ *testing.T, l *library) string { return storage.Keys{}.Summary(l.audit) }), verify.Fault, verify.Undecodable, "no JSON", true, 0},
		{"an audit was broken off", func(t *testing.T, l *library) string {
			l.remove(t, storage.Keys{}.Summary(l.audit))
			return "audits/" + l.audit + "/"
		}, verify.Note, verify.UnfinishedAudit, "no summary", false, 0},
		{"a name among the parts", written("x", func(_ *testing.T, l *library) string { return "audits/" + l.audit + "/notes.txt" }), verify.Note, verify.Stray, "no such object", false, 0},
		{"a checkpoint is cut short", written("\x1f\x8b", one("checks/")), verify.Fault, verify.Undecodable, "no gzip", true, 0},
		{"a checkpoint is out of order", written(zipped(heardLine("b"), heardLine("a")), one("checks/")), verify.Fault, verify.Schema, "does not come after", true, 0},
		{"a checkpoint of no day", written("x", func(*testing.T, *library) string { return "checks/latest.jsonl.gz" }), verify.Note, verify.Stray, "no checkpoint", false, 0},
	}
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
