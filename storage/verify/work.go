package verify

import (
	"context"
	"time"

	"videoteca/storage"
)

// work is one unit being checked: the checker, and what this unit counts.
type work struct {
	*checker
	counts Counts
}

// report hands a finding to the caller.
func (w *work) report(f Finding) {
	if f.Severity == Note {
		w.counts.Notes++
	} else {
		w.counts.Faults++
	}
	if f.Repaired {
		w.counts.Repaired++
	}
	w.telling.Lock()
	defer w.telling.Unlock()
	w.found(f)
}

func (w *work) note(kind Kind, key, detail string) {
	w.report(Finding{Severity: Note, Kind: kind, Key: key, Detail: detail})
}

func (w *work) fault(kind Kind, key, detail string) {
	w.report(Finding{Severity: Fault, Kind: kind, Key: key, Detail: detail})
}

// faulty reports a fault with what became of its repair.
func (w *work) faulty(kind Kind, key, detail string, r repair) {
	if r.why != "" {
		detail += "; " + r.why
	}
	w.report(Finding{Severity: Fault, Kind: kind, Key: key, Detail: detail, Repaired: r.done, Repairable: r.possible && !r.done})
}

// counted takes an object that was read into account.
func (w *work) counted(size int64) {
	w.counts.Objects++
	w.counts.Bytes += size
}

// old reports whether an object is so old that whatever was to name it does.
func (w *work) old(o storage.Object) bool { return w.before(o.Modified) }

func (w *work) before(at time.Time) bool { return w.Now().Sub(at) > grace }

// drawnBefore is the same for what has a ULID. One that is none is old.
func (w *work) drawnBefore(ulid string) bool {
	at, err := storage.Drawn(ulid)
	return err != nil || w.before(at)
}

// there asks for an object by its key.
func (w *work) there(ctx context.Context, key string) (bool, error) {
	return exists(ctx, w.Bucket, key)
}
