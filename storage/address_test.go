package storage_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"videoteca/storage"
	"videoteca/storage/storagetest"
)

func TestAddressesOfStores(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text string
		want storage.Address
		form string // as it is written again; empty: as it was
	}{
		{"/srv/videos", storage.Address{Directory: "/srv/videos"}, ""},
		{"/srv/../srv/videos/", storage.Address{Directory: "/srv/videos"}, "/srv/videos"},
		{"videos", storage.Address{Directory: filepath.Join(here, "videos")}, filepath.Join(here, "videos")},
		{"s3:/videos", storage.Address{Directory: filepath.Join(here, "s3:/videos")}, filepath.Join(here, "s3:/videos")},
		{"s3://videos", storage.Address{Bucket: "videos"}, ""},
		{"s3://videos/", storage.Address{Bucket: "videos"}, "s3://videos"},
		{"s3://videos/archive/2025", storage.Address{Bucket: "videos", Prefix: "archive/2025/"}, ""},
		{"s3://my.videos-1/archive/", storage.Address{Bucket: "my.videos-1", Prefix: "archive/"}, "s3://my.videos-1/archive"},
		{"s3://videos?region=eu-central-1", storage.Address{Bucket: "videos", Region: "eu-central-1"}, ""},
		{"s3://videos/a?endpoint=http://localhost:9000/", storage.Address{Bucket: "videos", Prefix: "a/", Endpoint: "http://localhost:9000"},
			"s3://videos/a?endpoint=http%3A%2F%2Flocalhost%3A9000"},
		{"s3://videos?region=r1&endpoint=https%3A%2F%2Fs3.example.org", storage.Address{Bucket: "videos", Endpoint: "https://s3.example.org", Region: "r1"},
			"s3://videos?endpoint=https%3A%2F%2Fs3.example.org&region=r1"},
	}
	for _, tt := range tests {
		got, err := storage.ParseAddress(tt.text)
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v, want %+v", tt.text, got, err, tt.want)
		}
		if tt.form == "" {
			tt.form = tt.text
		}
		if got.String() != tt.form {
			t.Errorf("%s is written again as %s, want %s", tt.text, got, tt.form)
		}
	}
}

func TestABadAddressNamesThePartAndTheCure(t *testing.T) {
	tests := []struct {
		text string
		says []string
	}{
		{"", []string{"it is empty", "name a directory, or s3://bucket"}},
		{"gs://videos", []string{`unknown scheme "gs"`, "name a directory, or s3://bucket"}},
		{"S3://videos", []string{`unknown scheme "S3"`, "s3://bucket"}},
		{"/srv/\x00", []string{"NUL"}},
		{"s3://", []string{`"" is no bucket name`, "s3://bucket/prefix?endpoint=URL&region=NAME"}},
		{"s3://ab", []string{`"ab" is no bucket name`, "3 to 63"}},
		{"s3://Videos", []string{`"Videos" is no bucket name`, "a-z, 0-9, dot and hyphen"}},
		{"s3://videos-", []string{`"videos-" is no bucket name`}},
		{"s3://key:secret@videos", []string{"is no bucket name"}},
		{"s3://videos/Archive", []string{"the prefix", `"Archive"`, "a-z"}},
		{"s3://videos/a/../b", []string{"the prefix", "starts with a dot"}},
		{"s3://videos/a//b", []string{"the prefix", "empty segment"}},
		{"s3://videos?region=%zz", []string{"what follows the question mark", "%zz"}},
		{"s3://videos?secret=x", []string{`unknown parameter "secret"`, "endpoint and region are known", "credentials come from the environment"}},
		{"s3://videos?endpoint=localhost:9000", []string{`the endpoint "localhost:9000"`, "as https://s3.example.org"}},
		{"s3://videos?endpoint=ftp://host", []string{"write a scheme and a host"}},
		{"s3://videos?endpoint=https://", []string{"write a scheme and a host"}},
		{"s3://videos?endpoint=https://host/path", []string{"write a scheme and a host"}},
		{"s3://videos?endpoint=https://key@host", []string{"write a scheme and a host"}},
		{"s3://videos?endpoint=https://host%3Fa%3Db", []string{"write a scheme and a host"}},
		{"s3://videos?endpoint=https://host%23a", []string{"write a scheme and a host"}},
	}
	for _, tt := range tests {
		_, err := storage.ParseAddress(tt.text)
		if !errors.Is(err, storage.ErrBadAddress) {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		for _, want := range tt.says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q lacks %q", tt.text, err, want)
			}
		}
	}
}

// What is printed can be given again, and is the same store.
func FuzzParseAddress(f *testing.F) {
	for _, text := range []string{"", "/srv", ".", "s3://videos/a?endpoint=http://h:1&region=r", "s3://videos?region=%26", "s3://a.b", "gs://x", "a://"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := storage.ParseAddress(text)
		if err != nil {
			if !errors.Is(err, storage.ErrBadAddress) {
				t.Fatalf("%q: %v is not ErrBadAddress", text, err)
			}
			return
		}
		if (a.Directory == "") == (a.Bucket == "") {
			t.Errorf("%q is %+v: a directory and a bucket, or neither", text, a)
		}
		if again, err := storage.ParseAddress(a.String()); err != nil || again != a {
			t.Errorf("%q is %+v, and its form %q is %+v, %v", text, a, a, again, err)
		}
		if a.Prefix != "" && storage.CheckKey(a.Prefix+"k") != nil && len(a.Prefix) < 800 {
			t.Errorf("%q has the prefix %q, under which no key can stand", text, a.Prefix)
		}
	})
}

// environment is what getenv reads in tests.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

func TestADirectoryIsOpenedWithoutCredentials(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made", "here")
	opened, err := storage.Open(storage.Address{Directory: folder}, environment{}.get)
	if err != nil || opened.Prepare != nil {
		t.Fatalf("a folder needs nothing made in a server; %v", err)
	}
	d, ok := opened.Bucket.(*storage.Directory)
	if !ok {
		t.Fatalf("opened a %T", opened.Bucket)
	}
	defer d.Close()
	storagetest.Put(t, d, "k.json", "x", storage.IfAbsent())
	if _, err := os.Stat(filepath.Join(folder, "k.json")); err != nil {
		t.Error(err)
	}
}

func TestFindingAStoreMakesNothing(t *testing.T) {
	parent := t.TempDir()
	missing := filepath.Join(parent, "typo")
	if _, err := storage.Find(storage.Address{Directory: missing}, environment{}.get); !errors.Is(err, storage.ErrNoStore) || !strings.Contains(err.Error(), missing) {
		t.Errorf("a folder that is not there: %v", err)
	}
	there := filepath.Join(parent, "there")
	if err := os.Mkdir(there, 0o700); err != nil {
		t.Fatal(err)
	}
	opened, err := storage.Find(storage.Address{Directory: there}, environment{}.get)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := opened.Bucket.Stat(t.Context(), storage.KeyInstallation); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("an empty folder: %v", err)
	}
	if made, err := os.ReadDir(there); err != nil || len(made) != 0 {
		t.Errorf("reading made %v (%v)", made, err)
	}
	// It is a store like any other to whoever writes into it.
	storagetest.Put(t, opened.Bucket, "k.json", "x", storage.IfAbsent())
	if err := opened.Bucket.Delete(t.Context(), "k.json"); err != nil {
		t.Error(err)
	}
	env := environment{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s"}
	if opened, err := storage.Find(storage.Address{Bucket: "videos"}, env.get); err != nil || opened.Prepare != nil || opened.Presigner == nil {
		t.Errorf("a bucket would be made: %+v, %v", opened, err)
	}
}

func TestTheAddressGoesBeforeTheEnvironment(t *testing.T) {
	var endpoint, region string
	server := func(name string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			endpoint = name
			// Credential=AKID/20250414/eu-central-1/s3/aws4_request
			_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
			region = strings.Split(scope+"///", "/")[2]
			w.WriteHeader(http.StatusOK)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	own, s3, all := server("address"), server("AWS_ENDPOINT_URL_S3"), server("AWS_ENDPOINT_URL")
	tests := []struct {
		address          storage.Address
		env              environment
		endpoint, region string
	}{
		{storage.Address{Endpoint: own, Region: "r1"}, environment{"AWS_ENDPOINT_URL_S3": s3, "AWS_REGION": "r2"}, "address", "r1"},
		{storage.Address{}, environment{"AWS_ENDPOINT_URL_S3": s3, "AWS_ENDPOINT_URL": all, "AWS_REGION": "r2", "AWS_DEFAULT_REGION": "r3"}, "AWS_ENDPOINT_URL_S3", "r2"},
		{storage.Address{}, environment{"AWS_ENDPOINT_URL": all + "/", "AWS_DEFAULT_REGION": "r3"}, "AWS_ENDPOINT_URL", "r3"},
		{storage.Address{Endpoint: own}, environment{}, "address", "us-east-1"},
	}
	for _, tt := range tests {
		tt.address.Bucket = "videos"
		tt.env["AWS_ACCESS_KEY_ID"], tt.env["AWS_SECRET_ACCESS_KEY"] = "AKID", "secret"
		opened, err := storage.Open(tt.address, tt.env.get)
		if err != nil {
			t.Fatal(err)
		}
		if err := opened.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		if endpoint != tt.endpoint || region != tt.region {
			t.Errorf("%s in %v: asked %s in %s", tt.address, tt.env, endpoint, region)
		}
	}
}

func TestAnAddressThatCannotBeOpenedSaysWhy(t *testing.T) {
	if _, err := storage.Open(storage.Address{Bucket: "videos"}, environment{}.get); !errors.Is(err, storage.ErrNoCredentials) || !strings.Contains(err.Error(), "opening s3://videos") {
		t.Errorf("without credentials: %v", err)
	}
	env := environment{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ENDPOINT_URL": "minio:9000"}
	if _, err := storage.Open(storage.Address{Bucket: "videos"}, env.get); !errors.Is(err, storage.ErrBadAddress) {
		t.Errorf("with an endpoint that is none: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for where, path := range map[string]string{"in place of the folder": file, "above it": filepath.Join(file, "store")} {
		for how, open := range map[string]func(storage.Address, func(string) string) (storage.Opened, error){"Open": storage.Open, "Find": storage.Find} {
			if _, err := open(storage.Address{Directory: path}, environment{}.get); !errors.Is(err, storage.ErrBadAddress) || !strings.Contains(err.Error(), path+": not the address of a store: a file stands where") {
				t.Errorf("%s, a file %s: %v", how, where, err)
			}
		}
	}
}
