package archive

import (
	"slices"
	"testing"
	"time"
)

// aspects are those of a standing's restrictions.
func aspects(s Standing) []Aspect {
	var list []Aspect
	for _, r := range s.Restrictions {
		list = append(list, r.Aspect)
	}
	return list
}

func TestRestrictionsAreHeldUntilSomeoneSeesThemLifted(t *testing.T) {
	none := []Aspect(nil)
	tests := []struct {
		name   string
		rounds []Round
		want   []Aspect
		says   Outcome
	}{
		{"none", []Round{round(0, answer(api, Playable))}, none, Playable},
		{"one", []Round{round(0, limitedTo(api, AspectAge))}, []Aspect{AspectAge}, Restricted},
		{"those of two methods together", []Round{round(0, limitedTo(api, AspectAge), answer(oembed, EmbeddingDisabled))}, []Aspect{AspectAge, AspectEmbedding}, EmbeddingDisabled},
		{"one replaced by another that the same method sees", []Round{round(0, limitedTo(api, AspectAge)), round(6, limitedTo(api, AspectRegion))}, []Aspect{AspectRegion}, Restricted},
		{"one kept that the other method cannot see", []Round{round(0, limitedTo(api, AspectAge)), round(6, answer(oembed, Playable))}, []Aspect{AspectAge}, Restricted},
		{"one kept through an outage", []Round{round(0, limitedTo(api, AspectAge)), round(6, answer(api, Unclear))}, []Aspect{AspectAge}, Restricted},
		{"one lifted by the method that sees it", []Round{round(0, limitedTo(api, AspectAge)), round(6, answer(api, Playable))}, none, Playable},
		{"one that nobody can see lifted any more", []Round{round(0, limitedTo(api, AspectMembers)), round(6, answer(api, Playable), answer(oembed, Playable))}, []Aspect{AspectMembers}, Restricted},
		{"one seen by a method while another says it plays", []Round{round(0, limitedTo(api, AspectRegion), answer(oembed, Playable))}, []Aspect{AspectRegion}, Restricted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Replay(Standing{}, tt.rounds...)
			if got := aspects(s); !slices.Equal(got, tt.want) || s.Outcome != tt.says {
				t.Errorf("%s with %v, want %s with %v", s.Outcome, got, tt.says, tt.want)
			}
			if limited := s.State == Limited; limited != (len(tt.want) > 0) {
				t.Errorf("the state is %s", s.State)
			}
		})
	}
}

func TestTheNewestWordOnARestrictionHolds(t *testing.T) {
	blocked := func(hour float64, regions ...string) Round {
		o := answer(api, Restricted)
		o.Restrictions = []Restriction{{Aspect: AspectRegion, Blocked: regions}}
		return round(hour, o)
	}
	s := Replay(Standing{}, blocked(0, "DE", "FR"), blocked(6, "SV"))
	if len(s.Restrictions) != 1 || !slices.Equal(s.Restrictions[0].Blocked, []string{"SV"}) {
		t.Errorf("blocked in %+v", s.Restrictions)
	}
}

func TestAPremiereKeepsItsHour(t *testing.T) {
	begins := noon.Add(48 * time.Hour)
	o := answer(api, Restricted)
	o.Restrictions = []Restriction{{Aspect: AspectScheduled, From: begins}}
	s := Replay(Standing{}, round(0, o))
	if s.State != Limited || len(s.Restrictions) != 1 || !s.Restrictions[0].From.Equal(begins) {
		t.Fatalf("%s with %+v", s.State, s.Restrictions)
	}
	if s = Replay(s, round(49, answer(api, Playable))); s.State != Live || len(s.Restrictions) != 0 {
		t.Errorf("once it has begun it is %s with %+v", s.State, s.Restrictions)
	}
}

func TestTheReasonsOfLimitsAreToldOnce(t *testing.T) {
	told := func(method, reason string) Observation {
		o := limitedTo(method, AspectAge)
		o.Reason = reason
		return o
	}
	quiet := answer(thumbs, Playable)
	quiet.Reason = "all is well"
	s := Replay(Standing{}, round(0, told(oembed, "under 18"), told(api, "age"), told(thumbs, "age"), quiet))
	if s.Reason != "age; under 18" {
		t.Errorf("the reason is %q", s.Reason)
	}
	if s = Replay(s, round(6, answer(api, Playable))); s.Reason != "" {
		t.Errorf("a source that plays has the reason %q", s.Reason)
	}
}
