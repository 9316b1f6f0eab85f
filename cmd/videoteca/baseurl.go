package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/storage"
)

// defaultBaseURL is what snippets are made with where no base URL is kept: it works
// on this machine alone, and the snippets say so.
const defaultBaseURL = "http://127.0.0.1:8080"

// baseURL is the public base URL that the store keeps, else the loopback one. Where the store
// cannot be asked and nothing is remembered it is an error: a wrong address would stand in articles.
func (n *newsroom) baseURL() (string, error) {
	switch {
	case n.base != "":
		return n.base, nil
	case n.marker.BaseURL != "":
		return n.marker.BaseURL, nil
	case n.away != nil && n.marker.ID == "":
		return "", fmt.Errorf("the public base URL is not known: %w", n.away)
	}
	return defaultBaseURL, nil
}

// unkeptBase is a public base URL of the command line that the store could not be told yet.
type unkeptBase struct {
	url    string
	change bool
}

// keepBaseURL settles under which address the service is reached: the flag, else
// the kept one, else the listener's. A loopback one is not kept: it would end up in articles.
// One that cannot be kept now is served, and kept when the store answers.
func (n *newsroom) keepBaseURL(ctx context.Context, flag string, change bool, listen string) (base string, aliases []string, err error) {
	flag = strings.TrimSuffix(flag, "/")
	if err := checkBaseURL(flag); err != nil {
		return "", nil, err
	}
	if flag != "" && flag != n.marker.BaseURL && !(embeds.Options{BaseURL: flag}).Loopback() {
		n.unkept = &unkeptBase{flag, change}
		err := n.away
		if err == nil {
			err = n.tellBaseURL(ctx)
		}
		if errors.Is(err, storage.ErrBaseURLKept) {
			return "", nil, fmt.Errorf("%w: --base-url: %w", errUsage, err)
		}
		if err != nil {
			n.log.WarnContext(ctx, "--base-url is served, and kept once the store answers", slog.String("url", flag), slog.Any("error", err))
		}
	}
	switch {
	case flag == "" && n.marker.BaseURL != "":
		n.base, aliases = n.marker.BaseURL, n.marker.BaseURLAliases
	case flag == "":
		n.base = "http://" + listen
	case n.unkept != nil:
		n.base, aliases = flag, storage.Aliases(n.marker, flag)
	default:
		n.base, aliases = flag, n.marker.BaseURLAliases
	}
	return n.base, aliases, nil
}

// tellBaseURL has the store keep the public base URL that it could not be told yet. It is
// settled with success, and with storage.ErrBaseURLKept.
func (n *newsroom) tellBaseURL(ctx context.Context) error {
	if n.unkept == nil {
		return nil
	}
	asking, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	if err := n.store.EnsureReady(asking); err != nil {
		return err
	}
	kept, err := storage.SetBaseURL(asking, n.store.Bucket(), n.unkept.url, n.unkept.change)
	if err == nil {
		n.marker, n.away = kept, nil
		n.remember(ctx)
	}
	if err == nil || errors.Is(err, storage.ErrBaseURLKept) {
		n.unkept = nil
	}
	return err
}

// keepBaseURLLater tells the store what it could not be told at the start. A change that it
// refuses ends nothing: embeds go on being served, and whoever runs the service must decide.
func (n *newsroom) keepBaseURLLater(ctx context.Context) {
	err := n.tellBaseURL(ctx)
	if errors.Is(err, storage.ErrBaseURLKept) {
		n.log.ErrorContext(ctx, "--base-url is served and was not kept", slog.String("url", n.base), slog.Any("error", err))
		return
	}
	if err != nil && !errors.Is(err, archive.ErrUnavailable) && ctx.Err() == nil {
		n.log.WarnContext(ctx, "--base-url is not kept yet", slog.String("url", n.base), slog.Any("error", err))
	}
}

// checkBaseURL refuses what no service can be reached under, before it is kept: every
// later start would fail on it.
func checkBaseURL(flag string) error {
	if flag == "" {
		return nil
	}
	u, err := url.Parse(flag)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || *u != (url.URL{Scheme: u.Scheme, Host: u.Host}) {
		return fmt.Errorf("%w: --base-url %q: give scheme and host alone, as https://videos.example.org", errUsage, flag)
	}
	return nil
}
