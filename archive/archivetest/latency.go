package archivetest

import (
	"context"
	"time"
)

// SetDelay sets how long FaultSlow waits.
func (p *Platform) SetDelay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

func (p *Platform) delayed() time.Duration {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.delay
}

// SetLatency sets how long each answer of the methods takes, in good health too;
// without methods, of all.
func (p *Platform) SetLatency(d time.Duration, of ...Call) {
	if len(of) == 0 {
		of = Calls()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range of {
		p.latency[c] = d
	}
}

func (p *Platform) latencyOf(c Call) time.Duration {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.latency[c]
}

// wait returns false where the caller has gone.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
