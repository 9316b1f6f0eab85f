package archive_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

// roll notes what is told of a list.
type roll struct {
	begun  []int
	ended  []int
	videos []archive.VideoID
	errs   []error
	stop   func(i int) error
}

func (r *roll) many(n, atOnce int) archive.Many {
	r.videos, r.errs = make([]archive.VideoID, n), make([]error, n)
	return archive.Many{
		AtOnce: atOnce,
		Begin: func(i int) error {
			r.begun = append(r.begun, i)
			if r.stop != nil {
				return r.stop(i)
			}
			return nil
		},
		End: func(i int, done archive.Registered, err error) {
			r.ended, r.videos[i], r.errs[i] = append(r.ended, i), done.Video.ID, err
		},
	}
}

func (d *desk) list(addresses ...string) []archive.Registration {
	list := make([]archive.Registration, len(addresses))
	for i, address := range addresses {
		list[i] = archive.Registration{URL: address, Article: "https://news.example.org/nota"}
	}
	return list
}

func TestAListIsRegisteredAndEachIsReported(t *testing.T) {
	d := newDesk(t)
	known := d.register(t, archivetest.OvalOfficeID).Video.ID
	list := d.list(d.watch(archivetest.NewYorkID), "nonsense://", d.watch(archivetest.OvalOfficeID), d.platform.URL+"/shorts/"+archivetest.NewYorkID)
	var r roll
	d.RegisterMany(t.Context(), list, r.many(len(list), 4))
	if slices.Sort(r.ended); !slices.Equal(r.ended, []int{0, 1, 2, 3}) || !slices.Equal(r.begun, r.ended) {
		t.Fatalf("begun %v, ended %v", r.begun, r.ended)
	}
	if !errors.Is(r.errs[1], archive.ErrNotRecognised) || r.errs[0] != nil || r.errs[2] != nil || r.errs[3] != nil {
		t.Errorf("%v", r.errs)
	}
	if r.videos[2] != known || r.videos[3] != r.videos[0] {
		t.Errorf("%v; the one known before is %s", r.videos, known)
	}
	v, err := d.store.Video(t.Context(), r.videos[0])
	if err != nil || v.Sources[0].Standing.State != archive.Live || v.Sources[0].Described == nil || len(d.captures(t, v.ID)) != 1 {
		t.Errorf("%+v, %v", v.Sources, err)
	}
}

func TestWhatMayNotBeginIsNotRegistered(t *testing.T) {
	d := newDesk(t)
	late := errors.New("it is late")
	r := roll{stop: func(i int) error {
		if i == 1 {
			return late
		}
		return nil
	}}
	list := d.list(d.watch(archivetest.NewYorkID), d.watch(archivetest.OvalOfficeID))
	d.RegisterMany(t.Context(), list, r.many(2, 0))
	if r.errs[0] != nil || !errors.Is(r.errs[1], late) {
		t.Errorf("%v", r.errs)
	}
	if videos := collect(t, d.store.List(t.Context())); len(videos) != 1 {
		t.Errorf("%d videos", len(videos))
	}
}

func TestAnInterruptedListKeepsWhatWasFetched(t *testing.T) {
	d := newDesk(t)
	ctx, stop := context.WithCancel(t.Context())
	r := roll{stop: func(i int) error {
		if i == 1 {
			stop()
		}
		return ctx.Err()
	}}
	list := d.list(d.watch(archivetest.NewYorkID), d.watch(archivetest.OvalOfficeID), d.watch(archivetest.OvalOfficeID))
	d.RegisterMany(ctx, list, r.many(3, 1))
	if r.errs[0] != nil || !errors.Is(r.errs[1], context.Canceled) || !errors.Is(r.errs[2], context.Canceled) || len(r.begun) != 2 {
		t.Fatalf("%v, begun %v", r.errs, r.begun)
	}
	if v, err := d.store.Video(t.Context(), r.videos[0]); err != nil || v.Sources[0].Standing.State != archive.Live {
		t.Errorf("%+v, %v", v.Sources, err)
	}
}

// bench counts how many are judged together, and judges by no journal.
type bench struct {
	archive.Judging
	mu    sync.Mutex
	sizes []int
}

func (b *bench) SettleAll(_ context.Context, list []archive.Hearing) []archive.Settled {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sizes = append(b.sizes, len(list))
	return make([]archive.Settled, len(list))
}

// slowly is a platform that takes its time for each answer.
type slowly struct {
	archive.Platform
	takes time.Duration
}

func (s slowly) Fetch(ctx context.Context, ref archive.Reference) (archive.Fetched, error) {
	time.Sleep(s.takes)
	return archive.Fetched{}, nil
}

func TestAListIsJudgedTogether(t *testing.T) {
	d := newDesk(t)
	for name, tt := range map[string]struct {
		n     int
		takes time.Duration
		sizes []int
	}{
		"a hundred that answer soon":                     {100, 100 * time.Millisecond, []int{100}},
		"so many that their answers fill the memory":     {300, 0, []int{250, 50}},
		"so slow that the first have waited long enough": {5, 25 * time.Second, []int{2, 2, 1}},
		"none": {0, 0, nil},
	} {
		var addresses []string
		for i := range tt.n {
			addresses = append(addresses, d.watch(fmt.Sprintf("%07d%04d", tt.n, i)))
		}
		var r roll
		synctest.Test(t, func(t *testing.T) {
			b := &bench{}
			l := d.library(t, d.platform.URL, func(o *archive.LibraryOptions) {
				o.Judging, o.Platforms = b, archive.Platforms{slowly{o.Platforms[0], tt.takes}}
			})
			l.RegisterMany(t.Context(), d.list(addresses...), r.many(tt.n, 1))
			if !slices.Equal(b.sizes, tt.sizes) || len(r.ended) != tt.n {
				t.Errorf("%s: judged in %v, %d ended", name, b.sizes, len(r.ended))
			}
		})
	}
}
