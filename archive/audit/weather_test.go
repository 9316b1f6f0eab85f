package audit_test

import (
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
)

// FuzzNoWeatherKills lets a library of living videos pass through any sequence of bad weather. The first
// byte chooses how many videos there are and whether there is a key, each pair after it one
// kind of weather and how long it lasts.
func FuzzNoWeatherKills(f *testing.F) {
	f.Add([]byte{0, 1, 200, 2, 9, 3, 80, 4, 200, 5, 30, 6, 60, 7, 90})
	f.Add([]byte{1, 4, 255, 4, 255, 4, 255})
	f.Add([]byte{3, 4, 100, 0, 1, 6, 100, 5, 100})
	f.Add([]byte{4, 7, 60, 5, 60, 6, 60, 1, 60})
	f.Add([]byte{2, 3, 20, 5, 20})
	f.Add([]byte{5, 4, 12, 5, 12})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 3 || len(data) > 40 {
			return
		}
		kinds := []string{"", "outage", "quota", "key", "address", "garbage", "consent", "silence"}
		sizes := []int{2, 40, 10_000}
		videos, key := sizes[data[0]%3], []string{"a key", ""}[data[0]/3%2]
		longest := 400 * day
		if videos == 10_000 {
			longest = 2 * day // each day of ten thousand is some seconds of computing
		}
		synctest.Test(t, func(t *testing.T) {
			y := newYear(t, 11)
			y.library(videos)
			at := y.start.Add(day)
			for i := 1; i+1 < len(data); i += 2 {
				lasts := time.Duration(data[i+1]) * time.Hour
				y.sky.weather = append(y.sky.weather, weather{at, at.Add(lasts), kinds[int(data[i])%len(kinds)]})
				at = at.Add(lasts)
			}
			y.run(int(min(at.Sub(y.start), longest)/day)+2, y.platform(key))
			for _, v := range y.fleet.videos {
				if s := v.Sources[0].Standing; s.State == archive.Gone || s.State == archive.Suspect {
					t.Fatalf("%s is %s: %s", v.Sources[0].ID, s.State, s.Reason)
				}
			}
		})
	})
}

// A host that vanishes says nothing of its files; they are for a person to look at after a fortnight.
func TestAVanishedHostIsUnheardByDayFourteen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := newYear(t, 13)
		y.library(40)
		y.sky.weather = []weather{{y.start.Add(10 * day), y.start.Add(1000 * day), "silence"}}
		y.run(26, y.platform("a key"))
		// The last day on which each was heard began nine days after the start, or ten: they are asked once a day.
		first, last := y.start.Add((9+14)*day), y.start.Add((10+14)*day+2*pause)
		for _, v := range y.fleet.videos {
			s := v.Sources[0]
			at := y.fleet.unheard[s.SourceKey]
			if !s.Standing.Unheard || s.Standing.State != archive.Live || at.Before(first) || at.After(last) {
				t.Fatalf("%s is %s, unheard %v, marked so after %s", s.ID, s.Standing.State, s.Standing.Unheard, at.Sub(y.start))
			}
		}
	})
}
