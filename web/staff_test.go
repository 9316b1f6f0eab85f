package web_test

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/web"
)

// drawer is where the accounts of these tests are kept.
type drawer struct {
	mu   sync.Mutex
	docs map[string][]byte
	tags map[string]int
	down error
}

func (d *drawer) Get(_ context.Context, key string) ([]byte, string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if data, ok := d.docs[key]; ok || d.down != nil {
		return data, fmt.Sprint(d.tags[key]), d.down
	}
	return nil, "", archive.ErrNotFound
}

func (d *drawer) Put(_ context.Context, key string, data []byte, etag string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, there := d.docs[key]; there != (etag != "") || there && etag != fmt.Sprint(d.tags[key]) {
		return archive.ErrConflict
	}
	d.docs[key] = data
	d.tags[key]++
	return d.down
}

func (d *drawer) Delete(_ context.Context, key string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.docs, key)
	return d.down
}

func (d *drawer) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	d.mu.Lock()
	defer d.mu.Unlock()
	keys := slices.Sorted(maps.Keys(d.docs))
	return func(yield func(string, error) bool) {
		for _, key := range keys {
			if strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
	}
}

const staffPassword = "correct horse battery staple"

// staffed is a site where people have accounts: one a role, called as the role is.
type staffed struct {
	*site
	people *people.Registry
	drawer *drawer
	attic  *attic
}

// attic holds what belongs to every video, notes which were erased, and knows what was done.
type attic struct {
	shelf  *shelf
	erased []archive.VideoID
	objs   []archive.Belonging
	events []archive.Event
}

func (a *attic) eraser() *archive.Eraser {
	return archive.NewEraser(archive.EraserOptions{Store: a.shelf, Attic: a, Now: now})
}

// Preview implements web.Eraser.
func (a *attic) Preview(ctx context.Context, id archive.VideoID) ([]archive.Belonging, error) {
	return a.eraser().Preview(ctx, id)
}

// Erase implements web.Eraser.
func (a *attic) Erase(ctx context.Context, id archive.VideoID, basis, reason, actor string) (archive.Video, error) {
	v, err := a.eraser().Erase(ctx, id, basis, reason, actor)
	if err == nil {
		a.erased = append(a.erased, id)
	}
	return v, err
}

// Belongings implements archive.Attic.
func (a *attic) Belongings(context.Context, archive.VideoID, []string) iter.Seq2[archive.Belonging, error] {
	return func(yield func(archive.Belonging, error) bool) {
		for _, b := range slices.Clone(a.objs) {
			if !yield(b, nil) {
				return
			}
		}
	}
}

// RemoveBelonging implements archive.Attic.
func (a *attic) RemoveBelonging(_ context.Context, _ archive.VideoID, b archive.Belonging) error {
	a.objs = slices.DeleteFunc(a.objs, func(o archive.Belonging) bool { return o == b })
	return nil
}

// ReleaseClaim implements archive.Attic.
func (a *attic) ReleaseClaim(context.Context, archive.VideoID, string) error { return nil }

// Events implements web.History.
func (a *attic) Events(context.Context, archive.VideoID) iter.Seq2[archive.Event, error] {
	return func(yield func(archive.Event, error) bool) {
		for _, e := range a.events {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// EventsAfter implements web.History.
func (a *attic) EventsAfter(ctx context.Context, id archive.VideoID, after string) iter.Seq2[archive.Event, error] {
	return func(yield func(archive.Event, error) bool) {
		for e, err := range a.Events(ctx, id) {
			if (after == "" || e.ID > after) && !yield(e, err) {
				return
			}
		}
	}
}

func newStaffed(t testing.TB, change ...func(*web.Options)) *staffed {
	t.Helper()
	s := &staffed{drawer: &drawer{docs: map[string][]byte{}, tags: map[string]int{}}, attic: &attic{}}
	s.site = newSite(t, append([]func(*web.Options){func(o *web.Options) {
		s.people = people.New(s.drawer, people.Options{Cost: people.Cost{Memory: 64, Passes: 1, Lanes: 1}, Now: o.Now})
		o.People, o.Token, o.Eraser, o.History = s.people, "", s.attic, s.attic
		o.Undoer = undoing{newLibrary(o.Catalog.(*shelf)), o.Catalog.(*shelf)}
	}}, change...)...)
	s.attic.shelf = s.shelf
	for _, role := range people.Roles() {
		if _, err := s.people.Add(t.Context(), people.NewAccount{Login: string(role), Password: staffPassword, Roles: []people.Role{role}}, ""); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// as signs in and returns the session's cookie.
func (s *staffed) as(t testing.TB, login string) with {
	t.Helper()
	r := s.ask(t, http.MethodPost, "/login", url.Values{"login": {login}, "password": {staffPassword}}.Encode())
	for _, c := range r.Cookies() {
		if strings.HasSuffix(c.Name, "videoteca_session") && c.Value != "" {
			return cookie(c)
		}
	}
	t.Fatalf("signing in as %s: status %d and no cookie", login, r.StatusCode)
	return nil
}

// token makes one for a program of the administrator's.
func (s *staffed) token(t testing.TB, scopes ...people.Permission) with {
	t.Helper()
	secret, _, err := s.people.CreateToken(t.Context(), "admin", people.NewToken{Name: "test", Scopes: scopes, Expires: now().Add(24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return header("Authorization", "Bearer "+secret)
}
