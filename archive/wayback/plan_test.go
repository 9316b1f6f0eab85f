package wayback

import (
	"testing"
	"time"

	"videoteca/archive"
)

const day = 24 * time.Hour

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// source is one that was registered a year ago and lives.
func source() archive.Source {
	return archive.Source{
		SourceKey: archive.SourceKey{Platform: "youtube", ID: "AbCdEfGhIjK"}, URL: watch, Added: noon().Add(-365 * day),
		Standing: archive.Standing{State: archive.Live, LastGood: noon().Add(-time.Hour)},
	}
}

func TestWhatIsDueForAPage(t *testing.T) {
	ago := func(d time.Duration) time.Time { return noon().Add(-d) }
	for name, c := range map[string]struct {
		archiving *archive.Archiving
		change    func(*archive.Source)
		keyed     step
		keyless   step
	}{
		"never looked up":                     {nil, nil, lookup, lookup},
		"looked up a moment ago":              {&archive.Archiving{LookedUp: ago(time.Minute)}, nil, order, nothing},
		"looked up two days ago":              {&archive.Archiving{LookedUp: ago(2 * day)}, nil, lookup, nothing},
		"looked up 29 days ago":               {&archive.Archiving{LookedUp: ago(29 * day), Asked: ago(day), Trouble: "error:not-found"}, nil, nothing, nothing},
		"looked up 30 days ago":               {&archive.Archiving{LookedUp: ago(30 * day), Asked: ago(day), Trouble: "error:not-found"}, nil, lookup, lookup},
		"young, 6 days ago":                   {&archive.Archiving{LookedUp: ago(6 * day), Asked: ago(day), Trouble: "error:not-found"}, addedNow, nothing, nothing},
		"young, 7 days ago":                   {&archive.Archiving{LookedUp: ago(7 * day), Asked: ago(day), Trouble: "error:not-found"}, addedNow, lookup, lookup},
		"ordered a moment ago":                {&archive.Archiving{LookedUp: ago(time.Minute), Asked: ago(30 * time.Second), Job: "j"}, nil, nothing, nothing},
		"ordered two minutes ago":             {&archive.Archiving{LookedUp: ago(3 * time.Minute), Asked: ago(2 * time.Minute), Job: "j"}, nil, follow, nothing},
		"refused for the moment, 5 h ago":     {&archive.Archiving{LookedUp: ago(5 * time.Hour), Asked: ago(5 * time.Hour), Trouble: "error:job-failed"}, nil, nothing, nothing},
		"refused for the moment, 6 h ago":     {&archive.Archiving{LookedUp: ago(6 * time.Hour), Asked: ago(6 * time.Hour), Trouble: "error:job-failed: x"}, nil, order, nothing},
		"refused for the day, 23 h ago":       {&archive.Archiving{LookedUp: ago(23 * time.Hour), Asked: ago(23 * time.Hour), Trouble: "error:too-many-daily-captures"}, nil, nothing, nothing},
		"refused for the day, 24 h ago":       {&archive.Archiving{LookedUp: ago(24 * time.Hour), Asked: ago(24 * time.Hour), Trouble: "error:too-many-daily-captures"}, nil, lookup, nothing},
		"refused for good, 29 days ago":       {&archive.Archiving{LookedUp: ago(time.Hour), Asked: ago(29 * day), Trouble: "error:blocked-url: no"}, nil, nothing, nothing},
		"refused for good, 30 days ago":       {&archive.Archiving{LookedUp: ago(time.Hour), Asked: ago(30 * day), Trouble: "error:blocked-url: no"}, nil, order, nothing},
		"lost, 2 h ago":                       {&archive.Archiving{LookedUp: ago(2 * time.Hour), Asked: ago(2 * time.Hour), Trouble: noEnd}, nil, nothing, nothing},
		"archived":                            {nil, func(s *archive.Source) { s.Archived = &archive.Memento{} }, nothing, nothing},
		"gone":                                {&archive.Archiving{LookedUp: ago(time.Hour)}, func(s *archive.Source) { s.Standing.State = archive.Gone }, nothing, nothing},
		"suspect":                             {&archive.Archiving{LookedUp: ago(time.Hour)}, func(s *archive.Source) { s.Standing.State = archive.Suspect }, nothing, nothing},
		"gone and never looked up":            {nil, func(s *archive.Source) { s.Standing.State = archive.Gone }, lookup, lookup},
		"gone, and a person says it is alive": {&archive.Archiving{LookedUp: ago(time.Hour)}, overruled, order, nothing},
		"not checked yet":                     {&archive.Archiving{LookedUp: ago(time.Hour)}, func(s *archive.Source) { s.Standing = archive.Standing{} }, order, nothing},
		"a media file":                        {&archive.Archiving{LookedUp: ago(time.Hour)}, isFile, nothing, nothing},
		"of an intranet":                      {nil, func(s *archive.Source) { s.URL = "http://cms.internal/v" }, nothing, nothing},
	} {
		s := source()
		s.Archiving = c.archiving
		if c.change != nil {
			c.change(&s)
		}
		v := archive.Video{Sources: []archive.Source{s}}
		if got := next(v, s, noon(), permits{true, true}); got != c.keyed {
			t.Errorf("%s, with keys: step %d, want %d", name, got, c.keyed)
		}
		if got := next(v, s, noon(), permits{}); got != c.keyless {
			t.Errorf("%s, without: step %d, want %d", name, got, c.keyless)
		}
	}
}

func addedNow(s *archive.Source) { s.Added = noon().Add(-8 * day) }

func isFile(s *archive.Source) {
	s.Described = &archive.Description{Fields: archive.Fields{MediaType: "video/mp4"}}
}

func overruled(s *archive.Source) {
	s.Standing.State = archive.Gone
	s.Overrule = &archive.Overrule{As: archive.RulesAlive, At: noon()}
}

func TestPagesOfHiddenVideosAreNothingForOthers(t *testing.T) {
	for name, c := range map[string]struct {
		visibility archive.Visibility
		want       step
	}{
		"public":                {archive.Visibility{}, lookup},
		"embargoed":             {archive.Visibility{Exposure: archive.Embargoed, Until: noon().Add(time.Second)}, nothing},
		"embargoed until today": {archive.Visibility{Exposure: archive.Embargoed, Until: noon()}, lookup},
		"withdrawn":             {archive.Visibility{Exposure: archive.Withdrawn}, nothing},
		"erased":                {archive.Visibility{Exposure: archive.Erased}, nothing},
		"of a later version":    {archive.Visibility{Exposure: "members"}, nothing},
	} {
		s := source()
		if got := next(archive.Video{Visibility: c.visibility}, s, noon(), permits{true, true}); got != c.want {
			t.Errorf("%s, new: step %d", name, got)
		}
		s.Archiving = &archive.Archiving{LookedUp: noon().Add(-time.Hour), Asked: noon().Add(-time.Hour), Job: "j"}
		if got := next(archive.Video{Visibility: c.visibility}, s, noon(), permits{true, true}); c.want == nothing && got != nothing {
			t.Errorf("%s, ordered: step %d", name, got)
		}
	}
}

func TestTheMementoOfALostVideoIsFromWhenItWasThere(t *testing.T) {
	s := source()
	if !nearOf(s).IsZero() {
		t.Error("a living one wants the newest")
	}
	for _, state := range []archive.State{archive.Gone, archive.Suspect} {
		s.Standing.State = state
		if !nearOf(s).Equal(s.Standing.LastGood) {
			t.Errorf("%s: %s", state, nearOf(s))
		}
	}
}

// TestNoHistoryOrdersTooOften walks a year in steps of half an hour through every kind of
// refusal and counts.
func TestNoHistoryOrdersTooOften(t *testing.T) {
	for trouble, most := range map[string]int{
		"error:blocked-url": 13, "error:too-many-daily-captures": 366, "error:job-failed": 4 * 366, noEnd: 366, redirected: 13,
	} {
		s := source()
		orders, lookups := 0, 0
		var last time.Time
		for now := noon(); now.Before(noon().Add(365 * day)); now = now.Add(30 * time.Minute) {
			a := archivingOf(s)
			switch next(archive.Video{}, s, now, permits{true, true}) {
			case lookup:
				if !last.IsZero() && now.Sub(last) < freshLookup {
					t.Fatalf("%s: looked up twice within %s", trouble, now.Sub(last))
				}
				lookups, last, a.LookedUp = lookups+1, now, now
			case order:
				orders, a.Asked, a.Trouble = orders+1, now, trouble
			}
			s.Archiving = &a
		}
		if orders == 0 || orders > most || lookups > 366 {
			t.Errorf("%s: %d orders and %d look-ups in a year", trouble, orders, lookups)
		}
	}
}
