package youtube_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

func numbered(n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("video_%05d", i))
	}
	return ids
}

func TestTheControlRidesWhereThereIsRoom(t *testing.T) {
	for n, riding := range map[int]bool{1: true, 49: true, 50: false, 51: true, 99: true, 100: false} {
		ids := numbered(n)
		s := newStage(append(ids, control)...)
		seen := probe(t, adapterOn(t, s, keyed), ids...)
		if calls := (n + 49) / 50; s.count(onAPI) != calls || s.count("/") != calls {
			t.Errorf("%d ids took %d calls, want %d", n, s.count(onAPI), calls)
		}
		asked := controls(seen)
		if (len(asked) == 1) != riding || len(seen)-len(asked) != n {
			t.Errorf("%d ids: %d observations, %d controls", n, len(seen), len(asked))
		}
		for _, r := range s.asked {
			if len(r.URL.Query()["id"]) > 50 {
				t.Errorf("%d ids in one call", len(r.URL.Query()["id"]))
			}
		}
	}
}

func TestAFullCallHasAControlOfItsOwnOnlyWhereNothingVouches(t *testing.T) {
	ids := numbered(50)
	for name, c := range map[string]struct {
		there []string
		calls int
	}{
		"all are there":       {ids, 1},
		"one is not":          {ids[1:], 1},
		"none is":             {nil, 2},
		"one is, in no embed": {ids[:0], 2},
	} {
		s := newStage(append([]string{control}, c.there...)...)
		if name == "one is, in no embed" {
			s.videos[ids[0]] = item(ids[0], `"uploadStatus":"processed","embeddable":false`)
		}
		seen := probe(t, adapterOn(t, s, keyed), ids...)
		if s.count(onAPI) != c.calls {
			t.Errorf("%s: %d calls", name, s.count(onAPI))
		}
		for _, o := range controls(seen) {
			if o.Source.ID != control || !o.Answers {
				t.Errorf("%s: %+v", name, o)
			}
		}
	}
}

func TestManyFullCallsInWhichNothingPlaysCostOneCallMore(t *testing.T) {
	s := newStage(control)
	at := clockAt(t, "2026-07-01T20:00:00Z")
	a := adapterOn(t, s, func(o *youtube.Options) { keyed(o); o.Now = func() time.Time { return at } })
	ids := numbered(200)
	for i := range 4 {
		chunk := ids[i*50 : i*50+50]
		rounds := archive.Rounds(probe(t, a, chunk...))
		for _, id := range chunk {
			if _, verdict := archive.Judge(archive.Standing{}, rounds[archive.SourceKey{Platform: "stage", ID: id}]); verdict != archive.SaysBad {
				t.Fatalf("call %d: %s is %s", i, id, verdict)
			}
		}
		at = at.Add(10 * time.Second)
	}
	if n := s.count(onAPI); n != 5 {
		t.Errorf("200 videos, none of which plays, took %d calls, want four and one for the control", n)
	}
	at = at.Add(time.Minute)
	if probe(t, a, ids[:50]...); s.count(onAPI) != 7 {
		t.Errorf("a minute later it took %d more", s.count(onAPI)-5)
	}
	delete(s.videos, control)
	at = at.Add(time.Minute)
	if seen := probe(t, a, ids[:50]...); archive.Rounds(seen)[archive.SourceKey{Platform: "stage", ID: ids[0]}].Bad() {
		t.Error("a control that is gone vouches")
	}
}

// The first of many full calls in which one video plays vouches for those after it, in which none does.
func TestAVideoThatPlayedAMomentAgoVouchesForAFullCall(t *testing.T) {
	ids := numbered(100)
	s := newStage(ids[0]) // and the control is gone, so that nothing else could
	at := clockAt(t, "2026-07-01T20:00:00Z")
	a := adapterOn(t, s, func(o *youtube.Options) { keyed(o); o.Now = func() time.Time { return at } })
	probe(t, a, ids[:50]...)
	at = at.Add(10 * time.Second)
	seen := probe(t, a, ids[50:]...)
	if n := s.count(onAPI); n != 2 {
		t.Errorf("100 videos took %d calls", n)
	}
	rounds := archive.Rounds(seen)
	for _, id := range ids[50:] {
		if _, verdict := archive.Judge(archive.Standing{}, rounds[archive.SourceKey{Platform: "stage", ID: id}]); verdict != archive.SaysBad {
			t.Fatalf("%s is %s", id, verdict)
		}
	}
	if _, judged := rounds[archive.SourceKey{Platform: "stage", ID: ids[0]}]; judged {
		t.Error("what vouches is judged a second time")
	}
	at = at.Add(time.Minute)
	if seen = probe(t, a, ids[50:]...); archive.Rounds(seen)[archive.SourceKey{Platform: "stage", ID: ids[50]}].Bad() {
		t.Error("a video that played over a minute ago vouches")
	}
}

func TestTheControlAmongTheIDsIsASource(t *testing.T) {
	s := newStage(control)
	seen := probe(t, adapterOn(t, s, keyed), control, dead1)
	if o := by(t, seen, youtube.MethodList, control); o.Outcome != archive.Playable {
		t.Errorf("%+v", o)
	}
	if s.count(onAPI) != 1 {
		t.Errorf("%d calls", s.count(onAPI))
	}
}

func TestAControlThatIsGoneVouchesForNothing(t *testing.T) {
	s := newStage()
	seen := probe(t, adapterOn(t, s, keyed), dead1)
	_, verdict := archive.Judge(archive.Standing{}, archive.Rounds(seen)[archive.SourceKey{Platform: "stage", ID: dead1}])
	if verdict != archive.SaysUnclear || s.count(onAPI) != 1 {
		t.Errorf("%s after %d calls", verdict, s.count(onAPI))
	}
}

func TestOneMethodsTroubleDoesNotStopTheOther(t *testing.T) {
	s := newStage(control)
	s.does(onThumbnail, says(http.StatusForbidden, "Forbidden"))
	ids := numbered(20)
	s.does(onOEmbed, nil)
	seen := probe(t, adapterOn(t, s, nil), ids...)
	for _, id := range ids {
		if o := by(t, seen, youtube.MethodOEmbed, id); o.Outcome != archive.Missing {
			t.Errorf("%+v", o)
		}
		if o := by(t, seen, youtube.MethodThumbnail, id); o.Outcome != archive.Unclear || o.Supports {
			t.Errorf("%+v", o)
		}
	}
}
