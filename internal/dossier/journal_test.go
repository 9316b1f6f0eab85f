package dossier_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/dossier"
)

func journaled(t *testing.T, u unpacked) []dossier.Journaled {
	t.Helper()
	var all []dossier.Journaled
	for lines := bufio.NewScanner(bytes.NewReader(u.files["observations.jsonl"])); lines.Scan(); {
		var j dossier.Journaled
		if err := json.Unmarshal(lines.Bytes(), &j); err != nil {
			t.Fatal(err)
		}
		all = append(all, j)
	}
	return all
}

func TestObservationsAreThoseOfTheTransitionsAndOfNinetyDays(t *testing.T) {
	s := lost(t)
	u := write(t, s, options())
	all := journaled(t, u)
	if len(all) != 3 || all[0].Audit != deathAudit || all[0].Part != 1 || all[1].Part != 2 || all[2].Audit != "2026/04/08/01kn0000000000000000000000" {
		t.Fatalf("%+v", all)
	}
	if o := all[0].Observation; o.Source != watched || o.Method != "youtube.oembed" || o.Outcome != archive.Removed || o.Status != 403 || o.Vantage != "DE, Hetzner" {
		t.Errorf("%+v", o)
	}
	searched := u.manifest.Searched
	if searched.All || searched.Since != "2026-01-09" || searched.Until != "2026-04-09" || searched.Audits != 2 || searched.Parts != 3 || !slices.Equal(searched.Named, []string{deathAudit}) {
		t.Errorf("%+v", searched)
	}
	if len(searched.Absent)+len(searched.Broken) != 0 {
		t.Errorf("%+v", searched)
	}
}

func TestAllObservationsAreThoseSinceTheRegistration(t *testing.T) {
	o := options()
	o.AllObservations = true
	s := lost(t)
	u := write(t, s, o)
	if all := journaled(t, u); len(all) != 4 {
		t.Errorf("%d observations", len(all))
	}
	if got := u.manifest.Searched; !got.All || got.Since != "2025-01-02" || got.Audits != 3 {
		t.Errorf("%+v", got)
	}
	if !s.days[0].Equal(at(2025, 1, 2, 9)) || !s.days[1].Equal(options().Now) {
		t.Errorf("audits were asked for between %v", s.days)
	}
}

func TestAYoungVideoIsSearchedFromItsRegistration(t *testing.T) {
	s := lost(t)
	s.change(t, func(v *archive.Video) { v.Created = at(2026, 4, 1, 0) })
	if got := write(t, s, options()).manifest.Searched; got.Since != "2026-04-01" {
		t.Errorf("%+v", got)
	}
}

func TestGapsInTheJournalAreNamed(t *testing.T) {
	s := lost(t)
	s.change(t, func(v *archive.Video) {
		v.Sources[0].Standing.Transitions = append(v.Sources[0].Standing.Transitions, archive.Transition{At: at(2025, 2, 1, 0), Audit: "2025/02/01/01gone"}, archive.Transition{At: at(2025, 2, 2, 0), Audit: "../../videos"})
	})
	s.journal[deathAudit][1] = `{"source":{"platform":"youtube","id":"aaaaaaaaaaa"},"at":` + "\n" + s.journal[deathAudit][1]
	s.journal["2026/04/08/01kn0000000000000000000000"][2] = strings.Repeat("x", 2<<20)
	u := write(t, s, options())
	got := u.manifest.Searched
	if !slices.Equal(got.Absent, []string{"../../videos", "2025/02/01/01gone"}) || !slices.Equal(got.Broken, []string{deathAudit + "/0001", "2026/04/08/01kn0000000000000000000000/0002"}) {
		t.Errorf("%+v", got)
	}
	if len(journaled(t, u)) != 3 {
		t.Error("what can be read around a gap is not there")
	}
	page := string(u.files["index.en.html"])
	for _, want := range append(got.Absent, got.Broken...) {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not name %s", want)
		}
	}
}

func TestAPartThatIsDamagedFromItsBeginning(t *testing.T) {
	s := lost(t)
	s.down["OpenPart"] = archive.ErrNotFound // or what gzip says of it
	u := write(t, s, options())
	if got := u.manifest.Searched; len(got.Broken) != 3 || got.Parts != 0 || u.manifest.Observations != 0 {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(string(u.files["index.en.html"]), "No observation of this video") {
		t.Error("the page does not say that there is none")
	}
}

func TestOtherSourcesAreLeftOutHoweverTheyAreWritten(t *testing.T) {
	s := lost(t)
	other := observed(at(2026, 4, 8, 7), "web.get", archive.Playable)
	other.Source = archive.SourceKey{Platform: "vimeo", ID: watched.ID} // the id of another platform
	reason := observed(at(2026, 4, 8, 8), "web.get", archive.Playable)
	reason.Source, reason.Reason = archive.SourceKey{Platform: "youtube", ID: "ccccccccccc"}, watched.ID
	s.journal["2026/04/08/01kn0000000000000000000000"][1] += lines(t, other, reason)
	if all := journaled(t, write(t, s, options())); len(all) != 3 {
		t.Errorf("%d observations", len(all))
	}
}

func TestASourceWhoseIDNeedsEscapingIsFound(t *testing.T) {
	s := lost(t)
	key := archive.SourceKey{Platform: "webfile", ID: `https://example.org/a?b=1&c="<ñ>`}
	s.change(t, func(v *archive.Video) { v.Sources[0].SourceKey = key })
	o := observed(at(2026, 4, 8, 7), "web.get", archive.Playable)
	o.Source = key
	s.journal["2026/04/08/01kn0000000000000000000000"][1] = lines(t, o)
	if all := journaled(t, write(t, s, options())); len(all) != 1 || all[0].Source != key {
		t.Errorf("%+v", all)
	}
}

func TestClocksThatDisagreeAreCountedAndMarked(t *testing.T) {
	s := lost(t)
	o := observed(at(2026, 4, 8, 7), "youtube.oembed", archive.Playable)
	o.Date = o.At.Add(-61 * time.Second)
	s.journal["2026/04/08/01kn0000000000000000000000"][1] += lines(t, o)
	u := write(t, s, options())
	if u.manifest.Skewed != 1 {
		t.Errorf("%d are skewed", u.manifest.Skewed)
	}
	for lang, want := range map[string]string{"en": "clocks differ by more than 60 s", "es": "los relojes difieren más de 60 s"} {
		if page := string(u.files["index."+lang+".html"]); strings.Count(page, want) != 1 || !strings.Contains(page, "2026-04-08T06:58:59Z") {
			t.Errorf("the page in %s does not mark it", lang)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(lines(f, observed(at(2025, 3, 4, 12), "youtube.oembed", archive.Removed))))
	f.Add([]byte("{\"source\":{\"platform\":\"youtube\",\"id\":\"aaaaaaaaaaa\"}}\n\n\"aaaaaaaaaaa\"\n"))
	f.Add([]byte("\x00\xff\"aaaaaaaaaaa\""))
	f.Fuzz(func(t *testing.T, part []byte) {
		bad, err := dossier.Scan(bytes.NewReader(part), []archive.SourceKey{watched}, func(o archive.Observation) error {
			if o.Source != watched {
				t.Errorf("an observation of %s", o.Source)
			}
			return nil
		})
		if bad < 0 || bad > bytes.Count(part, []byte("aaaaaaaaaaa")) || err != nil && len(part) < 1<<20 {
			t.Errorf("%d bad lines, %v", bad, err)
		}
	})
}
