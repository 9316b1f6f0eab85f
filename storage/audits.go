package storage

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"
)

// WritePlan keeps what an audit is to ask, a JSON object, for whoever resumes it. Writing the
// same again is no error.
func (j Journal) WritePlan(ctx context.Context, audit string, plan any) error {
	if err := j.create(ctx, auditKey(audit, "plan.json"), plan); err != nil {
		return fmt.Errorf("writing the plan of audit %s: %w", audit, err)
	}
	return nil
}

// create writes a JSON object with the version of its form. Whoever reads one without takes it for the first.
func (j Journal) create(ctx context.Context, key string, document any) error {
	tree, err := toTree(document)
	if err != nil {
		return err
	}
	fields, isObject := tree.(map[string]any)
	if !isObject {
		return fmt.Errorf("writing %s: %T is no JSON object", key, document)
	}
	fields["version"] = recordVersion
	return create(ctx, j.store.bucket, key, fields)
}

// ReadPlan reads the plan. Without one: archive.ErrNotFound.
func (j Journal) ReadPlan(ctx context.Context, audit string, into any) error {
	return j.read(ctx, auditKey(audit, "plan.json"), into)
}

// ReadSummary reads the summary. An audit that is not finished has none: archive.ErrNotFound.
func (j Journal) ReadSummary(ctx context.Context, audit string, into any) error {
	return j.read(ctx, auditKey(audit, "summary.json"), into)
}

func (j Journal) read(ctx context.Context, key string, into any) error {
	data, _, err := readAll(ctx, j.store.bucket, key, maxRecord)
	if err != nil {
		return err
	}
	return decode(key, data, into)
}

func auditKey(audit, name string) string { return prefixAudits + audit + "/" + name }

// Audits yields the names of the audits begun from since to until, both included and to the
// millisecond, in the order of their beginning, whether they are finished or not. One of which
// nothing is written yet is not among them.
func (j Journal) Audits(ctx context.Context, since, until time.Time) iter.Seq2[string, error] {
	end := dayOfAudits(until) + "~" // sorts after whatever a day holds
	return func(yield func(string, error) bool) {
		last := ""
		for object, err := range j.store.bucket.List(ctx, prefixAudits, dayOfAudits(since)) {
			if err != nil {
				yield("", fmt.Errorf("listing audits: %w", domainError(err)))
				return
			}
			if object.Key > end {
				return
			}
			name := auditOf(object.Key)
			if name == last || !begunWithin(name, since, until) {
				continue
			}
			if last = name; !yield(name, nil) {
				return
			}
		}
	}
}

// dayOfAudits begins the keys of the audits of a day.
func dayOfAudits(at time.Time) string {
	at = at.UTC()
	if at.Year() < 1970 || at.Year() > 9999 { // years of another length would not sort, and no ULID is older
		return prefixAudits
	}
	return prefixAudits + at.Format("2006/01/02") + "/"
}

// auditOf is the name of the audit that an object belongs to.
func auditOf(key string) string {
	name := strings.TrimPrefix(key, prefixAudits)
	return name[:max(0, strings.LastIndexByte(name, '/'))]
}

// begunWithin reads the time from an audit's name, whose last element is a ULID.
func begunWithin(name string, since, until time.Time) bool {
	at, err := ulidTime(name[strings.LastIndexByte(name, '/')+1:])
	return err == nil && !at.Before(since.Truncate(time.Millisecond)) && !at.After(until)
}
