package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// assets are the styles and scripts of pages, served from memory. Their address
// holds one digest of them all, /assets/<digest>/newsroom/list.js, so that scripts
// import each other by relative address and a browser may keep them for ever.
type assets struct {
	version string
	files   map[string][]byte
}

func loadAssets() (*assets, error) {
	root, err := fs.Sub(files, "assets")
	if err != nil {
		return nil, err
	}
	a := &assets{files: map[string][]byte{}}
	sum := sha256.New()
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		a.files[name] = data
		_, err = fmt.Fprintf(sum, "%s\n%d\n%s", name, len(data), data)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("loading assets: %w", err)
	}
	a.version = hex.EncodeToString(sum.Sum(nil)[:8])
	return a, nil
}

// address is where browsers find a file of assets/.
func (a *assets) address(name string) string { return "/assets/" + a.version + "/" + name }

// mediaType does not ask the machine's tables, which differ: a script served as
// text does not run.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// asset serves a file under another version too, since during an update a page of
// one replica asks another; but then nobody may keep it.
func (s *Server) asset(c *gin.Context) error {
	name := strings.TrimPrefix(c.Param("file"), "/")
	data, ok := s.assets.files[name]
	if !ok {
		return statusError(http.StatusNotFound)
	}
	c.Header("Cache-Control", "no-cache")
	if c.Param("version") == s.assets.version {
		c.Header("Cache-Control", "public, max-age=31536000, immutable") // seconds: a year
	}
	c.Header("ETag", `"`+s.assets.version+`"`)
	c.Header("Content-Type", mediaType(name))
	s.serve(c, data, time.Time{})
	return nil
}

// serve answers from memory, with conditions and ranges as the headers ask.
func (s *Server) serve(c *gin.Context, data []byte, modified time.Time) {
	var content io.ReadSeeker = bytes.NewReader(data)
	http.ServeContent(c.Writer, c.Request, "", modified, content)
}
