package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/storage/verify"
	"videoteca/web"
)

const (
	// verifiedSetting holds what came of the passes that services make by themselves.
	verifiedSetting = "verified"
	// verifyLease is the lease under which they are made.
	verifyLease = "verify"
	// A pass goes on for verifyTurn of every verifyPause, with few readers, so that it leaves the store to others.
	verifyTurn    = 10 * time.Minute
	verifyPause   = time.Hour
	verifyWorkers = 2
	// verifyHandover is after how long without a turn another replica begins a pass of its own: how far one has come
	// stands on the machine that makes it.
	verifyHandover = 6 * verifyPause
	// verifyShown bounds the faults that are kept for the page; the log has all.
	verifyShown = 20
)

// verifiedState is the setting.
type verifiedState struct {
	Turned  time.Time     `json:"turned,omitzero"` // when the pass under way was last gone on with
	Running *verifiedPass `json:"underWay,omitempty"`
	Last    *verifiedPass `json:"last,omitempty"` // the newest that came to its end
}

// verifiedPass is one pass through the store.
type verifiedPass struct {
	verify.Summary
	Found []verify.Finding `json:"found,omitempty"` // the first of its faults
}

// verifier checks the store by itself, a little every hour.
type verifier struct {
	*newsroom
	every  time.Duration // from the end of a pass to the beginning of the next
	turn   time.Duration // how long it goes on at once
	gauges verifyGauges
}

// verifyGauges tell of the newest whole pass.
type verifyGauges struct {
	ended, objects, faults, notes prometheus.Gauge
}

func newVerifyGauges(r *prometheus.Registry) (verifyGauges, error) {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: "videoteca_verify_" + name, Help: help})
	}
	g := verifyGauges{
		ended:   gauge("ended_timestamp_seconds", "When the newest whole check of the store came to its end; 0: none did."),
		objects: gauge("objects", "Objects that the newest whole check looked at."),
		faults:  gauge("faults", "Faults that the newest whole check left."),
		notes:   gauge("notes", "Notes of the newest whole check."),
	}
	for _, c := range []prometheus.Collector{g.ended, g.objects, g.faults, g.notes} {
		if err := r.Register(c); err != nil {
			return g, fmt.Errorf("registering metrics: %w", err)
		}
	}
	return g, nil
}

func (g verifyGauges) tell(last *verifiedPass) {
	if last == nil {
		return
	}
	g.ended.Set(float64(last.Ended.Unix()))
	g.objects.Set(float64(last.Objects))
	g.faults.Set(float64(last.Faults - last.Repaired))
	g.notes.Set(float64(last.Notes))
}

// newVerifier is nil where the store is not to be checked.
func newVerifier(n *newsroom, every string) (*verifier, error) {
	between, err := span("--verify-every", every)
	if err != nil || between == 0 {
		return nil, err
	}
	gauges, err := newVerifyGauges(n.metrics)
	return &verifier{newsroom: n, every: between, turn: verifyTurn, gauges: gauges}, err
}

// always takes a turn every hour until ctx ends.
func (v *verifier) always(ctx context.Context, filled <-chan struct{}) {
	select {
	case <-filled:
	case <-ctx.Done():
		return
	}
	for {
		if err := v.goOn(ctx); err != nil && !errors.Is(err, audit.ErrBusy) && ctx.Err() == nil {
			v.log.ErrorContext(ctx, "the store was not checked; it is tried again", slog.Any("error", err))
		}
		if !sleep(ctx, verifyPause) {
			return
		}
	}
}

func (v *verifier) cursor() string { return filepath.Join(v.cacheDir, "verify-service.json") }

// goOn takes one turn, where a pass is due or under way and no other replica makes it.
func (v *verifier) goOn(ctx context.Context) error {
	state, etag, err := v.verified(ctx)
	if err != nil {
		return err
	}
	v.gauges.tell(state.Last)
	if !v.mine(state, time.Now()) {
		return nil
	}
	held, giveBack, err := leases{v.store, v.leaseTerm, v.log}.Hold(ctx, verifyLease)
	if err != nil {
		return err
	}
	defer giveBack()
	pass, err := v.pass(held, state)
	if err != nil {
		return err
	}
	state.Turned = time.Now().UTC()
	if state.Running = &pass; pass.Complete {
		state.Running, state.Last = nil, &pass
		v.report(ctx, pass)
	}
	v.gauges.tell(state.Last)
	if _, err := v.store.SaveSetting(ctx, verifiedSetting, etag, state); err != nil {
		return fmt.Errorf("keeping what the check of the store found: %w", err)
	}
	return nil
}

// mine reports whether this replica is to go on, or to begin.
func (v *verifier) mine(state verifiedState, now time.Time) bool {
	if state.Running == nil {
		return state.Last == nil || now.Sub(state.Last.Ended) >= v.every
	}
	started, underWay := verify.UnderWay(v.cursor())
	return underWay && started.Equal(state.Running.Started) || now.Sub(state.Turned) >= verifyHandover
}

// pass goes on with the pass of this machine for one turn.
func (v *verifier) pass(ctx context.Context, state verifiedState) (verifiedPass, error) {
	var found []verify.Finding
	o := verify.Options{
		Bucket: v.store.Bucket(), Cursor: v.cursor(), For: v.turn, Workers: verifyWorkers, Log: v.log, Restart: state.Running == nil,
	}
	if dir := v.address.Directory; dir != "" {
		o.Measure = func(ctx context.Context) (int64, int64, error) { return measure(ctx, dir) }
	}
	summary, err := verify.Run(ctx, o, func(f verify.Finding) {
		if f.Severity != verify.Fault {
			return
		}
		v.log.ErrorContext(ctx, "the store is damaged", slog.String("kind", string(f.Kind)), slog.String("key", f.Key), slog.String("detail", f.Detail))
		if len(found) < verifyShown {
			found = append(found, f)
		}
	}, nil)
	if err != nil {
		return verifiedPass{}, fmt.Errorf("checking the store: %w", err)
	}
	if r := state.Running; r != nil && r.Started.Equal(summary.Started) {
		found = append(r.Found[:len(r.Found):len(r.Found)], found...)
	}
	return verifiedPass{Summary: summary, Found: found[:min(len(found), verifyShown)]}, nil
}

func (v *verifier) report(ctx context.Context, pass verifiedPass) {
	level := slog.LevelInfo
	if pass.Damaged() {
		level = slog.LevelError
	}
	v.log.Log(ctx, level, "the whole store was checked", slog.Int64("objects", pass.Objects), slog.Int64("faults", pass.Faults-pass.Repaired), slog.Int64("notes", pass.Notes))
}

// verified is what passes found so far, with the setting's ETag.
func (n *newsroom) verified(ctx context.Context) (state verifiedState, etag string, err error) {
	etag, err = n.store.Setting(ctx, verifiedSetting, &state)
	if errors.Is(err, archive.ErrNotFound) {
		return verifiedState{}, "", nil
	}
	return state, etag, err
}

// verifications implements web.Verification.
type verifications struct{ *newsroom }

// Verified is what the newest whole pass found.
func (v verifications) Verified(ctx context.Context) (*web.VerifyResult, error) {
	state, _, err := v.verified(ctx)
	if err != nil || state.Last == nil {
		return nil, err
	}
	last := state.Last
	result := &web.VerifyResult{At: last.Ended, Objects: last.Objects, Faults: last.Faults - last.Repaired, Notes: last.Notes}
	for _, f := range last.Found {
		result.Found = append(result.Found, web.VerifyFault{Kind: string(f.Kind), Key: f.Key, Detail: f.Detail})
	}
	return result, nil
}
