// Command auditing measures one audit of 100,000 YouTube sources that have not changed, against a
// make-believe platform whose every answer takes 100 ms, in a process of its own.
// The baseline is what the calls alone must take: 2,000 calls of 50 ids, eight at once.
//
//	go run ./internal/bench/auditing
//
// With -linkinator it measures 10,000 plain web links on 200 hosts of this machine instead, beside
// linkinator (npm) at the same concurrency:
//
//	npm install --prefix /tmp/linkinator linkinator
//	go run ./internal/bench/auditing -linkinator /tmp/linkinator/node_modules/.bin/linkinator
//
// The auditing process has a real store in a folder, a real catalog and the real
// adapter, wired as the command does. It needs Linux, for /proc/self/status.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	var b bench
	flag.IntVar(&b.Sources, "sources", 100_000, "sources in the library")
	flag.DurationVar(&b.Latency, "latency", 100*time.Millisecond, "what each answer of the platform takes")
	flag.IntVar(&b.AtOnce, "at-once", 8, "calls under way")
	linkinator := flag.String("linkinator", "", "linkinator's program; empty: YouTube's sources are measured")
	role := flag.String("role", "", "platform, audit, hosts, audit-links; empty: what is measured, as children")
	folder := flag.String("folder", "", "of the store")
	address := flag.String("address", "", "of the platform")
	flag.Parse()
	var err error
	switch *role {
	case "platform":
		err = b.platform(os.Stdout)
	case "audit":
		err = b.audit(context.Background(), *folder, *address, os.Stdout)
	case "hosts":
		err = serveHosts(os.Stdout)
	case "audit-links":
		err = b.auditLinks(context.Background(), *folder, os.Stdout)
	default:
		err = b.measure(context.Background(), os.Args[0], *linkinator)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "auditing:", err)
		os.Exit(1)
	}
}

// measure is one of the two measurements.
func (b bench) measure(ctx context.Context, self, linkinator string) error {
	if linkinator != "" {
		return b.links(ctx, self, linkinator)
	}
	return b.run(ctx, self)
}

// bench is one measurement.
type bench struct {
	Sources int
	Latency time.Duration
	AtOnce  int
}

// idsPerCall is what videos.list takes.
const idsPerCall = 50

// calls is how many the audit may make: exactly that many.
func (b bench) calls() int { return (b.Sources + idsPerCall - 1) / idsPerCall }

// floor is what the calls alone must take.
func (b bench) floor() time.Duration {
	return b.Latency * time.Duration(b.calls()) / time.Duration(b.AtOnce)
}

// result is what the auditing process found out about itself.
type result struct {
	Wall    time.Duration
	CPU     time.Duration
	PeakKiB int
	Sources int
	Parts   int
	Objects int // written to the bucket by the audit
	Changes int
}

// report is the result beside the baseline.
func (b bench) report(r result, calls int) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%d sources, %d calls of the API (%d are exact), %d at once, %s each\n", r.Sources, calls, b.calls(), b.AtOnce, b.Latency)
	fmt.Fprintf(&s, "wall time   %.1f s, %.2f of the %.1f s that the calls alone take\n", r.Wall.Seconds(), float64(r.Wall)/float64(b.floor()), b.floor().Seconds())
	fmt.Fprintf(&s, "CPU         %.1f s in the auditing process\n", r.CPU.Seconds())
	fmt.Fprintf(&s, "memory      %.0f MB at most (VmHWM)\n", float64(r.PeakKiB)*1024/1e6)
	fmt.Fprintf(&s, "written     %d objects, %d parts of the journal among them; %d states changed\n", r.Objects, r.Parts, r.Changes)
	return s.String()
}

// run starts the platform, makes the library, has it audited and prints the report.
func (b bench) run(ctx context.Context, self string) error {
	folder, err := os.MkdirTemp("", "videoteca-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	platform, err := b.start(ctx, self)
	if err != nil {
		return err
	}
	defer platform.stop()
	fmt.Fprintf(os.Stderr, "making a library of %d\n", b.Sources)
	if err := b.fill(filepath.Join(folder, "store")); err != nil {
		return err
	}
	child := exec.CommandContext(ctx, self, append(b.args("audit"), "-folder", folder, "-address", platform.address)...)
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		return fmt.Errorf("the auditing process: %w", err)
	}
	var r result
	if err := json.Unmarshal(out, &r); err != nil {
		return fmt.Errorf("what the auditing process printed: %w", err)
	}
	calls, err := platform.calls(ctx)
	if err != nil {
		return err
	}
	fmt.Print(b.report(r, calls))
	return nil
}

func (b bench) args(role string) []string {
	return []string{"-role", role, "-sources", fmt.Sprint(b.Sources), "-latency", b.Latency.String(), "-at-once", fmt.Sprint(b.AtOnce)}
}
