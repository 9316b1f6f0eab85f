package web

import (
	"context"
	"time"
)

// Verification knows what the checks of the store found that a service makes by itself.
type Verification interface {
	// Verified is the newest that came to its end; nil: none did.
	Verified(ctx context.Context) (*VerifyResult, error)
}

// VerifyResult is what a check of the whole store found.
type VerifyResult struct {
	At      time.Time
	Objects int64
	Faults  int64 // that are left
	Notes   int64
	Found   []VerifyFault // the first of them
}

// More is how many faults are not listed.
func (r VerifyResult) More() int64 { return r.Faults - int64(len(r.Found)) }

// VerifyFault is one thing that is lost, changed or contradicts itself.
type VerifyFault struct{ Kind, Key, Detail string }
