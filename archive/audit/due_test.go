package audit_test

import (
	"fmt"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func source(id string, s archive.Standing) archive.Source {
	return archive.Source{SourceKey: archive.SourceKey{Platform: "toy", ID: id}, Standing: s}
}

func TestWhatIsAskedWhen(t *testing.T) {
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	for _, c := range []struct {
		name   string
		source archive.Source
		heard  archive.Heard
		due    bool
	}{
		{"never asked", source("a", archive.Standing{}), archive.Heard{}, true},
		{"never heard, asked three hours ago", source("a", archive.Standing{LastRound: ago(3 * time.Hour)}), archive.Heard{}, false},
		{"never heard, asked six hours ago", source("a", archive.Standing{LastRound: ago(6 * time.Hour)}), archive.Heard{}, true},
		{"a suspect after five hours", source("a", archive.Standing{State: archive.Suspect, LastRound: ago(5 * time.Hour)}), archive.Heard{}, false},
		{"a suspect after six hours", source("a", archive.Standing{State: archive.Suspect, LastRound: ago(6 * time.Hour)}), archive.Heard{}, true},
		{"a living one of yesterday", source("a", archive.Standing{State: archive.Live, LastRound: ago(24 * time.Hour)}), archive.Heard{}, true},
		{"of which the journal knows better", source("a", archive.Standing{State: archive.Suspect, LastRound: ago(24 * time.Hour)}), archive.Heard{LastRound: ago(time.Hour)}, false},
		{"one that is held, after six hours", source("a", archive.Standing{State: archive.Live, LastRound: ago(6 * time.Hour), Held: make([]archive.Hold, 1)}), archive.Heard{}, true},
		{"asked next year, by a clock that was ahead", source("a", archive.Standing{State: archive.Live, LastRound: ago(-8760 * time.Hour)}), archive.Heard{}, true},
		{"of which the journal says so", source("a", archive.Standing{State: archive.Live, LastRound: ago(24 * time.Hour)}), archive.Heard{LastRound: ago(-8760 * time.Hour)}, true},
		{"where the journal knows better", source("a", archive.Standing{State: archive.Live, LastRound: ago(-8760 * time.Hour)}), archive.Heard{LastRound: ago(time.Hour)}, false},
		{"asked in half an hour", source("a", archive.Standing{State: archive.Live, LastRound: ago(-30 * time.Minute)}), archive.Heard{}, false},
		{"a dead one of last week", source("a", archive.Standing{State: archive.Gone, LastRound: ago(7 * 24 * time.Hour)}), archive.Heard{}, true},
	} {
		if got := (audit.Intervals{}).Due(c.source, c.heard, noon); got != c.due {
			t.Errorf("%s: due %v", c.name, got)
		}
	}
	ignored := source("a", archive.Standing{})
	ignored.Overrule = &archive.Overrule{As: archive.RulesIgnore}
	if (audit.Intervals{}).Due(ignored, archive.Heard{}, noon) {
		t.Error("an ignored one is due")
	}
}

func TestASourceAskedJustBeforeItsTimeIsNotAskedAgain(t *testing.T) {
	for i := range 2000 {
		s := source(fmt.Sprint("v", i), archive.Standing{State: archive.Live, LastRound: noon})
		if (audit.Intervals{}).Due(s, archive.Heard{}, noon.Add(11*time.Hour)) {
			t.Fatalf("%s is due after eleven hours", s.ID)
		}
	}
}

// Whoever registers a thousand videos in one hour does not want them asked in one hour for ever.
func TestALibraryIsSpreadOverTheDay(t *testing.T) {
	last := map[string]time.Time{}
	perHour := map[int]int{}
	longest := time.Duration(0)
	for hour := range 24 * 4 {
		now := noon.Add(time.Duration(hour) * time.Hour)
		for i := range 1000 {
			id := fmt.Sprint("v", i)
			s := source(id, archive.Standing{State: archive.Live, LastRound: noon})
			if !(audit.Intervals{}).Due(s, archive.Heard{LastRound: last[id]}, now) {
				continue
			}
			if !last[id].IsZero() {
				longest = max(longest, now.Sub(last[id]))
			}
			last[id] = now
			if hour >= 48 && hour < 72 {
				perHour[hour]++
			}
		}
	}
	total := 0
	for hour, n := range perHour {
		total += n
		if n > 80 { // 42 on average
			t.Errorf("%d in hour %d", n, hour)
		}
	}
	if total != 1000 || longest > 24*time.Hour {
		t.Errorf("%d were asked in a day, %s apart at most", total, longest)
	}
}
