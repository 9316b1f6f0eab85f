package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/storage"
	"videoteca/storage/verify"
)

type verifyCommand struct {
	ID      string `arg:"" optional:"" help:"Id of one video. Without one the whole store is checked."`
	From    string `placeholder:"DIR|s3://…" help:"A second store, a backup for instance, from which what is damaged or missing is put back where its bytes prove good."`
	DryRun  bool   `help:"Say what could be put back, and write nothing."`
	Restart bool   `help:"Begin anew, also where a pass was broken off."`
	MaxAge  string `placeholder:"SPAN" help:"Do nothing if the whole store was checked so recently, as 30d; for timers."`
	For     string `placeholder:"SPAN" help:"Begin nothing more after so long, as 1h; the next run goes on from there."`
}

// Run checks what the store holds, from where the last run stopped.
func (vc verifyCommand) Run(ctx context.Context, s *Settings, c console) error {
	o, err := vc.options()
	if err != nil {
		return err
	}
	n, err := openFor(ctx, s, opening{examines: true}, c)
	if err != nil {
		return err
	}
	defer n.close()
	o.Bucket, o.Log, o.Cursor = n.store.Bucket(), n.log, filepath.Join(n.cacheDir, "verify.json")
	if dir := n.address.Directory; dir != "" {
		o.Measure = func(ctx context.Context) (int64, int64, error) { return measure(ctx, dir) }
	}
	p := &verifyPrinter{console: c, json: s.JSON, quiet: vc.ID != ""}
	summary, err := verify.Run(ctx, o, p.found, p.progress)
	if errors.Is(err, verify.ErrOtherInstallation) {
		err = fmt.Errorf("%w: --from: %w", errUsage, err)
	}
	if err != nil {
		if summary.Objects > 0 && vc.ID == "" {
			fmt.Fprintf(c.err, "%s checked; run the same command again to go on\n", plural(summary.Objects, "object is", "objects are"))
		}
		return err
	}
	if err := p.end(summary); err != nil {
		return err
	}
	if summary.Damaged() {
		return fmt.Errorf("%w: %s", errDamaged, plural(summary.Faults-summary.Repaired, "fault is left", "faults are left"))
	}
	return nil
}

// options reads the flags.
func (vc verifyCommand) options() (verify.Options, error) {
	o := verify.Options{DryRun: vc.DryRun, Restart: vc.Restart}
	var err error
	if vc.ID != "" {
		if o.Only, err = archive.ParseVideoID(vc.ID); err != nil {
			return o, err
		}
	}
	if vc.DryRun && vc.From == "" {
		return o, fmt.Errorf("%w: --dry-run is about repairs, and those need --from", errUsage)
	}
	if o.MaxAge, err = span("--max-age", vc.MaxAge); err != nil {
		return o, err
	}
	if o.For, err = span("--for", vc.For); err != nil {
		return o, err
	}
	if vc.From != "" {
		o.From, err = secondStore(vc.From)
	}
	return o, err
}

// span reads a span of time; none is 0.
func span(flag, text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := audit.ParseSpan(text)
	if err != nil || d <= 0 {
		return 0, &archive.FieldError{Field: flag, Problem: fmt.Sprintf("%q is no span of time", text), Cure: "write 1h, 12h or 30d", Cause: err}
	}
	return d, nil
}

// secondStore opens a store for reading, in which nothing is made: neither a folder by a slip of
// the pen, nor anything in a backup.
func secondStore(where string) (storage.Bucket, error) {
	address, err := storage.ParseAddress(where)
	if err != nil {
		return nil, fmt.Errorf("%w: --from: %w", errUsage, err)
	}
	opened, err := storage.Find(address, os.Getenv)
	if err != nil {
		return nil, fmt.Errorf("%w: --from: %w", errUsage, err)
	}
	return storage.WithRetries(storage.WithDeadlines(opened.Bucket, storage.Deadlines{}), storage.Retries{}), nil
}

// measure counts a directory store by the sizes in its folders, which opens no file.
func measure(ctx context.Context, dir string) (objects, bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), "."): // the store's own, see storage.Directory
			return filepath.SkipDir
		case d.IsDir():
			return ctx.Err()
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) { // deleted meanwhile
			return nil
		}
		if err == nil {
			objects, bytes = objects+1, bytes+info.Size()
		}
		return err
	})
	return objects, bytes, err
}

// findingsKept bounds the findings in one JSON document: a store that lost a folder has a fault an object.
const findingsKept = 10_000

// verifyPrinter writes findings as they come, and progress now and then.
type verifyPrinter struct {
	console
	json     bool
	quiet    bool // without progress
	told     time.Time
	findings []verify.Finding
	omitted  int
	err      error // of printing
}

func (p *verifyPrinter) found(f verify.Finding) {
	if !p.json {
		if _, err := fmt.Fprintln(p.out, oneLine(findingLine(f))); err != nil {
			p.err = err
		}
		return
	}
	if len(p.findings) == findingsKept {
		p.omitted++
		return
	}
	p.findings = append(p.findings, f)
}

// findingLine is severity, kind, key and what is wrong.
func findingLine(f verify.Finding) string {
	severity := string(f.Severity)
	if f.Repaired {
		severity = "fixed"
	}
	return fmt.Sprintf("%-5s  %-16s  %s  %s", severity, f.Kind, f.Key, f.Detail)
}

func (p *verifyPrinter) progress(now verify.Progress) {
	if p.quiet || time.Since(p.told) < progressPause {
		return
	}
	if !p.told.IsZero() {
		fmt.Fprintln(p.console.err, verifyLine(now))
	}
	p.told = time.Now()
}

// verifyLine is what is done, how fast, and what is left.
func verifyLine(now verify.Progress) string {
	objects, bytes := now.Rate()
	line := fmt.Sprintf("%d objects", now.Objects)
	if now.TotalObjects > 0 {
		line = fmt.Sprintf("%d of %d objects", now.Objects, now.TotalObjects)
	}
	line += fmt.Sprintf(", %.0f a second, %.1f MB a second", objects, bytes/1e6)
	if now.Faults > 0 {
		line += ", " + plural(now.Faults, "fault", "faults")
	}
	if left := now.Left().Round(time.Second); left > 0 {
		line += ", " + left.String() + " left"
	}
	return line
}

// end prints the summary.
func (p *verifyPrinter) end(s verify.Summary) error {
	if p.json {
		document := verifyReport{Summary: s, Findings: p.findings, Omitted: p.omitted}
		if document.Findings == nil {
			document.Findings = []verify.Finding{}
		}
		return writeJSON(p.out, document)
	}
	if _, err := io.WriteString(p.out, summaryLine(s)+"\n"); err != nil {
		p.err = err
	}
	if p.err != nil {
		return fmt.Errorf("printing what was found: %w", p.err)
	}
	return nil
}

// verifyReport is the document of --json.
type verifyReport struct {
	Summary  verify.Summary   `json:"summary"`
	Findings []verify.Finding `json:"findings"` // of this run
	Omitted  int              `json:"omitted,omitempty"`
}

// summaryLine says how much was checked, and what came of it.
func summaryLine(s verify.Summary) string {
	counts := fmt.Sprintf("%s, %.1f MB: %s, %d repaired, %s", plural(s.Objects, "object", "objects"), float64(s.Bytes)/1e6,
		plural(s.Faults, "fault", "faults"), s.Repaired, plural(s.Notes, "note", "notes"))
	switch {
	case s.Recent:
		return fmt.Sprintf("checked on %s, so nothing was done; then: %s", when(s.Ended), counts)
	case !s.Complete:
		return "so far " + counts + "; run the same command again to go on"
	}
	return counts
}
