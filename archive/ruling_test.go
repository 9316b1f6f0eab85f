package archive_test

import (
	"errors"
	"iter"
	"slices"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

func sequence(videos ...archive.Video) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for _, v := range videos {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func TestAPersonRulesOverASourceAndTakesItBack(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	v, err := d.Library.Rule(t.Context(), id, newYork, archive.RulesDead, " It shows another speech. ", "ana")
	if err != nil {
		t.Fatal(err)
	}
	o := v.Sources[0].Overrule
	if v.Sources[0].State() != archive.Gone || o == nil || o.By != "ana" || o.Reason != "It shows another speech." || o.At.IsZero() || o.Host != "" {
		t.Errorf("%+v", o)
	}
	if v.Sources[0].Standing.State != archive.Live {
		t.Errorf("the computed state is %s", v.Sources[0].Standing.State)
	}
	events := collect(t, d.store.Events(t.Context(), id))
	if last := events[len(events)-1]; last.Verb != "overrule" || last.Actor != "ana" {
		t.Errorf("%+v", last)
	}
	if v, err = d.Library.Rule(t.Context(), id, newYork, archive.RulesNothing, "I was wrong.", "ana"); err != nil || v.Sources[0].Overrule != nil {
		t.Errorf("%+v, %v", v.Sources[0].Overrule, err)
	}
}

func TestARulingWithoutAReasonOrAMeaningChangesNothing(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	for field, rule := range map[string]func() error{
		"reason": func() error {
			_, err := d.Library.Rule(t.Context(), id, newYork, archive.RulesAlive, "  ", "")
			return err
		},
		"as": func() error {
			_, err := d.Library.Rule(t.Context(), id, newYork, "perhaps", "I think so", "")
			return err
		},
		"host": func() error {
			_, err := d.Library.RuleHost(t.Context(), sequence(), " ", archive.RulesAlive, "I know", "")
			return err
		},
	} {
		var wrong *archive.FieldError
		if err := rule(); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := d.Library.Rule(t.Context(), id, archive.SourceKey{Platform: "maketube", ID: "somebodys"}, archive.RulesAlive, "I know", ""); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("another's source: %v", err)
	}
	if v, err := d.store.Video(t.Context(), id); err != nil || v.Sources[0].Overrule != nil {
		t.Errorf("%+v, %v", v.Sources[0].Overrule, err)
	}
}

func TestAHostsSourcesAreRuledOverTogether(t *testing.T) {
	d := newDesk(t)
	one, two := d.register(t, archivetest.NewYorkID).Video, d.register(t, archivetest.OvalOfficeID).Video
	n, err := d.Library.RuleHost(t.Context(), sequence(one, two), "127.0.0.1", archive.RulesIgnore, "The host is being moved.", "ana")
	if err != nil || n != 2 {
		t.Fatalf("%d, %v", n, err)
	}
	for _, id := range []archive.VideoID{one.ID, two.ID} {
		v, err := d.store.Video(t.Context(), id)
		if err != nil || !v.Sources[0].Ignored() || v.Sources[0].Overrule.Host != "127.0.0.1" {
			t.Errorf("%+v, %v", v.Sources[0].Overrule, err)
		}
	}
	if n, err = d.Library.RuleHost(t.Context(), sequence(one, two), "elsewhere.example", archive.RulesDead, "It is gone.", ""); err != nil || n != 0 {
		t.Errorf("%d of another host, %v", n, err)
	}
}

func TestAPersonReleasesWhatIsHeld(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	v, err := d.store.Update(t.Context(), id, archive.Cause{}, func(v *archive.Video) error {
		s := &v.Sources[0].Standing
		s.Held = []archive.Hold{{Count: archive.Count{At: s.LastRound, Methods: []string{"one"}}, Outcome: archive.Missing, Reason: "not found"}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var wrong *archive.FieldError
	if _, err := d.Library.ReleaseHeld(t.Context(), id, newYork, "", ""); !errors.As(err, &wrong) {
		t.Errorf("without a reason: %v", err)
	}
	if v, err = d.Library.ReleaseHeld(t.Context(), id, newYork, "The channel said so.", "ana"); err != nil {
		t.Fatal(err)
	}
	s := v.Sources[0].Standing
	if s.State != archive.Suspect || len(s.Held) != 0 || s.Reason != "not found" {
		t.Errorf("%+v", s)
	}
	if again, err := d.Library.ReleaseHeld(t.Context(), id, newYork, "Once more.", "ana"); err != nil || again.Revision != v.Revision {
		t.Errorf("releasing nothing wrote revision %d, %v", again.Revision, err)
	}
	if !slices.ContainsFunc(collect(t, d.store.Events(t.Context(), id)), func(e archive.Event) bool { return e.Verb == "release" }) {
		t.Error("no event says so")
	}
}
