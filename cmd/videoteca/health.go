package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/web"
)

type healthCommand struct {
	Listen string `default:"127.0.0.1:8080" help:"Where the service listens."`
}

// Run asks /healthz, for containers that have no shell.
func (h healthCommand) Run(ctx context.Context, s *Settings, c console) error {
	_, port, err := net.SplitHostPort(h.Listen)
	if err != nil {
		return fmt.Errorf("%w: --listen: %w", errUsage, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort("127.0.0.1", port)+"/healthz", http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking the service: %w", err)
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the service answers %s", response.Status)
	}
	if s.JSON {
		return writeJSON(c.out, map[string]string{"status": "ok"})
	}
	fmt.Fprintln(c.out, "ok")
	return nil
}

// health implements web.Health.
type health struct{ *newsroom }

// Ready asks the bucket, and counts the posters on this machine.
func (h health) Ready(ctx context.Context) web.ReadyReport {
	_, err := h.store.Bucket().Stat(ctx, storage.KeyInstallation)
	held, all, countErr := h.posters.Share(ctx, h.catalog.All(ctx))
	if countErr != nil {
		held, all = 0, 0
	}
	return web.ReadyReport{Store: err == nil, PostersHeld: held, PostersAll: all}
}

// checker implements web.Checker.
type checker struct{ *newsroom }

// Check reads the records and runs an audit of them.
func (ch checker) Check(ctx context.Context, ids []archive.VideoID, actor string) error {
	var videos []archive.Video
	for _, id := range ids {
		v, err := ch.store.Video(ctx, id)
		if err != nil {
			return err
		}
		videos = append(videos, v)
	}
	_, err := ch.auditor.Check(ctx, videos, actor)
	return err
}

// CheckSources reads the records and runs an audit of the sources named.
func (ch checker) CheckSources(ctx context.Context, sources []web.SourceOf, actor string) error {
	wanted := map[archive.SourceKey]bool{}
	var ids []archive.VideoID
	for _, one := range sources {
		wanted[one.Key] = true
		if !slices.Contains(ids, one.Video) {
			ids = append(ids, one.Video)
		}
	}
	var videos []archive.Video
	for _, id := range ids {
		v, err := ch.store.Video(ctx, id)
		if err != nil {
			return err
		}
		v.Sources = slices.DeleteFunc(v.Sources, func(s archive.Source) bool { return !wanted[s.SourceKey] })
		videos = append(videos, v)
	}
	_, err := ch.auditor.Check(ctx, videos, actor)
	return err
}
