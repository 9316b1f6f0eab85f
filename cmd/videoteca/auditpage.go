package main

import (
	"context"
	"sync"
	"time"

	"videoteca/archive"
	"videoteca/internal/report"
)

const (
	// reportAge is how old a report may be that a page shows: reading one goes through every record.
	reportAge = 20 * time.Second
	// reportShare is how many times as long as its reading took a report is shown, so that reading
	// reports takes a twentieth of a processor at most and a small library's are never old.
	reportShare = 20
)

// shownFor is how long a report is shown whose reading took a time.
func shownFor(took time.Duration) time.Duration { return min(reportShare*took, reportAge) }

// recentReports implements web.Reports.
type recentReports struct {
	n *newsroom

	mu     sync.Mutex
	byLang map[string]recentReport
}

// recentReport is a report and when the next one is due.
type recentReport struct {
	read *report.Report
	due  time.Time
}

// Report reads the library, or gives what was read a moment ago. Callers wait for each other,
// so that many at once read it once.
func (r *recentReports) Report(ctx context.Context, lang string, fresh bool) (*report.Report, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	began := time.Now()
	if known, read := r.byLang[lang]; read && !fresh && began.Before(known.due) {
		return known.read, nil
	}
	read, err := report.Read(ctx, reported{r.n}, lang, began)
	if err != nil {
		return nil, err
	}
	if r.byLang == nil {
		r.byLang = map[string]recentReport{}
	}
	r.byLang[lang] = recentReport{read, began.Add(shownFor(time.Since(began)))}
	return read, nil
}

// purges implements web.Retention.
type purges struct{ *newsroom }

// Ahead is what is purged within a week.
func (p purges) Ahead(ctx context.Context) ([]archive.Loss, error) {
	choice, err := p.retention(ctx)
	if err != nil {
		return nil, err
	}
	return p.losses(ctx, choice.Period)
}

// losses is what is purged within a week where what platforms return is kept for a period.
func (n *newsroom) losses(ctx context.Context, period archive.Retention) ([]archive.Loss, error) {
	if period.Keeps() {
		return nil, nil
	}
	var losses []archive.Loss
	for loss, err := range n.keeper().Ahead(ctx, n.catalog.All(ctx), period, archive.RetentionNotice) {
		if err != nil {
			return nil, err
		}
		losses = append(losses, loss)
	}
	return losses, nil
}
