package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"videoteca/storage"
)

// sameInstallation refuses a second store of somebody else, whose records would all seem to be missing here. A
// marker that is missing or damaged refuses nothing: it may be what has to be put back.
func (c *checker) sameInstallation(ctx context.Context) error {
	if c.From == nil {
		return nil
	}
	here, err := c.installationID(ctx, c.Bucket)
	if err != nil {
		return err
	}
	there, err := c.installationID(ctx, c.From)
	if err != nil {
		return fmt.Errorf("the second store: %w", err)
	}
	if here != "" && there != "" && here != there {
		return fmt.Errorf("%w: %s, not %s", ErrOtherInstallation, there, here)
	}
	return nil
}

func (c *checker) installationID(ctx context.Context, b storage.Bucket) (string, error) {
	data, _, err := readDocument(ctx, b, storage.KeyInstallation)
	if gone, failed := absent(err); gone || failed != nil || err != nil {
		return "", failed
	}
	var i storage.Installation
	if json.Unmarshal(data, &i) != nil {
		return "", nil
	}
	return i.ID, nil
}

// repair is what became of putting an object back.
type repair struct {
	done     bool
	possible bool   // the second store has what is needed
	why      string // for people; empty without a second store
	data     []byte // the good document, where possible
}

// damaged is an object as it must be put back: over exactly the damaged one, or where nothing stands.
func damaged(o storage.Object) storage.Condition {
	if o.ETag == "" {
		return storage.Condition{} // it could not even be opened
	}
	return storage.IfMatch(o.ETag)
}

// putBack copies a document from the second store, if it is valid there. Only the errors of
// the store under repair are errors.
func (w *work) putBack(ctx context.Context, key string, cond storage.Condition, valid func([]byte) error) (repair, error) {
	if w.From == nil {
		return repair{}, nil
	}
	data, _, err := readDocument(ctx, w.From, key)
	if errors.Is(err, storage.ErrNotFound) {
		return repair{why: "the second store has it not either"}, nil
	}
	if err != nil {
		return repair{why: "the second store cannot give it: " + err.Error()}, ctx.Err()
	}
	if err := valid(data); err != nil {
		return repair{why: "what the second store has is no better: " + err.Error()}, nil
	}
	return w.write(ctx, key, bytes.NewReader(data), int64(len(data)), cond, data)
}

// write puts good bytes where they belong, unless this is a dry run.
func (w *work) write(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition, data []byte) (repair, error) {
	r := repair{possible: true, data: data, why: "the second store has it"}
	if w.DryRun {
		return r, nil
	}
	_, err := w.Bucket.Put(ctx, key, body, size, cond)
	if errors.Is(err, storage.ErrPreconditionFailed) {
		r.why = "somebody else has written it meanwhile"
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("putting back %s: %w", key, err)
	}
	r.done, r.why = true, "put back from the second store"
	return r, nil
}

// putBackFile copies a file from the second store, if it has the digest there. It passes
// through a temporary file, since it may be larger than memory and must be known to be good before it is written.
func (w *work) putBackFile(ctx context.Context, key, digest string, cond storage.Condition) (_ repair, err error) {
	if w.From == nil {
		return repair{}, nil
	}
	file, err := os.CreateTemp("", "videoteca-verify-")
	if err != nil {
		return repair{}, fmt.Errorf("putting back %s: %w", key, err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	sum := sha256.New()
	var size int64
	_, err = stream(ctx, w.From, key, func(body io.Reader) (err error) {
		sum.Reset()
		if err := rewind(file); err != nil {
			return err
		}
		size, err = io.Copy(io.MultiWriter(file, sum), body)
		return err
	})
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return repair{why: "the second store has it not either"}, nil
	case err != nil:
		return repair{why: "the second store cannot give it: " + err.Error()}, ctx.Err()
	case hex.EncodeToString(sum.Sum(nil)) != digest:
		return repair{why: "it is damaged in the second store too"}, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return repair{}, fmt.Errorf("putting back %s: %w", key, err)
	}
	return w.write(ctx, key, file, size, cond, nil)
}

// rewind empties a file.
func rewind(file *os.File) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return file.Truncate(0)
}
