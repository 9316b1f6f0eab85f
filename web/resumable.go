package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/spool"
)

// Uploads that come in pieces, by https://tus.io/protocols/resumable-upload.
const (
	uploadsPath   = "/api/v1/uploads"
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,expiration,termination,checksum"
	pieceType     = "application/offset+octet-stream"
)

// resumable routes them.
func (s *Server) resumable(edit *gin.RouterGroup) {
	edit.OPTIONS(uploadsPath, s.handle(s.tus(s.speakTus)))
	edit.POST(uploadsPath, s.handle(s.tus(s.beginUpload)))
	edit.HEAD(uploadsPath+"/:id", s.handle(s.tus(s.lookUpload)))
	edit.PATCH(uploadsPath+"/:id", s.handle(s.tus(s.addToUpload)))
	edit.DELETE(uploadsPath+"/:id", s.handle(s.tus(s.giveUpUpload)))
}

// tus is what all of them have in common. What the spool refuses is said in the protocol's terms.
func (s *Server) tus(h func(*gin.Context) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		if s.spool == nil {
			return statusError(http.StatusNotImplemented)
		}
		c.Header("Tus-Resumable", tusVersion)
		c.Header("Tus-Version", tusVersion)
		if c.Request.Method != http.MethodOptions && c.GetHeader("Tus-Resumable") != tusVersion {
			return badHeader("Tus-Resumable", "it is missing, or of another version of the protocol", "send Tus-Resumable: "+tusVersion, http.StatusPreconditionFailed)
		}
		return tusRefusal(h(c))
	}
}

func (s *Server) speakTus(c *gin.Context) error {
	c.Header("Tus-Extension", tusExtensions)
	c.Header("Tus-Checksum-Algorithm", "sha256")
	c.Header("Tus-Max-Size", strconv.FormatInt(archive.LargestCopy, 10))
	c.Status(http.StatusNoContent)
	return nil
}

// beginUpload begins one, with its first piece if there is one.
func (s *Server) beginUpload(c *gin.Context) error {
	about, err := readUploadAbout(c.Request.Header)
	if err != nil {
		return err
	}
	v, err := s.catalog.Video(c.Request.Context(), archive.VideoID(about.Video))
	if errors.Is(err, archive.ErrNotFound) {
		return badAbout("video", "there is no such video", "send the id of one that is registered")
	}
	if err != nil {
		return err
	}
	about.Video, about.Owner = string(v.ID), actorOf(c.Request.Context())
	r, err := s.spool.Begin(about)
	if err != nil {
		return err
	}
	c.Header("Location", uploadsPath+"/"+r.ID) // relative: proxies and aliases have other hosts
	if c.GetHeader("Content-Type") == pieceType {
		if r, err = s.add(c, r.ID, 0); err != nil {
			return err
		}
	}
	tellUpload(c, r)
	c.Status(http.StatusCreated)
	return nil
}

// lookUpload tells how much has come. Whoever asks is about to go on: what a connection before may
// still be sending is cut off first, so that the answer stays true.
func (s *Server) lookUpload(c *gin.Context) error {
	r, release, err := s.holdUpload(c)
	if err != nil {
		return err
	}
	defer release()
	tellUpload(c, r)
	c.Header("Upload-Length", strconv.FormatInt(r.Size, 10))
	c.Header("Upload-Metadata", writeMetadata("purpose", r.Purpose, "video", r.Video, "filename", r.Name))
	c.Status(http.StatusOK)
	return nil
}

// addToUpload takes a piece.
func (s *Server) addToUpload(c *gin.Context) error {
	if c.GetHeader("Content-Type") != pieceType {
		return badHeader("Content-Type", "it is not that of a piece", "send "+pieceType, http.StatusUnsupportedMediaType)
	}
	offset, err := readBytes(c.Request.Header, "Upload-Offset", "send the offset that HEAD tells")
	if err != nil {
		return err
	}
	r, err := s.add(c, c.Param("id"), offset)
	if err != nil {
		return err
	}
	tellUpload(c, r)
	c.Status(http.StatusNoContent)
	return nil
}

// giveUpUpload forgets it, and whatever has come.
func (s *Server) giveUpUpload(c *gin.Context) error {
	r, release, err := s.holdUpload(c)
	if err != nil {
		return err
	}
	defer release()
	if err := s.spool.Drop(r.ID); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

// holdUpload waits until nobody works on the upload that the address names, and keeps others from it until release.
func (s *Server) holdUpload(c *gin.Context) (r spool.Resumable, release func(), err error) {
	ctx, id := c.Request.Context(), c.Param("id")
	if _, err := s.ownUpload(ctx, id); err != nil { // nobody stops others' uploads
		return spool.Resumable{}, nil, err
	}
	if release, err = s.turns.take(ctx, id, func() {}); err != nil {
		return spool.Resumable{}, nil, err
	}
	if r, err = s.ownUpload(ctx, id); err != nil {
		release()
		return spool.Resumable{}, nil, err
	}
	return r, release, nil
}

func tellUpload(c *gin.Context, r spool.Resumable) {
	c.Header("Upload-Offset", strconv.FormatInt(r.Offset, 10))
	c.Header("Upload-Expires", r.Expires.UTC().Format(http.TimeFormat))
}

// ownUpload is an upload of whoever asks; of others' nobody is told that they are there.
func (s *Server) ownUpload(ctx context.Context, id string) (spool.Resumable, error) {
	r, err := s.spool.Look(id)
	if err != nil {
		return spool.Resumable{}, err
	}
	if r.Owner != actorOf(ctx) {
		return spool.Resumable{}, fmt.Errorf("upload %s of %s: %w", id, r.Owner, spool.ErrNoUpload)
	}
	return r, nil
}

// add puts the request's body at the end of an upload, which has to be at offset. What has come by the
// time that a connection breaks is kept.
func (s *Server) add(c *gin.Context, id string, offset int64) (spool.Resumable, error) {
	sum, err := readChecksum(c.GetHeader("Upload-Checksum"))
	if err != nil {
		return spool.Resumable{}, err
	}
	r, err := s.ownUpload(c.Request.Context(), id)
	if err != nil {
		return r, err
	}
	body := newPieceBody(c)
	defer body.end()
	release, err := s.turns.take(c.Request.Context(), id, body.stop)
	if err != nil {
		return r, err
	}
	defer release()
	length := c.Request.ContentLength
	switch missing := r.Size - offset; {
	case length > missing:
		return r, badHeader("Content-Length", "the piece reaches beyond the upload's end", "send at most what is missing", http.StatusRequestEntityTooLarge)
	case sum == nil:
		_, err = s.spool.Append(id, offset, body)
	case length < 0:
		return r, badHeader("Content-Length", "a piece with a checksum has to say how long it is", "send it with its length", http.StatusLengthRequired)
	default:
		_, err = s.spool.AppendChecked(id, offset, body, length, sum)
	}
	if err != nil {
		return r, brokenBody(err)
	}
	if r, err = s.spool.Look(id); err != nil {
		return r, err
	}
	return r, s.refuseEarly(r, offset)
}

// brokenBody is what is said to whoever can still hear it.
func brokenBody(err error) error {
	switch {
	case errors.Is(err, errTakenOver):
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errors.Join(badHeader("Content-Length", "the body stood still for a minute", "ask with HEAD what has come, and go on there", http.StatusRequestTimeout), err)
	case errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, spool.ErrDigest):
		return errors.Join(statusError(http.StatusBadRequest), err)
	}
	return err
}

// refuseEarly gives up an upload as soon as it is seen to be of no kind that is kept, rather
// than after four gigabytes.
func (s *Server) refuseEarly(r spool.Resumable, before int64) error {
	enough := min(archive.KindHead, r.Size)
	if before >= enough || r.Offset < enough {
		return nil
	}
	head, err := s.spool.Head(r.ID, archive.KindHead)
	if err != nil {
		return err
	}
	purpose, _ := uploadKindOf(r.Purpose)
	if kind, known := archive.KindOf(head); known && slices.Contains(purpose.kinds, kind) {
		return nil
	}
	var names []string
	for _, k := range purpose.kinds {
		names = append(names, string(k))
	}
	refused := &archive.FieldError{Field: "file", Problem: "its content is of no kind that is kept here", Cure: "send one of " + strings.Join(names, ", ")}
	return errors.Join(refused, s.spool.Drop(r.ID))
}

// statusChecksum is the protocol's own: 460 Checksum Mismatch.
const statusChecksum = 460

// tusRefusal gives what the spool refuses the protocol's status and names the header to correct.
func tusRefusal(err error) error {
	field := func(name, problem, cure string, status int) error {
		return &archive.FieldError{Field: name, Problem: problem, Cure: cure, Cause: errors.Join(statusError(status), err)}
	}
	switch {
	case errors.Is(err, spool.ErrNoUpload):
		return field("path.id", "there is no such upload here: it has expired, was given up, or is on another server", "begin anew", http.StatusNotFound)
	case errors.Is(err, spool.ErrOffset), errors.Is(err, errTakenOver):
		return field("header.Upload-Offset", "the upload ends elsewhere, or a newer request went on with it", "ask with HEAD where it ends, and go on there", http.StatusConflict)
	case errors.Is(err, spool.ErrDigest):
		return field("header.Upload-Checksum", "the body is not what it says", "send the same piece again", statusChecksum)
	}
	return spoolRefusal(err)
}

// spoolRefusal gives a status to what the spool refuses whoever asks.
func spoolRefusal(err error) error {
	for _, known := range []struct {
		err    error
		status int
	}{
		{spool.ErrNoRoom, http.StatusInsufficientStorage},
		{spool.ErrTooMany, http.StatusTooManyRequests},
		{spool.ErrBusy, http.StatusLocked},
	} {
		if errors.Is(err, known.err) {
			return errors.Join(statusError(known.status), err)
		}
	}
	return err
}
