package people

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

const eventsPrefix = "accounts/events/"

// Event is one change of who may do what, immutable.
type Event struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	By      string    `json:"by,omitempty"` // a login; empty: a one-time link, or the machine's own administrator
	Verb    string    `json:"verb"`         // "set-up", "add", "invite", "join", "roles", "disable", "enable", "profile", "password", "token", "revoke", "end-session", "feed", "revoke-feed"
	Login   string    `json:"login"`        // whom it concerns
	Before  string    `json:"before,omitempty"`
	After   string    `json:"after,omitempty"`
}

// note keeps an event. The change it tells of has been made: a store that fails now costs the note,
// which is logged in its place.
func (r *Registry) note(ctx context.Context, by, verb, login, before, after string) {
	e := Event{Version: documentVersion, At: r.now(), By: by, Verb: verb, Login: login, Before: before, After: after}
	key := fmt.Sprintf("%s%s-%s.json", eventsPrefix, strings.ToLower(r.o.Now().UTC().Format("20060102T150405.000000000Z")), newID())
	attributes := []any{slog.String("verb", verb), slog.String("login", login), slog.String("by", by), slog.String("before", before), slog.String("after", after)}
	if err := write(context.WithoutCancel(ctx), r.docs, key, e, ""); err != nil {
		r.o.Log.ErrorContext(ctx, "a change of accounts is not recorded", append(attributes, slog.Any("error", err))...)
		return
	}
	r.o.Log.InfoContext(ctx, "account changed", attributes...)
}

// Events is the newest changes, at most n of them, the newest first.
func (r *Registry) Events(ctx context.Context, n int) ([]Event, error) {
	var keys []string
	for key, err := range r.docs.List(ctx, eventsPrefix) {
		if err != nil {
			return nil, fmt.Errorf("listing changes of accounts: %w", err)
		}
		if keys = append(keys, key); len(keys) > n {
			keys = keys[1:]
		}
	}
	slices.Reverse(keys)
	list := make([]Event, 0, len(keys))
	for _, key := range keys {
		var e Event
		if _, err := read(ctx, r.docs, key, &e); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}
