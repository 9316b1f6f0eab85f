package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"videoteca/archive/archivetest"
)

const callsPath = "/bench/calls"

// platform serves the make-believe platform, and how often its API was called.
func (b bench) platform(out io.Writer) error {
	p := archivetest.New(archivetest.Options{})
	p.Many(b.Sources)
	p.SetLatency(b.Latency)
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", p)
	mux.HandleFunc(callsPath, func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(p.Calls(archivetest.CallVideos)) // whoever asks sees a body that breaks off
	})
	fmt.Fprintf(out, "http://%s\n", listener.Addr())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	return server.Serve(listener)
}

// started is the platform's process.
type started struct {
	address string
	stop    func()
}

func (b bench) start(ctx context.Context, self string) (started, error) {
	return startChild(ctx, self, b.args("platform"))
}

// startChild starts a process that prints the address at which it serves.
func startChild(ctx context.Context, self string, args []string) (started, error) {
	ctx, stop := context.WithCancel(ctx)
	child := exec.CommandContext(ctx, self, args...)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		stop()
		return started{}, fmt.Errorf("starting the other side: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return started{}, fmt.Errorf("the other side's address: %w", err)
	}
	return started{strings.TrimSpace(line), func() {
		stop()
		_ = child.Wait() // it was killed
	}}, nil
}

// calls is how often the API was called.
func (s started) calls(ctx context.Context) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address+callsPath, http.NoBody)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, fmt.Errorf("asking how often the API was called: %w", err)
	}
	defer answer.Body.Close()
	var calls int
	return calls, json.NewDecoder(answer.Body).Decode(&calls)
}
