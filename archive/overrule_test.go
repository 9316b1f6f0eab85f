package archive

import "testing"

func TestAPersonsRulingStandsAboveTheComputedState(t *testing.T) {
	for _, c := range []struct {
		computed State
		as       Ruling
		want     State
	}{
		{Gone, RulesNothing, Gone},
		{Gone, RulesAlive, Live},
		{Suspect, RulesAlive, Live},
		{Unchecked, RulesAlive, Live},
		{Limited, RulesAlive, Limited},
		{Live, RulesAlive, Live},
		{Live, RulesDead, Gone},
		{Gone, RulesDead, Gone},
		{Suspect, RulesIgnore, Suspect},
		{Live, "perhaps", Live},
	} {
		s := Source{Standing: Standing{State: c.computed}, Overrule: &Overrule{As: c.as}}
		if got := s.State(); got != c.want {
			t.Errorf("%s ruled %q is %s, not %s", c.computed, c.as, got, c.want)
		}
		if s.Ignored() != (c.as == RulesIgnore) || s.Standing.State != c.computed {
			t.Errorf("%s ruled %q: %+v", c.computed, c.as, s)
		}
	}
	if (Source{}).State() != Unchecked || Ruling("perhaps").Valid() || !RulesDead.Valid() || RulesNothing.Valid() {
		t.Error("a ruling that nobody gave")
	}
}

func TestReadersGetWhatAPersonRuled(t *testing.T) {
	dead := Source{Standing: Standing{State: Gone, Outcome: Removed, Reason: "removed", Unheard: true}, Overrule: &Overrule{As: RulesAlive, At: noon}}
	if e := dead.Effective(); e.Outcome != Playable || e.Unheard || !e.Since.Equal(noon) || e.Reason != "" {
		t.Errorf("ruled alive: %+v", e)
	}
	living := Source{Standing: Standing{State: Live, Outcome: Playable}, Overrule: &Overrule{As: RulesDead, At: noon}}
	if e := living.Effective(); !e.Outcome.Bad() || !e.Since.Equal(noon) {
		t.Errorf("ruled dead: %+v", e)
	}
	living.Overrule = nil
	if e := living.Effective(); e.Outcome != Playable {
		t.Errorf("the ruling taken back: %+v", e)
	}
}

func TestAChannelsKeyIsNoVideos(t *testing.T) {
	key := ChannelKey("youtube", "UCaaaaaaaaaaaaaaaaaaaaaa")
	if id, is := key.ChannelID(); !is || id != "UCaaaaaaaaaaaaaaaaaaaaaa" {
		t.Errorf("%s: %q", key, id)
	}
	if _, is := judged.ChannelID(); is {
		t.Error("a video's key is a channel's")
	}
	s := Source{SourceKey: judged, Described: &Description{Fields: Fields{ChannelID: "UCaaaaaaaaaaaaaaaaaaaaaa"}}}
	if got, known := s.ChannelOf(); !known || got != key {
		t.Errorf("%s", got)
	}
	if _, known := (Source{Described: &Description{}}).ChannelOf(); known {
		t.Error("a channel that nobody named")
	}
}
