package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"videoteca/archive"
	"videoteca/internal/settings"
	"videoteca/web"
)

// cabinet keeps settings in memory; it implements settings.Store.
type cabinet struct {
	mu      sync.Mutex
	docs    map[string]map[string]any
	tags    map[string]int
	changes []archive.SettingChange
	down    error
}

func tree(value any) map[string]any {
	raw, _ := json.Marshal(value) // of settings, which can be written
	fields := map[string]any{}
	_ = json.Unmarshal(raw, &fields)
	return fields
}

func (c *cabinet) Setting(_ context.Context, name string, into any) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	doc, ok := c.docs[name]
	if !ok || c.down != nil {
		if c.down != nil {
			return "", c.down
		}
		return "", archive.ErrNotFound
	}
	raw, _ := json.Marshal(doc)
	return fmt.Sprint(c.tags[name]), json.Unmarshal(raw, into)
}

func (c *cabinet) ChangeSetting(_ context.Context, name, etag string, value any, actor string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old, there := c.docs[name]
	if there != (etag != "") || there && etag != fmt.Sprint(c.tags[name]) {
		return "", archive.ErrConflict
	}
	fresh := tree(value)
	e := archive.SettingChange{ID: fmt.Sprint(len(c.changes)), Setting: name, At: now(), Actor: actor, Before: map[string]any{}, After: map[string]any{}}
	for field := range maps.Keys(old) {
		if old[field] != fresh[field] {
			e.Before[field] = old[field]
		}
	}
	for field := range maps.Keys(fresh) {
		if old[field] != fresh[field] {
			e.After[field] = fresh[field]
		}
	}
	if len(e.Before)+len(e.After) > 0 {
		c.docs[name], c.changes = fresh, slices.Insert(c.changes, 0, e)
		c.tags[name]++
	}
	return fmt.Sprint(c.tags[name]), c.down
}

func (c *cabinet) SettingChanges(_ context.Context, n int) ([]archive.SettingChange, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.changes[:min(n, len(c.changes))]), c.down
}

// office implements web.Settings on a book like the program's own.
type office struct {
	*settings.Book
	cabinet *cabinet
	library *archive.Library
	shelf   *shelf
	losses  []archive.Loss
	asked   []archive.Retention // of which losses
}

func newOffice(s *shelf) *office {
	c := &cabinet{docs: map[string]map[string]any{}, tags: map[string]int{}}
	return &office{Book: settings.New(c), cabinet: c, library: newLibrary(s), shelf: s}
}

func (d *office) Losses(_ context.Context, period archive.Retention) ([]archive.Loss, error) {
	d.asked = append(d.asked, period)
	return d.losses, nil
}

func (d *office) RuleHost(ctx context.Context, host string, as archive.Ruling, reason, actor string) (int, error) {
	d.shelf.mu.Lock()
	videos := slices.Collect(maps.Values(d.shelf.videos))
	d.shelf.mu.Unlock()
	var each iter.Seq2[archive.Video, error] = func(yield func(archive.Video, error) bool) {
		for _, v := range videos {
			if !yield(v, nil) {
				return
			}
		}
	}
	return d.library.RuleHost(ctx, each, host, as, reason, actor)
}

func (d *office) Facts(context.Context) []web.Fact {
	return []web.Fact{
		{Name: "store", Value: "/srv/" + hostile, Flag: "--store"}, {Name: "youtubeKey", State: web.Given(true), Flag: "--youtube-key-file"},
		{Name: "quota", State: web.Unknown}, {Name: "audits", State: web.Switched(false)}, {Name: "mail", State: web.Absent},
	}
}
