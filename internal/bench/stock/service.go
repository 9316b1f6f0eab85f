package stock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"time"

	"videoteca/archive"
)

const (
	patience = 2 * time.Minute // for one start
	askPause = time.Millisecond
)

// Service is the service as a process that is measured.
type Service struct {
	Base string        // its address
	Took time.Duration // from its start to the first embed that it served
	PID  int

	command *exec.Cmd
}

// Serve starts the program on a store, with the catalog in cache and what else flags say, and returns when it has
// served the embed of a video.
func Serve(ctx context.Context, binary, store, cache string, id archive.VideoID, flags ...string) (*Service, error) {
	listen, err := FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s := &Service{Base: "http://" + listen}
	s.command = exec.CommandContext(ctx, binary, slices.Concat([]string{
		"serve", "--listen", listen, "--store", store, "--cache", cache, "--no-audit", "--no-archived-pages", "--log-level", "error",
	}, flags)...)
	began := time.Now()
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	s.PID = s.command.Process.Pid
	if err := Await(ctx, s.Base+"/e/"+string(id)); err != nil {
		s.Stop()
		return nil, err
	}
	s.Took = time.Since(began)
	return s, nil
}

// Stop ends the process, which is only asked.
func (s *Service) Stop() {
	_ = s.command.Process.Kill() // it may have ended
	_ = s.command.Wait()
}

// Await asks for an address again and again until it is there.
func Await(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for Fetch(ctx, address, "") != nil {
		select {
		case <-time.After(askPause):
		case <-ctx.Done():
			return fmt.Errorf("%s is not served: %w", address, ctx.Err())
		}
	}
	return nil
}

// Fetch asks for an address that has to be there, with a token where one is given.
func Fetch(ctx context.Context, address, token string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("%s: %s", address, response.Status))
	}
	return errors.Join(err, response.Body.Close())
}
