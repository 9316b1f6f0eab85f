package main

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

// build is what the binary knows of itself.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"` // built from a tree with uncommitted changes
	Go       string `json:"go"`
	Embedded bool   `json:"embedded"` // time zones and CA roots are to be had, also in an empty root
}

func thisBuild() build {
	b := build{Version: "devel", Go: runtime.Version(), Embedded: hasZonesAndRoots()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func hasZonesAndRoots() bool {
	if _, err := time.LoadLocation("America/Los_Angeles"); err != nil {
		return false
	}
	pool, err := x509.SystemCertPool()
	return err == nil && !pool.Equal(x509.NewCertPool())
}

// program is how this build names itself in records and to platforms.
func (b build) program() string { return "videoteca " + b.Version }

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s *Settings, c console) error {
	b := thisBuild()
	if s.JSON {
		return json.NewEncoder(c.out).Encode(b)
	}
	fmt.Fprintf(c.out, "videoteca %s (%s)\n", b.Version, b.Go)
	return nil
}
