package storage_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"videoteca/storage"
)

// writerEnv makes this test binary the process that is killed: it writes into
// the store that the variable names until it dies.
const writerEnv = "VIDEOTECA_TEST_WRITER"

func TestMain(m *testing.M) {
	if store := os.Getenv(writerEnv); store != "" {
		work := func() error { return write(store) }
		if videos := os.Getenv(recordsEnv); videos != "" {
			work = func() error { return change(store, strings.Split(videos, ",")) }
		}
		if err := work(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// What the writer writes: a few keys over and over, each document with its number and its digest.
const (
	killKeys     = 5
	killRuns     = 60
	killMoment   = 30 * time.Millisecond // at most this long after the first acknowledgement
	documentSize = 8 << 10               // bytes of padding: two pages, so that a torn write would show
)

// write puts documents and acknowledges each on a line of its own: key and number.
func write(store string) error {
	d, err := storage.OpenDirectory(store)
	if err != nil {
		return err
	}
	ctx := context.Background()
	rounds := 1 << 30
	if n, err := strconv.Atoi(os.Getenv("VIDEOTECA_TEST_ROUNDS")); err == nil {
		rounds = n
	}
	for n := 1; n <= rounds; n++ {
		key := fmt.Sprintf("kill/%d/%d.json", os.Getpid(), n%killKeys)
		body := document(n)
		if _, err := d.Put(ctx, key, strings.NewReader(body), int64(len(body)), storage.Condition{}); err != nil {
			return err
		}
		fmt.Printf("%s %d\n", key, n)
	}
	return nil
}

func document(n int) string {
	text := fmt.Sprintf("%d %s", n, strings.Repeat(strconv.Itoa(n%10), documentSize))
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:]) + " " + text
}

// numberOf reads a document back, and fails on a torn one.
func numberOf(data []byte) (int, error) {
	sum, text, _ := strings.Cut(string(data), " ")
	if got := sha256.Sum256([]byte(text)); hex.EncodeToString(got[:]) != sum {
		return 0, fmt.Errorf("torn: %d bytes do not have the digest that they name", len(data))
	}
	number, _, _ := strings.Cut(text, " ")
	return strconv.Atoi(number)
}

func TestKillingAWriterLosesNoAcknowledgedWriteAndTearsNone(t *testing.T) {
	store := t.TempDir()
	acknowledged := 0
	for run := range killRuns {
		writers := 1 + run%2 // every other time two processes share the folder
		var acks []map[string]int
		for _, w := range startWriters(t, store, writers) {
			acks = append(acks, w.kill(t))
		}
		for _, ack := range acks {
			for key, number := range ack {
				acknowledged += number/killKeys + 1
				data, err := os.ReadFile(filepath.Join(store, filepath.FromSlash(key)))
				if err != nil {
					t.Fatalf("run %d: the acknowledged write %d of %s is lost: %v", run, number, key, err)
				}
				if got, err := numberOf(data); err != nil || got < number {
					t.Fatalf("run %d: %s was acknowledged at %d and is at %d (%v)", run, key, number, got, err)
				}
			}
		}
	}
	wholeDocuments(t, store)
	if acknowledged < killRuns {
		t.Errorf("only %d writes were acknowledged", acknowledged)
	}
	t.Logf("kill -9: %d runs, %d acknowledged writes, 0 lost, 0 torn", killRuns, acknowledged)
}

// wholeDocuments reads everything through the bucket: no object is torn, and no temporary file is one.
func wholeDocuments(t *testing.T, store string) {
	t.Helper()
	d, err := storage.OpenDirectory(store)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for object, err := range d.List(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		body, _, err := d.Get(t.Context(), object.Key, storage.Range{})
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(body)
		if err != nil || body.Close() != nil {
			t.Fatal(err)
		}
		if _, err := numberOf(data); err != nil {
			t.Errorf("%s: %v", object.Key, err)
		}
	}
}

// writer is a process that writes until it is killed.
type writer struct {
	process *exec.Cmd
	out     *bufio.Reader
	first   string
}

func startWriters(t *testing.T, store string, n int) []*writer {
	t.Helper()
	var list []*writer
	for range n {
		c := exec.CommandContext(t.Context(), os.Args[0])
		c.Env = append(os.Environ(), writerEnv+"="+store)
		pipe, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		list = append(list, &writer{process: c, out: bufio.NewReader(pipe)})
	}
	for _, w := range list {
		line, err := w.out.ReadString('\n')
		if err != nil {
			t.Fatalf("a writer acknowledged nothing: %v", err)
		}
		w.first = line
	}
	return list
}

// kill ends the writer at a random moment, and returns the newest acknowledged number by key.
func (w *writer) kill(t *testing.T) map[string]int {
	t.Helper()
	return w.killWithin(t, killMoment)
}

func (w *writer) killWithin(t *testing.T, moment time.Duration) map[string]int {
	t.Helper()
	time.Sleep(rand.N(moment))
	if err := w.process.Process.Kill(); err != nil { // SIGKILL
		t.Fatal(err)
	}
	rest, err := io.ReadAll(w.out)
	if err != nil {
		t.Fatal(err)
	}
	_ = w.process.Wait() // a killed process ends with an error
	acks := map[string]int{}
	for line := range strings.Lines(w.first + string(rest)) {
		if key, number, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " "); ok && strings.HasSuffix(line, "\n") {
			n, err := strconv.Atoi(number)
			if err != nil {
				t.Fatal(err)
			}
			acks[key] = n
		}
	}
	return acks
}
