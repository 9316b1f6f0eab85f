package storagetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"videoteca/storage"
)

// observed is a test whose end is noted and not passed on.
type observed struct {
	testing.TB
	said string
}

func (o *observed) Fatal(args ...any) {
	o.said = fmt.Sprint(args...)
	runtime.Goexit()
}

func (o *observed) Fatalf(format string, args ...any) { o.Fatal(fmt.Sprintf(format, args...)) }

// fatal returns what ended the test that do runs in, or fails the test if nothing did.
func fatal(t *testing.T, do func(testing.TB)) string {
	t.Helper()
	o := &observed{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		do(o)
	}()
	<-done
	if o.said == "" {
		t.Fatal("the test goes on")
	}
	return o.said
}

// script writes a program of sh and returns its path.
func script(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// noBinary is a machine on which versitygw was never built. It returns where it would be.
func noBinary(t *testing.T) (binary string) {
	t.Helper()
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("VIDEOTECA_VERSITYGW", filepath.Join(cache, "nowhere"))
	t.Setenv("PATH", "")
	return filepath.Join(cache, "videoteca-tools", "versitygw-1.8.0")
}

func TestHelpersFailTheTestWithTheKeyAndTheCause(t *testing.T) {
	for want, do := range map[string]func(testing.TB){
		"putting k.json: the store is down":    func(t testing.TB) { Put(t, down{}, "k.json", "x", storage.Condition{}) },
		`listing "videos/": the store is down`: func(t testing.TB) { Keys(t, down{}, "videos/", "") },
	} {
		if said := fatal(t, do); said != want {
			t.Errorf("it says %q, want %q", said, want)
		}
	}
}

func TestAServerThatCannotBeHadFailsTheTest(t *testing.T) {
	noBinary(t)
	said := fatal(t, func(t testing.TB) { StartVersityGW(t) })
	for _, want := range []string{"versitygw is needed, and cannot be built", "go env GOMOD", "executable file not found"} {
		if !strings.Contains(said, want) {
			t.Errorf("it says %q, which lacks %q", said, want)
		}
	}
}

func TestAFailedBuildSaysWhy(t *testing.T) {
	noBinary(t)
	compiler := script(t, "go", `[ "$1" = env ] && echo /src/go.mod && exit; echo "no module provides $7"; exit 1`)
	t.Setenv("PATH", filepath.Dir(compiler))
	_, err := versitygw()
	if err == nil || !strings.Contains(err.Error(), "go build: exit status 1\nno module provides") {
		t.Errorf("got %v", err)
	}
}

func TestTheBinaryIsBuiltOnceAndInOnePiece(t *testing.T) {
	want := noBinary(t)
	if err := os.MkdirAll(filepath.Dir(want), 0o700); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "log")
	compiler := script(t, "go", `[ "$1" = env ] && echo /src/go.mod && exit; echo "$@" >>`+log+`; echo built >"$5"`)
	t.Setenv("PATH", filepath.Dir(compiler))
	for range 2 {
		if got, err := versitygw(); err != nil || got != want {
			t.Fatalf("%s, %v", got, err)
		}
	}
	made, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if built := strings.Count(string(made), "\n"); built != 1 || !strings.Contains(string(made), "build -C /src/tools/s3 -o "+want+".") {
		t.Errorf("built %d times, as %s", built, made)
	}
	if left, err := filepath.Glob(want + ".*"); err != nil || len(left) != 0 {
		t.Errorf("the build left %v, %v", left, err)
	}
}

func TestTheBinaryThatIsNamedComesFirst(t *testing.T) {
	cached := noBinary(t)
	if err := os.MkdirAll(cached, 0o700); err != nil { // that something stands there is all that is asked
		t.Fatal(err)
	}
	if got, err := versitygw(); err != nil || got != cached {
		t.Errorf("where the named one is missing: %s, %v", got, err)
	}
	named := script(t, "versitygw", "")
	t.Setenv("VIDEOTECA_VERSITYGW", named)
	if got, err := versitygw(); err != nil || got != named {
		t.Errorf("%s, %v", got, err)
	}
}

func TestAMachineWithoutACacheSaysSo(t *testing.T) {
	noBinary(t)
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := versitygw(); err == nil || !strings.Contains(err.Error(), "HOME") {
		t.Errorf("got %v", err)
	}
}

func TestTheModuleHasTheToolThatIsBuilt(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "tools", "s3", "go.mod"))
	if err != nil || !strings.Contains(string(mod), "github.com/versity/versitygw v1.8.0") {
		t.Errorf("the cached binary is named after version 1.8.0, and the tool's module says %s (%v)", mod, err)
	}
}

func TestAProgramThatIsNoServerFailsTheTestWithWhatItSaid(t *testing.T) {
	noBinary(t)
	t.Setenv("VIDEOTECA_VERSITYGW", script(t, "versitygw", `echo "flag provided but not defined: $3"; exit 2`))
	synctest.Test(t, func(t *testing.T) { // its 20 seconds cost nothing there
		said := fatal(t, func(t testing.TB) { StartVersityGW(t) })
		if !strings.Contains(said, "does not answer at http://127.0.0.1:") || !strings.HasSuffix(said, "flag provided but not defined: --quiet\n") {
			t.Errorf("it says %q", said)
		}
	})
}

func TestAProgramThatCannotRunFailsTheTest(t *testing.T) {
	t.Setenv("VIDEOTECA_MINIO", filepath.Join(t.TempDir(), "minio"))
	said := fatal(t, func(t testing.TB) { StartMinIO(t) })
	if !strings.HasPrefix(said, "starting ") || !strings.HasSuffix(said, "no such file or directory") {
		t.Errorf("it says %q", said)
	}
}

func TestMinIOIsStartedOnlyWhereItIsNamed(t *testing.T) {
	t.Setenv("VIDEOTECA_MINIO", "")
	if s, ok := StartMinIO(t); ok || s.Endpoint != "" {
		t.Errorf("started %s", s.Endpoint)
	}
}

func TestTheServerRunsUntilItIsStopped(t *testing.T) {
	s := StartVersityGW(t)
	b := s.Bucket(t)
	made := Put(t, b, "k.json", "x", storage.IfAbsent())
	if stat, err := b.Stat(t.Context(), "k.json"); err != nil || stat.ETag != made.ETag {
		t.Errorf("the object is %+v, %v", stat, err)
	}
	if other := Keys(t, s.Bucket(t), "", ""); len(other) != 0 {
		t.Errorf("another bucket of the server has %v", other)
	}
	for range 2 { // a test may stop it, and its end does so again
		s.Stop()
	}
	if answers(t.Context(), s.Endpoint) {
		t.Error("it still answers")
	}
}

func TestEachServerHasAPortAndASecretOfItsOwn(t *testing.T) {
	one, two := newServer(t), newServer(t)
	if one.Endpoint == two.Endpoint || one.SecretKey == two.SecretKey {
		t.Errorf("two servers share %s or its secret", one.Endpoint)
	}
	want := []string{"AWS_ACCESS_KEY_ID=" + one.AccessKey, "AWS_SECRET_ACCESS_KEY=" + one.SecretKey}
	if !slices.Equal(one.Env(), want) {
		t.Error("the environment has other names or values than the server")
	}
	o := one.Options("videos")
	if o.Endpoint != one.Endpoint || o.Bucket != "videos" || o.AccessKey != one.AccessKey || o.SecretKey != one.SecretKey || o.Region == "" {
		t.Errorf("the options are for %s at %s in %q", o.Bucket, o.Endpoint, o.Region)
	}
}

func TestAnyAnswerIsOne(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "who are you?", http.StatusForbidden)
	}))
	if !answers(t.Context(), server.URL) {
		t.Error("a server that refuses strangers is not up")
	}
	server.Close()
	if answers(t.Context(), server.URL) || answers(t.Context(), "http://a host") {
		t.Error("nobody is up")
	}
}
