package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// plan is what an audit is to ask, as these tests keep it.
type plan struct {
	Scope string `json:"scope"`
}

func TestAPlanIsWrittenOnceAndReadBack(t *testing.T) {
	s := newStage(t)
	audit := begun(t, s)
	got := plan{Scope: "as it was"}
	if err := s.Journal().ReadPlan(t.Context(), audit, &got); !errors.Is(err, archive.ErrNotFound) || got.Scope != "as it was" {
		t.Errorf("without one: %+v, %v", got, err)
	}
	for range 2 { // the same again is no error
		if err := s.Journal().WritePlan(t.Context(), audit, plan{Scope: "all"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Journal().WritePlan(t.Context(), audit, plan{Scope: "due"}); !errors.Is(err, archive.ErrExists) {
		t.Errorf("another: %v", err)
	}
	if err := s.Journal().ReadPlan(t.Context(), audit, &got); err != nil || got.Scope != "all" {
		t.Errorf("read %+v, %v", got, err)
	}
	if keys := s.keys(t, "audits/"); !slices.Equal(keys, []string{"audits/" + audit + "/plan.json"}) {
		t.Errorf("it stands in %v", keys)
	}
}

func TestASummaryIsThereOnceTheAuditIsFinished(t *testing.T) {
	s := newStage(t)
	audit := begun(t, s)
	var got map[string]int
	if err := s.Journal().ReadSummary(t.Context(), audit, &got); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	if err := s.Journal().Finish(t.Context(), audit, map[string]int{"sources": 3}); err != nil {
		t.Fatal(err)
	}
	if err := s.Journal().ReadSummary(t.Context(), audit, &got); err != nil || got["sources"] != 3 {
		t.Errorf("read %v, %v", got, err)
	}
	s.overwrite(t, "audits/"+audit+"/summary.json", "{]")
	if err := s.Journal().ReadSummary(t.Context(), audit, &got); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
}

func TestAPlanAndASummaryAreNoParts(t *testing.T) {
	s := newStage(t)
	audit := begun(t, s)
	for _, err := range []error{s.Journal().WritePlan(t.Context(), audit, plan{}), s.Journal().WritePart(t.Context(), audit, 1, answers(1)), s.Journal().Finish(t.Context(), audit, plan{})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if parts, err := s.Journal().Parts(t.Context(), audit); err != nil || !slices.Equal(parts, []int{1}) {
		t.Errorf("parts %v, %v", parts, err)
	}
}

// auditsAt begins audits at these times, each with a plan and three parts, and returns their names.
func auditsAt(t *testing.T, s *stage, times ...time.Time) []string {
	t.Helper()
	var names []string
	for _, at := range times {
		audit, err := s.Journal().Begin(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Journal().WritePlan(t.Context(), audit, plan{Scope: "all"}); err != nil {
			t.Fatal(err)
		}
		for part := 1; part <= 3; part++ {
			if err := s.Journal().WritePart(t.Context(), audit, part, answers(1)); err != nil {
				t.Fatal(err)
			}
		}
		names = append(names, audit)
	}
	return names
}

func TestAuditsAreListedInTheOrderOfTheirBeginning(t *testing.T) {
	s := newStage(t)
	day := 24 * time.Hour
	names := auditsAt(t, s, morning().Add(-400*day), morning().Add(-day), morning(), morning().Add(time.Millisecond), morning().Add(5*time.Hour), morning().Add(day), morning().Add(30*day))
	for _, key := range []string{"audits/readme.json", "audits/2025/04/14/notes.json", "audits/2025/04/14/none/0001.jsonl.gz"} {
		s.overwrite(t, key, "a stranger's")
	}
	far := morning().Add(9000 * day)
	for _, tt := range []struct {
		what         string
		since, until time.Time
		want         []string
	}{
		{"all", time.Time{}, far, names},
		{"a day", morning().Truncate(day), morning().Truncate(day).Add(day - 1), names[2:5]},
		{"one millisecond", morning(), morning(), names[2:3]},
		{"both ends", morning().Add(time.Millisecond), morning().Add(5 * time.Hour), names[3:5]},
		{"since then", morning().Add(6 * time.Hour), far, names[5:]},
		{"a finer clock than ULIDs have", morning().Add(time.Millisecond + 300), morning().Add(time.Hour), names[3:4]},
		{"another zone", morning().In(time.FixedZone("", -6*3600)), morning().In(time.FixedZone("", 14*3600)), names[2:3]},
		{"before any", time.Time{}, time.UnixMilli(-1), nil},
		{"the wrong way round", far, morning(), nil},
		{"years that do not sort", time.Time{}, time.Date(12025, 1, 1, 0, 0, 0, 0, time.UTC), names},
	} {
		if got := all(t, s.Journal().Audits(t.Context(), tt.since, tt.until)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
}

func TestAListingOfAuditsMayBeLeftAndItsTroubleIsTold(t *testing.T) {
	s := newStage(t)
	names := auditsAt(t, s, morning(), morning().Add(time.Hour))
	for name, err := range s.Journal().Audits(t.Context(), morning(), morning().Add(time.Hour)) {
		if err != nil || name != names[0] {
			t.Errorf("first came %s, %v", name, err)
		}
		break
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	calls := 0
	for name, err := range s.Journal().Audits(t.Context(), morning(), morning()) {
		if calls++; !errors.Is(err, archive.ErrUnavailable) || name != "" || calls > 1 {
			t.Errorf("without a store: %q, %v", name, err)
		}
	}
}

func TestAnAuditBegunIsFoundByItsName(t *testing.T) {
	s := newStage(t)
	audit := auditsAt(t, s, morning())[0]
	if !strings.HasPrefix(audit, "2025/04/14/") || len(s.keys(t, fmt.Sprintf("audits/%s/", audit))) != 4 {
		t.Errorf("it is %s, with %v", audit, s.keys(t, "audits/"))
	}
}
