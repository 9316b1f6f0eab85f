package storage

import (
	"encoding/json"
	"fmt"

	"videoteca/archive"
)

// recordVersion is the version of the records that this program writes.
const recordVersion = 1

// record is the stored form of a video.
type record struct {
	Version int `json:"version"`
	archive.Video
	Writes []string `json:"writes"`
}

// stored is a record as it was read.
type stored struct {
	record
	etag string
	raw  []byte
}

func (s stored) written() Written { return Written{Revision: s.Revision, Writes: s.Writes} }

func decodeRecord(key string, data []byte, etag string) (stored, error) {
	s := stored{etag: etag, raw: data}
	if err := decode(key, data, &s.record); err != nil {
		return stored{}, err
	}
	if s.ID == "" || s.Revision < 1 {
		return stored{}, fmt.Errorf("%w: %s has no id or no revision", ErrDamaged, key)
	}
	return s, nil
}

// rewrite is the document of a changed record, with what this program does not know carried over.
func (s stored) rewrite(next record) ([]byte, error) {
	if s.Version > recordVersion {
		return nil, fmt.Errorf("%w: the record of %s has version %d, and this program writes %d; use a later version of videoteca", ErrNewerFormat, s.ID, s.Version, recordVersion)
	}
	fresh, err := toTree(next)
	if err != nil {
		return nil, err
	}
	if s.raw == nil {
		return encode(fresh)
	}
	known, err := toTree(s.record)
	if err != nil {
		return nil, err
	}
	var old any
	if err := json.Unmarshal(s.raw, &old); err != nil {
		return nil, fmt.Errorf("reading the record of %s: %w", s.ID, err)
	}
	return encode(carryOver(old, known, fresh))
}

// copyOf is a deep copy, so that a change which is tried several times starts from the same record.
func copyOf(v archive.Video) (archive.Video, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return archive.Video{}, fmt.Errorf("copying the record of %s: %w", v.ID, err)
	}
	var c archive.Video
	if err := json.Unmarshal(data, &c); err != nil {
		return archive.Video{}, fmt.Errorf("copying the record of %s: %w", v.ID, err)
	}
	return c, nil
}

func toTree(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding a record: %w", err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return nil, fmt.Errorf("encoding a record: %w", err)
	}
	return tree, nil
}
