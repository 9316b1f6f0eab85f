package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// process is "videoteca serve" as a process of its own, with a cache of its own; it ends with the test.
func (s *site) process(t *testing.T, token string) (address string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "videoteca", "serve", "--listen", "127.0.0.1:0", "--token", token, "--no-audit", "--no-archived-pages",
		"--store", s.store, "--cache", t.TempDir())
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill() // it may have ended
		_ = c.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	address, found := strings.CutPrefix(strings.TrimSpace(line), "Videoteca is at ")
	if err != nil || !found {
		t.Fatalf("it begins with %q, %v", line, err)
	}
	return address
}

// postAddress registers an address as a program does, and returns the answer's status and the video's id.
func postAddress(t *testing.T, service, token, address string) (code int, id string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, service+"/api/v1/videos", strings.NewReader(`{"url":"`+address+`"}`))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	client := http.Client{Timeout: 2 * time.Minute}
	response, err := client.Do(request)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer response.Body.Close()
	var video web.APIVideo
	if err := json.NewDecoder(response.Body).Decode(&video); err != nil {
		t.Error(err)
	}
	return response.StatusCode, video.ID
}

func TestSixteenClientsOfTwoProcessesRegisterOneVideo(t *testing.T) {
	for name, on := range map[string]func(*testing.T, *site){
		"in a directory": func(*testing.T, *site) {},
		"in versitygw":   func(t *testing.T, s *site) { s.onS3(t) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			on(t, s)
			token := web.NewToken()
			processes := []string{s.process(t, token), s.process(t, token)}
			forms := []string{"/watch?v=", "/shorts/", "/embed/", "/live/", "/v/", "/e/", "/watch/", "/watch?feature=share&v="}
			start := make(chan struct{})
			var clients sync.WaitGroup
			codes, ids := make([]int, 16), make([]string, 16)
			for i := range ids {
				clients.Go(func() {
					<-start
					codes[i], ids[i] = postAddress(t, processes[i%2], token, s.platform.URL+forms[i/2%len(forms)]+archivetest.OvalOfficeID)
				})
			}
			close(start)
			clients.Wait()
			created := 0
			for i, id := range ids {
				if id == "" || id != ids[0] {
					t.Errorf("client %d was told of %q, the first of %q", i, id, ids[0])
				}
				switch codes[i] {
				case http.StatusCreated:
					created++
				case http.StatusOK:
				default:
					t.Errorf("client %d was answered %d", i, codes[i])
				}
			}
			if listed := s.list(t); created != 1 || len(listed) != 1 || len(listed[0].Sources) != 1 {
				t.Errorf("%d were told that it is new, and %+v stands in the store", created, listed)
			}
			if out := command(t, s.args("verify")...); !strings.Contains(out, " 0 faults,") {
				t.Errorf("verify says %s", out)
			}
		})
	}
}
