package webfile

import (
	"context"
	"net/http"
	"strings"

	"videoteca/archive"
)

// control asks the front page of the host that gave a bad answer, and returns an
// observation that the host works, or none. See the package comment.
func (a *Adapter) control(ctx context.Context, bad looked) []archive.Observation {
	root := bad.from.Scheme + "://" + bad.from.Host + "/"
	got, err := a.get(ctx, root, 0, sniffBytes)
	if err != nil || (got.status != http.StatusOK && got.status != http.StatusPartialContent) || !sameSite(got.from.Host, bad.from.Host) {
		return nil
	}
	return []archive.Observation{{
		Source: archive.SourceKey{Platform: Name, ID: root}, Method: Method, Host: bad.from.Host,
		At: got.at, Outcome: archive.Playable, Answers: true, Control: true, Status: got.status,
		Latency: got.latency, Vantage: a.vantage, Program: a.program,
	}}
}

// sameSite reports whether two hosts are one but for "www.". A front page that
// leads elsewhere, to a registrar's parking page say, shows nothing of this host.
func sameSite(a, b string) bool {
	return strings.TrimPrefix(strings.ToLower(a), "www.") == strings.TrimPrefix(strings.ToLower(b), "www.")
}
