package verify

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// longestLine bounds a line, in bytes: the store writes none longer.
const longestLine = 1 << 20

// largestLines bounds what is unzipped of an object, in bytes: a checkpoint of ten million sources
// has half of it, and a few bytes of gzip must not keep a machine busy for days.
const largestLines = 8 << 30

// lineKind is what gzipped lines of JSON are.
type lineKind struct {
	schema string
	most   int  // lines; 0: any number
	sorted bool // by source
}

// mostObservations is how many a part of the journal has at most.
const mostObservations = 5000

func observations() lineKind { return lineKind{schema: "observation", most: mostObservations} }

func heard() lineKind { return lineKind{schema: "heard", sorted: true} }

// ascending reports whether each line's source comes after that of the line before.
func ascending() func([]byte) bool {
	var last archive.SourceKey
	return func(line []byte) bool {
		var h struct {
			Source archive.SourceKey `json:"source"`
		}
		ordered := json.Unmarshal(line, &h) == nil && h.Source.Compare(last) > 0
		last = h.Source
		return ordered
	}
}

func validDay(day string) bool {
	_, err := time.Parse(time.DateOnly, day)
	return err == nil
}

// errLines says what is wrong with lines, apart from errors of the store.
type errLines struct{ problem }

func (e errLines) Error() string { return e.detail }

// lines checks an object of gzipped lines.
func (w *work) lines(ctx context.Context, key string, kind lineKind) error {
	object, p, err := w.scan(ctx, w.Bucket, key, kind)
	gone, failed := absent(err)
	switch {
	case gone:
		return nil
	case failed != nil:
		return fmt.Errorf("reading %s: %w", key, failed)
	}
	w.counted(object.Size)
	if err != nil {
		p = &problem{Unreadable, err.Error()}
	}
	switch {
	case p == nil:
		return nil
	case p.kind == NewerVersion:
		w.note(p.kind, key, p.detail)
		return nil
	}
	r, err := w.putBackLines(ctx, key, damaged(object), kind)
	if err != nil {
		return err
	}
	w.faulty(p.kind, key, p.detail, r)
	return nil
}

// scan reads lines to their end, or to the first that is wrong.
func (w *work) scan(ctx context.Context, b storage.Bucket, key string, kind lineKind) (storage.Object, *problem, error) {
	var p *problem
	object, err := stream(ctx, b, key, func(body io.Reader) error {
		p = nil
		from := &source{Reader: body}
		err := kind.read(w.schemas, from)
		if from.err != nil {
			return from.err
		}
		var wrong errLines
		if errors.As(err, &wrong) {
			p = &wrong.problem
			return nil
		}
		return err
	})
	return object, p, err
}

// source keeps the error by which its store failed, apart from what is wrong with the content.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// read reads lines to their end. What is wrong with them is errLines.
func (k lineKind) read(s schemas, body io.Reader) error {
	zip, err := gzip.NewReader(body)
	if err != nil {
		return errLines{problem{Undecodable, "it is no gzip: " + err.Error()}}
	}
	lines := bufio.NewScanner(io.LimitReader(zip, largestLines))
	lines.Buffer(nil, longestLine)
	n, follows := 0, ascending()
	for lines.Scan() {
		n++
		p := k.line(s, n, lines.Bytes())
		if p == nil && k.sorted && !follows(lines.Bytes()) {
			p = &problem{Schema, "its source does not come after the one before"}
		}
		if p != nil {
			p.detail = fmt.Sprintf("line %d: %s", n, p.detail)
			return errLines{*p}
		}
	}
	if err := lines.Err(); err != nil {
		return errLines{problem{Undecodable, fmt.Sprintf("after line %d: %v", n, err)}}
	}
	if n == 0 && k.most > 0 {
		return errLines{problem{Schema, "it has no observation"}}
	}
	return nil
}

func (k lineKind) line(s schemas, n int, line []byte) *problem {
	if k.most > 0 && n > k.most {
		return &problem{Schema, fmt.Sprintf("a part has at most %d observations", k.most)}
	}
	return s.check(k.schema, line)
}

// putBackLines copies lines from the second store, if they are good there. They pass through a temporary
// file, since what was checked must be what is written.
func (w *work) putBackLines(ctx context.Context, key string, cond storage.Condition, kind lineKind) (_ repair, err error) {
	if w.From == nil {
		return repair{}, nil
	}
	file, err := os.CreateTemp("", "videoteca-verify-")
	if err != nil {
		return repair{}, fmt.Errorf("putting back %s: %w", key, err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	_, err = stream(ctx, w.From, key, func(body io.Reader) error {
		if err := rewind(file); err != nil {
			return err
		}
		_, err := io.Copy(file, body)
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		return repair{why: "the second store has it not either"}, nil
	}
	if err != nil {
		return repair{why: "the second store cannot give it: " + err.Error()}, ctx.Err()
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return repair{}, fmt.Errorf("putting back %s: %w", key, err)
	}
	if err := kind.read(w.schemas, file); err != nil {
		return repair{why: "what the second store has is no better: " + err.Error()}, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return repair{}, fmt.Errorf("putting back %s: %w", key, err)
	}
	return w.write(ctx, key, file, size, cond, nil)
}
