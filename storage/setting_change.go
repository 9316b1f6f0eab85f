package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"videoteca/archive"
)

const (
	prefixSettingChanges = "settings/events/"

	// settingWrites is the field of a setting that names the events of its newest writes.
	settingWrites = "writes"
)

// storedSettingChange is the stored form of a change.
type storedSettingChange struct {
	Version int `json:"version"`
	archive.SettingChange
}

// ChangeSetting saves a setting as SaveSetting does and records who changed what. The event is written
// first, and the setting names it among its writes, so no change stands without its event, and an
// event of a change that never came is told from one that did. Where the value says what
// stands already, nothing is written.
func (s *Store) ChangeSetting(ctx context.Context, name, etag string, value any, actor string) (string, error) {
	key, err := settingKey(name)
	if err != nil {
		return "", err
	}
	if err := s.EnsureReady(ctx); err != nil {
		return "", fmt.Errorf("changing the setting %s: %w", name, err)
	}
	d, err := s.settingDraft(ctx, key, etag, value)
	if err == nil {
		etag, err = s.changeDraft(ctx, name, d, actor)
	}
	if err != nil {
		return "", fmt.Errorf("changing the setting %s: %w", name, err)
	}
	return etag, nil
}

func (s *Store) changeDraft(ctx context.Context, name string, d settingDraft, actor string) (string, error) {
	e, differs, err := d.change()
	if err != nil || !differs {
		return d.etag, err
	}
	before, err := writesOf(d.key, d.raw)
	if err != nil {
		return "", err
	}
	e.Setting, e.Actor, e.At = name, actor, s.now().UTC()
	if e.ID, err = s.ids.next(e.At); err != nil {
		return "", err
	}
	if err := create(ctx, s.bucket, prefixSettingChanges+e.ID+".json", storedSettingChange{recordVersion, e}); err != nil {
		return "", fmt.Errorf("writing the event: %w", err)
	}
	d.next[settingWrites] = before.Next(e.ID).Writes
	return s.putDraft(ctx, d)
}

// change is the fields in which the draft differs from what stands.
func (d settingDraft) change() (e archive.SettingChange, differs bool, err error) {
	old := map[string]any{}
	if d.known != nil {
		tree, err := toTree(d.known)
		if err != nil {
			return e, false, err
		}
		old, _ = tree.(map[string]any)
	}
	e.Before, _ = fieldsUnlike(old, d.next).(map[string]any)
	e.After, _ = fieldsUnlike(d.next, old).(map[string]any)
	delete(e.After, settingVersion) // which a setting's own fields do not have
	return e, len(e.Before) > 0 || len(e.After) > 0, nil
}

// writesOf is the newest writes of a setting. One that was edited by hand may name none.
func writesOf(key string, raw []byte) (Written, error) {
	var w struct {
		Writes []string `json:"writes"`
	}
	if raw == nil {
		return Written{}, nil
	}
	err := decode(key, raw, &w)
	return Written{Writes: w.Writes}, err
}

// SettingChanges is the newest changes of settings, the newest first, at most n of them.
func (s *Store) SettingChanges(ctx context.Context, n int) ([]archive.SettingChange, error) {
	var keys []string
	for object, err := range s.bucket.List(ctx, prefixSettingChanges, "") {
		if err != nil {
			return nil, fmt.Errorf("listing changes of settings: %w", domainError(err))
		}
		if keys = append(keys, object.Key); len(keys) > n+keptWrites { // some of which may never have come
			keys = keys[1:]
		}
	}
	slices.Reverse(keys)
	known := map[string][]string{}
	list := []archive.SettingChange{}
	for _, key := range keys {
		e, came, err := s.settingChange(ctx, key, known)
		if err != nil {
			return nil, fmt.Errorf("reading the change %s: %w", key, err)
		}
		if came && len(list) < n {
			list = append(list, e)
		}
	}
	return list, nil
}

// settingChange reads one, and reports whether it came to pass: within the writes that the
// setting names, an event that is not among them did not. Known holds those writes by setting.
func (s *Store) settingChange(ctx context.Context, key string, known map[string][]string) (archive.SettingChange, bool, error) {
	var e archive.SettingChange
	data, _, err := readAll(ctx, s.bucket, key, maxRecord)
	if err == nil {
		err = decode(key, data, &e)
	}
	if err != nil {
		return e, false, err
	}
	writes, asked := known[e.Setting]
	if !asked {
		if writes, err = s.settingWrites(ctx, e.Setting); err != nil {
			return e, false, err
		}
		known[e.Setting] = writes
	}
	old := len(writes) >= keptWrites && e.ID < writes[0] // pushed out: the record does not tell
	return e, old || slices.Contains(writes, e.ID), nil
}

func (s *Store) settingWrites(ctx context.Context, name string) ([]string, error) {
	key, err := settingKey(name)
	if err != nil {
		return nil, err
	}
	data, _, err := readAll(ctx, s.bucket, key, maxRecord)
	if errors.Is(err, archive.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	w, err := writesOf(key, data)
	return w.Writes, err
}
