package spool

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
)

// roomStep is after how many bytes it is asked again whether there is room.
const roomStep = 16 << 20 // 16 MiB

// held is an upload that nobody else can work on until it is closed.
type held struct {
	*os.File // nil: it was used, and its bytes are gone
	document
}

// Close lets others work on the upload.
func (h held) Close() {
	if h.File != nil {
		_ = h.File.Close() // what was written has been made durable before
	}
}

// hold takes an upload for the caller alone, or fails with ErrBusy.
func (s *Spool) hold(id string) (held, error) {
	if _, err := s.Look(id); err != nil {
		return held{}, err
	}
	f, err := os.OpenFile(s.path(id, dataFile), os.O_RDWR|os.O_APPEND, 0)
	if errors.Is(err, os.ErrNotExist) {
		f, err = nil, nil // it has been used, or is dropped just now: the document tells
	} else if err == nil {
		err = lock(f)
	}
	h := held{File: f}
	if err == nil {
		h.document, _, err = s.read(id) // again: whoever held it before may have used or dropped it
	}
	if err == nil && f == nil && h.Used == "" {
		err = fmt.Errorf("upload %s: %w", id, ErrNoUpload)
	}
	if err != nil {
		h.Close()
		return held{}, fmt.Errorf("holding upload %s: %w", id, err)
	}
	return h, nil
}

// Append adds what the body has to an upload that ends at offset, at most as much as is missing, and
// returns how much came. That is durable, also where the body breaks off or the disk is full. It
// fails with ErrOffset if the upload ends elsewhere, and with ErrBusy while somebody else adds to it.
func (s *Spool) Append(id string, offset int64, body io.Reader) (int64, error) {
	h, err := s.hold(id)
	if err != nil {
		return 0, err
	}
	defer h.Close()
	if h.Used != "" {
		return 0, fmt.Errorf("adding to upload %s: %w", id, ErrOffset)
	}
	info, err := h.Stat()
	if err != nil {
		return 0, fmt.Errorf("adding to upload %s: %w", id, err)
	}
	if info.Size() != offset {
		return 0, fmt.Errorf("adding to upload %s at %d, which ends at %d: %w", id, offset, info.Size(), ErrOffset)
	}
	n, err := s.fill(h.File, io.LimitReader(body, h.Size-offset))
	if err = full(errors.Join(err, h.Sync())); err != nil {
		return n, fmt.Errorf("adding to upload %s: %w", id, err)
	}
	return n, nil
}

// fill copies in steps, before each of which there has to be room.
func (s *Spool) fill(f *os.File, body io.Reader) (n int64, err error) {
	for {
		if err := s.room(1); err != nil {
			return n, err
		}
		step, err := io.CopyN(f, body, roomStep)
		n += step
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// AppendChecked is Append of a piece of a known length, all of it or nothing: it fails with ErrDigest, and
// adds nothing, if the piece has another SHA-256 or breaks off.
func (s *Spool) AppendChecked(id string, offset int64, body io.Reader, length int64, sum []byte) (int64, error) {
	piece, err := s.Take(body, length, length)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, ErrTooLarge) {
		return 0, fmt.Errorf("adding to upload %s: %w: %w", id, ErrDigest, err)
	}
	if err != nil {
		return 0, err
	}
	defer piece.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, piece); err != nil {
		return 0, fmt.Errorf("adding to upload %s: %w", id, err)
	}
	if !bytes.Equal(digest.Sum(nil), sum) {
		return 0, fmt.Errorf("adding to upload %s: %w", id, ErrDigest)
	}
	if _, err := piece.Seek(0, io.SeekStart); err != nil {
		return 0, fmt.Errorf("adding to upload %s: %w", id, err)
	}
	return s.Append(id, offset, piece)
}

// Use hands a whole upload to keep, standing at its beginning, while nobody else can work on it. If keep
// succeeds the bytes are removed, and as is remembered until the upload expires: to use it again as the
// same does nothing and reports before, as something else fails with ErrUsed. If keep fails the upload
// stays as it is. An upload that is not whole fails with ErrUnfinished.
func (s *Spool) Use(id, as string, keep func(body io.ReadSeeker, size int64) error) (before bool, err error) {
	h, err := s.hold(id)
	if err != nil {
		return false, err
	}
	defer h.Close()
	switch {
	case h.Used == as:
		return true, nil
	case h.Used != "":
		return false, fmt.Errorf("using upload %s: %w", id, ErrUsed)
	}
	info, err := h.Stat()
	if err != nil {
		return false, fmt.Errorf("using upload %s: %w", id, err)
	}
	if info.Size() != h.Size {
		return false, fmt.Errorf("using upload %s, of which %d of %d bytes have come: %w", id, info.Size(), h.Size, ErrUnfinished)
	}
	if _, err := h.Seek(0, io.SeekStart); err != nil {
		return false, fmt.Errorf("using upload %s: %w", id, err)
	}
	if err := keep(h.File, h.Size); err != nil {
		return false, err
	}
	h.document.Used = as
	if err := s.write(id, h.document); err != nil {
		return false, fmt.Errorf("remembering what upload %s was used as: %w", id, err)
	}
	if err := os.Remove(s.path(id, dataFile)); err != nil {
		return false, fmt.Errorf("using upload %s: %w", id, err)
	}
	return false, nil
}
