package verify_test

import (
	"testing"

	"videoteca/storage"
	"videoteca/storage/verify"
)

func ofJournals() []damage {
	return []damage{
		{
			name:     "a part is no gzip",
			do:       written("plain", partNumber(1)),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no gzip", repairs: true,
		},
		{
			name: "a part is cut short",
			do: func(t *testing.T, l *library) string {
				key := partNumber(2)(t, l)
				data := l.read(t, key)
				l.write(t, key, data[:len(data)/2])
				return key
			},
			severity: verify.Fault, kind: verify.Undecodable, detail: "line", repairs: true,
		},
		{
			name:     "a part has a line without source",
			do:       written(zipped(`{"method":"m"}`), partNumber(3)),
			severity: verify.Fault, kind: verify.Schema, detail: "line 1", repairs: true,
		},
		{
			name:     "a part is empty",
			do:       written(zipped(), partNumber(3)),
			severity: verify.Fault, kind: verify.Schema, detail: "no observation", repairs: true,
		},
		{
			name:     "a part is gone",
			do:       removed(partNumber(2)),
			severity: verify.Fault, kind: verify.Missing, detail: "later parts", repairs: true,
		},
		{
			name:     "the last part is gone",
			do:       removed(partNumber(3)),
			severity: verify.Fault, kind: verify.Missing, detail: "counts it", repairs: true,
		},
		{
			name:     "a summary is no JSON",
			do:       written("{", func(_ *testing.T, l *library) string { return storage.Keys{}.Summary(l.audit) }),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no JSON", repairs: true,
		},
		{
			name: "an audit was broken off",
			do: func(t *testing.T, l *library) string {
				l.remove(t, storage.Keys{}.Summary(l.audit))
				return "audits/" + l.audit + "/"
			},
			severity: verify.Note, kind: verify.UnfinishedAudit, detail: "no summary",
		},
		{
			name:     "a name among the parts",
			do:       written("x", func(_ *testing.T, l *library) string { return "audits/" + l.audit + "/notes.txt" }),
			severity: verify.Note, kind: verify.Stray, detail: "no such object",
		},
		{
			name:     "a checkpoint is cut short",
			do:       written("\x1f\x8b", oneUnder("checks/")),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no gzip", repairs: true,
		},
		{
			name:     "a checkpoint is out of order",
			do:       written(zipped(heardLine("b"), heardLine("a")), oneUnder("checks/")),
			severity: verify.Fault, kind: verify.Schema, detail: "does not come after", repairs: true,
		},
		{
			name:     "a checkpoint of no day",
			do:       written("x", func(*testing.T, *library) string { return "checks/latest.jsonl.gz" }),
			severity: verify.Note, kind: verify.Stray, detail: "no checkpoint",
		},
	}
}
