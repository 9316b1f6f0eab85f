package embeds_test

import (
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/embeds"
)

func region(codes ...string) archive.Restriction {
	return archive.Restriction{Aspect: archive.AspectRegion, Blocked: codes}
}

func unheard(s archive.Standing) archive.Standing {
	s.Unheard = true
	return s
}

func TestReachOfOneSource(t *testing.T) {
	nowhere := archive.Restriction{Aspect: archive.AspectRegion, Nowhere: true}
	playableButAged := live()
	playableButAged.Restrictions = []archive.Restriction{{Aspect: archive.AspectAge}}
	for name, tt := range map[string]struct {
		standing archive.Standing
		want     embeds.Reach
	}{
		"good":                                 {live(), embeds.ReachGood},
		"never checked":                        {archive.Standing{}, embeds.ReachUnchecked},
		"limited by region":                    {limited(region("DE", "FR")), embeds.ReachRegion},
		"blocked in every region":              {limited(nowhere), embeds.ReachNone},
		"blocked everywhere and for adults":    {limited(archive.Restriction{Aspect: archive.AspectAge}, nowhere), embeds.ReachNone},
		"age-limited":                          {limited(archive.Restriction{Aspect: archive.AspectAge}), embeds.ReachLink},
		"for members":                          {limited(archive.Restriction{Aspect: archive.AspectMembers}), embeds.ReachLink},
		"scheduled":                            {limited(archive.Restriction{Aspect: archive.AspectScheduled}), embeds.ReachLink},
		"still processing":                     {limited(archive.Restriction{Aspect: archive.AspectProcessing}), embeds.ReachLink},
		"an aspect of a later version":         {limited(archive.Restriction{Aspect: "moon-phase"}), embeds.ReachLink},
		"limited by region and by age":         {limited(region("DE"), archive.Restriction{Aspect: archive.AspectAge}), embeds.ReachLink},
		"restricted, nobody knows how":         {limited(), embeds.ReachLink},
		"embedding disabled":                   {archive.Standing{State: archive.Limited, Outcome: archive.EmbeddingDisabled}, embeds.ReachLink},
		"embedding disabled and blocked":       {archive.Standing{State: archive.Limited, Outcome: archive.EmbeddingDisabled, Restrictions: []archive.Restriction{nowhere}}, embeds.ReachNone},
		"playable, but an age limit holds":     {playableButAged, embeds.ReachLink},
		"removed":                              {gone(archive.Removed), embeds.ReachNone},
		"private":                              {gone(archive.Private), embeds.ReachNone},
		"missing":                              {gone(archive.Missing), embeds.ReachNone},
		"suspect by one bad round":             {archive.Standing{State: archive.Suspect, Outcome: archive.Missing}, embeds.ReachNone},
		"revived: the outcome beats the state": {archive.Standing{State: archive.Gone, Outcome: archive.Playable}, embeds.ReachGood},
		"gone, of an unclear outcome":          {archive.Standing{State: archive.Gone}, embeds.ReachNone},
		"good, but unheard":                    {unheard(live()), embeds.ReachUnheard},
		"unchecked and unheard":                {unheard(archive.Standing{}), embeds.ReachUnheard},
		"a link stays a link when unheard":     {unheard(limited()), embeds.ReachLink},
		"gone stays gone when unheard":         {unheard(gone(archive.Removed)), embeds.ReachNone},
	} {
		t.Run(name, func(t *testing.T) {
			choice := embeds.Choose(standing(tt.standing), options())
			if got := choice.Places[0].Reach; got != tt.want {
				t.Errorf("reach is %d, want %d", got, tt.want)
			}
			if plays := len(choice.Candidates) == 1; plays != tt.want.Plays() {
				t.Errorf("a player is offered: %v, want %v", plays, tt.want.Plays())
			}
			if wantEnding := map[bool]embeds.Ending{true: embeds.EndingPlayer, false: embeds.EndingCard}[tt.want.Plays()]; choice.Ending != wantEnding {
				t.Errorf("the ending is %q, want %q", choice.Ending, wantEnding)
			}
		})
	}
}

func TestOrderOfCandidates(t *testing.T) {
	for name, tt := range map[string]struct {
		sources []archive.Source
		want    string
	}{
		"preference among the good": {
			[]archive.Source{source("youtube", "first", live()), source("demo", "second", live())}, "first second"},
		"the good before those limited by region": {
			[]archive.Source{source("youtube", "region", limited(region("DE"))), source("youtube", "good", live())}, "good region"},
		"the unchecked after the good and the limited": {
			[]archive.Source{source("youtube", "unchecked", archive.Standing{}), source("youtube", "region", limited(region("DE"))), source("youtube", "good", live())}, "good region unchecked"},
		"the unheard last": {
			[]archive.Source{source("youtube", "unheard", unheard(live())), source("youtube", "unchecked", archive.Standing{})}, "unchecked unheard"},
		"the gone not at all": {
			[]archive.Source{source("youtube", "gone", gone(archive.Removed)), source("youtube", "good", live())}, "good"},
		"links not at all": {
			[]archive.Source{source("youtube", "age", limited(archive.Restriction{Aspect: archive.AspectAge}))}, ""},
		"a file beside a player": {
			[]archive.Source{source("webfile", "https://files.example.org/a.mp4", live()), source("youtube", "good", live())}, "https://files.example.org/a.mp4 good"},
		"no sources": {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			choice := embeds.Choose(archive.Video{ID: videoID, Sources: tt.sources}, options())
			for _, c := range choice.Candidates {
				got = append(got, c.Source.ID)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("candidates are %q, want %q", got, tt.want)
			}
			if len(choice.Places) != len(tt.sources) {
				t.Errorf("%d of %d sources are listed", len(choice.Places), len(tt.sources))
			}
		})
	}
}

func TestAddressOfAPlayerComesFromPlatformAndID(t *testing.T) {
	for name, tt := range map[string]struct {
		platform, id string
		want         string // empty: no player
	}{
		"YouTube":                        {"youtube", "aaaaaaaaaa_", "https://www.youtube-nocookie.com/embed/aaaaaaaaaa_"},
		"a second instance":              {"demo", "bbb-bbbbbbb", "http://demo.localhost:9000/embed/bbb-bbbbbbb"},
		"a media file":                   {"webfile", "https://files.example.org/a%20b.mp4?x=1", "https://files.example.org/a%20b.mp4?x=1"},
		"a platform without a player":    {"vimeo", "123", ""},
		"an id that climbs":              {"youtube", "..", ""},
		"an id with a path":              {"youtube", "a/../../logout", ""},
		"an id with a query":             {"youtube", "a?autoplay=0", ""},
		"an empty id":                    {"youtube", "", ""},
		"a file that is a script":        {"webfile", "javascript:alert(1)", ""},
		"a file on this computer":        {"webfile", "file:///etc/passwd", ""},
		"a data address":                 {"webfile", "data:video/mp4;base64,AAAA", ""},
		"a file without a scheme":        {"webfile", "//files.example.org/a.mp4", ""},
		"a host that would widen policy": {"webfile", "https://*.example.org/a.mp4", ""},
		"a host that ends a directive":   {"webfile", "https://a;b/c.mp4", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := source(tt.platform, tt.id, live())
			s.URL = "https://elsewhere.example.com/never-used"
			got := embeds.Choose(archive.Video{Sources: []archive.Source{s}}, options()).Candidates
			if tt.want == "" {
				if len(got) != 0 {
					t.Errorf("got the player %s", got[0].Address)
				}
				return
			}
			if len(got) != 1 || got[0].Address != tt.want {
				t.Errorf("got %+v, want %s", got, tt.want)
			}
		})
	}
}

func TestASourceWithoutPlayerIsStillALink(t *testing.T) {
	choice := embeds.Choose(archive.Video{Sources: []archive.Source{source("vimeo", "123", live())}}, options())
	if got := choice.Places[0]; got.Reach != embeds.ReachLink || got.Name() != "vimeo" {
		t.Errorf("got reach %d of %q, want a link to vimeo", got.Reach, got.Name())
	}
}

func TestNameOfAPlace(t *testing.T) {
	for want, s := range map[string]archive.Source{
		"YouTube":           source("youtube", "aaa", live()),
		"files.example.org": source("webfile", "https://files.example.org:8443/a.mp4", live()),
		"web file":          source("webfile", "a.mp4", live()),
	} {
		if got := embeds.Choose(archive.Video{Sources: []archive.Source{s}}, options()).Places[0].Name(); got != want {
			t.Errorf("%s is called %q, want %q", s.SourceKey, got, want)
		}
	}
}
