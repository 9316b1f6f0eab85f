package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	readyKept  = 2 * time.Second // so that anybody who asks often does not ask the bucket as often
	readyLimit = 3 * time.Second // less than orchestrators wait
)

// readiness remembers the last report for a moment.
type readiness struct {
	health Health
	now    func() time.Time

	mu     sync.Mutex
	until  time.Time
	report ReadyReport
}

func (r *readiness) ask(ctx context.Context) ReadyReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now().Before(r.until) {
		return r.report
	}
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyLimit) // others get this answer too
	defer cancel()
	r.report = r.health.Ready(asking)
	r.until = r.now().Add(readyKept)
	return r.report
}

// healthAnswer is what /healthz says: the process is alive.
type healthAnswer struct {
	Status  string `json:"status"`
	Version string `json:"version,omitempty"`
}

func (s *Server) healthz(c *gin.Context) error {
	writeJSON(c, http.StatusOK, healthAnswer{Status: "ok", Version: s.version})
	return nil
}

// readyAnswer is what /readyz says. Known embeds are served whatever it is.
type readyAnswer struct {
	Ready   bool          `json:"ready"`
	Store   string        `json:"store"` // "reachable" or "unreachable"
	Posters posterHolding `json:"posters"`
}

type posterHolding struct {
	Held  int     `json:"held"`
	Of    int     `json:"of"`
	Share float64 `json:"share"` // 0 to 1; 1 where there is none to hold
}

func (s *Server) readyz(c *gin.Context) error {
	report := s.ready.ask(c.Request.Context())
	answer := readyAnswer{Ready: report.Store, Store: "unreachable", Posters: posterHolding{Held: report.PostersHeld, Of: report.PostersAll, Share: 1}}
	status := http.StatusServiceUnavailable
	if report.Store {
		answer.Store, status = "reachable", http.StatusOK
	} else {
		c.Header("Retry-After", retryAfter)
	}
	if report.PostersAll > 0 {
		answer.Posters.Share = float64(report.PostersHeld) / float64(report.PostersAll)
	}
	writeJSON(c, status, answer)
	return nil
}
