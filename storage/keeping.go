package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"time"

	"videoteca/archive"
)

// largestFile is how much of a file File reads into memory: pictures and
// responses, which the adapters bound far below.
const largestFile = 64 << 20 // 64 MiB

// claim says which video owns a source.
type claim struct {
	Version  int             `json:"version"`
	Platform string          `json:"platform"`
	ID       string          `json:"id"`
	Video    archive.VideoID `json:"video"`
	At       time.Time       `json:"at"`
}

// Claim implements archive.Store.
func (s *Store) Claim(ctx context.Context, key archive.SourceKey, id archive.VideoID) (archive.VideoID, error) {
	if err := s.EnsureReady(ctx); err != nil {
		return "", fmt.Errorf("claiming %s: %w", key, err)
	}
	found, err := s.owner(ctx, key)
	if !errors.Is(err, archive.ErrNotFound) {
		return found, err
	}
	c := claim{Version: recordVersion, Platform: key.Platform, ID: key.ID, Video: id, At: s.now().UTC().Truncate(time.Millisecond)}
	err = create(ctx, s.bucket, claimKey(key), c)
	if err == nil {
		return id, nil
	}
	if !errors.Is(err, archive.ErrExists) {
		return "", fmt.Errorf("claiming %s: %w", key, err)
	}
	return s.owner(ctx, key)
}

func (s *Store) owner(ctx context.Context, key archive.SourceKey) (archive.VideoID, error) {
	data, _, err := readAll(ctx, s.bucket, claimKey(key), maxRecord)
	if err != nil {
		return "", fmt.Errorf("reading the claim of %s: %w", key, err)
	}
	var c claim
	if err := decode(claimKey(key), data, &c); err != nil {
		return "", err
	}
	if _, err := archive.ParseVideoID(string(c.Video)); err != nil {
		return "", fmt.Errorf("%w: the claim of %s: %w", ErrDamaged, key, err)
	}
	return c.Video, nil
}

// fileExtension is what may stand behind a file's digest. A slash would make another key of it.
var (
	fileExtension = regexp.MustCompile(`^[a-z0-9]{1,16}$`)
	fileDigest    = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// SaveFile implements archive.Store.
func (s *Store) SaveFile(ctx context.Context, id archive.VideoID, about archive.File, data []byte) (archive.File, error) {
	if err := s.EnsureReady(ctx); err != nil {
		return archive.File{}, fmt.Errorf("saving a file of video %s: %w", id, err)
	}
	if !fileExtension.MatchString(about.Extension) {
		return archive.File{}, fmt.Errorf("saving a file of video %s: %w: the extension %q is not of a-z and 0-9", id, ErrBadKey, about.Extension)
	}
	about.Algorithm, about.Digest, about.Bytes = "sha256", hexDigest(data), int64(len(data))
	err := createBytes(ctx, s.bucket, fileKey(id, about), data)
	if err != nil && !errors.Is(err, archive.ErrExists) {
		return archive.File{}, fmt.Errorf("saving file %s of video %s: %w", about.Name(), id, err)
	}
	return about, nil
}

// SaveStream implements archive.Store. A body that has other bytes than its digest
// says is refused on reading, as ErrDamaged; the digest is the caller's word.
func (s *Store) SaveStream(ctx context.Context, id archive.VideoID, about archive.File, body io.ReadSeeker) (archive.File, error) {
	if err := s.EnsureReady(ctx); err != nil {
		return archive.File{}, fmt.Errorf("saving a file of video %s: %w", id, err)
	}
	if !fileExtension.MatchString(about.Extension) || !fileDigest.MatchString(about.Digest) {
		return archive.File{}, fmt.Errorf("saving a file of video %s: %w: %s is no digest with an extension of a-z and 0-9", id, ErrBadKey, about.Name())
	}
	key := fileKey(id, about)
	_, err := s.bucket.Put(ctx, key, body, about.Bytes, IfAbsent())
	if errors.Is(err, ErrPreconditionFailed) {
		return about, nil
	}
	if errors.Is(err, ErrOutcomeUnknown) { // nobody writes other bytes under this name
		if object, statErr := s.bucket.Stat(ctx, key); statErr == nil && object.Size == about.Bytes {
			return about, nil
		}
	}
	if err != nil {
		return archive.File{}, fmt.Errorf("saving file %s of video %s: %w", about.Name(), id, domainError(err))
	}
	return about, nil
}

// File reads a kept file and checks its digest. It fails with ErrDamaged where that differs.
func (s *Store) File(ctx context.Context, id archive.VideoID, f archive.File) ([]byte, error) {
	data, _, err := readAll(ctx, s.bucket, fileKey(id, f), largestFile)
	if err != nil {
		return nil, fmt.Errorf("reading file %s of video %s: %w", f.Name(), id, err)
	}
	if hexDigest(data) != f.Digest {
		return nil, fmt.Errorf("%w: file %s of video %s has another content than its name says", ErrDamaged, f.Name(), id)
	}
	return data, nil
}

// OpenFile opens a kept file, or a part of it, as it stands: unchecked, for
// files too large for memory. The caller closes it.
func (s *Store) OpenFile(ctx context.Context, id archive.VideoID, f archive.File, r Range) (io.ReadCloser, error) {
	body, _, err := s.bucket.Get(ctx, fileKey(id, f), r)
	if err != nil {
		return nil, fmt.Errorf("opening file %s of video %s: %w", f.Name(), id, domainError(err))
	}
	return body, nil
}

// storedCapture is the stored form of a capture.
type storedCapture struct {
	Version int `json:"version"`
	archive.Capture
}

// SaveCapture implements archive.Store.
func (s *Store) SaveCapture(ctx context.Context, c archive.Capture) (archive.Capture, error) {
	if err := s.EnsureReady(ctx); err != nil {
		return archive.Capture{}, fmt.Errorf("saving the capture of %s: %w", c.Source, err)
	}
	id, err := s.ids.next(s.now())
	if err != nil {
		return archive.Capture{}, err
	}
	c.ID = id
	if err := create(ctx, s.bucket, capturesPrefix(c.Video)+id+".json", storedCapture{recordVersion, c}); err != nil {
		return archive.Capture{}, fmt.Errorf("saving the capture of %s: %w", c.Source, err)
	}
	return c, nil
}

// Captures yields the captures of a video, the oldest first.
func (s *Store) Captures(ctx context.Context, id archive.VideoID) iter.Seq2[archive.Capture, error] {
	return s.CapturesAfter(ctx, id, "")
}

// CapturesAfter yields those that follow the one with an id, which need not be there; the empty id stands
// before all of them.
func (s *Store) CapturesAfter(ctx context.Context, id archive.VideoID, after string) iter.Seq2[archive.Capture, error] {
	return documentsAfter[archive.Capture](ctx, s.bucket, capturesPrefix(id), after)
}
