package storagetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"videoteca/storage"
)

// What races: as many writers as a newsroom has editors at a desk on a bad day.
const (
	writers    = 16
	increments = 20

	firstPause    = 5 * time.Millisecond
	mostDoublings = 4

	mostTries = 20              // of what has no conflicts to wait for
	raceTime  = 2 * time.Minute // a store that refuses every write must fail and not hang; a slow one takes seconds
)

func creators(t *testing.T, b storage.Bucket) {
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() { _, errs[i] = put(t.Context(), b, "race.json", fmt.Sprint("writer ", i), storage.IfAbsent()) })
	}
	wg.Wait()
	winners, winner := 0, -1
	for i, err := range errs {
		switch {
		case err == nil:
			winners, winner = winners+1, i
		case !errors.Is(err, storage.ErrPreconditionFailed):
			t.Errorf("writer %d: %v", i, err)
		}
	}
	if got, _, err := get(t.Context(), b, "race.json", storage.Range{}); winners != 1 || err != nil || got != fmt.Sprint("writer ", winner) {
		t.Errorf("%d winners, the last is %d, and the object says %q (%v)", winners, winner, got, err)
	}
}

func counters(t *testing.T, b storage.Bucket) {
	count := race(t, b)
	if count.N != writers*increments {
		t.Errorf("counted to %d, want %d", count.N, writers*increments)
	}
}

// Count races sixteen writers that each add one to a counter twenty times, settling
// replies that are lost, and returns what it came to. Unknown outcomes fail the test.
func Count(t *testing.T, b storage.Bucket) int { return race(t, b).N }

// counter is the record that the writers share.
type counter struct {
	N int `json:"n"`
	storage.Written
}

func race(t *testing.T, b storage.Bucket) counter {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), raceTime)
	defer cancel()
	if err := start(ctx, b); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for n := range increments {
				if err := increment(ctx, b, fmt.Sprintf("%d-%d", i, n)); err != nil {
					t.Errorf("writer %d: %v", i, err)
					return
				}
			}
		})
	}
	wg.Wait()
	c, _, err := readCounter(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const counterKey = "counter.json"

func start(ctx context.Context, b storage.Bucket) error {
	for try := 0; ; try++ {
		_, err := put(ctx, b, counterKey, `{"n":0}`, storage.IfAbsent())
		if err == nil || errors.Is(err, storage.ErrPreconditionFailed) {
			return nil
		}
		if try == mostTries || ctx.Err() != nil {
			return err
		}
	}
}

// increment adds one, by the rule for lost replies.
func increment(ctx context.Context, b storage.Bucket, id string) error {
	for try := 0; ; try++ {
		c, etag, err := readCounter(ctx, b)
		if err != nil {
			return err
		}
		next := counter{c.N + 1, c.Next(id)}
		data, err := json.Marshal(next)
		if err != nil {
			return err
		}
		_, err = put(ctx, b, counterKey, string(data), storage.IfMatch(etag))
		if err == nil {
			time.Sleep(rand.N(firstPause << mostDoublings))
			return nil
		}
		if ctx.Err() != nil {
			return err
		}
		if !errors.Is(err, storage.ErrNotWritten) { // whoever repeats no request says for certain that it did not happen
			if happened, err := settled(ctx, b, id, next.Revision); happened || err != nil {
				return err
			}
		}
		// As storage.Store does: who collided waits at random, longer each time. Otherwise
		// sixteen others write before a lost reply is looked into, and nobody can tell.
		time.Sleep(rand.N(firstPause << min(try, mostDoublings)))
	}
}

// settled finds out whether the write of an id happened, which was to reach a revision.
func settled(ctx context.Context, b storage.Bucket, id string, revision int64) (bool, error) {
	found, _, err := readCounter(ctx, b)
	if err != nil {
		return false, err
	}
	return storage.Settle(found.Written, id, revision)
}

func readCounter(ctx context.Context, b storage.Bucket) (counter, string, error) {
	for try := 0; ; try++ {
		data, object, err := get(ctx, b, counterKey, storage.Range{})
		if err == nil {
			var c counter
			err = json.Unmarshal([]byte(data), &c)
			return c, object.ETag, err
		}
		if try == mostTries {
			return counter{}, "", err
		}
	}
}
