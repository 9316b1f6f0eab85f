package verify

import (
	"context"
	"strings"

	"videoteca/storage"
)

// accounts checks who works here. Sessions and failed attempts pass by themselves, and a session that
// somebody has ended must not come back, so these are not put back.
func (w *work) accounts(ctx context.Context, o storage.Object) error {
	kind, _, nested := strings.Cut(strings.TrimPrefix(o.Key, "accounts/"), "/")
	switch {
	case o.Key == "accounts/people.json":
		_, _, _, err := read(ctx, w, o.Key, "people", anywhere)
		return err
	case nested && kind == "events":
		_, _, _, err := read(ctx, w, o.Key, "account-event", anywhere)
		return err
	case nested && kind == "sessions":
		return w.fleeting(ctx, o, "session")
	case nested && kind == "throttle":
		return w.fleeting(ctx, o, "throttle")
	}
	w.counted(0)
	w.note(Stray, o.Key, "accounts have no such object")
	return nil
}
