package spool

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// What may be wrong with an upload that comes in pieces.
var (
	ErrNoUpload   = errors.New("no such upload") // or it has expired
	ErrTooMany    = errors.New("too many unfinished uploads")
	ErrOffset     = errors.New("not where the upload ends")
	ErrBusy       = errors.New("somebody else is working on the upload")
	ErrUnfinished = errors.New("not all of the upload has come")
	ErrUsed       = errors.New("the upload was used for something else")
	ErrDigest     = errors.New("the piece is not what its digest says")
)

// About is what whoever begins an upload says of it.
type About struct {
	Owner   string `json:"owner"`   // who may see it
	Size    int64  `json:"size"`    // bytes, when all have come
	Name    string `json:"name"`    // of the file, as its owner calls it
	Purpose string `json:"purpose"` // what it is to become
	Video   string `json:"video"`   // and of which video
}

// Resumable is an upload that comes in pieces, as far as it has come.
type Resumable struct {
	About
	ID      string
	Offset  int64     // bytes that are durable on the disk
	Expires time.Time // unless more comes
	Used    string    // what it was used as; empty: it was not yet
}

// Whole reports whether all of it has come.
func (r Resumable) Whole() bool { return r.Offset == r.Size }

// document is resumable-<id>.json.
type document struct {
	About
	Used string `json:"used,omitempty"`
}

const (
	resumable = "resumable-"
	dataFile  = ".data"
	aboutFile = ".json"
	newFile   = ".new" // on its way to become the one without
)

// idForm is what rand.Text returns: 130 bits, which nobody guesses.
var idForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)

func (s *Spool) path(id, kind string) string { return filepath.Join(s.folder, resumable+id+kind) }

// Begin makes an upload of which nothing has come. It fails with ErrNoRoom if it cannot fit, and with
// ErrTooMany if its owner or everybody together have too many that are unfinished. Another process of
// this machine that begins one in the same instant is not counted.
func (s *Spool) Begin(about About) (Resumable, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.bounded(about.Owner); err != nil {
		return Resumable{}, err
	}
	if err := s.room(about.Size); err != nil {
		return Resumable{}, err
	}
	id := rand.Text()
	f, err := os.OpenFile(s.path(id, dataFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		err = s.write(id, document{About: about})
	}
	if err != nil {
		return Resumable{}, fmt.Errorf("beginning an upload: %w", full(err))
	}
	return s.Look(id)
}

func (s *Spool) bounded(owner string) error {
	names, err := s.names(resumable)
	if err != nil {
		return fmt.Errorf("counting uploads: %w", err)
	}
	own, all := 0, 0
	for _, name := range names {
		id, made := strings.CutSuffix(name[len(resumable):], aboutFile)
		if !made {
			continue
		}
		r, err := s.Look(id)
		if err != nil || r.Used != "" {
			continue
		}
		all++
		if r.Owner == owner {
			own++
		}
	}
	switch {
	case own >= s.o.PerPerson:
		return fmt.Errorf("%w: %s has %d, and may have %d", ErrTooMany, owner, own, s.o.PerPerson)
	case all >= s.o.InAll:
		return fmt.Errorf("%w: there are %d, and may be %d", ErrTooMany, all, s.o.InAll)
	}
	return nil
}

// Look is how far an upload has come. What it says has come survives a crash of the machine.
// It fails with ErrNoUpload if there is none, or if it has expired.
func (s *Spool) Look(id string) (Resumable, error) {
	d, written, err := s.read(id)
	if err != nil {
		return Resumable{}, err
	}
	r := Resumable{ID: id, About: d.About, Used: d.Used, Offset: d.Size, Expires: written.Add(s.o.Life)}
	if d.Used == "" {
		if r.Offset, written, err = s.durable(id); err != nil {
			return Resumable{}, err
		}
		r.Expires = written.Add(s.o.Life)
	}
	if !s.o.Now().Before(r.Expires) {
		return Resumable{}, fmt.Errorf("upload %s expired at %s: %w", id, r.Expires.UTC().Format(time.RFC3339), ErrNoUpload)
	}
	return r, nil
}

// durable is how many bytes have come, after it made sure that they stay.
func (s *Spool) durable(id string) (int64, time.Time, error) {
	f, err := os.Open(s.path(id, dataFile))
	if err != nil {
		return 0, time.Time{}, missing(id, err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return 0, time.Time{}, fmt.Errorf("reading upload %s: %w", id, err)
	}
	info, err := f.Stat()
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("reading upload %s: %w", id, err)
	}
	return info.Size(), info.ModTime(), nil
}

// Drop removes an upload and all that has come of it. It fails with ErrBusy while somebody is working on it.
func (s *Spool) Drop(id string) error {
	h, err := s.hold(id)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := s.remove(id); err != nil {
		return fmt.Errorf("dropping upload %s: %w", id, err)
	}
	return nil
}

// remove takes away first what makes the upload: what a crash leaves behind is swept.
func (s *Spool) remove(id string) error {
	for _, kind := range []string{aboutFile, aboutFile + newFile, dataFile} {
		if err := os.Remove(s.path(id, kind)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (s *Spool) sweepResumable() (int, error) {
	names, err := s.names(resumable)
	if err != nil {
		return 0, fmt.Errorf("sweeping the spool: %w", err)
	}
	removed := 0
	for _, name := range names {
		path := filepath.Join(s.folder, name)
		if info, err := os.Stat(path); err == nil && s.o.Now().Sub(info.ModTime()) >= s.o.Life && s.abandoned(name) && os.Remove(path) == nil {
			removed++
		}
	}
	return removed, nil
}

// abandoned reports whether no other file of the same upload is young or in use.
func (s *Spool) abandoned(name string) bool {
	base := name[len(resumable):]
	if len(base) < len(rand.Text()) {
		return true
	}
	f, err := os.Open(s.path(base[:len(rand.Text())], dataFile))
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	defer f.Close()
	info, err := f.Stat()
	return err == nil && s.o.Now().Sub(info.ModTime()) >= s.o.Life && lock(f) == nil
}

func (s *Spool) read(id string) (document, time.Time, error) {
	if !idForm.MatchString(id) {
		return document{}, time.Time{}, fmt.Errorf("upload %q: %w", id, ErrNoUpload)
	}
	f, err := os.Open(s.path(id, aboutFile))
	if err != nil {
		return document{}, time.Time{}, missing(id, err)
	}
	defer f.Close()
	info, err := f.Stat()
	var d document
	if err == nil {
		err = json.NewDecoder(f).Decode(&d)
	}
	if err != nil {
		return document{}, time.Time{}, fmt.Errorf("reading upload %s: %w", id, err)
	}
	return d, info.ModTime(), nil
}

// write replaces the document as a whole, durably.
func (s *Spool) write(id string, d document) error {
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(s.path(id, aboutFile+newFile), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), s.path(id, aboutFile)); err != nil {
		return err
	}
	return syncFolder(s.folder)
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

func missing(id string, err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("upload %s: %w", id, ErrNoUpload)
	}
	return fmt.Errorf("reading upload %s: %w", id, err)
}

// Head is what an upload begins with, at most n bytes of it.
func (s *Spool) Head(id string, n int) ([]byte, error) {
	f, err := os.Open(s.path(id, dataFile))
	if err != nil {
		return nil, missing(id, err)
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, int64(n)))
	if err != nil {
		return nil, fmt.Errorf("reading upload %s: %w", id, err)
	}
	return head, nil
}
