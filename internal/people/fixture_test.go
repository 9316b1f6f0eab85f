package people_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
)

// drawer is documents in memory, shared by several registries as a bucket is by several processes.
type drawer struct {
	mu   sync.Mutex
	docs map[string]string
	tags map[string]int
	down error // what every call fails with
}

func newDrawer() *drawer { return &drawer{docs: map[string]string{}, tags: map[string]int{}} }

func (d *drawer) Get(_ context.Context, key string) ([]byte, string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down != nil {
		return nil, "", d.down
	}
	doc, ok := d.docs[key]
	if !ok {
		return nil, "", fmt.Errorf("%s: %w", key, archive.ErrNotFound)
	}
	return []byte(doc), fmt.Sprint(d.tags[key]), nil
}

func (d *drawer) Put(_ context.Context, key string, data []byte, etag string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down != nil {
		return d.down
	}
	_, there := d.docs[key]
	if there != (etag != "") || there && etag != fmt.Sprint(d.tags[key]) {
		return fmt.Errorf("%s: %w", key, archive.ErrConflict)
	}
	d.docs[key] = string(data)
	d.tags[key]++
	return nil
}

func (d *drawer) Delete(_ context.Context, key string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down == nil {
		delete(d.docs, key)
	}
	return d.down
}

func (d *drawer) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	d.mu.Lock()
	defer d.mu.Unlock()
	keys, down := slices.Sorted(maps.Keys(d.docs)), d.down
	return func(yield func(string, error) bool) {
		if down != nil {
			yield("", down)
			return
		}
		for _, key := range keys {
			if strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
	}
}

func (d *drawer) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down = err
}

// contents is everything that is stored, for looking through.
func (d *drawer) contents() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return fmt.Sprint(d.docs)
}

// clock is moved by tests.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// office is one process of a newsroom.
type office struct {
	*people.Registry
	drawer *drawer
	clock  *clock
}

// cheap makes tests quick: hashing is argon2's business.
var cheap = people.Cost{Memory: 64, Passes: 1, Lanes: 1}

func newOffice() *office {
	return officeOn(newDrawer(), &clock{at: time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC)})
}

func officeOn(d *drawer, c *clock) *office {
	return &office{people.New(d, people.Options{Cost: cheap, Now: c.now}), d, c}
}

const (
	adminLogin = "ana"
	password   = "correct horse battery staple"
	other      = "four words unlike others"
)

// settled is an office with an administrator.
func settled(t *testing.T) *office {
	t.Helper()
	o := newOffice()
	o.add(t, adminLogin, people.Admin)
	return o
}

func (o *office) add(t *testing.T, login string, roles ...people.Role) people.Account {
	t.Helper()
	a, err := o.Add(t.Context(), people.NewAccount{Login: login, Password: password, Roles: roles}, "")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var here = netip.MustParseAddr("203.0.113.9")

func (o *office) signIn(t *testing.T, login string) string {
	t.Helper()
	secret, _, err := o.SignIn(t.Context(), people.Attempt{Login: login, Password: password, Client: here, Agent: "Firefox"})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func wantField(t *testing.T, what string, err error, field string) {
	t.Helper()
	var f *archive.FieldError
	if !errors.As(err, &f) || f.Field != field || f.Cure == "" {
		t.Errorf("%s: %v; want an error of the field %s", what, err, field)
	}
}
