package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// installationFile remembers videoteca.json on this machine, so that a restart
// with the bucket down still knows under which address it is asked.
const installationFile = "installation.json"

// storePatience is how long a start waits for the store. Embeds are served without it.
const storePatience = 4 * time.Second

// errNoInstallation says that there is nothing where --store points, which may be a slip of the pen.
var errNoInstallation = errors.New("there is no installation there")

// meet reads the store's marker before anything else is done with the store: one of a later version
// must not be misread, and a mistyped address must not pass for an empty newsroom. A store
// that cannot be reached is no error here; what this machine remembers of it stands in.
func (n *newsroom) meet(ctx context.Context, founds bool) error {
	asking, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	found, err := storage.ReadInstallation(asking, n.store.Bucket())
	missing := errors.Is(err, archive.ErrNotFound) || errors.Is(err, storage.ErrNoStore)
	switch {
	case err == nil, missing && founds:
		n.marker, n.away = found, nil
		return nil
	case missing:
		return n.nothingThere(err)
	case errors.Is(err, archive.ErrUnavailable):
		n.marker, n.away = n.remembered(), err
		return nil
	}
	return fmt.Errorf("--store %s: %w", n.address, err)
}

// introduced meets the store as the opening wants it.
func (n *newsroom) introduced(ctx context.Context, o opening) error {
	if o.serves {
		return nil
	}
	err := n.meet(ctx, o.founds)
	if o.examines && err != nil {
		return n.examinable(ctx, err)
	}
	return err
}

// examinable lets a store be looked at whose marker is damaged, or is missing while other objects are there.
func (n *newsroom) examinable(ctx context.Context, met error) error {
	if errors.Is(met, storage.ErrDamaged) {
		return nil
	}
	if !errors.Is(met, errNoInstallation) || errors.Is(met, storage.ErrNoStore) {
		return met
	}
	for range n.store.Bucket().List(ctx, "", "") {
		return nil
	}
	return met
}

// refused reports a store that must not be served from. One that cannot be reached, or whose marker is
// damaged, is no reason not to start: it is asked again, and what is known is served.
func (n *newsroom) refused(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	err := n.store.EnsureReady(asking)
	if err == nil {
		err = n.meet(asking, true)
	}
	if errors.Is(err, storage.ErrUnsupported) || errors.Is(err, storage.ErrNewerFormat) {
		return err
	}
	if err != nil {
		n.marker, n.away = n.remembered(), err
	}
	switch {
	case errors.Is(n.away, storage.ErrDamaged):
		n.log.ErrorContext(ctx, "the store's marker is damaged; what is known is served meanwhile, and nothing is written", slog.Any("error", n.away))
	case n.away != nil:
		n.log.WarnContext(ctx, "the store cannot be reached; what is known is served meanwhile", slog.Any("error", n.away))
	}
	n.remember(ctx)
	return nil
}

// nothingThere is the error for a store that has to be there and is not.
func (n *newsroom) nothingThere(cause error) error {
	return fmt.Errorf("%w: --store %s: %w; videoteca serve and videoteca add make one (%w)", errUsage, n.address, errNoInstallation, cause)
}

// remembered is the marker as this machine saw it last; zero if it never did.
func (n *newsroom) remembered() storage.Installation {
	var i storage.Installation
	raw, err := os.ReadFile(filepath.Join(n.cacheDir, installationFile))
	if err != nil || json.Unmarshal(raw, &i) != nil {
		return storage.Installation{}
	}
	return i
}

// remember writes the marker down for a start at which the store does not answer.
func (n *newsroom) remember(ctx context.Context) {
	if n.marker.ID == "" || n.away != nil {
		return
	}
	raw, err := json.Marshal(n.marker)
	if err == nil {
		err = os.WriteFile(filepath.Join(n.cacheDir, installationFile), raw, 0o600)
	}
	if err != nil {
		n.log.WarnContext(ctx, "the installation is not remembered on this machine", slog.Any("error", err))
	}
}
