package main

import (
	"context"
	"sync"
	"time"

	"videoteca/archive"
	"videoteca/internal/report"
)

// reportAge is how old a report may be that a page shows: reading one goes through every record.
const reportAge = 20 * time.Second

// recentReports implements web.Reports.
type recentReports struct {
	n *newsroom

	mu     sync.Mutex
	byLang map[string]*report.Report
}

// Report reads the library, or gives what was read a moment ago. Callers wait for each other,
// so that many at once read it once.
func (r *recentReports) Report(ctx context.Context, lang string, fresh bool) (*report.Report, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.byLang[lang]; known != nil && !fresh && time.Since(known.At) < reportAge {
		return known, nil
	}
	read, err := report.Read(ctx, reported{r.n}, lang, time.Now())
	if err != nil {
		return nil, err
	}
	if r.byLang == nil {
		r.byLang = map[string]*report.Report{}
	}
	r.byLang[lang] = read
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
