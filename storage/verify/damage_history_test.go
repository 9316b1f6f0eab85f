package verify_test

import (
	"strings"
	"testing"

	"videoteca/storage/verify"
)

func ofEvents() []damage {
	return []damage{
		{
			name:     "the newest event is gone",
			do:       removed(lastEvent),
			severity: verify.Fault, kind: verify.Missing, detail: "came to pass", repairs: true,
		},
		{
			name:     "an event in the middle is gone",
			do:       removed(middleEvent),
			severity: verify.Fault, kind: verify.Missing, detail: "came to pass", repairs: true,
		},
		{
			name:     "the first event is gone",
			do:       removed(firstOf("events")),
			severity: verify.Fault, kind: verify.Missing, detail: "came to pass", repairs: true,
		},
		{
			name:     "an event cannot be read",
			do:       written("{", middleEvent),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no JSON", repairs: true,
		},
		{
			name: "an event is of another video",
			do: func(t *testing.T, l *library) string {
				key := lastEvent(t, l)
				l.edit(t, key, string(l.videos[0].ID), string(l.videos[1].ID))
				return key
			},
			severity: verify.Fault, kind: verify.Misplaced, detail: "it is event", repairs: true,
		},
		{
			name: "an event lost a race",
			do: func(t *testing.T, l *library) string {
				key := l.of(t, "events")[5]
				copied := strings.Replace(l.read(t, key), stem(key), loser, 1)
				beside := strings.Replace(key, stem(key), loser, 1)
				l.write(t, beside, copied)
				return beside
			},
			severity: verify.Note, kind: verify.Unapplied, detail: "lost a race",
		},
		{
			name: "a name among the events",
			do: func(t *testing.T, l *library) string {
				key := strings.Replace(firstOf("events")(t, l), ".json", ".bak", 1)
				l.write(t, key, "x")
				return key
			},
			severity: verify.Note, kind: verify.Stray, detail: "no event",
		},
	}
}
