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
		{Live, RulesDead, Gone},
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
