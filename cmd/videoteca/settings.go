package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"videoteca/archive/youtube"
)

// Settings are the flags of every command. Each is read from the environment too.
type Settings struct {
	Store string `placeholder:"DIR|s3://…" help:"Where records are kept: a directory, or s3://bucket/prefix?endpoint=URL&region=NAME. Default: videoteca in the user's data directory."`
	Cache string `placeholder:"DIR" help:"Where the catalog and the posters are kept on this machine; may be deleted. Default: videoteca in the user's cache directory."`
	JSON  bool   `name:"json" help:"Print one JSON document instead of a table."`

	LogLevel  string `enum:"debug,info,warn,error" default:"info" help:"Least important log line to write: debug, info, warn or error."`
	LogFormat string `enum:"text,json" default:"text" help:"Form of the log lines: text or json."`

	YoutubeKey     string            `placeholder:"KEY" help:"Key of the YouTube Data API. Without one the keyless methods are used."`
	YoutubeKeyFile string            `placeholder:"FILE" help:"File that holds the key."`
	YoutubeQuota   int               `default:"9000" help:"Units of the Data API to spend in a day."`
	YoutubeControl string            `placeholder:"ID" help:"A YouTube video known to be there, asked when a bad answer needs a witness."`
	YoutubeLike    []string          `placeholder:"NAME=URL" sep:"none" help:"A platform that speaks like YouTube, all of it under one base address. May be given several times."`
	AllowAddress   []string          `placeholder:"HOST:PORT" sep:"none" help:"An address that may be fetched although it is private. May be given several times."`
	likes          []youtube.Options // further ones, of the demo
	HostPace       float64           `default:"5" help:"Requests a second to one host, without the Data API's key. Hosts of --allow-address and --youtube-like are not held to it."`
	LeaseTerm      time.Duration     `default:"2m" help:"How long a process that was killed keeps others from auditing and publishing."`
	Vantage        string            `placeholder:"TEXT" help:"Where this machine looks from, for the evidence: \"DE, Hetzner\"."`
}

// logger writes to w as the settings say.
func (s *Settings) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// store is the address of the store, with the default filled in.
func (s *Settings) store() (string, error) {
	if s.Store != "" {
		return s.Store, nil
	}
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "videoteca"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("%w: there is no home directory to keep the store in; name one with --store", errUsage)
	}
	return filepath.Join(home, ".local", "share", "videoteca"), nil
}

// cacheFor is the cache folder of a store: one a store, so that two stores never
// share a catalog. The name is a digest, since addresses have characters that file names may not.
func (s *Settings) cacheFor(store string) (string, error) {
	root := s.Cache
	if root == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("%w: there is no cache directory; name one with --cache", errUsage)
		}
		root = filepath.Join(dir, "videoteca")
	}
	sum := sha256.Sum256([]byte(store))
	return filepath.Join(root, hex.EncodeToString(sum[:8])), nil
}

// youtubeKey is the key from the flag or from its file; empty for none.
func (s *Settings) youtubeKey() (string, error) {
	if s.YoutubeKey != "" || s.YoutubeKeyFile == "" {
		return s.YoutubeKey, nil
	}
	return secretFile("--youtube-key-file", s.YoutubeKeyFile)
}

// secretFile reads a secret that a file holds, without the line end that editors add.
func secretFile(flag, name string) (string, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("%w: reading the file of %s: %w", errUsage, flag, err)
	}
	secret := strings.TrimSpace(string(raw))
	if secret == "" {
		return "", fmt.Errorf("%w: the file of %s, %s, is empty", errUsage, flag, name)
	}
	return secret, nil
}
