package dossier

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"path"
	"regexp"
	"time"
)

// Entry is one file of the dossier.
type Entry struct {
	Name   string `json:"name"`   // its path in the dossier
	Bytes  int64  `json:"bytes"`  // its size
	SHA256 string `json:"sha256"` // hexadecimal
}

// pack is a zip under way, with the digests of what is in it.
type pack struct {
	zip     *zip.Writer
	folder  string
	at      time.Time
	entries []Entry
	names   map[string]bool
}

func newPack(w io.Writer, folder string, at time.Time) *pack {
	return &pack{zip: zip.NewWriter(w), folder: folder, at: at.UTC().Truncate(time.Second), names: map[string]bool{}}
}

// add writes one file from body.
func (p *pack) add(name string, body io.Reader) (Entry, error) {
	return p.stream(name, func(w io.Writer) error {
		_, err := io.Copy(w, body)
		return err
	})
}

// stream writes one file as write makes it.
func (p *pack) stream(name string, write func(io.Writer) error) (Entry, error) {
	w, err := p.create(name)
	if err != nil {
		return Entry{}, err
	}
	m := &meter{to: w, digest: sha256.New()}
	if err := write(m); err != nil {
		return Entry{}, fmt.Errorf("writing %s: %w", name, err)
	}
	e := Entry{Name: name, Bytes: m.bytes, SHA256: hex.EncodeToString(m.digest.Sum(nil))}
	p.entries, p.names[name] = append(p.entries, e), true
	return e, nil
}

// meter counts and digests what passes.
type meter struct {
	to     io.Writer
	digest hash.Hash
	bytes  int64
}

// Write implements io.Writer.
func (m *meter) Write(b []byte) (int, error) {
	n, err := m.to.Write(b)
	m.bytes += int64(n)
	_, _ = m.digest.Write(b[:n]) // never fails, see hash.Hash
	return n, err
}

func (p *pack) create(name string) (io.Writer, error) {
	method := zip.Deflate
	if compressed(name) {
		method = zip.Store
	}
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: p.folder + "/" + name, Method: method, Modified: p.at})
	if err != nil {
		return nil, fmt.Errorf("beginning %s: %w", name, err)
	}
	return w, nil
}

// has reports whether a file of this name is in the dossier.
func (p *pack) has(name string) bool { return p.names[name] }

// addJSON writes a document for people and programs.
func (p *pack) addJSON(name string, document any) error {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return fmt.Errorf("encoding %s: %w", name, err)
	}
	_, err := p.add(name, &out)
	return err
}

// sums writes SHA256SUMS as sha256sum -c reads it, which covers all files but itself.
func (p *pack) sums() error {
	w, err := p.create("SHA256SUMS")
	if err != nil {
		return err
	}
	for _, e := range p.entries {
		if _, err := fmt.Fprintf(w, "%s  %s\n", e.SHA256, e.Name); err != nil {
			return fmt.Errorf("writing SHA256SUMS: %w", err)
		}
	}
	return nil
}

// compressed reports whether a file's kind cannot be made much smaller.
func compressed(name string) bool {
	switch path.Ext(name) {
	case ".jpg", ".png", ".webp", ".mp4", ".webm", ".gz":
		return true
	}
	return false
}

// Names as the archive writes them. Whatever else a damaged or hostile store holds, it must
// not become a path on the machine on which a dossier is unpacked.
var (
	documentName = regexp.MustCompile(`^[0-9a-zA-Z]{1,64}\.json$`)
	fileName     = regexp.MustCompile(`^[0-9a-f]{64}\.[0-9a-z]{1,8}$`)
)
