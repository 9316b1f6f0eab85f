package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// TestMain lets scripts run "videoteca" as a command: this binary under that name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"videoteca": main})
}

// platformOf is the key under which a script's environment keeps its platform.
type platformOf struct{}

// TestCommands runs the scripts, each with a store, a cache and a make-believe platform of its own.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			platform := archivetest.Start(e.T().(testing.TB), archivetest.Options{}, archivetest.TwoMeetings()...)
			e.Values[platformOf{}] = platform
			e.Setenv("MAKETUBE", platform.URL)
			e.Setenv("VIDEOTECA_YOUTUBE_LIKE", "maketube="+platform.URL+"#"+archivetest.ControlID)
			e.Setenv("VIDEOTECA_STORE", filepath.Join(e.WorkDir, "store"))
			e.Setenv("VIDEOTECA_CACHE", filepath.Join(e.WorkDir, "cache"))
			e.Setenv("FILM", filepath.Join(e.WorkDir, "film.mp4")) // a zero byte cannot stand in a script
			if err := os.WriteFile(e.Getenv("FILM"), []byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41 and a film"), 0o600); err != nil {
				return err
			}
			e.Setenv("NEWYORK", archivetest.NewYorkID)
			e.Setenv("OVAL", archivetest.OvalOfficeID)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"platform": setPlatform,
			"keep":     keepMatch,
		},
	})
}

// setPlatform is "platform ID STATE" or "platform fault FAULT".
func setPlatform(ts *testscript.TestScript, _ bool, args []string) {
	p, ok := ts.Value(platformOf{}).(*archivetest.Server)
	if !ok || len(args) != 2 {
		ts.Fatalf("usage: platform ID STATE, or platform fault FAULT")
	}
	if args[0] == "fault" {
		ts.Check(p.SetFault(archivetest.Fault(args[1])))
		return
	}
	ts.Check(p.SetState(args[0], archivetest.State(args[1])))
}

// keepMatch is "keep NAME": it keeps the first word of the last command's output as $NAME.
func keepMatch(ts *testscript.TestScript, _ bool, args []string) {
	words := strings.Fields(ts.ReadFile("stdout"))
	if len(args) != 1 || len(words) == 0 {
		ts.Fatalf("usage: keep NAME, after a command that printed something")
	}
	ts.Setenv(args[0], words[0])
}

// service is "videoteca serve" in this process.
type service struct {
	URL   string
	Link  string // sign-in, where there is one
	log   *safeBuffer
	stop  context.CancelFunc
	ended chan int
}

// serve starts the service with the arguments on a free port, and waits until it
// answers. It is stopped with the test, or by Stop.
func serve(t *testing.T, args ...string) *service {
	t.Helper()
	if !slices.ContainsFunc(args, func(a string) bool { return a == "--demo" || strings.HasPrefix(a, "--token") }) {
		args = append(slices.Clone(args), "--token", web.NewToken())
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &service{log: &safeBuffer{}, stop: stop, ended: make(chan int, 1)}
	out := &safeBuffer{}
	go func() {
		s.ended <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), console{in: strings.NewReader(""), out: out, err: s.log})
	}()
	t.Cleanup(func() { s.Stop(t) })
	for deadline := time.Now().Add(30 * time.Second); s.URL == ""; time.Sleep(5 * time.Millisecond) {
		for line := range strings.Lines(out.String()) {
			if rest, ok := strings.CutPrefix(line, "Videoteca is at "); ok {
				s.URL = strings.TrimSpace(rest)
			}
			if rest, ok := strings.CutPrefix(line, "Sign in once with "); ok {
				s.Link = strings.TrimSpace(rest)
			}
		}
		select {
		case code := <-s.ended:
			s.ended <- code
			t.Fatalf("serve ended with %d:\n%s%s", code, out, s.log)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("serve does not come up:\n%s%s", out, s.log)
		}
	}
	return s
}

// Stop ends the service as Ctrl-C does and fails the test if that is no clean end.
func (s *service) Stop(t *testing.T) {
	t.Helper()
	s.stop()
	code := <-s.ended
	s.ended <- code
	if code != exitOK {
		t.Errorf("serve ended with %d:\n%s", code, s.log)
	}
}

// safeBuffer is a buffer that one goroutine writes while another reads.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// command runs one command in this process and returns what it printed.
func command(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, console{in: strings.NewReader(""), out: &out, err: &errs}); code != exitOK {
		t.Fatalf("videoteca %s: exit code %d\n%s", strings.Join(args, " "), code, errs.String())
	}
	return out.String()
}
