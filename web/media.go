package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// Media are the copies and captions that the newsroom holds.
type Media interface {
	// Open reads a kept file from an offset. One that is missing gets archive.ErrNotFound.
	Open(ctx context.Context, id archive.VideoID, f archive.File, offset int64) (io.ReadCloser, error)

	// Address is where browsers may fetch the file for a while without this server; empty
	// where they may not.
	Address(ctx context.Context, id archive.VideoID, f archive.File) (string, error)
}

const (
	// mediaTime is how long one answer with a file may take: a browser that
	// was paused asks again for the rest.
	mediaTime = 30 * time.Minute
	// mediaCaching is short although a file named by its digest never changes: a
	// takedown has to reach the caches between us and readers.
	mediaCaching = 10 * time.Minute
)

// mediaFile is /m/{id}/{file}: a copy or a caption track, with Range.
func (s *Server) mediaFile(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	f, left, ok := kept(v, c.Param("file"), s.now())
	if !ok || !shown(v, s) {
		return fmt.Errorf("file %q of %s: %w", c.Param("file"), v.ID, archive.ErrNotFound)
	}
	if f.Extension != "vtt" { // a track is small, and another origin's is not taken
		address, err := s.media.Address(c.Request.Context(), v.ID, f)
		if err != nil {
			return fmt.Errorf("file %s of %s: %w", f.Name(), v.ID, err)
		}
		if address != "" {
			c.Header("Cache-Control", "no-store") // the address ends sooner than any cache
			c.Redirect(http.StatusFound, address)
			return nil
		}
	}
	return s.sendFile(c, v.ID, f, min(left, mediaCaching))
}

func (s *Server) sendFile(c *gin.Context, id archive.VideoID, f archive.File, caching time.Duration) error {
	body := &lateFile{ctx: c.Request.Context(), media: s.media, id: id, file: f}
	defer body.Close()
	if err := body.open(); err != nil { // while there can still be an honest status
		return fmt.Errorf("file %s of %s: %w", f.Name(), id, err)
	}
	extendWriting(c, time.Now().Add(mediaTime))
	c.Header("Content-Type", f.Type)
	c.Header("Cache-Control", "public, max-age="+strconv.Itoa(int(caching.Seconds())))
	c.Header("ETag", `"`+f.Digest+`"`)
	if f.Extension == "vtt" {
		c.Header("Access-Control-Allow-Origin", "*") // embed.js reads it in articles
	}
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, body)
	return nil
}

// kept is the copy or the caption track of this name, and how long it may still be
// shown. A copy whose rights have ended is not there.
func kept(v archive.Video, name string, now time.Time) (f archive.File, left time.Duration, ok bool) {
	for _, held := range v.Copies {
		if held.File.Name() != name {
			continue
		}
		if held.Rights.Expires.IsZero() {
			return held.File, mediaCaching, true
		}
		left = held.Rights.Expires.Sub(now)
		return held.File, left, left > 0
	}
	for _, held := range v.Captions {
		if held.File.Name() == name {
			return held.File, mediaCaching, true
		}
	}
	return archive.File{}, 0, false
}

// extendWriting gives an answer more time than the server's ordinary limits. Of an operation of the API the limit for
// reading counts too: see apiBodyTime. Where the connection has no deadlines, as in tests, there is nothing to extend.
func extendWriting(c *gin.Context, until time.Time) {
	controller := http.NewResponseController(c.Writer)
	_ = controller.SetReadDeadline(until)
	_ = controller.SetWriteDeadline(until)
}

// lateFile reads a kept file from wherever http.ServeContent seeks to, and opens it
// there only once: each opening may be a request to the bucket.
type lateFile struct {
	ctx   context.Context
	media Media
	id    archive.VideoID
	file  archive.File

	body io.ReadCloser
	at   int64 // where body stands
	want int64 // where the next byte is to be read
}

func (l *lateFile) open() error {
	body, err := l.media.Open(l.ctx, l.id, l.file, l.want)
	if err != nil {
		return err
	}
	l.body, l.at = body, l.want
	return nil
}

// Seek implements io.Seeker.
func (l *lateFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += l.want
	case io.SeekEnd:
		offset += l.file.Bytes
	}
	if offset < 0 {
		return 0, errors.New("seeking before the beginning")
	}
	l.want = offset
	return offset, nil
}

// Read implements io.Reader.
func (l *lateFile) Read(p []byte) (int, error) {
	if l.want >= l.file.Bytes {
		return 0, io.EOF
	}
	if l.body == nil || l.at != l.want {
		if err := l.Close(); err != nil {
			return 0, err
		}
		if err := l.open(); err != nil {
			return 0, err
		}
	}
	n, err := l.body.Read(p)
	l.at += int64(n)
	l.want = l.at
	return n, err
}

// Close implements io.Closer.
func (l *lateFile) Close() error {
	if l.body == nil {
		return nil
	}
	body := l.body
	l.body = nil
	return body.Close()
}

// noMedia is an installation that keeps no files.
type noMedia struct{}

func (noMedia) Open(context.Context, archive.VideoID, archive.File, int64) (io.ReadCloser, error) {
	return nil, archive.ErrNotFound
}

func (noMedia) Address(context.Context, archive.VideoID, archive.File) (string, error) {
	return "", nil
}
