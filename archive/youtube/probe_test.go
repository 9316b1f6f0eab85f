package youtube_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

func TestWhatTheAPISeesAliveIsAskedOnce(t *testing.T) {
	s := newStage(alive1, alive2)
	s.videos[alive2] = item(alive2, `"uploadStatus":"processed","embeddable":false`)
	seen := probe(t, adapterOn(t, s, keyed), alive1, alive2)
	if len(seen) != 3 || len(controls(seen)) != 1 || s.count("/") != 1 {
		t.Errorf("%d observations of %d requests", len(seen), s.count("/"))
	}
}

func TestWhatTheAPICallsBadIsAskedByIndependentMethods(t *testing.T) {
	s := newStage(alive1)
	seen := probe(t, adapterOn(t, s, keyed), alive1, dead1)
	for _, method := range []string{youtube.MethodList, youtube.MethodOEmbed, youtube.MethodThumbnail} {
		if o := by(t, seen, method, dead1); o.Outcome != archive.Missing || o.Supports != (method == youtube.MethodThumbnail) {
			t.Errorf("%s: %+v", method, o)
		}
	}
	if s.count(onAPI) != 1 {
		t.Errorf("%d calls: the living video vouches for the API, no control is needed", s.count(onAPI))
	}
}

func TestTheControlIsAskedWhereABadAnswerHasNoWitness(t *testing.T) {
	s := newStage(control)
	seen := probe(t, adapterOn(t, s, keyed), dead1, dead2)
	asked := controls(seen)
	if len(asked) != 3 || fmt.Sprint(methods(asked)) != "[youtube.oembed youtube.thumbnail youtube.videos.list]" {
		t.Fatalf("controls: %+v", asked)
	}
	for _, o := range asked {
		if o.Source.ID != control || !o.Answers {
			t.Errorf("%+v", o)
		}
	}
	if r := archive.Rounds(seen); len(r) != 2 {
		t.Errorf("the control became a source of its own: %v", r)
	}
}

func TestWithoutAKeyTheControlIsNotAskedWhereNothingIsBad(t *testing.T) {
	s := newStage(alive1, control)
	if got := controls(probe(t, adapterOn(t, s, nil), alive1)); len(got) != 0 || s.count("/") != 2 {
		t.Errorf("%d requests, %+v", s.count("/"), got)
	}
}

func TestARemovedVideoIsSuspectedThenGoneThenBack(t *testing.T) {
	for name, change := range map[string]func(*youtube.Options){"keyed": keyed, "keyless": nil} {
		s := newStage(alive1, control)
		at := now()
		a := adapterOn(t, s, func(o *youtube.Options) {
			o.Now = func() time.Time { return at }
			if change != nil {
				change(o)
			}
		})
		key := archive.SourceKey{Platform: "stage", ID: alive1}
		var standing archive.Standing
		look := func(want archive.State) {
			t.Helper()
			standing, _ = archive.Judge(standing, archive.Rounds(probe(t, a, alive1))[key])
			if standing.State != want {
				t.Fatalf("%s: %s, not %s: %+v", name, standing.State, want, standing)
			}
			at = at.Add(6 * time.Hour)
		}
		look(archive.Live)
		delete(s.videos, alive1)
		look(archive.Suspect)
		look(archive.Gone)
		s.videos[alive1] = item(alive1, "")
		look(archive.Live)
	}
}

func TestABlockedAddressLooksLikeNoDeath(t *testing.T) {
	s := newStage(alive1, control)
	s.does("/", says(http.StatusForbidden, "Forbidden"))
	seen := probe(t, adapterOn(t, s, nil), alive1)
	standing, verdict := archive.Judge(archive.Standing{}, archive.Rounds(seen)[archive.SourceKey{Platform: "stage", ID: alive1}])
	if standing.State != archive.Unchecked || verdict != archive.SaysUnclear {
		t.Errorf("%s, %s: %+v", standing.State, verdict, seen)
	}
}

func TestAHostInTroubleIsNotAskedFiftyTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		s.does("/", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		var ids []string
		for i := range 50 {
			ids = append(ids, fmt.Sprintf("video_%05d", i))
		}
		began := time.Now()
		seen := probe(t, adapterOn(t, s, keyed), ids...)
		if took := time.Since(began); took > 40*time.Second || s.count(onOEmbed) > 8 {
			t.Errorf("took %s and %d requests", took, s.count(onOEmbed))
		}
		for _, id := range ids {
			if o := by(t, seen, youtube.MethodOEmbed, id); o.Outcome != archive.Unclear || o.Reason == "" || o.At.IsZero() {
				t.Errorf("%+v", o)
			}
		}
	})
}

func TestOnlyTheEndOfTheContextIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(alive1)
		s.does(onThumbnail, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		a := adapterOn(t, s, keyed)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		f, err := a.Fetch(ctx, refTo(a, alive1))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("fetch: %v", err)
		}
		if f.Fields.Title == "" {
			t.Error("what the others had given by then is lost")
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if _, err := a.Probe(ended, []string{alive1}); !errors.Is(err, context.Canceled) {
			t.Errorf("probe: %v", err)
		}
	})
}
