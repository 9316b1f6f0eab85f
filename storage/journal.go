package storage

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"videoteca/archive"
)

// maxPart is how many observations a part of the journal holds at most.
const maxPart = 5000

// maxParts is the last number that sorts in its place among names of four digits.
const maxParts = 9999

// maxPartBytes bounds a part when it is read: 5,000 observations of 4 KiB.
const maxPartBytes = 20 << 20

// Journal keeps the observations of audits, in parts of gzipped JSON lines.
// An audit's name is its place in the bucket: "2025/04/14/<ulid>".
type Journal struct{ store *Store }

// Journal is the journal of the store.
func (s *Store) Journal() Journal { return Journal{s} }

// Begin names a new audit. Nothing is written before its first part.
func (j Journal) Begin(ctx context.Context, at time.Time) (string, error) {
	if err := j.store.EnsureReady(ctx); err != nil {
		return "", err
	}
	id, err := j.store.ids.next(at)
	if err != nil {
		return "", err
	}
	prefix := auditPrefix(at, id)
	return prefix[len("audits/") : len(prefix)-1], nil
}

// WritePart keeps up to 5,000 observations as part n, counted from 1. A number
// that other observations have taken gets archive.ErrExists: another process writes this
// audit. Writing the same ones again is no error.
func (j Journal) WritePart(ctx context.Context, audit string, part int, observations []archive.Observation) error {
	if part < 1 || part > maxParts {
		return fmt.Errorf("writing part %d of audit %s: parts go from 1 to %d", part, audit, maxParts)
	}
	if len(observations) == 0 || len(observations) > maxPart {
		return fmt.Errorf("writing part %d of audit %s: %d observations are not between 1 and %d", part, audit, len(observations), maxPart)
	}
	data, err := zipLines(observations)
	if err == nil {
		err = createBytes(ctx, j.store.bucket, partKey(audit, part), data)
	}
	if err != nil {
		return fmt.Errorf("writing part %d of audit %s: %w", part, audit, err)
	}
	return nil
}

// zipLines is the content of a part. The same observations make the same bytes.
func zipLines(observations []archive.Observation) ([]byte, error) {
	var plain, out bytes.Buffer
	lines := json.NewEncoder(&plain)
	for _, o := range observations {
		if err := lines.Encode(o); err != nil {
			return nil, fmt.Errorf("encoding an observation of %s: %w", o.Source, err)
		}
	}
	if plain.Len() > maxPartBytes {
		return nil, fmt.Errorf("%d bytes of observations are more than the %d that are read back", plain.Len(), maxPartBytes)
	}
	zip := gzip.NewWriter(&out)
	_, err := zip.Write(plain.Bytes())
	if err = errors.Join(err, zip.Close()); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	return out.Bytes(), nil
}

func partKey(audit string, part int) string {
	return fmt.Sprintf("audits/%s/%04d.jsonl.gz", audit, part)
}

// Finish keeps the summary of an audit.
func (j Journal) Finish(ctx context.Context, audit string, summary any) error {
	if err := j.create(ctx, auditKey(audit, "summary.json"), summary); err != nil {
		return fmt.Errorf("writing the summary of audit %s: %w", audit, err)
	}
	return nil
}

// Parts is the numbers of an audit's parts, in order.
func (j Journal) Parts(ctx context.Context, audit string) ([]int, error) {
	var parts []int
	for object, err := range j.store.bucket.List(ctx, "audits/"+audit+"/", "") {
		if err != nil {
			return nil, fmt.Errorf("listing the parts of audit %s: %w", audit, domainError(err))
		}
		name, isPart := strings.CutSuffix(path.Base(object.Key), ".jsonl.gz")
		if n, err := strconv.Atoi(name); isPart && err == nil {
			parts = append(parts, n)
		}
	}
	return parts, nil
}

// ReadPart reads a part back. A missing one gets archive.ErrNotFound.
func (j Journal) ReadPart(ctx context.Context, audit string, part int) ([]archive.Observation, error) {
	key := partKey(audit, part)
	data, _, err := readAll(ctx, j.store.bucket, key, maxPartBytes)
	if err != nil {
		return nil, err
	}
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, key, err)
	}
	return readLines(key, zip)
}

func readLines(key string, r io.Reader) ([]archive.Observation, error) {
	var observations []archive.Observation
	lines := json.NewDecoder(bufio.NewReader(io.LimitReader(r, maxPartBytes)))
	for {
		var o archive.Observation
		err := lines.Decode(&o)
		if errors.Is(err, io.EOF) {
			return observations, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %s, line %d: %w", ErrDamaged, key, len(observations)+1, err)
		}
		observations = append(observations, o)
	}
}
