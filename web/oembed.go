package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
)

// oembed answers for addresses of our own pages, under the base URL or an alias.
func (s *Server) oembed(c *gin.Context) error {
	c.Header("Access-Control-Allow-Origin", "*") // on errors as well
	if format := c.Query("format"); format != "" && format != "json" && format != "xml" {
		return statusError(http.StatusNotImplemented) // before anything is said of the video
	}
	about, err := s.address(c.Request.Context(), c.Query("url"))
	if err != nil {
		return err
	}
	v, err := s.video(c, about.id)
	if err != nil {
		return err
	}
	o := s.optionsOf(embeds.ParseQuery(about.query))
	_, o.HasPoster = v.Poster()
	d, err := s.embeds.OEmbed(v, o, embeds.OEmbedRequest{
		MaxWidth: pixels(c.Query("maxwidth")), MaxHeight: pixels(c.Query("maxheight")), Format: c.Query("format"),
		Quoted: strings.HasPrefix(c.Request.UserAgent(), "WordPress/"), // since 5.9 it hears no frame without one
	})
	if err != nil {
		return fmt.Errorf("oEmbed of %s: %w", v.ID, err)
	}
	if d.Status != http.StatusOK { // hidden: nobody may tell it from one that is not there
		return statusError(d.Status)
	}
	c.Writer.Header()["Cache-Control"] = s.headers.caching
	c.Writer.Header().Add("Vary", "User-Agent")
	plainAnswer(d).send(c)
	return nil
}

// pageAddress is what the address of a public page says.
type pageAddress struct {
	id    string
	query url.Values
}

// address reads an address of ours or, where that is allowed, of a platform.
func (s *Server) address(ctx context.Context, address string) (pageAddress, error) {
	own, err := s.ownAddress(address)
	if s.ofPlatform == nil || !errors.Is(err, archive.ErrNotFound) {
		return own, err
	}
	id, err := s.ofPlatform(ctx, address)
	if err != nil {
		return pageAddress{}, fmt.Errorf("oEmbed of %q: %w", address, archive.ErrNotFound)
	}
	return pageAddress{id: string(id)}, nil
}

// ownAddress reads an address of an embed or watch page. One of another site, or of
// another page, names no video of ours.
func (s *Server) ownAddress(address string) (pageAddress, error) {
	if address == "" {
		return pageAddress{}, statusError(http.StatusBadRequest)
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !s.ours[canonicalHost(u)] {
		return pageAddress{}, fmt.Errorf("oEmbed of %q: %w", address, archive.ErrNotFound)
	}
	for _, prefix := range []string{"/v/", "/e/"} {
		if id, ok := strings.CutPrefix(u.Path, prefix); ok {
			return pageAddress{id: id, query: u.Query()}, nil
		}
	}
	return pageAddress{}, fmt.Errorf("oEmbed of %q: %w", address, archive.ErrNotFound)
}

// publicOrigins are the origins of the base URL and of its aliases, which options
// have been checked to be.
func publicOrigins(o Options) []string {
	var origins []string
	for _, address := range append([]string{o.BaseURL}, o.Aliases...) {
		if u, err := parseBase(address); err == nil {
			origins = append(origins, u.Scheme+"://"+u.Host)
		}
	}
	return origins
}

// ownHosts are the hosts of the base URL and its aliases.
func ownHosts(o Options) map[string]bool {
	ours := map[string]bool{}
	for _, address := range append([]string{o.BaseURL}, o.Aliases...) {
		if u, err := url.Parse(address); err == nil {
			ours[canonicalHost(u)] = true
		}
	}
	return ours
}

// canonicalHost has the port only where it is not the scheme's own: links to us may be
// written with http, from before there was https.
func canonicalHost(u *url.URL) string {
	host := strings.ToLower(u.Host)
	for scheme, port := range map[string]string{"http": ":80", "https": ":443"} {
		if u.Scheme == scheme {
			host = strings.TrimSuffix(host, port)
		}
	}
	return host
}

// pixels reads a limit; what is no number limits nothing.
func pixels(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
