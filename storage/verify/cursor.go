package verify

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// cursorVersion is the version of the file's form. Another one begins a new pass.
const cursorVersion = 1

// cursor is how far a pass has come: everything up to and including After in Stage is done.
type cursor struct {
	Version      int       `json:"version"`
	Started      time.Time `json:"started"`
	Ended        time.Time `json:"ended,omitzero"` // of the whole pass
	Stage        string    `json:"stage,omitempty"`
	After        string    `json:"after,omitempty"`
	TotalObjects int64     `json:"totalObjects,omitempty"`
	TotalBytes   int64     `json:"totalBytes,omitempty"`
	Counts
}

// readCursor reads the file. One that is not there or not to be read is as none: a
// pass too many does no harm.
func readCursor(name string) (cursor, error) {
	var c cursor
	if name == "" {
		return c, nil
	}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("reading how far the pass has come: %w", err)
	}
	if err := json.Unmarshal(data, &c); err != nil || c.Version != cursorVersion {
		return cursor{}, nil
	}
	return c, nil
}

// save replaces the file, so that a crash leaves the old one or the new one.
func (c cursor) save(name string) error {
	if name == "" {
		return nil
	}
	c.Version = cursorVersion
	data, err := json.Marshal(c)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(name), 0o700)
	}
	if err == nil {
		err = os.WriteFile(name+".part", data, 0o600)
	}
	if err == nil {
		err = os.Rename(name+".part", name)
	}
	if err != nil {
		return fmt.Errorf("keeping how far the pass has come: %w", err)
	}
	return nil
}

func (c cursor) summary() Summary {
	return Summary{Started: c.Started, Ended: c.Ended, Complete: !c.Ended.IsZero(), Counts: c.Counts}
}

// UnderWay reports when the pass began that the cursor's file tells of, and whether it has not come to its end.
func UnderWay(file string) (started time.Time, underWay bool) {
	c, err := readCursor(file)
	if err != nil || c.Started.IsZero() {
		return time.Time{}, false
	}
	return c.Started, c.Ended.IsZero()
}
