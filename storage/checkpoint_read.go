package storage

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"videoteca/archive"
)

// LatestCheckpoint finds the newest checkpoint of a day that begins before the time, and returns its day (midnight UTC) and
// its lines. There being none gets archive.ErrNotFound. The lines are read as they are asked for. One that is not as it was written
// ends them with ErrDamaged, and the caller may ask for the one before that day; the lines that came are good.
func (s *Store) LatestCheckpoint(ctx context.Context, before time.Time) (time.Time, iter.Seq2[archive.Heard, error], error) {
	var newest time.Time
	for object, err := range s.bucket.List(ctx, prefixChecks, "") {
		if err != nil {
			return time.Time{}, nil, fmt.Errorf("listing checkpoints: %w", domainError(err))
		}
		if day, ok := checkpointDay(object.Key); ok && day.Before(before) {
			newest = day // they come in the order of the days
		}
	}
	if newest.IsZero() {
		return time.Time{}, nil, fmt.Errorf("%w: a checkpoint before %s", archive.ErrNotFound, before.UTC().Format(time.RFC3339))
	}
	return newest, s.checkpoint(ctx, checkpointKey(newest)), nil
}

func checkpointDay(key string) (time.Time, bool) {
	name, ok := strings.CutSuffix(strings.TrimPrefix(key, prefixChecks), ".jsonl.gz")
	day, err := parseDay(name)
	return day, ok && err == nil
}

// checkpoint yields the lines of a checkpoint.
func (s *Store) checkpoint(ctx context.Context, key string) iter.Seq2[archive.Heard, error] {
	return func(yield func(archive.Heard, error) bool) {
		body, _, err := s.bucket.Get(ctx, key, Range{})
		if err != nil {
			yield(archive.Heard{}, domainError(err))
			return
		}
		defer body.Close()
		for h, err := range readHeard(body) {
			if err != nil {
				err = fmt.Errorf("reading %s: %w", key, err)
			}
			if !yield(h, err) {
				return
			}
		}
	}
}

// faultReader keeps the error by which its store failed, apart from what is wrong with
// the content.
type faultReader struct {
	io.Reader
	fault error
}

func (r *faultReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.fault = err
	}
	return n, err
}

// why is the error of reading content: the store's, else damage.
func (r *faultReader) why(err error) error {
	if r.fault != nil {
		return fmt.Errorf("%w: %w", archive.ErrUnavailable, r.fault)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// readHeard reads gzipped lines. An error comes last.
func readHeard(body io.Reader) iter.Seq2[archive.Heard, error] {
	return func(yield func(archive.Heard, error) bool) {
		from := &faultReader{Reader: body}
		zip, err := gzip.NewReader(from)
		if err != nil {
			yield(archive.Heard{}, from.why(err))
			return
		}
		lines := bufio.NewScanner(zip)
		lines.Buffer(nil, longestLine)
		for n := 1; lines.Scan(); n++ {
			h, err := parseHeard(lines.Bytes())
			if err != nil {
				yield(archive.Heard{}, from.why(fmt.Errorf("line %d: %w", n, err))) // where the store failed it is half a line
				return
			}
			if !yield(h, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(archive.Heard{}, from.why(err))
		}
	}
}

func parseHeard(line []byte) (archive.Heard, error) {
	var h archive.Heard
	if err := json.Unmarshal(line, &h); err != nil {
		return archive.Heard{}, err
	}
	if h.Source.Platform == "" || h.Source.ID == "" {
		return archive.Heard{}, errors.New("it names no source")
	}
	return h, nil
}
