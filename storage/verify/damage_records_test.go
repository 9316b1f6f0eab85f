package verify_test

import (
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/verify"
)

func ofRecords() []damage {
	return []damage{
		{
			name:     "a record is gone",
			do:       removed(firstOf("videos")),
			severity: verify.Fault, kind: verify.Missing, detail: "revision 6", repairs: true, also: 2,
		},
		{
			name:     "a record is no JSON",
			do:       written("{", firstOf("videos")),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no JSON", repairs: true,
		},
		{
			name:     "a record has no sources",
			do:       edited(`"sources"`, `"source"`, firstOf("videos")),
			severity: verify.Fault, kind: verify.Schema, detail: "sources", repairs: true,
		},
		{
			name:     "a record is of a later version",
			do:       edited(`"version": 1`, `"version": 7`, firstOf("videos")),
			severity: verify.Note, kind: verify.NewerVersion, detail: "version 7",
		},
		{
			name:     "a record was edited by hand",
			do:       edited(`"revision": 6`, `"revision": 7`, firstOf("videos")),
			severity: verify.Note, kind: verify.Unexplained, detail: "first of 7",
		},
		{
			name:     "a record beside the records",
			do:       written("x", func(*testing.T, *library) string { return "videos/zz/old.json" }),
			severity: verify.Note, kind: verify.Stray, detail: "no video",
		},
	}
}

func ofClaims() []damage {
	return []damage{
		{
			name:     "a claim is gone",
			do:       removed(claimKey),
			severity: verify.Fault, kind: verify.Missing, detail: "nothing says that it owns it", repairs: true,
		},
		{
			name:     "a claim is no JSON",
			do:       written("-", claimKey),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no JSON", repairs: true,
		},
		{
			name: "a claim has no record",
			do: func(t *testing.T, l *library) string {
				_, err := l.store.Claim(t.Context(), maketube("never"), archive.NewVideoID())
				must(t, err)
				return storage.Keys{}.Claim(maketube("never"))
			},
			severity: verify.Note, kind: verify.Orphan, detail: "has no record",
		},
		{
			name: "a claim is of a source that its video has not",
			do: func(t *testing.T, l *library) string {
				_, err := l.store.Claim(t.Context(), maketube("mirror"), l.videos[0].ID)
				must(t, err)
				return storage.Keys{}.Claim(maketube("mirror"))
			},
			severity: verify.Note, kind: verify.Orphan, detail: "no such source",
		},
		{
			name: "a claim stands under another key",
			do: func(t *testing.T, l *library) string {
				key := "sources/00/" + strings.Repeat("0", 64) + ".json"
				l.write(t, key, l.read(t, claimKey(t, l)))
				return key
			},
			severity: verify.Fault, kind: verify.Misplaced, detail: "belongs under",
		},
	}
}

func ofTheRest() []damage {
	return []damage{
		{
			name: "an article places a video that is not there",
			do: func(t *testing.T, l *library) string {
				key := l.keys(t, "articles/")[0]
				l.edit(t, key, string(l.videos[0].ID), "000000000000")
				return key
			},
			severity: verify.Fault, kind: verify.Dangling, detail: "000000000000",
		},
		{
			name:     "an article is no JSON",
			do:       written("<html>", oneUnder("articles/")),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no JSON", repairs: true,
		},
		{
			name:     "a channel stands under another key",
			do:       edited("UCx", "UCy", oneUnder("channels/")),
			severity: verify.Fault, kind: verify.Misplaced, detail: "belongs under", repairs: true,
		},
		{
			name:     "a setting is no object",
			do:       written("[]", oneUnder("settings/thresholds")),
			severity: verify.Fault, kind: verify.Schema, detail: "setting", repairs: true,
		},
		{
			name:     "a change of a setting names nobody",
			do:       edited(`"ana"`, `""`, oneUnder("settings/events/")),
			severity: verify.Fault, kind: verify.Schema, detail: "actor", repairs: true,
		},
		{
			name: "a change of a setting stands under another key",
			do: func(t *testing.T, l *library) string {
				l.write(t, "settings/events/01jrst4pe0h7yg5fknab9mvem1.json", l.read(t, l.keys(t, "settings/events/")[0]))
				return "settings/events/01jrst4pe0h7yg5fknab9mvem1.json"
			},
			severity: verify.Fault, kind: verify.Misplaced, detail: "it is change",
		},
		{
			name:     "the accounts are no JSON",
			do:       written("{", oneUnder("accounts/people.json")),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no JSON", repairs: true,
		},
		{
			name:     "an account has no roles",
			do:       edited(`"roles"`, `"rolls"`, oneUnder("accounts/people.json")),
			severity: verify.Fault, kind: verify.Schema, detail: "roles", repairs: true,
		},
		{
			name:     "a change of accounts has no verb",
			do:       edited(`"verb"`, `"word"`, oneUnder("accounts/events/")),
			severity: verify.Fault, kind: verify.Schema, detail: "verb", repairs: true,
		},
		{
			name:     "a session is cut short",
			do:       written("{", oneUnder("accounts/sessions/")),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no JSON",
		},
		{
			name:     "failed attempts are of a name",
			do:       written(`{"version":1,"of":{"ana":{"n":1,"last":"2025-04-14T09:30:00Z"}}}`, oneUnder("accounts/throttle/")),
			severity: verify.Fault, kind: verify.Schema, detail: "throttle",
		},
		{
			name:     "accounts of a later version",
			do:       edited(`"version": 1`, `"version": 2`, oneUnder("accounts/people.json")),
			severity: verify.Note, kind: verify.NewerVersion, detail: "version 2",
		},
		{
			name:     "a name among the accounts",
			do:       written("x", func(*testing.T, *library) string { return "accounts/backup.json" }),
			severity: verify.Note, kind: verify.Stray, detail: "no such object",
		},
		{
			name:     "a marker names nothing",
			do:       written("{}", oneUnder("changes/")),
			severity: verify.Fault, kind: verify.Schema, detail: "change",
		},
		{
			name:     "the installation's marker is gone",
			do:       removed(oneUnder("videoteca.json")),
			severity: verify.Fault, kind: verify.Missing, detail: "records", repairs: true,
		},
		{
			name:     "the installation's marker is damaged",
			do:       written("\x00", oneUnder("videoteca.json")),
			severity: verify.Fault, kind: verify.Undecodable, detail: "no JSON", repairs: true,
		},
	}
}
