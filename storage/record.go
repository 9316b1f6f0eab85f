package storage

import (
	"bytes"
	"encoding/json"
	"fmt"

	"videoteca/archive"
)

// recordVersion is the version of the documents that this program writes.
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
	if videoKey(s.ID) != key || s.Revision < 1 {
		return stored{}, fmt.Errorf("%w: %s has another video's id or no revision", ErrDamaged, key)
	}
	return s, nil
}

// rewrite is the document of a changed record.
func (s stored) rewrite(next record) ([]byte, error) {
	if err := writable(fmt.Sprintf("the record of %s", s.ID), s.Version); err != nil {
		return nil, err
	}
	if next.Visibility.Exposure == archive.Erased { // what nobody here understands is content too
		return rewrite(nil, nil, next)
	}
	return rewrite(s.raw, s.record, next)
}

// writable refuses documents of a later version: what this program does not
// understand of them it could contradict.
func writable(what string, version int) error {
	if version > recordVersion {
		return fmt.Errorf("%w: %s has version %d, and this program writes %d; use a later version of videoteca", ErrNewerFormat, what, version, recordVersion)
	}
	return nil
}

// rewrite encodes next, the changed form of known, which was read from raw, with
// what raw has beyond known carried over. Without raw there is nothing to carry.
func rewrite(raw []byte, known, next any) ([]byte, error) {
	fresh, err := toTree(next)
	if err != nil {
		return nil, err
	}
	if raw == nil {
		return encode(fresh)
	}
	understood, err := toTree(known)
	if err != nil {
		return nil, err
	}
	old, err := parseTree(raw)
	if err != nil {
		return nil, err
	}
	return encode(carryOver(old, understood, fresh))
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
		return nil, fmt.Errorf("encoding a document: %w", err)
	}
	return parseTree(data)
}

// parseTree keeps numbers as they are written: a float64 would round those above 2^53.
func parseTree(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, fmt.Errorf("reading a document: %w", err)
	}
	return tree, nil
}
