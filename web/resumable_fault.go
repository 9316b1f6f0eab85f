package web

import (
	"errors"
	"net/http"

	"github.com/tus/tusd/v2/pkg/handler"

	"videoteca/archive"
	"videoteca/internal/spool"
)

// statusChecksum is the protocol's own: 460 Checksum Mismatch.
const statusChecksum = 460

// tusRefusal is what is said of why the store refused.
func tusRefusal(err error) error {
	field := func(name, problem, cure string, status int) error {
		return &archive.FieldError{Field: name, Problem: problem, Cure: cure, Cause: errors.Join(statusError(status), err)}
	}
	switch {
	case errors.Is(err, spool.ErrNoUpload):
		return field("path.id", "there is no such upload here: it has expired, was given up, or is on another server", "begin anew", http.StatusNotFound)
	case errors.Is(err, spool.ErrOffset):
		return wrongOffset(err)
	case errors.Is(err, spool.ErrDigest):
		return field("header.Upload-Checksum", "the body is not what it says", "send the same piece again", statusChecksum)
	}
	return spoolRefusal(err)
}

// spoolRefusal gives the status of what the spool refuses wherever it is asked.
func spoolRefusal(err error) error {
	for _, known := range []struct {
		err    error
		status int
	}{
		{spool.ErrNoRoom, http.StatusInsufficientStorage},
		{spool.ErrTooMany, http.StatusTooManyRequests},
		{spool.ErrBusy, http.StatusLocked},
	} {
		if errors.Is(err, known.err) {
			return errors.Join(statusError(known.status), err)
		}
	}
	return err
}

func wrongOffset(cause error) error {
	return &archive.FieldError{
		Field: "header.Upload-Offset", Problem: "the upload ends elsewhere", Cure: "ask with HEAD where it ends, and go on there",
		Cause: errors.Join(statusError(http.StatusConflict), cause),
	}
}

// tusFault is what is said of what the protocol refused, by the library's code for it.
func tusFault(code string, status int) error {
	field := func(name, problem, cure string, status int) error {
		return &archive.FieldError{Field: "header." + name, Problem: problem, Cure: cure, Cause: statusError(status)}
	}
	switch code {
	case handler.ErrUnsupportedVersion.ErrorCode:
		return field("Tus-Resumable", "it is missing, or of another version of the protocol", "send Tus-Resumable: "+tusVersion, http.StatusPreconditionFailed)
	case handler.ErrInvalidContentType.ErrorCode:
		return field("Content-Type", "it is not that of a piece", "send application/offset+octet-stream", http.StatusUnsupportedMediaType)
	case handler.ErrInvalidUploadLength.ErrorCode, handler.ErrUploadLengthAndUploadDeferLength.ErrorCode, handler.ErrNotImplemented.ErrorCode, handler.ErrInvalidUploadDeferLength.ErrorCode:
		return field("Upload-Length", "it is no number of bytes", "send the size of the whole file, when the upload begins and only then", http.StatusBadRequest)
	case handler.ErrInvalidOffset.ErrorCode:
		return field("Upload-Offset", "it is no number of bytes", "send the offset that HEAD tells", http.StatusBadRequest)
	case handler.ErrMismatchOffset.ErrorCode:
		return wrongOffset(nil)
	case handler.ErrSizeExceeded.ErrorCode:
		return field("Upload-Length", "the piece reaches beyond it", "send at most what is missing", http.StatusRequestEntityTooLarge)
	case handler.ErrUploadInterrupted.ErrorCode: // by a newer request on the same upload
		return wrongOffset(errors.New("a newer request took over"))
	case handler.ErrLockTimeout.ErrorCode, handler.ErrFileLocked.ErrorCode:
		return statusError(http.StatusLocked)
	case handler.ErrReadTimeout.ErrorCode, handler.ErrConnectionReset.ErrorCode:
		return statusError(http.StatusServiceUnavailable)
	}
	return statusError(status)
}
