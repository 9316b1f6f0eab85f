package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"videoteca/embeds"
	"videoteca/storage"
)

// installationFile remembers videoteca.json on this machine, so that a restart
// with the bucket down still knows under which address it is asked.
const installationFile = "installation.json"

// defaultBaseURL is what snippets are made with where no base URL is kept: it works
// on this machine alone, and the snippets say so.
const defaultBaseURL = "http://127.0.0.1:8080"

// storePatience is how long a start waits for the store. Embeds are served without it.
const storePatience = 4 * time.Second

// installation reads the marker from the store, else from this machine's memory of it.
func (n *newsroom) installation(ctx context.Context) (storage.Installation, error) {
	asking, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	i, err := storage.Ensure(asking, n.store.Bucket(), time.Now())
	if err == nil {
		n.remember(ctx, i)
		return i, nil
	}
	raw, readErr := os.ReadFile(filepath.Join(n.cacheDir, installationFile))
	if readErr != nil {
		return storage.Installation{}, err
	}
	if json.Unmarshal(raw, &i) != nil {
		return storage.Installation{}, err
	}
	return i, nil
}

func (n *newsroom) remember(ctx context.Context, i storage.Installation) {
	raw, err := json.Marshal(i)
	if err == nil {
		err = os.WriteFile(filepath.Join(n.cacheDir, installationFile), raw, 0o600)
	}
	if err != nil {
		n.log.WarnContext(ctx, "the installation is not remembered on this machine", slog.Any("error", err))
	}
}

// baseURL is the public base URL that the store keeps, else the loopback one.
func (n *newsroom) baseURL(ctx context.Context) string {
	i, err := n.installation(ctx)
	if err != nil || i.BaseURL == "" {
		return defaultBaseURL
	}
	return i.BaseURL
}

// keepBaseURL settles under which address the service is reached: the flag, else
// the kept one, else the listener's. A loopback one is not kept: it would end up in articles.
func (n *newsroom) keepBaseURL(ctx context.Context, flag string, change bool, listen string) (base string, aliases []string, err error) {
	i, err := n.installation(ctx)
	if err != nil {
		n.log.WarnContext(ctx, "the kept base URL is not known", slog.Any("error", err))
	}
	flag = strings.TrimSuffix(flag, "/")
	if err := checkBaseURL(flag); err != nil {
		return "", nil, err
	}
	switch {
	case flag == "" && i.BaseURL != "":
		return i.BaseURL, i.BaseURLAliases, nil
	case flag == "":
		return "http://" + listen, nil, nil
	case embeds.Options{BaseURL: flag}.Loopback(), flag == i.BaseURL:
		return flag, i.BaseURLAliases, nil
	case err != nil:
		return flag, nil, nil
	}
	kept, err := storage.SetBaseURL(ctx, n.store.Bucket(), flag, change)
	if err != nil {
		return "", nil, fmt.Errorf("%w: --base-url: %w", errUsage, err)
	}
	n.remember(ctx, kept)
	return kept.BaseURL, kept.BaseURLAliases, nil
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
