package archive_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/youtube"
)

// under is the keys of what lies with a video in a folder of the bucket.
func (v *vault) under(t *testing.T, folder string, id archive.VideoID) []string {
	t.Helper()
	var keys []string
	for key := range contents(t, v.folder) {
		if strings.HasPrefix(key, folder+"/") && strings.Contains(key, string(id)) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func TestPlatformDataOfADuplicateGoesWithThatOfTheVideoItWasMergedInto(t *testing.T) {
	for name, state := range map[string]archivetest.State{"gone": archivetest.Removed, "there": archivetest.Playable} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			kept, duplicate := v.pair(t)
			v.withEvidence(t, duplicate, youtube.MethodList, youtube.MethodList)
			v.forgets(t, duplicate)
			held, err := v.AddCopy(t.Context(), duplicate, upload(mp4File), allowed, "")
			if err != nil {
				t.Fatal(err)
			}
			files := filesOf(v.captures(t, duplicate)...)
			if _, err := v.Merge(t.Context(), v.store, kept, duplicate, "ana"); err != nil {
				t.Fatal(err)
			}
			if err := v.platform.SetState(leavingID, state); err != nil {
				t.Fatal(err)
			}
			old := v.captures(t, duplicate)[0].ID
			v.now = v.now.Add(33 * days)
			v.pass(t, thirty)
			if left := v.under(t, "captures", duplicate); len(left) != 0 {
				t.Errorf("captures are left at %v", left)
			}
			if left := v.under(t, "files", duplicate); len(left) != 1 || !strings.Contains(left[0], held.Copies[0].File.Digest) {
				t.Errorf("left are %v", left)
			}
			if left := v.traces(t, files); state == archivetest.Removed && len(left) != 0 {
				t.Errorf("traces in %v", left)
			}
			now := v.video(t, kept)
			if s := now.Source(leavingKey); !s.HasPurged(old) || len(s.Purged) != 3 {
				t.Errorf("purged are %+v", s.Purged)
			}
			if missing := v.dangling(t); len(missing) != 0 {
				t.Errorf("missing are %v", missing)
			}
			if s := v.pass(t, thirty); s.Captures+s.Answers+s.Files != 0 {
				t.Errorf("and again: %+v", s)
			}
		})
	}
}

// An audit under way may capture a duplicate when its belongings have gone over already.
func TestACaptureThatTheDuplicateAloneHasGoesToo(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.merged(t)
	f, err := v.store.SaveFile(t.Context(), duplicate, archive.File{Extension: "json", Type: "application/json"}, []byte(leavingTitle+", late"))
	if err != nil {
		t.Fatal(err)
	}
	late := map[string]archive.Capture{}
	for _, method := range []string{youtube.MethodList, youtube.MethodOEmbed} {
		c, err := v.store.SaveCapture(t.Context(), archive.Capture{Video: duplicate, Source: leavingKey, At: v.now, Method: method, Raw: []archive.File{f}})
		if err != nil {
			t.Fatal(err)
		}
		late[method] = c
	}
	stranger, err := v.store.SaveCapture(t.Context(), archive.Capture{Video: duplicate, Source: archive.SourceKey{Platform: "maketube", ID: "nobody"}, At: v.now, Method: youtube.MethodList})
	if err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(20 * days)
	v.pass(t, thirty)
	if n := len(v.captures(t, duplicate)); n != 4 {
		t.Errorf("within its time %d captures are there", n)
	}
	v.now = v.now.Add(11 * days)
	if s := v.pass(t, thirty); s.Captures != 3 { // of both videos' own sources, and this one
		t.Errorf("the summary is %+v", s)
	}
	var left []string
	for _, c := range v.captures(t, duplicate) {
		left = append(left, c.ID)
	}
	if !slices.Equal(left, []string{late[youtube.MethodOEmbed].ID, stranger.ID}) {
		t.Errorf("left are %v", left)
	}
	if _, err := v.store.File(t.Context(), duplicate, f); err != nil {
		t.Errorf("a file that a keyless capture names: %v", err)
	}
	now := v.video(t, kept)
	if s := now.Source(leavingKey); !s.HasPurged(late[youtube.MethodList].ID) {
		t.Errorf("purged are %+v", s.Purged)
	}
}

func TestAPassOverAVideoWithADuplicateThatIsKilledAnywhereIsCompletedByTheNext(t *testing.T) {
	for changes := 0; ; changes++ {
		if changes > 120 {
			t.Fatal("a pass makes more changes than it should")
		}
		v := newVault(t)
		kept, duplicate := v.pair(t)
		v.withEvidence(t, duplicate, youtube.MethodList)
		files := filesOf(v.captures(t, duplicate)...)
		if _, err := v.Merge(t.Context(), v.store, kept, duplicate, ""); err != nil {
			t.Fatal(err)
		}
		if err := v.platform.SetState(leavingID, archivetest.Removed); err != nil {
			t.Fatal(err)
		}
		v.now = v.now.Add(32 * days)
		first := vaultIn(t, v.folder, v.platform, v.now)
		first.bucket.after = changes
		summary, err := first.keeper.Run(t.Context(), archive.RetentionPass{Videos: listOf(collect(t, v.all(t.Context()))), Period: thirty})
		if err != nil {
			t.Fatal(err)
		}
		next := vaultIn(t, v.folder, v.platform, v.now)
		if missing := next.dangling(t); len(missing) != 0 {
			t.Fatalf("killed after %d changes; missing are %v", changes, missing)
		}
		next.pass(t, thirty)
		when := fmt.Sprintf("killed after %d changes, then completed", changes)
		if left := slices.Concat(next.traces(t, files), next.under(t, "captures", duplicate), next.under(t, "files", duplicate)); len(left) != 0 {
			t.Errorf("%s: left are %v", when, left)
		}
		if summary.Failed == 0 {
			return
		}
	}
}

// What came with an older duplicate is older than the video that has it.
func TestEvidenceThatIsOlderThanTheVideoGoesToo(t *testing.T) {
	v := newVault(t)
	duplicate := v.told(t)
	evidence := v.withEvidence(t, duplicate, youtube.MethodList)
	v.forgets(t, duplicate)
	old := v.captures(t, duplicate)[0].ID
	v.now = v.now.Add(29 * days)
	if err := v.platform.Add(archivetest.Video{ID: leavingID, Title: "Otro título", Largest: archivetest.High}); err != nil {
		t.Fatal(err)
	}
	if err := v.CaptureAgain(t.Context(), duplicate, leavingKey, ""); err != nil {
		t.Fatal(err)
	}
	kept := v.register(t, archivetest.NewYorkID).Video.ID
	if _, err := v.Merge(t.Context(), v.store, kept, duplicate, ""); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(3 * days)
	v.pass(t, thirty)
	for _, id := range []archive.VideoID{kept, duplicate} {
		if _, err := v.store.File(t.Context(), id, evidence[0]); err == nil {
			t.Errorf("of %s it is still there", id)
		}
		if c := v.captures(t, id); slices.ContainsFunc(c, func(c archive.Capture) bool { return c.ID == old }) {
			t.Errorf("of %s the first capture is still there", id)
		}
	}
}
