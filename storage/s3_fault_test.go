package storage_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"videoteca/storage"
)

// s3Answering is an S3 bucket whose server answers everything with the status and, as far
// as the method has a body, the code. It counts the requests.
func s3Answering(t *testing.T, status int, code string) (storage.Bucket, *atomic.Int64) {
	t.Helper()
	requests := new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		_, _ = io.Copy(io.Discard, r.Body) // a client that is still sending would see a broken connection
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		if r.Method != http.MethodHead && code != "" {
			_, _ = fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>as said</Message></Error>`, code) // the client may be gone
		}
	}))
	t.Cleanup(server.Close)
	b, err := storage.NewS3(storage.S3Options{
		Endpoint: server.URL, Region: "us-east-1", Bucket: "videos",
		Credentials: storage.Credentials{AccessKey: "a", SecretKey: "s"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b, requests
}

// kinds are the errors that the contract of Bucket names.
func kinds() []error {
	return []error{storage.ErrNotFound, storage.ErrPreconditionFailed, storage.ErrBadKey, storage.ErrBadRange, storage.ErrEmptyObject,
		storage.ErrOutcomeUnknown, storage.ErrUnsupported, storage.ErrFull, storage.ErrReadOnly, storage.ErrNoStore}
}

// onlyIs reports whether err is the kind and none of the others; nil is none at all.
func onlyIs(err, kind error) bool {
	for _, k := range kinds() {
		if errors.Is(err, k) != errors.Is(kind, k) {
			return false
		}
	}
	return err != nil
}

func TestWhatAnS3ServerAnswersIsNamedAsTheContractDoes(t *testing.T) {
	tests := []struct {
		status int
		code   string
		want   error
	}{
		{http.StatusNotFound, "NoSuchKey", storage.ErrNotFound},
		{http.StatusNotFound, "", storage.ErrNotFound},
		{http.StatusNotFound, "NoSuchBucket", storage.ErrNoStore},
		{http.StatusPreconditionFailed, "PreconditionFailed", storage.ErrPreconditionFailed},
		{http.StatusPreconditionFailed, "", storage.ErrPreconditionFailed},
		{http.StatusRequestedRangeNotSatisfiable, "InvalidRange", storage.ErrBadRange},
		{http.StatusRequestedRangeNotSatisfiable, "", storage.ErrBadRange},
		{http.StatusNotImplemented, "NotImplemented", storage.ErrUnsupported},
		{http.StatusNotImplemented, "", storage.ErrUnsupported},
		{http.StatusInsufficientStorage, "", storage.ErrFull},
		{http.StatusBadRequest, "QuotaExceeded", storage.ErrFull},
		{http.StatusBadRequest, "XAdminBucketQuotaExceeded", storage.ErrFull},
		{http.StatusInsufficientStorage, "XMinioStorageFull", storage.ErrFull},
		{http.StatusForbidden, "AccessDenied", nil},
		{http.StatusForbidden, "SignatureDoesNotMatch", nil},
		{http.StatusInternalServerError, "InternalError", nil},
		{http.StatusServiceUnavailable, "SlowDown", nil},
		{http.StatusConflict, "ConditionalRequestConflict", nil},
	}
	for _, tt := range tests {
		b, _ := s3Answering(t, tt.status, tt.code)
		_, _, getErr := b.Get(t.Context(), "k.json", storage.Range{})
		_, putErr := b.Put(t.Context(), "k.json", strings.NewReader("x"), 1, storage.IfAbsent())
		for what, err := range map[string]error{"Get": getErr, "Put": putErr} {
			if !onlyIs(err, tt.want) || !strings.Contains(err.Error(), "k.json") {
				t.Errorf("%s after %d %s: %v, want %v", what, tt.status, tt.code, err, tt.want)
			}
		}
	}
}

func TestAnAnswerWithoutABodyIsNamedByItsStatus(t *testing.T) {
	for status, want := range map[int]error{
		http.StatusNotFound:            storage.ErrNotFound,
		http.StatusInsufficientStorage: storage.ErrFull,
		http.StatusNotImplemented:      storage.ErrUnsupported,
		http.StatusForbidden:           nil,
		http.StatusInternalServerError: nil,
	} {
		b, _ := s3Answering(t, status, "")
		if _, err := b.Stat(t.Context(), "k.json"); !onlyIs(err, want) {
			t.Errorf("Stat after %d: %v, want %v", status, err, want)
		}
	}
}

func TestIfMatchOnAMissingKeyIsACondition(t *testing.T) {
	b, _ := s3Answering(t, http.StatusNotFound, "NoSuchKey")
	if _, err := b.Put(t.Context(), "k.json", strings.NewReader("x"), 1, storage.IfMatch("1")); !errors.Is(err, storage.ErrPreconditionFailed) {
		t.Errorf("got %v", err)
	}
	b, _ = s3Answering(t, http.StatusNotFound, "NoSuchBucket")
	if _, err := b.Put(t.Context(), "k.json", strings.NewReader("x"), 1, storage.IfMatch("1")); errors.Is(err, storage.ErrPreconditionFailed) {
		t.Errorf("a bucket that is missing is no condition: %v", err)
	}
}

func TestDeletingWhatIsMissingIsNoErrorAndABucketThatIsMissingIs(t *testing.T) {
	b, _ := s3Answering(t, http.StatusNotFound, "NoSuchKey")
	if err := b.Delete(t.Context(), "k.json"); err != nil {
		t.Errorf("a missing key: %v", err)
	}
	b, _ = s3Answering(t, http.StatusNotFound, "NoSuchBucket")
	if err := b.Delete(t.Context(), "k.json"); err == nil {
		t.Error("a missing bucket passes")
	}
}

// A conditional write is made again where the server said that it had done nothing, and nowhere else.
func TestConditionalWritesAreMadeAgainOnlyAfterARefusal(t *testing.T) {
	tests := []struct {
		status   int
		code     string
		requests int64
		want     error
	}{
		{http.StatusServiceUnavailable, "SlowDown", 3, nil},
		{http.StatusServiceUnavailable, "ServiceUnavailable", 3, nil},
		{http.StatusServiceUnavailable, "", 3, nil},
		{http.StatusTooManyRequests, "TooManyRequests", 3, nil},
		{http.StatusConflict, "ConditionalRequestConflict", 3, nil},
		{http.StatusConflict, "OperationAborted", 3, nil},
		{http.StatusInternalServerError, "InternalError", 1, storage.ErrOutcomeUnknown},
		{http.StatusBadGateway, "", 1, storage.ErrOutcomeUnknown},
		{http.StatusPreconditionFailed, "PreconditionFailed", 1, storage.ErrPreconditionFailed},
		{http.StatusNotImplemented, "NotImplemented", 1, storage.ErrUnsupported},
		{http.StatusInsufficientStorage, "", 1, storage.ErrFull},
	}
	for _, tt := range tests {
		s3, requests := s3Answering(t, tt.status, tt.code)
		b := storage.WithRetries(s3, storage.Retries{Initial: 1})
		_, err := b.Put(t.Context(), "k.json", strings.NewReader("x"), 1, storage.IfAbsent())
		if requests.Load() != tt.requests || !onlyIs(err, tt.want) {
			t.Errorf("%d %s: asked %d times, want %d; %v, want %v", tt.status, tt.code, requests.Load(), tt.requests, err, tt.want)
		}
	}
}
