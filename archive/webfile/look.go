package webfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"

	"videoteca/archive"
	"videoteca/internal/safehttp"
)

// looked is an answer with what was made of it.
type looked struct {
	answer
	media string // media type; empty: none
	list  playlist
	seen  archive.Observation
}

// look asks for a file and makes the one observation of it.
func (a *Adapter) look(ctx context.Context, key archive.SourceKey) looked {
	got, err := a.get(ctx, key.ID, 0, headBytes)
	l := looked{answer: got, seen: a.observation(key, got)}
	if err != nil {
		l.seen.Reason = whyNoAnswer(err)
		a.log.DebugContext(ctx, "no answer", slog.String("source", key.ID), slog.Any("error", err))
		return l
	}
	sum := sha256.Sum256(got.data)
	l.seen.Digest = hex.EncodeToString(sum[:])
	l.seen.Outcome, l.seen.Reason = outcomeOf(got.status)
	switch asked := hostOf(key.ID); {
	case l.seen.Outcome.Good():
		a.confirm(ctx, &l)
	case l.seen.Outcome.Bad() && !sameOwner(got.from.Host, asked):
		l.seen.Outcome, l.seen.Reason = archive.Unclear, "redirect to "+got.from.Host+", of which: "+l.seen.Reason
	}
	l.seen.Answers = l.seen.Outcome.Good()
	l.seen.Body, l.seen.Fields = l.evidence(), l.told()
	return l
}

// observation is what an answer says of itself, or, without one, of the request.
func (a *Adapter) observation(key archive.SourceKey, got answer) archive.Observation {
	o := archive.Observation{
		Source: key, Method: Method, Host: hostOf(key.ID), At: got.at, Status: got.status,
		Latency: got.latency, Vantage: a.vantage, Program: a.program,
	}
	if got.from != nil {
		o.Host, o.Date = got.from.Host, safehttp.Sent(got.header)
	}
	return o
}

// outcomeOf is the table in the package comment, as far as a status goes.
func outcomeOf(status int) (archive.Outcome, string) {
	switch status {
	case http.StatusOK, http.StatusPartialContent:
		return archive.Playable, ""
	case http.StatusNotFound:
		return archive.Missing, "not found (404)"
	case http.StatusGone:
		return archive.Removed, "gone (410)"
	case http.StatusUnavailableForLegalReasons:
		return archive.Removed, "unavailable for legal reasons (451)"
	case http.StatusUnauthorized, http.StatusForbidden:
		return archive.Unclear, fmt.Sprintf("the server refused us (%d)", status)
	}
	return archive.Unclear, fmt.Sprintf("the server answered %d", status)
}

// confirm looks at the bytes that came with a good status, and takes the good
// outcome back where they are not media or a playlist leads nowhere.
func (a *Adapter) confirm(ctx context.Context, l *looked) {
	l.media = sniff(l.data)
	reason := ""
	switch l.media {
	case "":
		reason = "not media, but " + whatInstead(l.data)
	case typePlaylist:
		l.list = parsePlaylist(l.data, l.whole)
		reason = a.follow(ctx, l)
	}
	if reason != "" {
		l.seen.Outcome, l.seen.Reason = archive.Unclear, reason
	}
}

// follow asks for the first thing a playlist names, a second hop that goes
// through the same guarded client. It returns what is wrong with it, if anything.
func (a *Adapter) follow(ctx context.Context, l *looked) string {
	next := l.list.next(l.from)
	if next == "" {
		return "the playlist names nothing that can be fetched"
	}
	got, err := a.get(ctx, next, 0, sniffBytes)
	if err != nil {
		return "the playlist stands, what it names does not answer: " + whyNoAnswer(err)
	}
	if outcome, reason := outcomeOf(got.status); !outcome.Good() {
		return "the playlist stands, of what it names: " + reason
	}
	if instead := whatInstead(got.data); instead == "text/html" || instead == "nothing" {
		return "the playlist stands, what it names is " + instead
	}
	return ""
}
