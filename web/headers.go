package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// headers are the values that depend on which players are configured.
type headers struct {
	newsroomPolicy string // Content-Security-Policy
	permissions    string // Permissions-Policy
}

// playerFeatures is what platforms' players ask for. A feature reaches a player
// only if every page above it, and every frame's allow attribute, hands it on.
const playerFeatures = "accelerometer autoplay clipboard-write encrypted-media fullscreen gyroscope picture-in-picture web-share"

// refusedFeatures are those that nothing here or framed here has a use for.
const refusedFeatures = "camera display-capture geolocation microphone midi payment usb"

func headersOf(players map[string]archive.Player) headers {
	origins := playerOrigins(players)
	frames := strings.Join(append([]string{"'self'"}, origins...), " ")
	return headers{
		newsroomPolicy: strings.Join([]string{
			"default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
			"connect-src 'self'", "font-src 'self'", "img-src 'self' data:", "media-src 'self'",
			"script-src 'self'", "style-src 'self'", "frame-src " + frames,
		}, "; "),
		permissions: permissions(origins),
	}
}

// playerOrigins are the origins of the players that are framed, in a fixed order.
func playerOrigins(players map[string]archive.Player) []string {
	origins := map[string]bool{}
	for _, p := range players {
		u, err := url.Parse(p.Origin)
		if p.Kind == archive.PlayerYouTube && err == nil && u.Host != "" && !strings.ContainsAny(p.Origin, " ;,\"'") {
			origins[u.Scheme+"://"+u.Host] = true
		}
	}
	return slices.SortedFunc(maps.Keys(origins), cmp.Compare[string])
}

func permissions(origins []string) string {
	allowed := "(self"
	for _, o := range origins {
		allowed += ` "` + o + `"`
	}
	allowed += ")"
	var policy []string
	for _, feature := range strings.Fields(playerFeatures) {
		policy = append(policy, feature+"="+allowed)
	}
	for _, feature := range strings.Fields(refusedFeatures) {
		policy = append(policy, feature+"=()")
	}
	return strings.Join(policy, ", ")
}

// strictHeaders are those of the newsroom's pages, and the default of every other
// answer: other classes loosen them, so that a forgotten route is too strict.
//
// The referrer policy keeps a link's token from other hosts. It is not no-referrer,
// with which browsers send forms with "Origin: null", and without https that
// header is all that CrossOriginProtection has to go by.
func (s *Server) strictHeaders(c *gin.Context) {
	c.Header("Content-Security-Policy", s.headers.newsroomPolicy)
	c.Header("X-Frame-Options", "DENY")
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("Referrer-Policy", "same-origin")
	c.Header("Permissions-Policy", s.headers.permissions)
	c.Header("Cross-Origin-Opener-Policy", "same-origin")
	c.Header("Cross-Origin-Resource-Policy", "same-origin")
	c.Header("Cache-Control", "no-store")
}

// publicHeaders let articles of anybody frame and load what they name. The embed pages bring
// their own Content-Security-Policy; what brings none gets one that allows nothing.
// YouTube's player needs the referrer (error 153).
func (s *Server) publicHeaders(c *gin.Context) {
	c.Header("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Writer.Header().Del("X-Frame-Options")
	c.Writer.Header().Del("Cross-Origin-Opener-Policy")
	c.Header("Referrer-Policy", "strict-origin-when-cross-origin")
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
}

// apiHeaders are for answers that no browser shows.
func (s *Server) apiHeaders(c *gin.Context) {
	c.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
}
