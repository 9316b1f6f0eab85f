package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

func presidency() archive.SourceKey { return archive.ChannelKey("youtube", "UC1234") }

func channelFile(key archive.SourceKey) string {
	return "channels/" + key.Digest()[:2] + "/" + key.Digest() + ".json"
}

// named gives a channel its name, or fails the test.
func (s *stage) named(t *testing.T, key archive.SourceKey, name string) archive.Channel {
	t.Helper()
	c, err := s.UpdateChannel(t.Context(), key, func(c *archive.Channel) error { c.Name = name; return nil })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAChannelIsMadeByItsFirstChange(t *testing.T) {
	s := newStage(t)
	if _, err := s.Channel(t.Context(), presidency()); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	made := s.named(t, presidency(), "Presidencia")
	if made.Revision != 1 || made.Key != presidency() || !made.Added.Equal(morning()) {
		t.Errorf("made %+v", made)
	}
	changed := s.named(t, presidency(), "Casa Presidencial")
	got, err := s.Channel(t.Context(), presidency())
	if err != nil || got.Name != "Casa Presidencial" || got.Revision != 2 || changed.Revision != 2 {
		t.Errorf("read %+v, %v", got, err)
	}
	if keys := s.keys(t, "channels/"); len(keys) != 1 || keys[0] != channelFile(presidency()) {
		t.Errorf("it stands in %v", keys)
	}
}

func TestAChannelThatDoesNotChangeIsNotWritten(t *testing.T) {
	s := newStage(t)
	nothing := func(*archive.Channel) error { return nil }
	if c, err := s.UpdateChannel(t.Context(), presidency(), nothing); err != nil || c.Revision != 0 || len(s.keys(t, "channels/")) != 0 {
		t.Errorf("a channel of which nothing is known: %+v, %v", c, err)
	}
	s.named(t, presidency(), "Presidencia")
	s.edit(t, channelFile(presidency()), `"standing": {`, `"standing": {"counted": [], "transitions": [],`) // as people write
	s.bucket.written()
	if c := s.named(t, presidency(), "Presidencia"); c.Revision != 1 || len(s.bucket.written()) != 0 {
		t.Errorf("it was written as %+v", c)
	}
}

func TestAChannelKeepsItsKeyAndTheErrorOfAChangeIsReturned(t *testing.T) {
	s := newStage(t)
	c, err := s.UpdateChannel(t.Context(), presidency(), func(c *archive.Channel) error {
		c.Key, c.Revision, c.Name = archive.ChannelKey("vimeo", "x"), 77, "n"
		return nil
	})
	if err != nil || c.Key != presidency() || c.Revision != 1 {
		t.Errorf("became %+v, %v", c, err)
	}
	for _, own := range []error{errors.New("no"), archive.ErrConflict} {
		calls := 0
		_, err := s.UpdateChannel(t.Context(), presidency(), func(*archive.Channel) error { calls++; return own })
		if err != own || calls != 1 { //nolint:errorlint // it must be the very error
			t.Errorf("%d calls, %v", calls, err)
		}
	}
}

func TestChangesOfAChannelAtOnceLoseNothing(t *testing.T) {
	one := newStage(t)
	two := stageIn(t, one.folder)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			_, err := []*stage{one, two}[i%2].UpdateChannel(t.Context(), presidency(), func(c *archive.Channel) error {
				c.Standing.Transitions = append(c.Standing.Transitions, archive.Transition{At: morning(), Reason: fmt.Sprint(i)})
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if c, err := one.Channel(t.Context(), presidency()); err != nil || len(c.Standing.Transitions) != 16 || c.Revision != 16 {
		t.Errorf("%d changes at revision %d, %v", len(c.Standing.Transitions), c.Revision, err)
	}
}

func TestAChannelIsChangedOnceThoughTheReplyWasLost(t *testing.T) {
	for name, hook := range map[string]func(*troubled){
		"the reply":   func(b *troubled) { b.after = once("channels/", errCut) },
		"the request": func(b *troubled) { b.before = once("channels/", errCut) },
	} {
		s := newStage(t)
		for want := range int64(3) {
			s.bucket.set(hook)
			if c := s.named(t, presidency(), fmt.Sprint("name ", want)); c.Revision != want+1 {
				t.Errorf("%s was lost: revision %d, want %d", name, c.Revision, want+1)
			}
		}
	}
}

func TestAChannelKeepsWhatOthersAddedAndALaterVersionIsLeftAlone(t *testing.T) {
	s := newStage(t)
	s.named(t, presidency(), "Presidencia")
	s.edit(t, channelFile(presidency()), `"standing": {`, `"owner": "a party", "standing": {"odds": 0.5,`)
	s.named(t, presidency(), "other")
	for _, part := range []string{`"owner": "a party"`, `"odds": 0.5`} {
		if got := s.read(t, channelFile(presidency())); !strings.Contains(got, part) {
			t.Errorf("there is no %s in\n%s", part, got)
		}
	}
	s.edit(t, channelFile(presidency()), `"version": 1`, `"version": 2`)
	if _, err := s.UpdateChannel(t.Context(), presidency(), func(c *archive.Channel) error { c.Name = "x"; return nil }); !errors.Is(err, storage.ErrNewerFormat) {
		t.Errorf("a later version: %v", err)
	}
}

func TestARecordInAnotherChannelsPlaceIsDamage(t *testing.T) {
	s := newStage(t)
	s.named(t, presidency(), "Presidencia")
	s.edit(t, channelFile(presidency()), "UC1234", "UC9999")
	if _, err := s.Channel(t.Context(), presidency()); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("reading: %v", err)
	}
	if _, err := s.UpdateChannel(t.Context(), presidency(), func(*archive.Channel) error { return nil }); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("changing: %v", err)
	}
}

func TestEveryChannelIsListed(t *testing.T) {
	s := newStage(t)
	want := map[archive.SourceKey]bool{}
	for i := range 5 {
		key := archive.ChannelKey("youtube", fmt.Sprint("UC", i))
		want[key] = true
		s.named(t, key, "n")
	}
	for _, c := range all(t, s.Channels(t.Context())) {
		if !want[c.Key] || c.Revision != 1 {
			t.Errorf("listed %+v", c)
		}
		delete(want, c.Key)
	}
	if len(want) != 0 {
		t.Errorf("not listed: %v", want)
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	for _, err := range s.Channels(t.Context()) {
		if !errors.Is(err, archive.ErrUnavailable) {
			t.Errorf("without a store: %v", err)
		}
	}
}
