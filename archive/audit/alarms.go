package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"videoteca/archive"
)

// AlarmsName is the setting that keeps which guards were announced.
const AlarmsName = "alarms"

// Settings is where alarms are kept for all processes. A setting that somebody wrote in between gets
// archive.ErrConflict; a missing one archive.ErrNotFound.
type Settings interface {
	Setting(ctx context.Context, name string, into any) (etag string, err error)
	SaveSetting(ctx context.Context, name, etag string, value any) (string, error)
}

// Alarms remember which platforms' guards were announced to be up, so that each rise and each end is
// announced once, also an end that comes while no process runs. The zero value is ready, remembers for its own
// process alone, and is safe for concurrent use.
type Alarms struct {
	settings Settings

	mu sync.Mutex
	up map[string]time.Time // since when, by platform
}

// NewAlarms are alarms that all processes of an installation share.
func NewAlarms(s Settings) *Alarms { return &Alarms{settings: s} }

// announced is what lies in the setting.
type announced struct {
	Up map[string]time.Time `json:"up"`
}

// read takes over what is kept.
func (a *Alarms) read(ctx context.Context) error {
	if a.settings == nil {
		return nil
	}
	var kept announced
	if _, err := a.settings.Setting(ctx, AlarmsName, &kept); err != nil && !errors.Is(err, archive.ErrNotFound) {
		return fmt.Errorf("reading which guards were announced: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.up = kept.Up
	return nil
}

// note takes that a guard is up or not, and reports whether it has just risen or just ended, and whether that is
// to be kept. Was is what others have recorded before: a guard that was up without our doing is announced
// already.
func (a *Alarms) note(platform string, was, is bool, at time.Time) (raised, ended, moved bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, known := a.up[platform]
	switch {
	case is && !known:
		if a.up == nil {
			a.up = map[string]time.Time{}
		}
		a.up[platform] = at
	case !is && known:
		delete(a.up, platform)
	}
	return is && !known && !was, !is && known, is != known
}

// keepTries is how often keeping starts over where another process wrote in between.
const keepTries = 5

// keep writes what was noted of the platform for other processes.
func (a *Alarms) keep(ctx context.Context, platform string) error {
	if a.settings == nil {
		return nil
	}
	since, up := a.since(platform)
	for range keepTries {
		var kept announced
		etag, err := a.settings.Setting(ctx, AlarmsName, &kept)
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			return err
		}
		if _, known := kept.Up[platform]; known == up {
			return nil
		}
		if kept.Up == nil {
			kept.Up = map[string]time.Time{}
		}
		if kept.Up[platform] = since; !up {
			delete(kept.Up, platform)
		}
		if _, err = a.settings.SaveSetting(ctx, AlarmsName, etag, kept); !errors.Is(err, archive.ErrConflict) {
			return err
		}
	}
	return archive.ErrConflict
}

func (a *Alarms) since(platform string) (time.Time, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at, up := a.up[platform]
	return at, up
}

// raised are the platforms whose guards were up when last looked at.
func (a *Alarms) raised() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(maps.Keys(a.up))
}
