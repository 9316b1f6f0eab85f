package audit_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/archive/youtube"
)

const day = 24 * time.Hour

// pause is the time between two turns of the simulated schedulers.
const pause = 2 * time.Hour

// bound is how long a death may stay unfound, by the standard schedule, where two methods see it
// and nothing is in the way: a day and a pause until the source is asked, six hours and a
// pause until it is asked again.
const bound = day + pause + 6*time.Hour + pause

// year is a simulated year of one library.
type year struct {
	*testing.T
	sky   *sky
	fleet *fleet
	start time.Time

	gone    map[string][]time.Time // when each was called gone
	moves   map[string][]archive.Transition
	falsely []string // living sources that were called gone
	wrong   []string // intervals that do not contain the true moment
}

func newYear(t *testing.T, seed uint64) *year {
	return &year{T: t, sky: newSky(seed), fleet: newFleet(), start: time.Now(), gone: map[string][]time.Time{}, moves: map[string][]archive.Transition{}}
}

// library fills the fleet with videos of the sky, twenty to a channel.
func (y *year) library(videos int) {
	for n := range videos {
		channel := fmt.Sprintf("UC%022d", n/20)
		y.sky.channel[skyID(n)] = channel
		y.fleet.add(youtubeKey(skyID(n)), channel, y.start)
	}
	y.fleet.moved = y.note
}

// note compares each verdict with the truth.
func (y *year) note(_ archive.Video, s archive.Source, move archive.Transition) {
	y.moves[s.ID] = append(y.moves[s.ID], move)
	if move.To != archive.Gone || s.Platform != "skytube" {
		return
	}
	y.gone[s.ID] = append(y.gone[s.ID], move.At)
	if !y.sky.isBad(s.ID, move.At) {
		y.falsely = append(y.falsely, fmt.Sprintf("%s at %s", s.ID, move.At))
	}
	for _, death := range y.sky.deaths(s.ID, y.start.Add(400*day)) {
		if !s.Standing.LastGood.After(death.from) && !s.Standing.FirstBad.Before(death.from) {
			return
		}
	}
	y.wrong = append(y.wrong, fmt.Sprintf("%s: between %s and %s it did not die", s.ID, s.Standing.LastGood, s.Standing.FirstBad))
}

// lostSources is how many videos of every library lie on a host that vanishes.
const lostSources = 5

// vanish adds videos on a host of their own, which is there no longer from a time on.
func (y *year) vanish(at time.Time) {
	for n := range lostSources {
		y.fleet.add(archive.SourceKey{Platform: "losttube", ID: fmt.Sprintf("lost%07d", n)}, "", y.start)
	}
	y.sky.lost["lost.example"] = at
}

// checkVanished fails where a video of the vanished host is believed dead, or was not marked by day 14.
func (y *year) checkVanished() {
	y.Helper()
	by := y.sky.lost["lost.example"].Add(14*day + day + 2*pause) // a source is asked once a day and a pause
	marked := 0
	for _, v := range y.fleet.videos {
		for _, s := range v.Sources {
			if s.Platform != "losttube" {
				continue
			}
			at := y.fleet.unheard[s.SourceKey]
			if s.Standing.State != archive.Live || !s.Standing.Unheard || at.IsZero() || at.After(by) {
				y.Errorf("%s, whose host vanished at %s, is %s, and was marked unheard at %s", s.ID, y.sky.lost["lost.example"], s.Standing.State, at)
			}
			marked++
		}
	}
	if marked != lostSources {
		y.Errorf("%d videos of the vanished host", marked)
	}
}

// platform is the real adapter, under the sky.
func (y *year) platform(key string) archive.Platform {
	return y.platformAt("skytube", "https://sky.example", key)
}

func (y *year) platformAt(name, base, key string) archive.Platform {
	o := youtube.At(name, name, base, controlID)
	o.Key, o.Transport = key, y.sky
	adapter, err := youtube.New(o)
	if err != nil {
		y.Fatal(err)
	}
	return adapter
}

// run lets the schedule work for so many days.
func (y *year) run(days int, platforms ...archive.Platform) {
	a := audit.New(audit.Options{
		Journal: y.fleet, Records: y.fleet, Ledger: newMemory(y.fleet.standings), Finder: y.fleet, Channels: y.fleet, Platforms: platforms,
	})
	s := audit.NewScheduler(audit.SchedulerOptions{Auditor: a, Leases: &chair{}, Checkpoints: newShelf(), Videos: y.fleet.all, Pause: pause})
	ctx, cancel := context.WithTimeout(y.Context(), time.Duration(days)*day)
	defer cancel()
	s.Run(ctx)
}

// fair reports whether no bad weather falls into a span.
func (y *year) fair(from, to time.Time) bool {
	for _, w := range y.sky.weather {
		if w.from.Before(to) && w.to.After(from) {
			return false
		}
	}
	return true
}

// found compares what was found with what happened, and returns how many deaths there were, how many
// of them were found, and the longest it took in fair weather.
func (y *year) found(days int, within time.Duration) (deaths, found int, longest time.Duration) {
	y.Helper()
	end := y.start.Add(time.Duration(days) * day)
	for id := range y.sky.channel {
		for _, death := range y.sky.deaths(id, end) {
			due := death.from.Add(within)
			if due.After(end) || due.After(death.to) || !y.fair(death.from.Add(-day), due) {
				continue // it came back, or the year ended, or nobody could look, before it could be known
			}
			deaths++
			if y.dead(id, death.from) {
				found++ // nobody saw the hours between two deaths in which it was back
				continue
			}
			if took, ok := y.took(id, death.from, within); ok {
				found++
				longest = max(longest, took)
				continue
			}
			y.Logf("%s died at %s, and was called gone at %v", id, death.from, y.gone[id])
		}
	}
	return deaths, found, longest
}

// dead reports whether a source was called gone before that time and not alive since.
func (y *year) dead(id string, at time.Time) bool {
	state := archive.Unchecked
	for _, move := range y.moves[id] {
		if move.At.Before(at) {
			state = move.To
		}
	}
	return state == archive.Gone
}

// took is how long it was until a death was called one, if that was within a time.
func (y *year) took(id string, died time.Time, within time.Duration) (time.Duration, bool) {
	for _, at := range y.gone[id] {
		if took := at.Sub(died); took > 0 && took <= within {
			return took, true
		}
	}
	return 0, false
}

// fates writes a history for each video: deaths of several kinds, revivals, flapping, restrictions.
func (y *year) fates(random *rand.Rand, videos, days int) {
	when := func() time.Time { return y.start.Add(2*day + time.Duration(random.Int64N(int64(days-12)*int64(day)))) }
	for n := range videos {
		id, at := skyID(n), when()
		switch random.IntN(20) {
		case 0, 1:
			y.sky.fates[id] = []fate{{at, removed}}
		case 2:
			y.sky.fates[id] = []fate{{at, private}}
		case 3:
			y.sky.fates[id] = []fate{{at, removed}, {at.Add(time.Duration(1+random.IntN(40)) * day), alive}}
		case 4:
			y.sky.fates[id] = []fate{{at, blocked}, {at.Add(30 * day), alive}}
		case 5:
			y.sky.fates[id] = []fate{{at, unembedded}}
		case 6:
			for flips := range 40 {
				y.sky.fates[id] = append(y.sky.fates[id], fate{at, doom(1 - flips%2)})
				at = at.Add(time.Hour + time.Duration(random.Int64N(int64(30*time.Hour))))
			}
		}
	}
}

// storms are all that may be between us and the platform, once in a year each.
func (y *year) storms(days int) {
	kinds := []string{"outage", "quota", "key", "address", "garbage", "consent", "silence"}
	lasting := []time.Duration{7 * day, 20 * time.Hour, 5 * day, 4 * day, 2 * day, 3 * day, 30 * time.Hour}
	for i, kind := range kinds {
		from := y.start.Add(time.Duration(i+1) * time.Duration(days) * day / time.Duration(len(kinds)+1))
		y.sky.weather = append(y.sky.weather, weather{from, from.Add(lasting[i]), kind})
	}
}

// tempests are the same kinds at one time: the platform is out while the quota is used up and the key is revoked,
// and what is left of it when it comes back is garbage, a blocked address and pages of consent.
func (y *year) tempests(days int) {
	from := y.start.Add(time.Duration(days) * day / 3)
	for _, w := range []struct {
		kind       string
		from, last time.Duration
	}{{"outage", 0, 7 * day}, {"quota", 2 * day, 8 * day}, {"key", day, 11 * day}, {"address", 9 * day, 4 * day}, {"garbage", 12 * day, 2 * day}, {"consent", 11 * day, 4 * day}, {"silence", 6 * day, 30 * time.Hour}} {
		y.sky.weather = append(y.sky.weather, weather{from.Add(w.from), from.Add(w.from + w.last), w.kind})
	}
	again := y.start.Add(2 * time.Duration(days) * day / 3)
	for _, kind := range []string{"outage", "quota", "key"} {
		y.sky.weather = append(y.sky.weather, weather{again, again.Add(5 * day), kind})
	}
}

func (y *year) check(name string, days int, within time.Duration) {
	y.Helper()
	deaths, found, longest := y.found(days, within)
	y.Logf("%s: %d videos, %d deaths that could be known, %d found, the slowest after %s; %d living called gone; %d intervals wrong; %d records written, %d calls of the API, %d of oEmbed",
		name, len(y.sky.channel), deaths, found, longest, len(y.falsely), len(y.wrong), y.fleet.writes, y.sky.calls["/you"], y.sky.calls["/oem"])
	for _, list := range [][]string{y.falsely, y.wrong} {
		for _, what := range list[:min(3, len(list))] {
			y.Error(what)
		}
	}
	if found != deaths {
		y.Errorf("%d of %d deaths were not found within %s", deaths-found, deaths, within)
	}
	end := y.start.Add(time.Duration(days) * day)
	for _, v := range y.fleet.videos {
		for _, s := range v.Sources {
			truth := y.sky.isBad(s.ID, end)
			settled := y.sky.isBad(s.ID, end.Add(-10*day)) == truth && len(y.sky.fates[s.ID]) < 10
			if dead := s.Standing.State == archive.Gone; s.Platform == "skytube" && settled && dead != truth {
				y.Errorf("%s is %s in the end, and truly bad: %v", s.ID, s.Standing.State, truth)
			}
		}
	}
}

func TestAYearOfALibrary(t *testing.T) {
	for _, c := range []struct {
		name   string
		videos int
		days   int
		key    string
		within time.Duration
		storms func(*year, int)
	}{
		{"two videos", 2, 365, "a key", bound, (*year).storms},
		{"forty videos", 40, 365, "a key", bound, (*year).storms},
		{"forty videos without a key", 40, 365, "", 2*day + 2*pause + 6*time.Hour, (*year).storms},
		{"forty videos in all weathers at once", 40, 365, "a key", bound, (*year).tempests},
		{"many videos", manyVideos, 365, "a key", bound, (*year).storms},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				y := newYear(t, 7)
				y.library(c.videos)
				y.fates(rand.New(rand.NewPCG(7, uint64(c.videos))), c.videos, c.days)
				c.storms(y, c.days)
				y.vanish(y.start.Add(time.Duration(c.days) * day / 2))
				for n := range min(3, c.videos/20) {
					y.sky.closed[fmt.Sprintf("UC%022d", n)] = y.start.Add(time.Duration(60+90*n) * day)
				}
				y.run(c.days, y.platform(c.key), y.platformAt("losttube", "https://lost.example", c.key))
				y.check(c.name, c.days, c.within)
				y.checkVanished()
			})
		})
	}
}
