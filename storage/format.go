package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

// Format is the version of the layout that this program reads and writes.
const Format = 1

// ErrNewerFormat says that a later version of the program wrote the store.
var ErrNewerFormat = errors.New("the store has a newer format")

// ErrBaseURLKept says that the store keeps another public base URL than the one given.
var ErrBaseURLKept = errors.New("the store keeps another base URL")

// Installation is videoteca.json.
type Installation struct {
	Format         int       `json:"format"`
	ID             string    `json:"id"`
	Created        time.Time `json:"created"`
	BaseURL        string    `json:"baseUrl,omitempty"`        // public; empty until one is given
	BaseURLAliases []string  `json:"baseUrlAliases,omitempty"` // earlier ones, which articles still use
}

// ReadInstallation reads the store's marker. A store without one gets archive.ErrNotFound, one of a later
// format ErrNewerFormat, and a marker that says nothing ErrDamaged.
func ReadInstallation(ctx context.Context, b Bucket) (Installation, error) {
	found, err := readInstallation(ctx, b)
	return found.Installation, err
}

// Ensure reads the store's marker, or writes it into a new store. It proves nothing of the
// store: see Store.EnsureReady.
func Ensure(ctx context.Context, b Bucket, now time.Time) (Installation, error) {
	found, err := readInstallation(ctx, b)
	if !errors.Is(err, archive.ErrNotFound) {
		return found.Installation, err
	}
	fresh := Installation{Format: Format, ID: strings.ToLower(rand.Text()), Created: now.UTC().Truncate(time.Second)}
	if err := create(ctx, b, KeyInstallation, fresh); err != nil && !errors.Is(err, archive.ErrExists) {
		return Installation{}, fmt.Errorf("marking the store: %w", err)
	}
	found, err = readInstallation(ctx, b) // another process may have been first
	return found.Installation, err
}

// foundInstallation is the marker as it was read.
type foundInstallation struct {
	Installation
	etag string
	raw  []byte
}

func readInstallation(ctx context.Context, b Bucket) (foundInstallation, error) {
	data, object, err := readAll(ctx, b, KeyInstallation, maxRecord)
	if err != nil {
		return foundInstallation{}, fmt.Errorf("reading the store's marker: %w", err)
	}
	i, err := parseInstallation(data)
	return foundInstallation{Installation: i, etag: object.ETag, raw: data}, err
}

func parseInstallation(data []byte) (Installation, error) {
	var i Installation
	if err := decode(KeyInstallation, data, &i); err != nil {
		return Installation{}, fmt.Errorf("%w; restore it from a backup, with videoteca verify --from", err)
	}
	if i.Format > Format {
		return Installation{}, fmt.Errorf("%w: it is %d, and this program knows %d; use a later version of videoteca", ErrNewerFormat, i.Format, Format)
	}
	if i.Format < 1 || i.ID == "" {
		return Installation{}, fmt.Errorf("%w: %s has no format or no id; restore it from a backup, with videoteca verify --from", ErrDamaged, KeyInstallation)
	}
	return i, nil
}

// SetBaseURL keeps the public base URL. The first one is taken; another one
// needs change, and then the old one stays as an alias, for it stands in articles.
func SetBaseURL(ctx context.Context, b Bucket, url string, change bool) (Installation, error) {
	for range maxAttempts {
		found, err := readInstallation(ctx, b)
		if err != nil || found.BaseURL == url {
			return found.Installation, err
		}
		if found.BaseURL != "" && !change {
			return found.Installation, fmt.Errorf("%w: it is %s; articles use it, so a change to %s needs --change-base-url", ErrBaseURLKept, found.BaseURL, url)
		}
		next := found.Installation
		next.BaseURL, next.BaseURLAliases = url, Aliases(next, url)
		data, err := rewrite(found.raw, found.Installation, next)
		if err != nil {
			return found.Installation, err
		}
		_, err = put(ctx, b, KeyInstallation, data, IfMatch(found.etag))
		if err == nil {
			return next, nil
		}
		// Keeping an address is idempotent, so a write of unknown outcome is simply tried again.
		if !errors.Is(err, ErrPreconditionFailed) && !uncertain(err) {
			return found.Installation, domainError(err)
		}
		pause(ctx, firstPause)
	}
	return Installation{}, fmt.Errorf("keeping the base URL: %w", archive.ErrConflict)
}

// Aliases are the addresses under which a store is reached beside url: those it had, and the one it has.
func Aliases(i Installation, url string) []string {
	list := slices.DeleteFunc(slices.Clone(i.BaseURLAliases), func(a string) bool { return a == url || a == i.BaseURL })
	if i.BaseURL != "" {
		list = append(list, i.BaseURL)
	}
	return list
}
