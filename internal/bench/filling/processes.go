package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"videoteca/archive"
	"videoteca/internal/bench/stock"
)

const (
	kilo  = 1 << 10
	token = "dGhlIHRva2VuIG9mIHRoaXMgYmVuY2htYXJrLCBsb25nIGVub3VnaA" // the operator's, on loopback
)

// measure runs a program to its end.
func measure(ctx context.Context, name string, args ...string) (figure, error) {
	command := exec.CommandContext(ctx, name, args...)
	began := time.Now()
	out, err := command.CombinedOutput()
	if err != nil {
		return figure{}, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	f := figure{took: time.Since(began)}
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		f.peak = usage.Maxrss * kilo
	}
	return f, nil
}

// serve starts the service, waits for an embed and asks for what an editor would.
func (b bench) serve(ctx context.Context, store, cache string, id archive.VideoID) (f figure, err error) {
	service, err := stock.Serve(ctx, b.Binary, store, cache, id, "--token", token)
	if err != nil {
		return f, err
	}
	defer service.Stop()
	f.took = service.Took
	for _, question := range []string{"", "&tag=etiqueta+3", "&q=asamblea"} {
		if err := stock.Fetch(ctx, service.Base+"/api/v1/videos?limit=30"+question, token); err != nil {
			return f, err
		}
	}
	f.peak, err = peakOf(service.PID)
	return f, err
}

// peakOf is the most memory that a running process has held (VmHWM of proc(5)), in bytes.
func peakOf(pid int) (int64, error) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, err
	}
	return peakIn(string(status))
}

func peakIn(status string) (int64, error) {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return n * kilo, err
		}
	}
	return 0, errors.New("no VmHWM in the process's status")
}

// catalogIn is the one catalog in a cache.
func catalogIn(cache string) (string, error) {
	entries, err := os.ReadDir(cache)
	if err != nil && !errors.Is(err, os.ErrNotExist) { // without a cache there is no catalog either
		return "", err
	}
	var found []string
	for _, e := range entries {
		path := filepath.Join(cache, e.Name(), "catalog.sqlite")
		if _, err := os.Stat(path); err == nil {
			found = append(found, path)
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%d catalogs in %s", len(found), cache)
	}
	return found[0], nil
}

// middle is the median of each part.
func middle(figures []figure) figure {
	var took []time.Duration
	var peaks []int64
	for _, f := range figures {
		took, peaks = append(took, f.took), append(peaks, f.peak)
	}
	slices.Sort(took)
	slices.Sort(peaks)
	return figure{took[len(took)/2], peaks[len(peaks)/2]}
}
