package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"videoteca/archive"
)

// settingVersion stands in every setting beside the fields of its value.
const settingVersion = "version"

func settingKey(name string) (string, error) {
	if err := checkName("setting", name); err != nil {
		return "", err
	}
	return "settings/" + name + ".json", nil
}

// Setting reads the setting called name, of a-z, 0-9 and the hyphen, and returns its ETag for SaveSetting.
// A missing one gets archive.ErrNotFound and leaves into as it is.
func (s *Store) Setting(ctx context.Context, name string, into any) (etag string, err error) {
	key, err := settingKey(name)
	if err != nil {
		return "", err
	}
	data, object, err := readAll(ctx, s.bucket, key, maxRecord)
	if err == nil {
		err = decode(key, data, into)
	}
	if err != nil {
		return "", fmt.Errorf("reading the setting %s: %w", name, err)
	}
	return object.ETag, nil
}

// SaveSetting writes a setting, which was read with this ETag, or creates it where etag is empty, and
// returns the new ETag. Value is a struct or a map that becomes a JSON object; its fields may not be
// called "version". What the setting has beyond the fields of value's type stays. One that somebody
// else wrote in between, or created, gets archive.ErrConflict.
func (s *Store) SaveSetting(ctx context.Context, name, etag string, value any) (string, error) {
	key, err := settingKey(name)
	if err != nil {
		return "", err
	}
	if err := s.EnsureReady(ctx); err != nil {
		return "", fmt.Errorf("saving the setting %s: %w", name, err)
	}
	d, err := s.settingDraft(ctx, key, etag, value)
	if err == nil {
		etag, err = s.putDraft(ctx, d)
	}
	if err != nil {
		return "", fmt.Errorf("saving the setting %s: %w", name, err)
	}
	return etag, nil
}

// settingDraft is a setting that is about to be written.
type settingDraft struct {
	key, etag string
	raw       []byte // as it stands; nil where there is none
	known     any    // what this program understands of it
	next      map[string]any
}

// settingDraft reads what stands, which must have the ETag.
func (s *Store) settingDraft(ctx context.Context, key, etag string, value any) (settingDraft, error) {
	d := settingDraft{key: key, etag: etag}
	var err error
	if d.next, err = settingTree(value); err != nil || etag == "" {
		return d, err
	}
	data, object, err := readAll(ctx, s.bucket, key, maxRecord)
	if errors.Is(err, archive.ErrNotFound) || err == nil && object.ETag != etag {
		return d, archive.ErrConflict
	}
	if err != nil {
		return d, err
	}
	d.raw = data
	d.known, err = knownSetting(key, data, value)
	return d, err
}

func (s *Store) putDraft(ctx context.Context, d settingDraft) (string, error) {
	data, err := rewrite(d.raw, d.known, d.next)
	if err != nil {
		return "", err
	}
	return s.putSetting(ctx, d.key, d.etag, data)
}

// settingTree is the fields of a setting as they are to be.
func settingTree(value any) (map[string]any, error) {
	tree, err := toTree(value)
	if err != nil {
		return nil, err
	}
	fields, isObject := tree.(map[string]any)
	if !isObject || fields == nil || fields[settingVersion] != nil {
		return nil, fmt.Errorf("a setting is a JSON object without the field %q, and this is %T", settingVersion, value)
	}
	fields[settingVersion] = json.Number(fmt.Sprint(recordVersion))
	return fields, nil
}

// knownSetting is what this program understands of a setting that stands: the fields of value's type.
func knownSetting(key string, data []byte, value any) (any, error) {
	var form struct {
		Version int `json:"version"`
	}
	known := reflect.New(reflect.Indirect(reflect.ValueOf(value)).Type()).Interface()
	if err := errors.Join(decode(key, data, &form), decode(key, data, known)); err != nil {
		return nil, err
	}
	return known, writable(key, form.Version)
}

// putSetting settles a write whose answer was lost by the bytes that stand there: the same ones are ours,
// or as good as ours.
func (s *Store) putSetting(ctx context.Context, key, etag string, data []byte) (string, error) {
	cond := Condition{Create: etag == "", Match: etag}
	for range createTries {
		object, err := put(ctx, s.bucket, key, data, cond)
		if err == nil {
			return object.ETag, nil
		}
		if !errors.Is(err, ErrPreconditionFailed) && !uncertain(err) {
			return "", domainError(err)
		}
		found, object, readErr := readAll(ctx, s.bucket, key, maxRecord)
		missing := errors.Is(readErr, archive.ErrNotFound)
		switch {
		case readErr != nil && !missing:
			return "", errors.Join(ErrOutcomeUnknown, err, readErr)
		case !missing && bytes.Equal(found, data):
			return object.ETag, nil
		case object.ETag != etag: // by now; a missing one has none
			return "", archive.ErrConflict
		}
	}
	return "", fmt.Errorf("%w: %s was written %d times, and does not show it", archive.ErrUnavailable, key, createTries)
}
