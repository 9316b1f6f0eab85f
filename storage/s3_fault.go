package storage

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/minio/minio-go/v7"
)

// errBusy marks a reply by which the server refused before doing anything, so
// that the call may be made again whatever it was.
var errBusy = errors.New("the store asks to try again")

// s3Fault gives the server's replies the names that Bucket uses. What is no
// reply of the server stays as it is.
func s3Fault(err error) error {
	var reply minio.ErrorResponse
	if err == nil || !errors.As(err, &reply) {
		return err
	}
	if kind := s3Kind(reply); kind != nil {
		return fmt.Errorf("%w: %w", kind, err)
	}
	return err
}

func s3Kind(reply minio.ErrorResponse) error {
	switch reply.Code {
	case minio.NoSuchKey:
		return ErrNotFound
	case minio.NoSuchBucket:
		return ErrNoStore
	case minio.PreconditionFailed:
		return ErrPreconditionFailed
	case "InvalidRange":
		return ErrBadRange
	case "NotImplemented":
		return ErrUnsupported
	case "ConditionalRequestConflict", "OperationAborted", "SlowDown", "SlowDownRead", "SlowDownWrite", "ServiceUnavailable", "TooManyRequests":
		return errBusy
	case "InsufficientStorage", "XMinioStorageFull", "QuotaExceeded", "XAdminBucketQuotaExceeded":
		return ErrFull
	}
	switch reply.StatusCode {
	case http.StatusPreconditionFailed:
		return ErrPreconditionFailed
	case http.StatusRequestedRangeNotSatisfiable:
		return ErrBadRange
	case http.StatusNotImplemented:
		return ErrUnsupported
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusConflict:
		return errBusy
	case http.StatusInsufficientStorage:
		return ErrFull
	}
	if reply.StatusCode == http.StatusNotFound {
		return ErrNotFound
	}
	return nil
}

// s3PutFault is s3Fault for a Put: most servers answer 404 to If-Match on a missing key.
func s3PutFault(err error, cond Condition) error {
	err = s3Fault(err)
	if cond.Match != "" && errors.Is(err, ErrNotFound) {
		return fmt.Errorf("%w: %w", ErrPreconditionFailed, err)
	}
	return err
}
