package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// headers are the values that depend on which players are configured.
type headers struct {
	newsroomPolicy string      // Content-Security-Policy
	frames         string      // origins of the players that are framed
	permissions    string      // Permissions-Policy
	caching        []string    // Cache-Control of what readers get
	public         http.Header // the others of what readers get
	readers        http.Header // all of them, of a document in the reader's language
	everybody      http.Header // and of one in a language that was asked for
}

// playerFeatures is what platforms' players ask for. A feature reaches a player
// only if every page above it, and every frame's allow attribute, hands it on.
const playerFeatures = "accelerometer autoplay clipboard-write encrypted-media fullscreen gyroscope picture-in-picture web-share"

// refusedFeatures are those that nothing here or framed here has a use for.
const refusedFeatures = "camera display-capture geolocation microphone midi payment usb"

func headersOf(o Options) headers {
	origins := playerOrigins(o.Players)
	frames := strings.Join(append([]string{"'self'"}, origins...), " ")
	h := headers{
		newsroomPolicy: strings.Join([]string{
			"default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
			"connect-src 'self'", "font-src 'self'", "img-src 'self' data:", "media-src 'self'",
			"script-src 'self'", "style-src 'self'", "frame-src " + frames,
		}, "; "),
		permissions: permissions(origins),
		frames:      strings.Join(origins, " "),
		caching:     []string{cachingFor(o.StaleIfError)},
		public: http.Header{
			"Content-Security-Policy":      {"default-src 'none'; sandbox"},
			"X-Content-Type-Options":       {"nosniff"},
			"Referrer-Policy":              {"strict-origin-when-cross-origin"},
			"Permissions-Policy":           {refusals()}, // what is not refused here, each frame's allow attribute hands on
			"Cross-Origin-Resource-Policy": {"cross-origin"},
			"Cache-Control":                {"no-store"},
		},
	}
	h.everybody = maps.Clone(h.public)
	h.everybody["Cache-Control"] = h.caching
	h.readers = maps.Clone(h.everybody)
	h.readers["Vary"] = []string{"Accept-Language"}
	return h
}

// cachingFor adds how long a cache may go on with what it has while this server fails:
// so long may a takedown take to reach the last reader.
func cachingFor(outage time.Duration) string {
	if outage <= 0 {
		return publicCaching
	}
	return publicCaching + ", stale-if-error=" + strconv.Itoa(int(outage.Seconds()))
}

// playerOrigins are the origins of the players that are framed, in a fixed order.
func playerOrigins(players map[string]archive.Player) []string {
	origins := map[string]bool{}
	for _, p := range players {
		u, err := url.Parse(p.Origin)
		if p.Kind != "" && p.Kind != archive.PlayerMedia && err == nil && u.Host != "" && !strings.ContainsAny(p.Origin, " ;,\"'") {
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
	return permissionsFor(allowed + ")")
}

// permissionsFor hands the players' features on to whom an allow-list names.
func permissionsFor(allowed string) string {
	var policy []string
	for _, feature := range strings.Fields(playerFeatures) {
		policy = append(policy, feature+"="+allowed)
	}
	return strings.Join(append(policy, refusals()), ", ")
}

// refusals denies what nothing here has a use for.
func refusals() string {
	return strings.Join(strings.Fields(refusedFeatures), "=(), ") + "=()"
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
// YouTube's player needs the referrer (error 153). The values are shared by all
// requests: what alters one sets another.
func (s *Server) publicHeaders(c *gin.Context) {
	h := c.Writer.Header()
	for name, value := range s.headers.public {
		h[name] = value
	}
}

// answered are all headers of a document that readers get; perReader where its
// language may be the reader's.
func (h headers) answered(perReader bool) http.Header {
	if perReader {
		return h.readers
	}
	return h.everybody
}

// apiHeaders are for answers that no browser shows.
func (s *Server) apiHeaders(c *gin.Context) {
	c.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
}
