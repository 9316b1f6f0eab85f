package catalog

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// writeUntilKilled is the other process: it puts video after video and says the
// number of each one that it has been told is kept.
func writeUntilKilled(path string) {
	c, err := Open(context.Background(), path, Options{Store: store})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for n := 1; ; n++ {
		if err := c.Put(context.Background(), entry(n, 1)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(n)
	}
}

func TestWhatWasPutSurvivesAKilledProcess(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "catalog.db")
	most := 0
	for _, after := range []int{1, 7, 60} {
		writer := exec.CommandContext(t.Context(), program)
		writer.Env = append(os.Environ(), "CATALOG_WRITE_UNTIL_KILLED="+path)
		writer.Stderr = os.Stderr
		out, err := writer.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Start(); err != nil {
			t.Fatal(err)
		}
		kept := 0
		for lines := bufio.NewScanner(out); kept < after && lines.Scan(); {
			if kept, err = strconv.Atoi(lines.Text()); err != nil {
				t.Fatal(err)
			}
		}
		if err := writer.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = writer.Wait() // it says that the process was killed
		most = max(most, kept)

		c := open(t, path)
		if c.Fresh() {
			t.Fatal("the killed process left a file that cannot be used")
		}
		for n := range most {
			if got := revision(t, c, id(n+1)); got != 1 {
				t.Errorf("video %d at revision %d", n+1, got)
			}
		}
	}
}

func TestWhatWasPutIsReadWithoutAnOrderlyClose(t *testing.T) {
	folder := t.TempDir()
	c := open(t, filepath.Join(folder, "catalog.db"))
	fill(t, c, 20)
	copied := t.TempDir() // as the disk would look had the machine's power gone
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(filepath.Join(folder, "catalog.db"+suffix))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(copied, "catalog.db"+suffix), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := open(t, filepath.Join(copied, "catalog.db"))
	if again.Fresh() || revision(t, again, id(20)) != 1 {
		t.Error("the records are gone")
	}
}
