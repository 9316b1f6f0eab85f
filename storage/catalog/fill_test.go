package catalog

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"videoteca/archive"
)

func total(t *testing.T, c *Catalog) int {
	t.Helper()
	counts, err := c.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return counts.Total
}

func TestFillReadsWhatIsMissingOrChangedAndNothingElse(t *testing.T) {
	c, b := newCatalog(t), bucketOf(603)
	expect := func(want Filled) {
		t.Helper()
		got, err := c.Fill(t.Context(), b, nil)
		if err != nil || got != want {
			t.Errorf("%+v, not %+v: %v", got, want, err)
		}
	}
	expect(Filled{Listed: 603, Read: 603})
	expect(Filled{Listed: 603})
	b.write(entry(7, 2), entry(604, 1))
	delete(b.records, id(9))
	expect(Filled{Listed: 603, Read: 2, Removed: 1})
	if got := revision(t, c, id(7)); got != 2 {
		t.Errorf("revision %d", got)
	}
	if got := total(t, c); got != 603 {
		t.Errorf("%d videos", got)
	}
}

func TestFillLearnsTheETagOfWhatThisProcessWrote(t *testing.T) {
	c, b := newCatalog(t), bucketOf(3)
	put(t, c, Entry{Video: video(2, 1)})
	for _, read := range []int{3, 0} {
		if got, err := c.Fill(t.Context(), b, nil); err != nil || got.Read != read {
			t.Errorf("%d read, not %d: %v", got.Read, read, err)
		}
	}
}

func TestProgressGoesFromWhatIsThereToAll(t *testing.T) {
	c, b := newCatalog(t), bucketOf(30)
	fill(t, c, 10)
	b.unreadable[id(20)] = true
	var seen []int
	if _, err := c.Fill(t.Context(), b, func(done, total int) {
		if total != 30 {
			t.Errorf("of %d", total)
		}
		seen = append(seen, done)
	}); err != nil {
		t.Fatal(err)
	}
	for i, done := range seen {
		if done != 10+i {
			t.Fatalf("%v", seen)
		}
	}
	if len(seen) != 21 {
		t.Errorf("%v", seen)
	}
}

func TestAnInterruptedFillIsContinuedByTheNext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	c, b := open(t, path), bucketOf(400)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var reads atomic.Int32
	b.onRead = func() {
		if reads.Add(1) == 150 {
			cancel()
		}
	}
	first, err := c.Fill(ctx, b, nil)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if first.Read < 100 || first.Read >= 160 || first.Failed != 0 || total(t, c) != first.Read {
		t.Errorf("%+v with %d kept", first, total(t, c))
	}
	b.onRead = nil
	second, err := open(t, path).Fill(t.Context(), b, nil) // as the next process does
	if want := (Filled{Listed: 400, Read: 400 - first.Read}); err != nil || second != want {
		t.Errorf("%+v, not %+v: %v", second, want, err)
	}
}

func TestARecordThatCannotBeReadStopsNothing(t *testing.T) {
	c, b := newCatalog(t), bucketOf(60)
	fill(t, c, 1)
	b.write(entry(1, 2))
	b.unreadable[id(1)], b.unreadable[id(30)] = true, true
	got, err := c.Fill(t.Context(), b, nil)
	if want := (Filled{Listed: 60, Read: 58, Failed: 2}); err != nil || got != want {
		t.Errorf("%+v, not %+v: %v", got, want, err)
	}
	if got := revision(t, c, id(1)); got != 1 { // what was known stays
		t.Errorf("revision %d", got)
	}
	clear(b.unreadable)
	if got, err := c.Fill(t.Context(), b, nil); err != nil || got.Read != 2 {
		t.Errorf("%+v: %v", got, err)
	}
}

func TestManyRecordsThatCannotBeReadStopNothingWhileOthersCan(t *testing.T) {
	c, b := newCatalog(t), bucketOf(4*failuresInARow)
	for n := range 4 * failuresInARow {
		b.unreadable[id(n)] = n%4 != 0
	}
	got, err := c.Fill(t.Context(), b, nil)
	if err != nil || got.Read != failuresInARow || got.Failed != 3*failuresInARow {
		t.Errorf("%+v: %v", got, err)
	}
}

func TestABucketThatGoesDownEndsTheFillAndCostsNoRow(t *testing.T) {
	c, b := newCatalog(t), bucketOf(1000)
	fill(t, c, 5)
	b.down = true
	got, err := c.Fill(t.Context(), b, nil)
	if !errors.Is(err, errDown) || got.Failed != failuresInARow {
		t.Errorf("%+v: %v", got, err)
	}
	if asked := b.asked(); asked > failuresInARow+2*readsAtOnce {
		t.Errorf("it was asked %d times", asked)
	}
	if total(t, c) != 5 {
		t.Errorf("%d rows", total(t, c))
	}
}

func TestOnlyACompleteListingRemoves(t *testing.T) {
	c, b := newCatalog(t), bucketOf(20)
	fill(t, c, 30) // of which ten are no longer in the bucket
	b.write(entry(2, 2))
	b.listing = 10
	got, err := c.Fill(t.Context(), b, nil)
	if !errors.Is(err, errDown) || got != (Filled{Listed: 10, Read: 1}) {
		t.Errorf("%+v: %v", got, err)
	}
	if total(t, c) != 30 || revision(t, c, id(2)) != 2 {
		t.Errorf("%d rows", total(t, c))
	}
	b.listing = 0
	if got, err = c.Fill(t.Context(), b, nil); err != nil || got.Removed != 10 || total(t, c) != 20 {
		t.Errorf("%+v, %d rows: %v", got, total(t, c), err)
	}
}

func TestAnEmptyStoreRemovesNothing(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 3)
	if got, err := c.Fill(t.Context(), newBucket(), nil); err != nil || got != (Filled{}) || total(t, c) != 3 {
		t.Errorf("%+v, %d rows: %v", got, total(t, c), err)
	}
}

func TestAVideoRegisteredDuringTheListingIsNotTakenForVanished(t *testing.T) {
	c, b := newCatalog(t), bucketOf(3)
	b.onRead = func() { // the listing is over, and did not have it
		if err := c.Put(t.Context(), entry(50, 1)); err != nil {
			t.Error(err)
		}
	}
	if got, err := c.Fill(t.Context(), b, nil); err != nil || got.Removed != 0 {
		t.Errorf("%+v: %v", got, err)
	}
	if got := revision(t, c, id(50)); got != 1 {
		t.Errorf("revision %d", got)
	}
}

func TestReindexingTakesTheStoresWordWhateverTheRevision(t *testing.T) {
	c, b := newCatalog(t), bucketOf(3)
	put(t, c, entry(2, 9)) // of a store that has since been restored from an older copy
	if _, err := c.Fill(t.Context(), b, nil); err != nil {
		t.Fatal(err)
	}
	if got := revision(t, c, id(2)); got != 9 {
		t.Fatalf("filling replaced it by revision %d", got)
	}
	put(t, c, entry(7, 1))
	filled, err := c.Reindex(t.Context(), b, nil)
	if err != nil || filled.Read != 3 || filled.Removed != 1 {
		t.Errorf("%+v, %v", filled, err)
	}
	if got := revision(t, c, id(2)); got != 1 {
		t.Errorf("revision %d", got)
	}
}

// crowded is a store that others write into while it is read.
type crowded struct {
	*bucket
	listings  int
	onListing func(n int)              // before the n-th one, from 1 on
	afterRead func(id archive.VideoID) // before what was read is kept
}

func (s *crowded) Videos(ctx context.Context) iter.Seq2[Listed, error] {
	s.listings++
	if s.onListing != nil {
		s.onListing(s.listings)
	}
	return s.bucket.Videos(ctx)
}

func (s *crowded) Read(ctx context.Context, id archive.VideoID) (archive.Video, string, error) {
	v, etag, err := s.bucket.Read(ctx, id)
	if s.afterRead != nil {
		s.afterRead(id)
	}
	return v, etag, err
}

func TestReindexingNeverPutsAnOlderRecordInThePlaceOfWhatOthersWriteMeanwhile(t *testing.T) {
	for name, etag := range map[string]string{"as the feed tells of it": "etag-2-6", "as a process writes it": ""} {
		t.Run(name, func(t *testing.T) {
			c, b := newCatalog(t), newBucket(entry(1, 1), entry(2, 5))
			put(t, c, entry(1, 1), Entry{Video: video(2, 5)})
			s := &crowded{bucket: b}
			var once sync.Once
			s.afterRead = func(read archive.VideoID) {
				if read != id(2) {
					return
				}
				once.Do(func() {
					b.write(entry(2, 6))
					if err := c.Put(t.Context(), Entry{Video: video(2, 6), ETag: etag}); err != nil {
						t.Error(err)
					}
				})
			}
			s.onListing = func(n int) { // the second one comes after all is kept
				if got := revision(t, c, id(2)); n == 2 && got != 6 {
					t.Errorf("readers got revision %d", got)
				}
			}
			if _, err := c.Reindex(t.Context(), s, nil); err != nil {
				t.Fatal(err)
			}
			if got := revision(t, c, id(2)); got != 6 {
				t.Errorf("revision %d", got)
			}
		})
	}
}

func TestReindexingARestoredStoreTakesInWhatIsWrittenIntoItMeanwhile(t *testing.T) {
	c, b := newCatalog(t), newBucket(entry(1, 1))
	put(t, c, entry(1, 9)) // from before the store was restored
	s := &crowded{bucket: b}
	var once sync.Once
	s.afterRead = func(archive.VideoID) {
		once.Do(func() {
			b.write(entry(1, 2))
			if err := c.Put(t.Context(), entry(1, 2)); err != nil { // passed over for revision 9
				t.Error(err)
			}
		})
	}
	if filled, err := c.Reindex(t.Context(), s, nil); err != nil || filled != (Filled{Listed: 1, Read: 1}) {
		t.Errorf("%+v, %v", filled, err)
	}
	if got := revision(t, c, id(1)); got != 2 {
		t.Errorf("revision %d", got)
	}
}

func TestReindexingAnEmptyStoreRemovesNothing(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 3)
	if got, err := c.Reindex(t.Context(), newBucket(), nil); err != nil || got != (Filled{}) || total(t, c) != 3 {
		t.Errorf("%+v, %d rows: %v", got, total(t, c), err)
	}
}
