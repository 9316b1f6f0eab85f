package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// routes is the site map.
func (s *Server) routes(r *gin.Engine) {
	r.Use(s.record, s.recover)
	strict := []gin.HandlerFunc{s.identify, s.limitBody, s.strictHeaders, s.checkOrigin}

	// For orchestrators, under any Host.
	probes := r.Group("/", strict...)
	get(probes, "/healthz", s.handle(s.healthz))
	get(probes, "/readyz", s.handle(s.readyz))

	// The public contract: these addresses stand in articles and never change.
	documents := r.Group("/", s.checkHost)      // which bring all their headers with them
	get(documents, "/e/:id", s.handle(s.embed)) // and /e/{id}.json
	get(documents, "/v/:id", s.handle(s.watch))
	get(documents, "/embed.js", s.handle(s.script))
	get(documents, "/wordpress.zip", s.handle(s.wordpress))
	public := r.Group("/", s.checkHost, s.publicHeaders)
	public.POST("/e/:id/trouble", s.limitBody, s.handle(s.trouble)) // from any origin: it reads no cookie
	get(public, "/p/:id/:file", s.handle(s.poster))                 // {width}.jpg
	get(public, "/m/:id/:file", s.handle(s.mediaFile))
	get(public, "/oembed", s.handle(s.oembed))
	get(public, "/assets/:version/*file", s.handle(s.asset))

	// Signing in and out.
	door := r.Group("/", strict...).Group("/", s.checkHost)
	get(door, "/login", s.handle(s.loginPage))
	door.POST("/login", s.handle(s.login))
	door.POST("/logout", s.handle(s.logout))

	// The newsroom's pages.
	newsroom := r.Group("/", strict...).Group("/", s.checkHost, s.requireAccess)
	get(newsroom, "/metrics", s.metrics.handler())
	get(newsroom, "/", s.handle(s.home))
	get(newsroom, "/videos", s.handle(s.list))
	newsroom.POST("/videos", s.handle(s.register))
	get(newsroom, "/new", s.handle(s.newVideo))
	get(newsroom, "/videos/:id", s.handle(s.show))
	if s.audits != nil {
		get(newsroom, "/audit", s.handle(s.audit))
		newsroom.POST("/audit", s.handle(s.auditMany))
		for _, form := range []string{"csv", "json", "atom"} {
			get(newsroom, "/audit."+form, s.handle(s.auditForm(form)))
		}
	}
	newsroom.POST("/videos/:id/title", s.handle(s.confirmTitle))
	get(newsroom, "/videos/:id/evidence", s.handle(s.evidence))
	get(newsroom, "/videos/:id/evidence/:file", s.handle(s.evidenceFile))
	newsroom.POST("/videos/:id/overrule", s.handle(s.overrule))
	newsroom.POST("/videos/:id/release", s.handle(s.release))
	get(newsroom, "/videos/:id/try", s.handle(s.try))
	get(newsroom, "/videos/:id/form/:kind", s.handle(s.sample))
	get(newsroom, "/videos/:id/as/:state", s.handle(s.as))
	newsroom.POST("/videos/:id", s.handle(s.describe))
	newsroom.POST("/videos/:id/check", s.handle(s.check))
	newsroom.POST("/videos/:id/prefer", s.handle(s.prefer))
	newsroom.POST("/videos/:id/sources", s.handle(s.mirror))

	if s.dossier != nil {
		get(newsroom, "/videos/:id/dossier.zip", s.handle(s.dossierFile))
	}

	// The demo's article, and the switches of its make-believe platform.
	if s.stage != nil {
		get(newsroom, "/story/article", s.handle(s.article))
		newsroom.POST("/story/:id", s.handle(s.switchSource))
	}

	// The newsroom's API. Its description is public: it is the program's, not the newsroom's.
	described := r.Group("/", strict...).Group("/", s.checkHost, s.apiHeaders)
	api := r.Group("/", strict...).Group("/", s.checkHost, s.apiHeaders, s.requireAccess)
	s.uploads(newsroom, api)
	get(described, "/api/v1/openapi.json", s.handle(s.description(s.api(r, api))))

	r.NoRoute(append(strict, s.checkHost, s.handle(s.noRoute))...)
	r.NoMethod(append(strict, s.checkHost, s.handle(s.noMethod))...)
}

// get routes HEAD as well, which net/http answers with the headers alone.
func get(r gin.IRoutes, path string, h gin.HandlerFunc) {
	r.GET(path, h)
	r.HEAD(path, h)
}

func (s *Server) noRoute(*gin.Context) error { return statusError(http.StatusNotFound) }

func (s *Server) noMethod(*gin.Context) error { return statusError(http.StatusMethodNotAllowed) }
