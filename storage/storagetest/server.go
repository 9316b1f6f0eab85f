package storagetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/storage"
)

// Server is a real S3 server on a loopback port.
type Server struct {
	Endpoint             string
	AccessKey, SecretKey string
	stop                 func()
}

// Stop ends the server before the test does.
func (s Server) Stop() { s.stop() }

// startTime is how long a server may take to answer for the first time.
const startTime = 20 * time.Second

// StartVersityGW starts versitygw on a folder of the test and stops it with the
// test. The binary is VIDEOTECA_VERSITYGW, or is built from tools/s3. Where it is not to
// be had the test fails: a store that was not tried must not look like one that works.
func StartVersityGW(t testing.TB) Server {
	t.Helper()
	binary, err := versitygw()
	if err != nil {
		t.Fatalf("versitygw is needed, and cannot be built: %v", err)
	}
	s := newServer(t)
	folder := t.TempDir()
	s.stop = launch(t, s, exec.Command(binary, "--port", s.host(), "--quiet", "--keep-alive", "--health", "/healthz", "posix", folder),
		"ROOT_ACCESS_KEY="+s.AccessKey, "ROOT_SECRET_KEY="+s.SecretKey)
	return s
}

// StartMinIO starts MinIO from the binary that VIDEOTECA_MINIO names. It reports
// false where that is not set: MinIO is a second target, which nobody maintains any more.
func StartMinIO(t testing.TB) (Server, bool) {
	t.Helper()
	binary := os.Getenv("VIDEOTECA_MINIO")
	if binary == "" {
		return Server{}, false
	}
	s := newServer(t)
	s.stop = launch(t, s, exec.Command(binary, "server", "--quiet", "--address", s.host(), t.TempDir()),
		"MINIO_ROOT_USER="+s.AccessKey, "MINIO_ROOT_PASSWORD="+s.SecretKey)
	return s, true
}

func newServer(t testing.TB) Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return Server{Endpoint: "http://" + l.Addr().String(), AccessKey: "videoteca-test", SecretKey: strings.ToLower(rand.Text())}
}

func (s Server) host() string { return strings.TrimPrefix(s.Endpoint, "http://") }

// Options are those of a bucket on the server.
func (s Server) Options(bucket string) storage.S3Options {
	return storage.S3Options{Endpoint: s.Endpoint, Region: "us-east-1", Bucket: bucket, Credentials: storage.Credentials{AccessKey: s.AccessKey, SecretKey: s.SecretKey}}
}

// Env is the environment in which commands find the server's credentials.
func (s Server) Env() []string {
	return []string{"AWS_ACCESS_KEY_ID=" + s.AccessKey, "AWS_SECRET_ACCESS_KEY=" + s.SecretKey}
}

// Bucket makes a bucket of its own for a test, wrapped as the service wraps it.
func (s Server) Bucket(t testing.TB) storage.Bucket {
	t.Helper()
	b, err := storage.NewS3(s.Options("test-" + strings.ToLower(rand.Text())))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.EnsureBucket(t.Context()); err != nil {
		t.Fatal(err)
	}
	return Wrapped(b)
}

// Wrapped gives a bucket the deadlines and retries of the service.
func Wrapped(b storage.Bucket) storage.Bucket {
	return storage.WithRetries(storage.WithDeadlines(b, storage.Deadlines{}), storage.Retries{})
}

// launch runs the server until the test ends, and waits until it answers.
func launch(t testing.TB, s Server, command *exec.Cmd, env ...string) (stop func()) {
	t.Helper()
	command.Env = append(os.Environ(), env...)
	log := &strings.Builder{}
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatalf("starting %s: %v", command.Path, err)
	}
	stop = sync.OnceFunc(func() {
		_ = command.Process.Kill() // it may be gone already
		_ = command.Wait()         // a killed process ends with an error
	})
	t.Cleanup(stop)
	deadline := time.Now().Add(startTime)
	for !answers(t.Context(), s.Endpoint) {
		if time.Now().After(deadline) {
			stop()
			t.Fatalf("%s does not answer at %s:\n%s", command.Path, s.Endpoint, log)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return stop
}

func answers(ctx context.Context, endpoint string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/", http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	return response.Body.Close() == nil
}

// versitygw is the path of the binary, built at most once a machine.
func versitygw() (string, error) {
	if path := os.Getenv("VIDEOTECA_VERSITYGW"); path != "" {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	path := filepath.Join(cache, "videoteca-tools", "versitygw-1.8.0")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	// Test packages run at once: each builds into a file of its own and renames it.
	own := fmt.Sprintf("%s.%d", path, os.Getpid())
	out, err := exec.Command("go", "build", "-C", filepath.Join(root, "tools", "s3"), "-o", own, "github.com/versity/versitygw/cmd/versitygw").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, os.Rename(own, path)
}

func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}
