package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"videoteca/storage"
)

// document is a JSON object that was read, or put back, and can be worked with.
type document struct {
	data   []byte
	object storage.Object
	good   bool // it is as its schema says, or as a later version's would
}

// parse decodes a document of a kind and holds it to its key. Its problem is nil for a good one;
// with NewerVersion the value may be used as far as it goes.
func parse[T any](s schemas, schema string, data []byte, place func(T) error) (T, *problem) {
	var value T
	p := s.check(schema, data)
	if p != nil && p.kind != NewerVersion {
		return value, p
	}
	if err := json.Unmarshal(data, &value); err != nil {
		if p != nil {
			return value, p
		}
		return value, &problem{Undecodable, err.Error()}
	}
	if err := place(value); err != nil {
		return value, &problem{Misplaced, err.Error()}
	}
	return value, p
}

// valid is parse as an error, for what the second store has. A document of a later version is not
// put back: whether it is whole cannot be told.
func valid[T any](s schemas, schema string, place func(T) error) func([]byte) error {
	return func(data []byte) error {
		if _, p := parse(s, schema, data, place); p != nil {
			return errors.New(p.detail)
		}
		return nil
	}
}

// read reads an object that should be a document of the kind, reports what is wrong with it, and
// puts it back where that can be done. It returns what is there then; found is false
// where there is nothing, of which nothing is reported.
func read[T any](ctx context.Context, w *work, key, schema string, place func(T) error) (value T, d document, found bool, err error) {
	d.data, d.object, err = readDocument(ctx, w.Bucket, key)
	var p *problem
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return value, d, false, nil
	case errors.Is(err, errUnreadable):
		p = &problem{Unreadable, err.Error()}
	case errors.Is(err, errTooLarge):
		p = &problem{Undecodable, err.Error()}
	case err != nil:
		return value, d, false, fmt.Errorf("reading %s: %w", key, err)
	default:
		value, p = parse(w.schemas, schema, d.data, place)
	}
	w.counted(d.object.Size)
	switch {
	case p == nil:
		d.good = true
		return value, d, true, nil
	case p.kind == NewerVersion:
		d.good = true
		w.note(p.kind, key, p.detail)
		return value, d, true, nil
	}
	r, err := w.putBack(ctx, key, damaged(d.object), valid(w.schemas, schema, place))
	if err != nil {
		return value, d, true, err
	}
	w.faulty(p.kind, key, p.detail, r)
	return adopt(w.schemas, schema, place, value, d, r)
}

// adopt works on with what the second store had.
func adopt[T any](s schemas, schema string, place func(T) error, value T, d document, r repair) (T, document, bool, error) {
	if !r.possible {
		return value, d, true, nil
	}
	good, _ := parse(s, schema, r.data, place)
	d.data, d.good, d.object = r.data, true, storage.Object{} // under which ETag it stands is not known
	return good, d, true, nil
}

// restore puts back a document that is missing and reports the fault. What it returns
// is good only if the second store has it.
func restore[T any](ctx context.Context, w *work, key, schema, detail string, place func(T) error) (value T, d document, err error) {
	r, err := w.putBack(ctx, key, storage.IfAbsent(), valid(w.schemas, schema, place))
	if err != nil {
		return value, d, err
	}
	w.faulty(Missing, key, detail, r)
	value, d, _, err = adopt(w.schemas, schema, place, value, d, r)
	return value, d, err
}

// filesIn finds the files that a document names at any depth, by their names.
func filesIn(data []byte) []string {
	var tree any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&tree) != nil {
		return nil
	}
	var names []string
	walk(tree, &names)
	return names
}

func walk(tree any, names *[]string) {
	switch v := tree.(type) {
	case []any:
		for _, element := range v {
			walk(element, names)
		}
	case map[string]any:
		digest, isDigest := v["digest"].(string)
		if extension, ok := v["extension"].(string); ok && isDigest {
			*names = append(*names, digest+"."+extension)
		}
		for _, field := range v {
			walk(field, names)
		}
	}
}
