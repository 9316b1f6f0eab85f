package web

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"videoteca/archive"
)

// APITarget is the video that an operation is about. (Huma reads exported structs only where they are
// embedded.)
type APITarget struct {
	ID string `path:"id" doc:"Of the video: 12 characters of Crockford base32" example:"7k3mzq9x0abd"`
}

// APIChange is the video that an operation changes, and the precondition for it.
type APIChange struct {
	APITarget
	IfMatch string `header:"If-Match" doc:"The ETag that was seen, or several, of which the revision before the dot counts: 412 where the video has changed since, and nothing is altered. Absent or *: whatever it is" example:"\"7\""`
}

// notModifiedError is no failure: the client has the answer as it is, under this ETag.
type notModifiedError string

func (notModifiedError) Error() string { return "not modified" }

// etagOfVideo is the validator of a video's answers: the record's revision and, after a dot, a digest of what is said of
// its sources. Audits hear of a source far more often than its record is written, and when is part of the answer.
func etagOfVideo(v archive.Video) string {
	return `"` + strconv.FormatInt(v.Revision, 10) + "." + bodyDigest(apiSources(v)) + `"`
}

// bodyDigest is a digest of an answer or a part of one, for validators.
func bodyDigest(body any) string {
	data, err := json.Marshal(body)
	if err != nil { // our own types, all of which can be written
		panic(err)
	}
	sum := digest(string(data))
	return hex.EncodeToString(sum[:6])
}

// revisionsOf reads If-Match; none stand for any revision. Of an ETag the revision alone counts, which is also taken by
// itself: what was heard of a source meanwhile is nothing that a change could undo. A header in which no ETag of ours
// stands fails the precondition, as RFC 9110 (13.1.1) has it; weak ones never match.
func revisionsOf(ifMatch string) ([]int64, error) {
	if ifMatch = strings.TrimSpace(ifMatch); ifMatch == "" || ifMatch == "*" {
		return nil, nil
	}
	var revisions []int64
	for tag := range strings.SplitSeq(ifMatch, ",") {
		if revision, ok := revisionOf(strings.TrimSpace(tag)); ok {
			revisions = append(revisions, revision)
		}
	}
	if revisions == nil {
		return nil, statusError(http.StatusPreconditionFailed)
	}
	return revisions, nil
}

// revisionOf reads the revision in an ETag: "7", or "7.5e884898da28" as answers have it.
func revisionOf(tag string) (int64, bool) {
	inner, opens := strings.CutPrefix(tag, `"`)
	inner, closes := strings.CutSuffix(inner, `"`)
	number, heard, dotted := strings.Cut(inner, ".")
	revision, err := strconv.ParseInt(number, 10, 64)
	canonical := err == nil && revision > 0 && strconv.FormatInt(revision, 10) == number
	hexadecimal := heard != "" && strings.Trim(heard, "0123456789abcdef") == ""
	return revision, opens && closes && canonical && dotted == hexadecimal
}

// seeing is a context in which a change goes ahead only as If-Match says.
func seeing(ctx context.Context, ifMatch string) (context.Context, error) {
	revisions, err := revisionsOf(ifMatch)
	if err != nil {
		return nil, err
	}
	return archive.Seeing(ctx, revisions...), nil
}

// change carries out one change of a video under the request's precondition.
func (s *Server) change(ctx context.Context, in APIChange, what string, do func(context.Context, archive.VideoID) (archive.Video, error)) (*videoOutput, error) {
	id, err := parseID(in.ID)
	if err != nil {
		return nil, err
	}
	if ctx, err = seeing(ctx, in.IfMatch); err != nil {
		return nil, err
	}
	v, err := do(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", what, id, err)
	}
	return s.videoOutput(v, ""), nil
}

// changeSource is change of one of a video's sources, "platform:id".
func (s *Server) changeSource(ctx context.Context, in APIChange, source, what string, do func(context.Context, archive.VideoID, archive.SourceKey) (archive.Video, error)) (*videoOutput, error) {
	v, err := s.videoOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	key, err := sourceKey(source)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, in, what, func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
		changed, err := do(ctx, id, key)
		if isMissing(err) { // of the two that may be missing, the video is there
			return archive.Video{}, notItsSource(v, key)
		}
		return changed, err
	})
}
