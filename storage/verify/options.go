package verify

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// defaultWorkers is how many videos or other objects are checked at once: enough to hide
// the latency of a bucket, few enough to leave a disk to others.
const defaultWorkers = 8

// grace is how old an object is before it counts that nothing names it. Writers give up
// after 30 s; uploads and clocks take longer.
const grace = time.Hour

// Options configures Run. Only Bucket is needed.
type Options struct {
	Bucket  storage.Bucket
	From    storage.Bucket  // second store for repairs; nil: none
	DryRun  bool            // says what could be repaired, and repairs nothing
	Only    archive.VideoID // one video and what it names; empty: the whole store
	Cursor  string          // file that keeps how far a pass has come; empty: a pass begins anew. Unused with Only
	Restart bool            // begins a new pass whatever the file says
	MaxAge  time.Duration   // a whole pass that ended so recently is not made again; 0: it is
	For     time.Duration   // begins nothing more after this time; 0: no limit
	Workers int             // 0: 8
	Measure Measure         // nil: the store is listed
	Now     func() time.Time
	Log     *slog.Logger
}

// Measure counts a store's objects and bytes for the progress, where there is a cheaper way than to
// list it: a directory store reads each object that it lists.
type Measure func(context.Context) (objects, bytes int64, err error)

func (o Options) filled() Options {
	if o.Workers <= 0 {
		o.Workers = defaultWorkers
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Only != "" {
		o.Cursor = ""
	}
	return o
}

// ErrOtherInstallation says that the second store is no copy of the first: nothing may be put back from it.
var ErrOtherInstallation = errors.New("the second store belongs to another installation")

// Counts is how much was checked and what was found in it.
type Counts struct {
	Objects  int64 `json:"objects"`
	Bytes    int64 `json:"bytes"`
	Faults   int64 `json:"faults"`   // those repaired included
	Repaired int64 `json:"repaired"` // of the faults
	Notes    int64 `json:"notes"`
}

func (c Counts) plus(d Counts) Counts {
	return Counts{c.Objects + d.Objects, c.Bytes + d.Bytes, c.Faults + d.Faults, c.Repaired + d.Repaired, c.Notes + d.Notes}
}

// Summary is what came of a pass, over all the runs in which it was made.
type Summary struct {
	Started  time.Time `json:"started"` // of the pass
	Ended    time.Time `json:"ended,omitzero"`
	Complete bool      `json:"complete"`          // the pass came to its end
	Resumed  bool      `json:"resumed,omitempty"` // this run went on with a pass of before
	Recent   bool      `json:"recent,omitempty"`  // nothing was done, by Options.MaxAge
	Counts
}

// Damaged reports whether faults are left.
func (s Summary) Damaged() bool { return s.Faults > s.Repaired }
