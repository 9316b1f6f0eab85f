package verify

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"videoteca/archive"
	"videoteca/storage"
)

// unit is one thing to check: a video with all that hangs on it, an audit, or an object.
type unit struct {
	at    string // place within its stage; units come in the order of their places
	check func(context.Context, *work) error
}

// stage is a part of the store: the objects whose keys begin with its name.
type stage struct {
	name  string
	units func(c *checker, ctx context.Context, prefix, after string) iter.Seq2[unit, error]
}

// stagesFrom is the stages of a pass, from the one named; all where there is none of that name.
func stagesFrom(name string) []stage {
	all := []stage{
		{storage.KeyInstallation, (*checker).installationUnits},
		{"settings/", each((*work).setting)},
		{"accounts/", each((*work).accounts)},
		{"videos/", (*checker).videoUnits},
		{"sources/", each((*work).claim)},
		{"articles/", each((*work).article)},
		{"channels/", each((*work).channel)},
		{"audits/", (*checker).auditUnits},
		{"checks/", each((*work).checkpoint)},
		{"leases/", each((*work).passing)},
		{"quota/", each((*work).passing)},
		{"changes/", each((*work).passing)},
	}
	return all[max(0, slices.IndexFunc(all, func(s stage) bool { return s.name == name })):]
}

// each has a unit an object.
func each(check func(*work, context.Context, storage.Object) error) func(*checker, context.Context, string, string) iter.Seq2[unit, error] {
	return func(c *checker, ctx context.Context, prefix, after string) iter.Seq2[unit, error] {
		return func(yield func(unit, error) bool) {
			for object, err := range c.Bucket.List(ctx, prefix, after) {
				if err != nil {
					yield(unit{}, unavailable(fmt.Errorf("listing %s: %w", prefix, err)))
					return
				}
				u := unit{object.Key, func(ctx context.Context, w *work) error { return check(w, ctx, object) }}
				if !yield(u, nil) {
					return
				}
			}
		}
	}
}

// unavailable says that the store could not be asked.
func unavailable(err error) error { return fmt.Errorf("%w: %w", archive.ErrUnavailable, err) }
