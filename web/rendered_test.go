package web

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/embeds"
)

// counting renders documents of a size and counts how often.
type counting struct {
	mu    sync.Mutex
	times int
	size  int
}

func (c *counting) render() (embeds.Document, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times++
	return embeds.Document{Status: 200, Body: make([]byte, c.size)}, nil
}

func video(id string, revision int64) archive.Video {
	return archive.Video{ID: archive.VideoID(id), Revision: revision}
}

func TestRenderedOnceARevision(t *testing.T) {
	r, c := newRendered(1<<20), &counting{size: 10}
	for _, step := range []struct {
		kind string
		v    archive.Video
		o    embeds.Options
		want int
	}{
		{"embed", video("a", 1), embeds.Options{}, 1},
		{"embed", video("a", 1), embeds.Options{}, 1},
		{"watch", video("a", 1), embeds.Options{}, 2},
		{"embed", video("b", 1), embeds.Options{}, 3},
		{"embed", video("a", 1), embeds.Options{Asked: embeds.Asked{Start: 3}}, 4},
		{"embed", video("a", 1), embeds.Options{Asked: embeds.Asked{Language: "es"}}, 5},
		{"embed", video("a", 1), embeds.Options{Asked: embeds.Asked{Theme: "dark"}}, 6},
		{"embed", video("a", 2), embeds.Options{}, 7},
		{"embed", video("a", 2), embeds.Options{}, 7},
	} {
		if _, err := r.document(step.kind, "es", step.v, step.o, nil, c.render); err != nil || c.times != step.want {
			t.Errorf("%+v: rendered %d times, want %d (%v)", step, c.times, step.want, err)
		}
	}
	if len(r.items) != 6 {
		t.Errorf("the older revision is still held: %d documents", len(r.items))
	}
}

func TestWhatDependsOnTheClockIsKeptUntilItChanges(t *testing.T) {
	noon := time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC)
	embargo := video("a", 1)
	embargo.Visibility = archive.Visibility{Exposure: archive.Embargoed, Until: noon.Add(time.Hour)}
	rights := video("b", 1)
	for _, after := range []time.Duration{3 * time.Hour, time.Hour, -time.Hour, 0} { // the last two: ended, and without an end
		c := archive.Copy{Rights: archive.Rights{Expires: noon.Add(after)}}
		if after == 0 {
			c.Rights.Expires = time.Time{}
		}
		rights.Copies = append(rights.Copies, c)
	}
	for _, v := range []archive.Video{embargo, rights} {
		r, c := newRendered(1<<20), &counting{}
		for _, step := range []struct {
			after time.Duration
			want  int
		}{{0, 1}, {time.Minute, 1}, {time.Hour - 1, 1}, {time.Hour, 2}, {2 * time.Hour, 2}} {
			if _, err := r.document("embed", "es", v, embeds.Options{Now: noon.Add(step.after)}, nil, c.render); err != nil || c.times != step.want {
				t.Errorf("%s, after %s: rendered %d times, want %d (%v)", v.ID, step.after, c.times, step.want, err)
			}
		}
	}
}

func TestTheDaysInAPageMoveOnWithoutARevision(t *testing.T) {
	r, c := newRendered(1<<20), &counting{}
	heard := time.Date(2026, 4, 9, 1, 0, 0, 0, time.UTC)
	v := video("a", 1)
	v.Sources = []archive.Source{{}, {}}
	for _, step := range []struct {
		name string
		hear func(s *archive.Standing)
		want int
	}{
		{"never heard", func(*archive.Standing) {}, 1},
		{"heard", func(s *archive.Standing) { s.LastClear = heard }, 2},
		{"heard again that day", func(s *archive.Standing) { s.LastClear = heard.Add(20 * time.Hour) }, 2},
		{"and the next", func(s *archive.Standing) { s.LastClear = heard.Add(24 * time.Hour) }, 3},
		{"found good", func(s *archive.Standing) { s.LastGood = heard }, 4},
		{"asked without an answer", func(s *archive.Standing) { s.LastRound = heard.Add(48 * time.Hour) }, 4},
	} {
		step.hear(&v.Sources[1].Standing)
		if _, err := r.document("embed", "es", v, embeds.Options{}, nil, c.render); err != nil || c.times != step.want {
			t.Errorf("%s: rendered %d times, want %d (%v)", step.name, c.times, step.want, err)
		}
	}
}

func TestFailuresAreNotKept(t *testing.T) {
	r := newRendered(1 << 20)
	broken := errors.New("broken template")
	if _, err := r.document("embed", "es", video("a", 1), embeds.Options{}, nil, func() (embeds.Document, error) { return embeds.Document{}, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if len(r.items) != 0 {
		t.Error("a failure was kept")
	}
}

func TestRenderedStaysWithinItsLimit(t *testing.T) {
	const limit = 10 * (entryOverhead + 100)
	r, c := newRendered(limit), &counting{size: 100}
	ask := func(id string) {
		if _, err := r.document("embed", "es", video(id, 1), embeds.Options{}, nil, c.render); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 50 {
		ask(fmt.Sprint(i))
		ask("0") // asked all the time
		if r.bytes > limit || len(r.items) != r.order.Len() {
			t.Fatalf("%d bytes in %d documents, listed %d", r.bytes, len(r.items), r.order.Len())
		}
	}
	if c.times != 50 {
		t.Errorf("what is asked all the time was rendered again: %d renderings", c.times)
	}
	c.size = limit * 2
	ask("huge")
	if len(r.items) != 0 || r.bytes != 0 {
		t.Errorf("%d documents, %d bytes", len(r.items), r.bytes)
	}
}

func TestRenderedIsSafeForConcurrentUse(t *testing.T) {
	r, c := newRendered(20*entryOverhead), &counting{size: 1000}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 200 {
				if _, err := r.document("embed", "es", video(fmt.Sprint(i%30), int64(worker)), embeds.Options{}, nil, c.render); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if r.bytes > r.limit {
		t.Errorf("%d bytes are over the limit", r.bytes)
	}
}

func TestHeadersOfReadersAreRememberedOnlySoFar(t *testing.T) {
	r, err := embeds.New()
	if err != nil {
		t.Fatal(err)
	}
	var l languages
	v := archive.Video{DefaultLanguage: "es"}
	for i := range 3 * languagesKept {
		o := embeds.Options{Reader: fmt.Sprintf("en;q=0.%d", i)}
		if got := l.of(r, v, o); got != "en" && got != "es" {
			t.Fatalf("%q is %q", o.Reader, got)
		}
	}
	if len(l.kept) > languagesKept {
		t.Errorf("%d headers are remembered", len(l.kept))
	}
}
