package storage

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
)

// ErrNoStore says that there is nothing at the address of a store: no such folder, or no such bucket.
var ErrNoStore = errors.New("there is no store")

// ErrBadAddress says that the address of a store cannot be used; the message names the part and the cure.
var ErrBadAddress = errors.New("not the address of a store")

// Address says where a store is: a directory, or a bucket.
type Address struct {
	Directory string // absolute; empty for a bucket
	Bucket    string
	Prefix    string // with its final slash, or empty
	Endpoint  string // with its scheme; empty: AWS
	Region    string // empty: AWS_REGION, else us-east-1
}

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// ParseAddress reads a directory's path, or s3://bucket/prefix?endpoint=URL&region=NAME.
func ParseAddress(s string) (Address, error) {
	rest, isS3 := strings.CutPrefix(s, "s3://")
	if !isS3 {
		return parseDirectory(s)
	}
	location, query, _ := strings.Cut(rest, "?")
	bucket, prefix, _ := strings.Cut(location, "/")
	if !bucketName.MatchString(bucket) {
		return Address{}, fmt.Errorf("%w: %q is no bucket name; write s3://bucket/prefix?endpoint=URL&region=NAME with 3 to 63 of a-z, 0-9, dot and hyphen", ErrBadAddress, bucket)
	}
	a := Address{Bucket: bucket}
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		if err := CheckKey(prefix); err != nil {
			return Address{}, fmt.Errorf("%w: the prefix: %w", ErrBadAddress, err)
		}
		a.Prefix = prefix + "/"
	}
	err := a.parseQuery(query)
	return a, err
}

func parseDirectory(s string) (Address, error) {
	if s == "" {
		return Address{}, fmt.Errorf("%w: it is empty; name a directory, or s3://bucket", ErrBadAddress)
	}
	if scheme, _, ok := strings.Cut(s, "://"); ok {
		return Address{}, fmt.Errorf("%w: unknown scheme %q; name a directory, or s3://bucket", ErrBadAddress, scheme)
	}
	if strings.ContainsRune(s, 0) {
		return Address{}, fmt.Errorf("%w: a path has no NUL character", ErrBadAddress)
	}
	abs, err := filepath.Abs(s)
	if err != nil {
		return Address{}, fmt.Errorf("%w: %w", ErrBadAddress, err)
	}
	return Address{Directory: abs}, nil
}

func (a *Address) parseQuery(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("%w: what follows the question mark: %w", ErrBadAddress, err)
	}
	for name := range values {
		switch name {
		case "endpoint":
			a.Endpoint = strings.TrimSuffix(values.Get(name), "/")
		case "region":
			a.Region = values.Get(name)
		default:
			return fmt.Errorf("%w: unknown parameter %q; endpoint and region are known, credentials come from the environment", ErrBadAddress, name)
		}
	}
	return checkEndpoint(a.Endpoint)
}

func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("%w: the endpoint %q; write a scheme and a host, as https://s3.example.org", ErrBadAddress, endpoint)
	}
	return nil
}

// String is the address in the form that ParseAddress reads. It holds no secret.
func (a Address) String() string {
	if a.Directory != "" {
		return a.Directory
	}
	s := "s3://" + a.Bucket
	if a.Prefix != "" {
		s += "/" + strings.TrimSuffix(a.Prefix, "/")
	}
	q := url.Values{}
	if a.Endpoint != "" {
		q.Set("endpoint", a.Endpoint)
	}
	if a.Region != "" {
		q.Set("region", a.Region)
	}
	if len(q) > 0 {
		s += "?" + q.Encode()
	}
	return s
}

// Opened is a store's bucket, with what makes it where it is missing.
type Opened struct {
	Bucket    Bucket
	Prepare   func(context.Context) error
	Presigner Presigner // nil: the store has no addresses for browsers
}

// Open opens the store at the address, with the environment that getenv reads. A folder is made where there is none.
// It asks no network: an unreachable bucket must not keep embeds from being served.
func Open(a Address, getenv func(string) string) (Opened, error) {
	if a.Directory == "" {
		return openS3(a, getenv)
	}
	d, err := OpenDirectory(a.Directory)
	if err != nil {
		return Opened{}, err
	}
	return Opened{Bucket: d}, nil
}

// Find is Open for whoever expects a store there: it makes neither a folder, which gets ErrNoStore,
// nor a bucket.
func Find(a Address, getenv func(string) string) (Opened, error) {
	if a.Directory == "" {
		opened, err := openS3(a, getenv)
		opened.Prepare = nil
		return opened, err
	}
	d, err := FindDirectory(a.Directory)
	if err != nil {
		return Opened{}, err
	}
	return Opened{Bucket: d}, nil
}

func openS3(a Address, getenv func(string) string) (Opened, error) {
	creds, err := FindCredentials(getenv)
	if err != nil {
		return Opened{}, fmt.Errorf("opening %s: %w", a, err)
	}
	region := first(a.Region, getenv("AWS_REGION"), getenv("AWS_DEFAULT_REGION"), "us-east-1")
	endpoint := strings.TrimSuffix(first(a.Endpoint, getenv("AWS_ENDPOINT_URL_S3"), getenv("AWS_ENDPOINT_URL"), "https://s3."+region+".amazonaws.com"), "/")
	if err := checkEndpoint(endpoint); err != nil {
		return Opened{}, err
	}
	s, err := NewS3(S3Options{Endpoint: endpoint, Region: region, Bucket: a.Bucket, Prefix: a.Prefix, Credentials: creds})
	if err != nil {
		return Opened{}, err
	}
	return Opened{Bucket: s, Prepare: s.EnsureBucket, Presigner: s}, nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
