package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"videoteca/archive"
)

var (
	// ErrLeaseHeld says that somebody else has the lease, or may have it.
	ErrLeaseHeld = errors.New("the lease is held")
	// ErrLeaseLost says that a lease is not this holder's any more. It is an archive.ErrConflict.
	ErrLeaseLost = fmt.Errorf("the lease is lost: %w", archive.ErrConflict)
)

// leaseRecord is the stored form of a lease.
type leaseRecord struct {
	Version  int       `json:"version"`
	Holder   string    `json:"holder"`   // for people
	Holding  string    `json:"holding"`  // random, of one holder's time from acquiring to releasing
	Nonce    string    `json:"nonce"`    // random, of one write; so every write has an ETag of its own
	Counter  int64     `json:"counter"`  // one more with every write
	Term     int64     `json:"term"`     // milliseconds
	Acquired time.Time `json:"acquired"` // by the holder's clock, for people
	Released bool      `json:"released,omitempty"`
}

func (r leaseRecord) term() time.Duration { return time.Duration(r.Term) * time.Millisecond }

// Leases gives out leases, and watches those of others: one is free when its ETag
// has stood still for a whole term on this process's monotonic clock, or was released. So no
// two clocks are compared. A lease saves work that only one should do; what must not be done
// twice needs conditional writes besides.
type Leases struct {
	store *Store
	mu    sync.Mutex
	seen  map[string]sighting // by the lease's name
}

// sighting is an ETag, and since when it is known to stand there.
type sighting struct {
	etag  string
	since time.Time // with its monotonic reading
}

// Leases is the leases of the store.
func (s *Store) Leases() *Leases { return s.leases }

// Acquire takes the lease called name, of a-z, 0-9 and the hyphen, for a term. Where it is not known to be free,
// the error is ErrLeaseHeld and names the holder; calling again and again gets the lease once its holder
// has not renewed it for a term of the holder's. The holder here is for people, "host-a, process 12": one that
// starts again waits as everybody does.
func (l *Leases) Acquire(ctx context.Context, name, holder string, term time.Duration) (*Lease, error) {
	lease, err := l.acquire(ctx, name, holder, term)
	if err != nil {
		return nil, fmt.Errorf("acquiring the lease %s: %w", name, err)
	}
	return lease, nil
}

func (l *Leases) acquire(ctx context.Context, name, holder string, term time.Duration) (*Lease, error) {
	if err := checkName("lease", name); err != nil {
		return nil, err
	}
	if term < time.Millisecond {
		return nil, fmt.Errorf("a term of %s is too short", term)
	}
	if err := l.store.EnsureReady(ctx); err != nil {
		return nil, err
	}
	asked := time.Now()
	found, err := readLease(ctx, l.store.bucket, name)
	if err != nil {
		return nil, err
	}
	if !l.free(name, found, asked, term) {
		return nil, heldBy(found.value)
	}
	lease := &Lease{bucket: l.store.bucket, name: name, found: found, own: leaseRecord{
		Version: recordVersion, Holder: holder, Holding: strings.ToLower(rand.Text()),
		Term: term.Milliseconds(), Acquired: l.store.now().UTC().Truncate(time.Millisecond),
	}}
	err = lease.write(ctx)
	if errors.Is(err, ErrLeaseLost) { // to somebody who was quicker
		return nil, heldBy(lease.found.value)
	}
	return lease, err
}

// readLease reads a lease's record. One that cannot be decoded is as one without holder: it must not
// keep everybody out for ever.
func readLease(ctx context.Context, b Bucket, name string) (foundDocument[leaseRecord], error) {
	found, err := readDocument[leaseRecord](ctx, b, leaseKey(name))
	if errors.Is(err, ErrDamaged) {
		found.value, found.raw = leaseRecord{Holder: "a record that cannot be read"}, nil
		return found, nil
	}
	if err != nil {
		return found, err
	}
	return found, writable("the lease "+name, found.value.Version)
}

func leaseKey(name string) string { return "leases/" + name + ".json" }

func heldBy(r leaseRecord) error {
	return fmt.Errorf("%w by %s", ErrLeaseHeld, r.Holder)
}

// free reports whether the lease, as it was found by a request begun at asked, is nobody's. The term is
// that of the record; the caller's own stands in where it has none.
func (l *Leases) free(name string, found foundDocument[leaseRecord], asked time.Time, term time.Duration) bool {
	if found.etag == "" || found.value.Released {
		return true
	}
	if recorded := found.value.term(); recorded > 0 {
		term = recorded
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := l.seen[name]
	if seen.etag != found.etag {
		// Since the answer came: the request may have been long on its way.
		l.seen[name] = sighting{found.etag, time.Now()}
		return false
	}
	return asked.Sub(seen.since) >= term
}
