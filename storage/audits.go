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
	if err := create(ctx, j.store.bucket, auditKey(audit, "plan.json"), plan); err != nil {
		return fmt.Errorf("writing the plan of audit %s: %w", audit, err)
	}
	return nil
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

func auditKey(audit, name string) string { return "audits/" + audit + "/" + name }

// Audits yields the names of the audits begun within the times, in the order of their beginning,
// whether they are finished or not.
func (j Journal) Audits(ctx context.Context, since, until time.Time) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for day := since.UTC().Truncate(24 * time.Hour); !day.After(until); day = day.Add(24 * time.Hour) {
			for name, err := range j.ofDay(ctx, day) {
				if err == nil && !begunWithin(name, since, until) {
					continue
				}
				if !yield(name, err) || err != nil {
					return
				}
			}
		}
	}
}

// ofDay yields the audits of a day, each once however many objects it has.
func (j Journal) ofDay(ctx context.Context, day time.Time) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		last := ""
		for object, err := range j.store.bucket.List(ctx, "audits/"+day.Format("2006/01/02")+"/", "") {
			if err != nil {
				yield("", fmt.Errorf("listing the audits of %s: %w", day.Format(time.DateOnly), domainError(err)))
				return
			}
			name := strings.TrimPrefix(object.Key, "audits/")
			name = name[:max(0, strings.LastIndexByte(name, '/'))]
			if name == last {
				continue
			}
			if last = name; !yield(name, nil) {
				return
			}
		}
	}
}

// begunWithin reads the time from an audit's name, whose last element is a ULID.
func begunWithin(name string, since, until time.Time) bool {
	at, err := ulidTime(name[strings.LastIndexByte(name, '/')+1:])
	return err == nil && !at.Before(since.Truncate(time.Millisecond)) && !at.After(until)
}
