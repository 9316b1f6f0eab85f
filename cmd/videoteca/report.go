package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/internal/report"
)

type reportCommand struct {
	Format string   `enum:"text,csv,json,html,atom" default:"text" help:"Form of the report: text, csv, json, html or atom."`
	Out    string   `placeholder:"FILE" short:"o" help:"File to write instead of printing."`
	Lang   string   `aliases:"language" env:"VIDEOTECA_LANG,VIDEOTECA_LANGUAGE" enum:"es,en" default:"en" help:"Language of the report: es or en."`
	Since  string   `placeholder:"DATE" help:"Changes since this day, as 2026-01-31, or since a span ago, as 7d. Default: 30d."`
	Period string   `placeholder:"SPAN" help:"Compare with the time before: week, month, quarter, year, or so many days as 30d. As CSV: the losses by channel, year and collection."`
	BOM    bool     `name:"bom" help:"Begin CSV with a byte order mark, without which some spreadsheets read no accents."`
	State  []string `placeholder:"STATE" help:"Only sources in this state. May be given several times."`
	Mark   []string `placeholder:"MARK" help:"Only sources that are disputed, unheard, held, overruled, uncovered, in-article, archived, not-archived, or to-decide (by a person). May be given several times."`
	Filter string   `placeholder:"QUERY" help:"Further filters as a query, as the audit page has them in its address (channel=…&collection=…&year=2019&q=…)."`
	FailOn []string `placeholder:"STATE" help:"Exit with 5 if any source of the report is in this state or has this mark, unless it is ignored. May be given several times."`
}

// chartDays is how many days the chart of a report shows.
const chartDays = 90

// Run writes the report.
func (rc reportCommand) Run(ctx context.Context, s *Settings, c console) error {
	if s.JSON {
		rc.Format = "json"
	}
	filter, since, failing, err := rc.parse(time.Now())
	if err != nil {
		return err
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	if err := n.refresh(ctx); err != nil {
		return err
	}
	if _, err := n.auditor.CatchUp(ctx, n.store); err != nil {
		return err
	}
	read, err := report.Read(ctx, reported{n}, rc.Lang, time.Now())
	if err != nil {
		return err
	}
	base, err := n.baseURL()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := rc.write(&out, read, filter, since, base); err != nil {
		return err
	}
	if err := rc.deliver(c.out, out.Bytes()); err != nil {
		return err
	}
	if fails(filter.Rows(read.Rows), failing) {
		return fmt.Errorf("%w: %s", errFound, strings.Join(rc.FailOn, ", "))
	}
	return nil
}

// fails reports whether any of the rows is what the caller wants an exit code for.
func fails(rows []report.Row, failing []report.Filter) bool {
	counts := func(r report.Row) bool { return !r.Ignored }
	return slices.ContainsFunc(failing, func(f report.Filter) bool { return slices.ContainsFunc(f.Rows(rows), counts) })
}

// parse reads the flags that choose.
func (rc reportCommand) parse(now time.Time) (report.Filter, time.Time, []report.Filter, error) {
	q, err := url.ParseQuery(rc.Filter)
	if err != nil {
		return report.Filter{}, time.Time{}, nil, fmt.Errorf("%w: --filter: %w", errUsage, err)
	}
	q["state"], q["mark"] = append(q["state"], rc.State...), append(q["mark"], rc.Mark...)
	filter, err := report.ParseFilter(q)
	if err != nil {
		return report.Filter{}, time.Time{}, nil, err
	}
	since := now.AddDate(0, 0, -30)
	if rc.Since != "" {
		if since, err = parseSince(rc.Since, now); err != nil {
			return report.Filter{}, time.Time{}, nil, err
		}
	}
	if err := rc.checkPeriod(now); err != nil {
		return report.Filter{}, time.Time{}, nil, err
	}
	var failing []report.Filter
	for _, word := range rc.FailOn {
		name := "state"
		if slices.Contains(report.Marks(), report.Mark(word)) {
			name = "mark"
		}
		f, err := report.ParseFilter(url.Values{name: {word}})
		if err != nil {
			return report.Filter{}, time.Time{}, nil, err
		}
		failing = append(failing, f)
	}
	return filter, since, failing, nil
}

func (rc reportCommand) checkPeriod(now time.Time) error {
	if rc.Period == "" {
		return nil
	}
	if rc.Format == "atom" {
		return fmt.Errorf("%w: --period: a feed of changes compares nothing; use --format text, csv, json or html", errUsage)
	}
	_, err := report.Span(rc.Period).Begin(now)
	return err
}

func (rc reportCommand) write(w io.Writer, read *report.Report, filter report.Filter, since time.Time, base string) error {
	texts, err := report.NewTexts()
	if err != nil {
		return err
	}
	switch rc.Format {
	case "csv":
		if rc.BOM {
			if _, err := io.WriteString(w, report.ByteOrderMark); err != nil {
				return err
			}
		}
		return rc.csv(w, read, filter.Rows(read.Rows))
	case "json":
		document, err := read.Document(filter, since, report.Span(rc.Period))
		if err != nil {
			return err
		}
		return document.WriteJSON(w)
	case "atom":
		return texts.WriteAtom(w, report.Changes(filter.Rows(read.Rows), since, read.At), rc.Lang, base, read.At)
	}
	page, err := texts.Page(read, filter, rc.Lang, since, chartDays, report.Span(rc.Period))
	if err != nil {
		return err
	}
	page.Base = strings.TrimSuffix(base, "/")
	if rc.Format == "html" {
		return page.WriteHTML(w)
	}
	return page.WriteText(w)
}

// csv is a line a source, or with --period a line for each sum that is compared.
func (rc reportCommand) csv(w io.Writer, read *report.Report, rows []report.Row) error {
	if rc.Period == "" {
		return report.WriteCSV(w, rows)
	}
	now, before, err := read.Compare(rows, report.Span(rc.Period))
	if err != nil {
		return err
	}
	return report.WritePeriodCSV(w, now, before)
}

// deliver prints, or writes the file whole or not at all.
func (rc reportCommand) deliver(w io.Writer, data []byte) error {
	if rc.Out == "" {
		_, err := w.Write(data)
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(rc.Out), ".report-*")
	if err != nil {
		return fmt.Errorf("%w: --out: %w", errUsage, err)
	}
	defer func() { _ = os.Remove(file.Name()) }() // after the rename it is not there
	_, err = file.Write(data)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(file.Name(), rc.Out)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", rc.Out, err)
	}
	return nil
}

// reported implements report.Library on what this machine knows.
type reported struct{ n *newsroom }

// Videos is the catalog's.
func (r reported) Videos(ctx context.Context) iter.Seq2[archive.Video, error] {
	return r.n.catalog.All(ctx)
}

// Heard is the ledger's.
func (r reported) Heard(ctx context.Context) iter.Seq2[archive.Heard, error] {
	return r.n.catalog.Ledger().All(ctx)
}

// Articles is the store's.
func (r reported) Articles(ctx context.Context) iter.Seq2[archive.Article, error] {
	return r.n.store.Articles(ctx)
}

// Channels is the store's.
func (r reported) Channels(ctx context.Context) iter.Seq2[archive.Channel, error] {
	return r.n.store.Channels(ctx)
}
