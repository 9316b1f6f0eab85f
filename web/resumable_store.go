package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tus/tusd/v2/pkg/handler"

	"videoteca/archive"
	"videoteca/internal/spool"
)

// tusStore lets the protocol keep its uploads in the spool.
type tusStore struct {
	spool   *spool.Spool
	catalog Catalog
}

// NewUpload implements handler.DataStore.
func (t tusStore) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	call := callOf(ctx)
	about, err := readUploadAbout(info.MetaData, info.Size)
	if err == nil {
		about.Video, err = t.known(ctx, about.Video)
	}
	if err == nil {
		about.Owner = call.owner
		call.upload, err = t.spool.Begin(about)
	}
	if call.err = err; err != nil {
		return nil, err
	}
	return &tusUpload{t.spool, call.upload}, nil
}

// known is the id of the video for which a file is to come.
func (t tusStore) known(ctx context.Context, id string) (string, error) {
	v, err := t.catalog.Video(ctx, archive.VideoID(id))
	if errors.Is(err, archive.ErrNotFound) {
		return "", badAbout("video", "there is no such video", "send the id of one that is registered")
	}
	return string(v.ID), err
}

// GetUpload implements handler.DataStore.
func (t tusStore) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	r, err := t.spool.Look(id)
	call := callOf(ctx)
	call.upload, call.err = r, err
	if err != nil {
		return nil, err
	}
	return &tusUpload{t.spool, r}, nil
}

// AsTerminatableUpload implements handler.TerminaterDataStore.
func (t tusStore) AsTerminatableUpload(u handler.Upload) handler.TerminatableUpload {
	return u.(*tusUpload) // of which all of ours are
}

// tusUpload is one upload in the spool.
type tusUpload struct {
	spool *spool.Spool
	spool.Resumable
}

// GetInfo implements handler.Upload.
func (u *tusUpload) GetInfo(context.Context) (handler.FileInfo, error) {
	return handler.FileInfo{ID: u.ID, Size: u.Size, Offset: u.Offset, MetaData: handler.MetaData{"filename": u.Name, "purpose": u.Purpose, "video": u.Video}}, nil
}

// WriteChunk implements handler.Upload. The context is not asked: what has come by the time that a
// connection breaks is worth keeping.
func (u *tusUpload) WriteChunk(ctx context.Context, offset int64, body io.Reader) (n int64, err error) {
	call := callOf(ctx)
	if call.sum == nil {
		n, err = u.spool.Append(u.ID, offset, body)
	} else {
		n, err = u.checked(call, offset, body)
	}
	if err == nil {
		err = u.refuseEarly(offset, n)
	}
	if err == nil {
		call.upload, err = u.spool.Look(u.ID) // with its new expiry
	}
	call.err = err
	return n, err
}

func (u *tusUpload) checked(call *tusCall, offset int64, body io.Reader) (int64, error) {
	if call.length < 0 || call.length > u.Size-offset {
		return 0, &archive.FieldError{Field: "header.Content-Length", Problem: "a piece with a checksum has to say how long it is", Cure: "send it with its length, at most what is missing", Cause: statusError(http.StatusLengthRequired)}
	}
	return u.spool.AppendChecked(u.ID, offset, body, call.length, call.sum)
}

// refuseEarly gives up an upload as soon as it is seen to be of no kind that is kept, rather
// than after four gigabytes.
func (u *tusUpload) refuseEarly(offset, n int64) error {
	enough := min(archive.KindHead, u.Size)
	if offset >= enough || offset+n < enough {
		return nil
	}
	head, err := u.spool.Head(u.ID, archive.KindHead)
	if err != nil {
		return err
	}
	purpose, _ := uploadKindOf(u.Purpose)
	if kind, known := archive.KindOf(head); known && slices.Contains(purpose.kinds, kind) {
		return nil
	}
	return errors.Join(badContent(purpose), u.spool.Drop(u.ID))
}

func badContent(purpose uploadKind) error {
	var names []string
	for _, k := range purpose.kinds {
		names = append(names, string(k))
	}
	return &archive.FieldError{Field: "file", Problem: "its content is of no kind that is kept here", Cure: "send one of " + strings.Join(names, ", ")}
}

// GetReader implements handler.Upload. Nothing is read back by the protocol.
func (u *tusUpload) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, errors.ErrUnsupported
}

// FinishUpload implements handler.Upload. What comes of an upload is asked for separately; see keepUpload.
func (u *tusUpload) FinishUpload(context.Context) error { return nil }

// Terminate implements handler.TerminatableUpload.
func (u *tusUpload) Terminate(ctx context.Context) error {
	err := u.spool.Drop(u.ID)
	callOf(ctx).err = err
	return err
}

// longestName is of a file's name, in bytes: what file systems take.
const longestName = 255

// readUploadAbout reads what an upload's metadata says, and whether a file of that size may come.
func readUploadAbout(said map[string]string, size int64) (spool.About, error) {
	purpose, ok := uploadKindOf(said["purpose"])
	if !ok {
		return spool.About{}, badAbout("purpose", "it is missing, or no purpose", "send copies, captions or poster, in base64")
	}
	id, err := archive.ParseVideoID(said["video"])
	if err != nil {
		return spool.About{}, badAbout("video", "it is missing, or no id", "send the id of the video, in base64")
	}
	name := said["filename"]
	if len(name) > longestName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return spool.About{}, badAbout("filename", "it is no file's name", fmt.Sprintf("send at most %d bytes of UTF-8 without control characters, in base64, or none", longestName))
	}
	switch {
	case size > purpose.largest:
		return spool.About{}, &archive.FieldError{Field: "header.Upload-Length", Problem: fmt.Sprintf("%d bytes are too many", size), Cure: fmt.Sprintf("send at most %d bytes", purpose.largest), Cause: statusError(http.StatusRequestEntityTooLarge)}
	case size < 1:
		return spool.About{}, &archive.FieldError{Field: "header.Upload-Length", Problem: "the file is empty", Cure: "send one that is not"}
	}
	return spool.About{Size: size, Name: name, Purpose: purpose.name, Video: string(id)}, nil
}

func badAbout(name, problem, cure string) error {
	return &archive.FieldError{Field: "header.Upload-Metadata." + name, Problem: problem, Cure: cure}
}
