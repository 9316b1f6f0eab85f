package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
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
	patience = 2 * time.Minute // for one start
	askPause = time.Millisecond
	kilo     = 1 << 10
	token    = "dGhlIHRva2VuIG9mIHRoaXMgYmVuY2htYXJrLCBsb25nIGVub3VnaA" // the operator's, on loopback
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
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	listen, err := stock.FreeAddress(ctx)
	if err != nil {
		return f, err
	}
	command := exec.CommandContext(ctx, b.Binary, "serve", "--listen", listen, "--token", token, "--store", store, "--cache", cache, "--no-audit", "--no-archived-pages", "--log-level", "error")
	began := time.Now()
	if err := command.Start(); err != nil {
		return f, err
	}
	defer func() {
		_ = command.Process.Kill() // it is only asked
		_ = command.Wait()
	}()
	base := "http://" + listen
	for fetch(ctx, base+"/e/"+string(id)) != nil {
		select {
		case <-time.After(askPause):
		case <-ctx.Done():
			return f, fmt.Errorf("%s is not served: %w", id, ctx.Err())
		}
	}
	f.took = time.Since(began)
	for _, question := range []string{"", "&tag=etiqueta+3", "&q=asamblea"} {
		if err := fetch(ctx, base+"/api/v1/videos?limit=30"+question); err != nil {
			return f, err
		}
	}
	f.peak, err = peakOf(command.Process.Pid)
	return f, err
}

// fetch asks for an address that has to be there.
func fetch(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("%s: %s", address, response.Status))
	}
	return errors.Join(err, response.Body.Close())
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
	found, err := filepath.Glob(filepath.Join(cache, "*", "catalog.sqlite"))
	if err == nil && len(found) != 1 {
		err = fmt.Errorf("%d catalogs in %s", len(found), cache)
	}
	return strings.Join(found, ""), err
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
