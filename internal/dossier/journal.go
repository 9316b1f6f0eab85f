package dossier

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"videoteca/archive"
)

// longestLine bounds one observation in a journal, in bytes. A longer line is damage.
const longestLine = 1 << 20

// Journaled is an observation with the place in the journal where it stands.
type Journaled struct {
	Audit string `json:"audit"`
	Part  int    `json:"part"`
	archive.Observation
}

// scan yields the observations of some sources in one part of a journal, and counts the
// lines about them that are no observations. An error of yield ends it and is returned.
func scan(body io.Reader, keys []archive.SourceKey, yield func(archive.Observation) error) (bad int, err error) {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, longestLine)
	names := quoted(keys)
	for lines.Scan() {
		if !mentions(lines.Bytes(), names) {
			continue
		}
		var o archive.Observation
		if json.Unmarshal(lines.Bytes(), &o) != nil {
			bad++
			continue
		}
		if !slices.Contains(keys, o.Source) {
			continue
		}
		if err := yield(o); err != nil {
			return bad, err
		}
	}
	if err := lines.Err(); err != nil {
		return bad, fmt.Errorf("%w: %w", errPart, err)
	}
	return bad, nil
}

// errPart says that a part could not be read to its end.
var errPart = errors.New("the part cannot be read to its end")

// quoted are the sources' ids as they stand in JSON. Most lines of a journal are about
// other sources, and to look for bytes is forty times as fast as to decode them.
func quoted(keys []archive.SourceKey) [][]byte {
	var names [][]byte
	for _, key := range keys {
		if name, err := json.Marshal(key.ID); err == nil {
			names = append(names, name)
		}
	}
	return names
}

func mentions(line []byte, names [][]byte) bool {
	return slices.ContainsFunc(names, func(name []byte) bool { return bytes.Contains(line, name) })
}

// Searched says where observations were looked for, so that what is not in the dossier
// can be told from what is not there.
type Searched struct {
	Since  string   `json:"since,omitempty"` // first day whose audits were read, ISO 8601; with the audits named below
	Until  string   `json:"until"`           // last day
	All    bool     `json:"all"`             // every audit since the registration
	Named  []string `json:"namedAudits"`     // by the transitions of the sources, whenever they were
	Audits int      `json:"audits"`          // read
	Parts  int      `json:"parts"`           // read
	Absent []string `json:"absentAudits"`    // named, and without a journal
	Broken []string `json:"brokenParts"`     // "<audit>/<part>" that could not be read to its end, or only with gaps
}

// search reads the journals and hands over what is about the video's sources.
type search struct {
	from  Archive
	keys  []archive.SourceKey
	found func(Journaled) error
	done  Searched
}

// auditName is what the archive calls audits; see storage's Journal.
var auditName = regexp.MustCompile(`^\d{4}/\d{2}/\d{2}/[0-9a-zA-Z]{1,64}$`)

func (s *search) audit(ctx context.Context, audit string) error {
	if !auditName.MatchString(audit) {
		s.done.Absent = append(s.done.Absent, audit)
		return nil
	}
	parts, err := s.from.Parts(ctx, audit)
	if err != nil && !errors.Is(err, archive.ErrNotFound) {
		return fmt.Errorf("listing the journal of audit %s: %w", audit, err)
	}
	if len(parts) == 0 {
		if slices.Contains(s.done.Named, audit) {
			s.done.Absent = append(s.done.Absent, audit)
		}
		return nil
	}
	s.done.Audits++
	for _, part := range parts {
		if err := s.part(ctx, audit, part); err != nil {
			return fmt.Errorf("reading part %d of audit %s: %w", part, audit, err)
		}
	}
	return nil
}

func (s *search) part(ctx context.Context, audit string, part int) error {
	body, err := s.from.OpenPart(ctx, audit, part)
	if errors.Is(err, archive.ErrUnavailable) || ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	if err != nil {
		s.broken(audit, part)
		return nil
	}
	defer body.Close()
	bad, err := scan(body, s.keys, func(o archive.Observation) error { return s.found(Journaled{audit, part, o}) })
	switch {
	case err != nil && (!errors.Is(err, errPart) || errors.Is(err, archive.ErrUnavailable)):
		return err
	case err != nil || bad > 0:
		s.broken(audit, part)
	}
	s.done.Parts++
	return ctx.Err()
}

func (s *search) broken(audit string, part int) {
	s.done.Broken = append(s.done.Broken, fmt.Sprintf("%s/%04d", audit, part))
}
