package storage_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/storagetest"
)

const (
	day      = "2025-04-14"
	quotaKey = "quota/youtube/2025-04-14.json"
)

func reserved(t *testing.T, s *storage.Store, units, limit int) int {
	t.Helper()
	granted, err := s.ReserveQuota(t.Context(), "youtube", day, units, limit)
	if err != nil {
		t.Fatal(err)
	}
	return granted
}

func spent(t *testing.T, s *storage.Store) int {
	t.Helper()
	units, _, err := s.QuotaSpent(t.Context(), "youtube", day)
	if err != nil {
		t.Fatal(err)
	}
	return units
}

func TestQuotaIsGrantedWhileThereIsSome(t *testing.T) {
	s := newStage(t)
	for _, tt := range []struct{ units, limit, granted, spent int }{
		{0, 100, 0, 0},
		{-5, 100, 0, 0},
		{60, 100, 60, 60},
		{60, 100, 40, 100}, // what is left
		{1, 100, 0, 100},
		{50, 90, 0, 100}, // somebody lowered the limit
		{50, 120, 20, 120},
	} {
		if got := reserved(t, s.Store, tt.units, tt.limit); got != tt.granted || spent(t, s.Store) != tt.spent {
			t.Errorf("asked for %d of %d: granted %d, spent %d; want %d and %d", tt.units, tt.limit, got, spent(t, s.Store), tt.granted, tt.spent)
		}
	}
	if got, err := s.ReserveQuota(t.Context(), "youtube", "2025-04-15", 60, 100); got != 60 || err != nil {
		t.Errorf("the next day: %d, %v", got, err)
	}
	if got, err := s.ReserveQuota(t.Context(), "vimeo", day, 60, 100); got != 60 || err != nil {
		t.Errorf("another platform: %d, %v", got, err)
	}
}

func TestWhereNothingIsGrantedNothingIsWritten(t *testing.T) {
	s := newStage(t)
	reserved(t, s.Store, 100, 100)
	s.bucket.written()
	reserved(t, s.Store, 1, 100)
	if got := s.bucket.written(); len(got) != 0 {
		t.Errorf("wrote %v", got)
	}
}

func TestQuotaThatIsReturnedCanBeHadAgain(t *testing.T) {
	s := newStage(t)
	if err := s.ReturnQuota(t.Context(), "youtube", day, 7); err != nil || spent(t, s.Store) != 0 {
		t.Errorf("of a day that nobody used: %v", err)
	}
	reserved(t, s.Store, 50, 50)
	for _, tt := range []struct{ units, spent int }{{20, 30}, {0, 30}, {-9, 30}, {40, 0}} {
		if err := s.ReturnQuota(t.Context(), "youtube", day, tt.units); err != nil || spent(t, s.Store) != tt.spent {
			t.Errorf("after returning %d there are %d spent, %v; want %d", tt.units, spent(t, s.Store), err, tt.spent)
		}
	}
}

func TestQuotaThatThePlatformCallsGoneIsGrantedToNobodyThatDay(t *testing.T) {
	s := newStage(t)
	reserved(t, s.Store, 10, 100)
	s.bucket.written()
	for range 2 {
		if err := s.EndQuota(t.Context(), "youtube", day); err != nil {
			t.Fatal(err)
		}
	}
	if got := reserved(t, s.Store, 1, 1000); got != 0 {
		t.Errorf("granted %d", got)
	}
	if units, gone, err := s.QuotaSpent(t.Context(), "youtube", day); units != 10 || !gone || err != nil {
		t.Errorf("%d spent, gone %v, %v", units, gone, err)
	}
	if got := s.bucket.written(); len(got) != 1 {
		t.Errorf("wrote %v", got)
	}
	if got, err := s.ReserveQuota(t.Context(), "youtube", "2025-04-15", 60, 100); got != 60 || err != nil {
		t.Errorf("the next day: %d, %v", got, err)
	}
	if err := s.EndQuota(t.Context(), "youtube", "tomorrow"); !errors.Is(err, storage.ErrBadKey) {
		t.Errorf("got %v", err)
	}
}

func TestQuotaIsSpentAndReturnedOnceThoughRepliesAreLost(t *testing.T) {
	for name, hook := range map[string]func(*troubled){
		"the reply":   func(b *troubled) { b.after = once("quota/", errCut) },
		"the request": func(b *troubled) { b.before = once("quota/", errCut) },
	} {
		s := newStage(t)
		for _, want := range []int{10, 20} { // the first creates
			s.bucket.set(hook)
			if got := reserved(t, s.Store, 10, 100); got != 10 || spent(t, s.Store) != want {
				t.Errorf("%s was lost: granted %d, spent %d of %d", name, got, spent(t, s.Store), want)
			}
		}
		s.bucket.set(hook)
		if err := s.ReturnQuota(t.Context(), "youtube", day, 5); err != nil || spent(t, s.Store) != 15 {
			t.Errorf("%s of a return was lost: spent %d, %v", name, spent(t, s.Store), err)
		}
	}
}

// A request thought lost arrives after it was looked for, and before or after the record is read again.
func TestAReturnThatArrivesLateIsNotMadeTwice(t *testing.T) {
	for _, reads := range []int{0, 1} {
		s := newStage(t)
		reserved(t, s.Store, 50, 50)
		late := late{troubled: s.bucket, key: quotaKey, reads: reads}
		other := storage.NewStore(&late, storage.StoreOptions{Now: s.clock.now})
		if err := other.ReturnQuota(t.Context(), "youtube", day, 20); err != nil || spent(t, s.Store) != 30 {
			t.Errorf("%d reads later: spent %d, %v", reads, spent(t, s.Store), err)
		}
		if !late.arrived {
			t.Errorf("%d reads later nothing came", reads)
		}
	}
}

func TestQuotaWhoseOutcomeIsUnknownIsNotGranted(t *testing.T) {
	s := newStage(t)
	reserved(t, s.Store, 10, 100)
	s.bucket.set(func(b *troubled) {
		b.after = func(context.Context, string) error {
			s.bucket.set(func(b *troubled) { b.down = true })
			return errCut
		}
	})
	got, err := s.ReserveQuota(t.Context(), "youtube", day, 10, 100)
	if got != 0 || !errors.Is(err, storage.ErrOutcomeUnknown) {
		t.Errorf("granted %d, %v", got, err)
	}
	s.bucket.set(func(b *troubled) { b.down, b.after = false, nil })
	if units := spent(t, s.Store); units != 20 {
		t.Errorf("%d units count as spent, want 20", units)
	}
}

func TestQuotaThatWasTamperedWithGrantsNothing(t *testing.T) {
	s := newStage(t)
	reserved(t, s.Store, 10, 100)
	whole := s.read(t, quotaKey)
	for name, tt := range map[string]struct {
		content string
		err     error
	}{
		"less than nothing":  {strings.Replace(whole, `"spent": 10`, `"spent": -10`, 1), storage.ErrDamaged},
		"no JSON":            {"{]", storage.ErrDamaged},
		"of a later version": {strings.Replace(whole, `"version": 1`, `"version": 2`, 1), storage.ErrNewerFormat},
	} {
		s.overwrite(t, quotaKey, tt.content)
		if got, err := s.ReserveQuota(t.Context(), "youtube", day, 10, 100); got != 0 || !errors.Is(err, tt.err) {
			t.Errorf("%s: granted %d, %v", name, got, err)
		}
	}
}

func TestQuotaOfWhatIsNoPlatformOrNoDay(t *testing.T) {
	s := newStage(t)
	for _, tt := range []struct{ platform, day string }{{"", day}, {"../x", day}, {"YouTube", day}, {"youtube", ""}, {"youtube", "2025-02-30"}, {"youtube", "2025/04/14"}} {
		_, _, spentErr := s.QuotaSpent(t.Context(), tt.platform, tt.day)
		_, reserveErr := s.ReserveQuota(t.Context(), tt.platform, tt.day, 1, 10)
		returnErr := s.ReturnQuota(t.Context(), tt.platform, tt.day, 1)
		for _, err := range []error{spentErr, reserveErr, returnErr} {
			if !errors.Is(err, storage.ErrBadKey) {
				t.Errorf("%+v: %v", tt, err)
			}
		}
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	if _, _, err := s.QuotaSpent(t.Context(), "youtube", day); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("without a store: %v", err)
	}
}

// reserveAtOnce lets sixteen reservers, each on a store of its own, take all they get. It returns
// what they were granted, and what they were told nothing of.
func reserveAtOnce(t *testing.T, limit int, stores []*storage.Store) (granted, unknown int64) {
	t.Helper()
	var got, lost atomic.Int64
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for {
				units, err := stores[i%len(stores)].ReserveQuota(t.Context(), "youtube", day, 7, limit)
				if errors.Is(err, storage.ErrOutcomeUnknown) {
					lost.Add(7)
					continue
				}
				if err != nil {
					t.Error(err)
				}
				if got.Add(int64(units)); units == 0 {
					return
				}
			}
		})
	}
	wg.Wait()
	return got.Load(), lost.Load()
}

func TestSixteenReserversNeverOverspend(t *testing.T) {
	one := newStage(t)
	two := stageIn(t, one.folder)
	const limit = 500
	granted, unknown := reserveAtOnce(t, limit, []*storage.Store{one.Store, two.Store})
	if granted != limit || unknown != 0 || spent(t, one.Store) != limit {
		t.Errorf("granted %d, unknown %d, spent %d, limit %d", granted, unknown, spent(t, one.Store), limit)
	}
}

func TestSixteenReserversNeverOverspendOnS3WhileAnswersAreLost(t *testing.T) {
	proxy := storagetest.StartLossy(t, storagetest.StartVersityGW(t))
	s := storage.NewStore(proxy.Bucket(t), storage.StoreOptions{})
	const limit = 300
	granted, unknown := reserveAtOnce(t, limit, []*storage.Store{s})
	if units := spent(t, s); granted > limit || units != limit || granted < limit-unknown {
		t.Errorf("granted %d, unknown %d, spent %d, limit %d", granted, unknown, units, limit)
	}
	if proxy.Dropped() < 5 {
		t.Errorf("only %d answers were dropped", proxy.Dropped())
	}
}

// FuzzQuota holds the counter to its promise, whatever stands in the bucket: what it grants and what
// it says is spent are together within the limit.
func FuzzQuota(f *testing.F) {
	f.Add([]byte(`{"version":1,"limit":10,"spent":4,"revision":1,"writes":["x"]}`), 5, 10)
	f.Add([]byte(`{"spent":-9223372036854775808}`), 9223372036854775807, 1)
	f.Add([]byte(`{"spent":9223372036854775800}`), 1, -77)
	f.Add([]byte(`null`), 1, 1)
	directory, err := storage.OpenDirectory(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	s := storage.NewStore(directory, storage.StoreOptions{})
	f.Fuzz(func(t *testing.T, content []byte, units, limit int) {
		if len(content) == 0 {
			return
		}
		if _, err := directory.Put(t.Context(), quotaKey, strings.NewReader(string(content)), int64(len(content)), storage.Condition{}); err != nil {
			t.Fatal(err)
		}
		granted, err := s.ReserveQuota(t.Context(), "youtube", day, units, limit)
		if err != nil {
			if granted != 0 || !errors.Is(err, storage.ErrDamaged) && !errors.Is(err, storage.ErrNewerFormat) {
				t.Errorf("granted %d over %q: %v", granted, content, err)
			}
			return
		}
		if granted < 0 || granted > 0 && (granted > units || spent(t, s) > limit) {
			t.Errorf("granted %d of %d over %q, spent %d of %d", granted, units, content, spent(t, s), limit)
		}
	})
}
