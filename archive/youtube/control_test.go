package youtube_test

import (
	"fmt"
	"net/http"
	"testing"

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
