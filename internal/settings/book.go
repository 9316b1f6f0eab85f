package settings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"videoteca/archive"
)

// Store keeps settings for all replicas.
type Store interface {
	// Setting reads a setting. A missing one gets archive.ErrNotFound and leaves into as it is. The ETag is opaque.
	Setting(ctx context.Context, name string, into any) (etag string, err error)

	// ChangeSetting writes a setting where the one that stands has the ETag, or, with an empty one,
	// where none stands, and records who changed what; otherwise it gets archive.ErrConflict.
	ChangeSetting(ctx context.Context, name, etag string, value any, actor string) (string, error)

	// SettingChanges is the newest changes, the newest first, at most n.
	SettingChanges(ctx context.Context, n int) ([]archive.SettingChange, error)
}

// Chosen is a setting as it stands.
type Chosen struct {
	Name   string
	Tag    string            // changes with every change, and names a setting that nobody chose too
	Values map[string]string // by field; what is absent is the standard
}

// Change is what somebody wants to choose.
type Change struct {
	Setting string
	Tag     string            // of what they saw; empty: whatever stands
	Values  map[string]string // by field; an empty one takes the choice back, and what is absent stays
	Actor   string            // a login
}

// Book is the settings of an installation. It is safe for concurrent use.
type Book struct{ store Store }

// New opens the book.
func New(store Store) *Book { return &Book{store} }

// Read reads a setting. A name that is none gets archive.ErrNotFound.
func (b *Book) Read(ctx context.Context, name string) (Chosen, error) {
	g, err := group(name)
	if err != nil {
		return Chosen{}, err
	}
	p, err := b.open(ctx, g)
	return p.Chosen, err
}

// page is a setting as it was read.
type page struct {
	Chosen
	document any
	etag     string
}

func (b *Book) open(ctx context.Context, g Group) (page, error) {
	p := page{Chosen: Chosen{Name: g.Name}, document: g.empty()}
	etag, err := b.store.Setting(ctx, g.Name, p.document)
	if err != nil && !errors.Is(err, archive.ErrNotFound) {
		return p, err
	}
	p.etag, p.Tag = etag, tagOf(etag)
	p.Values, err = g.values(p.document)
	return p, err
}

// tagOf makes of the store's ETag, which may be anything, a word that headers and forms can carry.
func tagOf(etag string) string {
	sum := sha256.Sum256([]byte(etag))
	return hex.EncodeToString(sum[:8])
}

// changeTries is how often a change starts over that goes with whatever stands.
const changeTries = 8

// Change chooses. Values that cannot be used get Refused, which names their fields; a setting that
// changed since its Tag was seen gets archive.ErrConflict, with what stands. Either changes nothing.
func (b *Book) Change(ctx context.Context, c Change) (Chosen, error) {
	g, err := group(c.Setting)
	if err != nil {
		return Chosen{}, err
	}
	for range changeTries {
		var p page
		if p, err = b.try(ctx, g, c); !errors.Is(err, archive.ErrConflict) || c.Tag != "" {
			return p.Chosen, err
		}
	}
	return Chosen{}, err
}

func (b *Book) try(ctx context.Context, g Group, c Change) (page, error) {
	p, err := b.open(ctx, g)
	if err != nil {
		return p, err
	}
	if c.Tag != "" && c.Tag != p.Tag {
		return p, fmt.Errorf("changing the setting %s: %w", g.Name, archive.ErrConflict)
	}
	next, err := g.with(p.document, c.Values)
	if err != nil {
		return p, err
	}
	if _, err := b.store.ChangeSetting(ctx, g.Name, p.etag, next, c.Actor); err != nil {
		return p, err
	}
	return b.open(ctx, g)
}

// put sets the values in the tree of a document, and reports all that cannot be read.
func (g Group) put(tree map[string]any, values map[string]string) error {
	var problems Refused
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f, known := g.Field(name)
		if !known {
			problems = append(problems, &archive.FieldError{Field: name, Problem: "there is no such setting", Cure: "choose among " + strings.Join(g.names(), ", ")})
			continue
		}
		delete(tree, name)
		text := strings.TrimSpace(values[name])
		if text == "" {
			continue
		}
		value, problem := f.parse(text)
		if problem != nil {
			problems = append(problems, problem)
			continue
		}
		tree[name] = value
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func (g Group) names() []string {
	var names []string
	for _, f := range g.Fields {
		names = append(names, f.Name)
	}
	return names
}

// Changes is the newest changes of all settings, the newest first, at most n.
func (b *Book) Changes(ctx context.Context, n int) ([]archive.SettingChange, error) {
	return b.store.SettingChanges(ctx, n)
}
