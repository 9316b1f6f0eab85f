package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// largestPut is what S3 takes in a single PUT. Conditions of a multipart upload
// bind only at its end, and some servers ignore them there, so everything goes in one part.
const largestPut = 5 << 30 // 5 GiB

// Limits of the connections to an S3 server; whole calls are bounded by WithDeadlines.
const (
	s3DialTime   = 5 * time.Second
	s3HeaderTime = 30 * time.Second
	s3IdleTime   = 60 * time.Second
	s3IdleConns  = 32
)

// S3Options says which bucket and how to reach it.
type S3Options struct {
	Endpoint string // with its scheme: "https://s3.eu-central-1.amazonaws.com"
	Region   string
	Bucket   string
	Prefix   string // in front of every key, with its final slash; may be empty
	Credentials
}

// S3 is a Bucket in an S3-compatible store.
type S3 struct {
	core   minio.Core
	bucket string
	prefix string
	region string
}

// NewS3 connects nothing yet: the first call does.
func NewS3(o S3Options) (*S3, error) {
	host, secure := strings.CutPrefix(o.Endpoint, "https://")
	if !secure {
		host = strings.TrimPrefix(o.Endpoint, "http://")
	}
	core, err := minio.NewCore(host, &minio.Options{
		Creds:      credentials.NewStaticV4(o.AccessKey, o.SecretKey, o.SessionToken),
		Secure:     secure,
		Region:     o.Region,
		Transport:  onceTransport{s3Transport()},
		MaxRetries: 1, // WithRetries knows which calls may be made twice
	})
	if err != nil {
		return nil, fmt.Errorf("configuring the S3 store at %s: %w", o.Endpoint, err)
	}
	return &S3{core: *core, bucket: o.Bucket, prefix: o.Prefix, region: o.Region}, nil
}

func s3Transport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: s3DialTime}).DialContext,
		TLSHandshakeTimeout:   s3DialTime,
		ResponseHeaderTimeout: s3HeaderTime,
		IdleConnTimeout:       s3IdleTime,
		MaxIdleConnsPerHost:   s3IdleConns,
		DisableCompression:    true, // the journal's parts are gzip themselves and must come as they are
	}
}

// EnsureBucket makes the bucket if it is missing and the credentials allow it.
func (s *S3) EnsureBucket(ctx context.Context) error {
	exists, err := s.core.BucketExists(ctx, s.bucket)
	if err != nil {
		return fmt.Errorf("asking for the bucket %s: %w", s.bucket, s3Fault(err))
	}
	if exists {
		return nil
	}
	err = s.core.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region})
	var reply minio.ErrorResponse
	if errors.As(err, &reply) && (reply.Code == minio.BucketAlreadyOwnedByYou || reply.Code == "BucketAlreadyExists") {
		return nil
	}
	if err != nil {
		return fmt.Errorf("making the bucket %s (make it yourself if these credentials may not): %w", s.bucket, s3Fault(err))
	}
	return nil
}

// Get implements Bucket.
func (s *S3) Get(ctx context.Context, key string, r Range) (io.ReadCloser, Object, error) {
	if err := CheckKey(key); err != nil {
		return nil, Object{}, fmt.Errorf("reading %s: %w", key, err)
	}
	var opts minio.GetObjectOptions
	if r != (Range{}) {
		if r.Offset < 0 || r.Length < 0 {
			return nil, Object{}, fmt.Errorf("reading %s: %w", key, ErrBadRange)
		}
		opts.Set("Range", rangeHeader(r))
	}
	body, info, header, err := s.core.GetObject(ctx, s.bucket, s.prefix+key, opts)
	if err != nil {
		return nil, Object{}, fmt.Errorf("reading %s: %w", key, s3Fault(err))
	}
	object := s.object(info)
	object.Key = key
	if total, ok := totalOf(header.Get("Content-Range")); ok {
		object.Size = total
	}
	return body, object, nil
}

func rangeHeader(r Range) string {
	if r.Length == 0 {
		return fmt.Sprintf("bytes=%d-", r.Offset)
	}
	return fmt.Sprintf("bytes=%d-%d", r.Offset, r.Offset+r.Length-1)
}

// totalOf reads the size of the whole object from "bytes 0-9/100" (RFC 9110, 14.4).
func totalOf(contentRange string) (int64, bool) {
	var first, last, total int64
	n, err := fmt.Sscanf(contentRange, "bytes %d-%d/%d", &first, &last, &total)
	return total, err == nil && n == 3
}

// Put implements Bucket.
func (s *S3) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond Condition) (Object, error) {
	if err := CheckKey(key); err != nil {
		return Object{}, fmt.Errorf("writing %s: %w", key, err)
	}
	if size <= 0 {
		return Object{}, fmt.Errorf("writing %s: %w", key, ErrEmptyObject)
	}
	if size > largestPut {
		return Object{}, fmt.Errorf("writing %s: %d bytes are more than the %d that S3 takes in one part", key, size, int64(largestPut))
	}
	opts := minio.PutObjectOptions{ContentType: contentType(key), DisableMultipart: true}
	if cond.Create {
		opts.SetMatchETagExcept("*")
	}
	if cond.Match != "" {
		opts.SetMatchETag(cond.Match)
	}
	ctx, only := attempt(ctx)
	defer only.cancel()
	info, err := s.core.Client.PutObject(ctx, s.bucket, s.prefix+key, body, size, opts)
	if err != nil {
		return Object{}, fmt.Errorf("writing %s: %w", key, s3PutFault(only.result(err), cond))
	}
	return Object{Key: key, Size: size, ETag: plainETag(info.ETag), Modified: info.LastModified.UTC()}, nil
}

// Delete implements Bucket.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	err := s3Fault(s.core.RemoveObject(ctx, s.bucket, s.prefix+key, minio.RemoveObjectOptions{}))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	return nil
}

// Stat implements Bucket.
func (s *S3) Stat(ctx context.Context, key string) (Object, error) {
	if err := CheckKey(key); err != nil {
		return Object{}, fmt.Errorf("describing %s: %w", key, err)
	}
	info, err := s.core.StatObject(ctx, s.bucket, s.prefix+key, minio.StatObjectOptions{})
	if err != nil {
		return Object{}, fmt.Errorf("describing %s: %w", key, s3Fault(err))
	}
	object := s.object(info)
	object.Key = key
	return object, nil
}

// List implements Bucket.
func (s *S3) List(ctx context.Context, prefix, startAfter string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		if err := errors.Join(CheckPrefix(prefix), CheckPrefix(startAfter)); err != nil {
			yield(Object{}, fmt.Errorf("listing %s: %w", prefix, err))
			return
		}
		opts := minio.ListObjectsOptions{Prefix: s.prefix + prefix, Recursive: true}
		if startAfter != "" {
			opts.StartAfter = s.prefix + startAfter
		}
		for info := range s.core.ListObjectsIter(ctx, s.bucket, opts) {
			if info.Err != nil {
				yield(Object{}, fmt.Errorf("listing %s: %w", prefix, s3Fault(info.Err)))
				return
			}
			if strings.HasSuffix(info.Key, "/") { // a folder's marker, which another program made
				continue
			}
			if !yield(s.object(info), nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Object{}, fmt.Errorf("listing %s: %w", prefix, err))
		}
	}
}

func (s *S3) object(info minio.ObjectInfo) Object {
	return Object{Key: strings.TrimPrefix(info.Key, s.prefix), Size: info.Size, ETag: plainETag(info.ETag), Modified: info.LastModified.UTC()}
}

func plainETag(etag string) string { return strings.Trim(etag, `"`) }

// contentType follows from the key alone, so that a copy made by any tool that
// goes by extensions is the same object. The only keys without one are published
// pages: the addresses of embeds have none.
func contentType(key string) string {
	switch path.Ext(key) {
	case ".json":
		return "application/json"
	case ".gz":
		return "application/gzip"
	case ".jpg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".mp4":
		return "video/mp4"
	case ".webm":
		return "video/webm"
	case ".vtt":
		return "text/vtt"
	case ".html", "":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return "application/octet-stream"
}
