package audit

import (
	"context"
	"iter"
	"time"

	"videoteca/archive"
)

// Ledger is what this machine knows of when sources were heard, and of how many turn
// bad. It is derived: the journal's parts and checkpoints rebuild it. It is safe for
// concurrent use.
type Ledger interface {
	// Heard is what is known of the sources; those never heard are absent.
	Heard(ctx context.Context, keys []archive.SourceKey) (map[archive.SourceKey]archive.Heard, error)

	// Note merges what was heard with what is known, field by field. Noting it again changes nothing.
	Note(ctx context.Context, heard []archive.Heard) error

	// Forget takes back every moment later than that, and returns of how many sources there were any.
	Forget(ctx context.Context, later time.Time) (int, error)

	// All yields everything that is known, in the order of the keys.
	All(ctx context.Context) iter.Seq2[archive.Heard, error]

	// Guard counts a platform's sources at the time now.
	Guard(ctx context.Context, platform string, t archive.Thresholds, now time.Time) (archive.Guard, error)

	// ReadUpTo is the time before which every audit began whose parts are all noted here; zero for none.
	ReadUpTo(ctx context.Context) (time.Time, error)
	// SetReadUpTo moves it.
	SetReadUpTo(ctx context.Context, at time.Time) error
}
