package storage

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"videoteca/archive"
)

// longestLine bounds a line of a checkpoint, in bytes: a web file's address, a few times and a reason.
const longestLine = 1 << 20

// spoolSize is how much of a checkpoint is compressed before it goes to the disk, in bytes.
const spoolSize = 256 << 10

func checkpointKey(day time.Time) string {
	return prefixChecks + day.UTC().Format(time.DateOnly) + ".jsonl.gz"
}

// WriteCheckpoint keeps when every source was heard, as gzipped lines of JSON, in the order of
// archive.SourceKey.Compare, in which heard must come. There is one a day, by UTC: where another
// stands the error is archive.ErrExists. It passes through a file in the folder for temporary
// files, so memory stays small; an error that heard yields ends it, and nothing is written.
func (s *Store) WriteCheckpoint(ctx context.Context, day time.Time, heard iter.Seq2[archive.Heard, error]) error {
	if err := s.EnsureReady(ctx); err != nil {
		return fmt.Errorf("writing a checkpoint: %w", err)
	}
	key := checkpointKey(day)
	file, err := os.CreateTemp("", "videoteca-checkpoint-")
	if err != nil {
		return fmt.Errorf("writing %s: %w", key, err)
	}
	defer os.Remove(file.Name()) // what stays behind is where such things are tidied up
	err = spoolCheckpoint(ctx, file, heard)
	if err == nil {
		err = createFile(ctx, s.bucket, key, file)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", key, err)
	}
	return nil
}

// spoolCheckpoint writes the lines into the file.
func spoolCheckpoint(ctx context.Context, file io.Writer, heard iter.Seq2[archive.Heard, error]) error {
	buffer := bufio.NewWriterSize(file, spoolSize)
	zip := gzip.NewWriter(buffer)
	var last archive.SourceKey
	for h, err := range heard {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if h.Source.Compare(last) <= 0 {
			return fmt.Errorf("%s does not come after %s", h.Source, last)
		}
		last = h.Source
		line, err := lineOf(h)
		if err != nil {
			return err
		}
		if _, err := zip.Write(line); err != nil {
			return fmt.Errorf("compressing: %w", err)
		}
	}
	return errors.Join(zip.Close(), buffer.Flush())
}

// lineOf is the line of a source. One that could not be read back is refused.
func lineOf(h archive.Heard) ([]byte, error) {
	line, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encoding when %s was heard: %w", h.Source, err)
	}
	if len(line) >= longestLine {
		return nil, fmt.Errorf("when %s was heard takes %d bytes, and a line has at most %d", h.Source, len(line), longestLine)
	}
	return append(line, '\n'), nil
}

// createFile writes an immutable object from a file. A reply that was lost is settled as in createBytes.
func createFile(ctx context.Context, b Bucket, key string, file *os.File) error {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	for range createTries {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := b.Put(ctx, key, file, size, IfAbsent())
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrPreconditionFailed) && !uncertain(err) {
			return domainError(err)
		}
		same, err := holdsFile(ctx, b, key, file)
		switch {
		case err == nil && same:
			return nil
		case err == nil:
			return fmt.Errorf("%w: %s", archive.ErrExists, key)
		case !errors.Is(err, archive.ErrNotFound):
			return err
		}
	}
	return fmt.Errorf("%w: %s was written %d times and is not there", archive.ErrUnavailable, key, createTries)
}

// holdsFile reports whether the object has the very bytes of the file.
func holdsFile(ctx context.Context, b Bucket, key string, file io.ReadSeeker) (bool, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	want, err := digestOf(file)
	if err != nil {
		return false, err
	}
	body, _, err := b.Get(ctx, key, Range{})
	if err != nil {
		return false, domainError(err)
	}
	got, err := digestOf(body)
	if err = errors.Join(err, body.Close()); err != nil {
		return false, domainError(fmt.Errorf("reading %s: %w", key, err))
	}
	return got == want, nil
}

func digestOf(r io.Reader) ([sha256.Size]byte, error) {
	digest := sha256.New()
	_, err := io.Copy(digest, r)
	return [sha256.Size]byte(digest.Sum(nil)), err
}
