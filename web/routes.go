package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"videoteca/internal/people"
	"videoteca/internal/settings"
)

// routes is the site map.
func (s *Server) routes(r *gin.Engine) {
	r.Use(s.record, s.recover)
	strict := []gin.HandlerFunc{s.identify, s.limitBody, s.strictHeaders, s.checkOrigin}

	// For orchestrators, under any Host.
	probes := r.Group("/", strict...)
	get(probes, "/healthz", s.handle(s.healthz))
	get(probes, "/readyz", s.handle(s.readyz))

	s.publicRoutes(r)
	s.doorRoutes(r.Group("/", strict...).Group("/", s.checkHost))

	newsroom := r.Group("/", strict...).Group("/", s.checkHost)
	s.readingRoutes(newsroom.Group("/", s.require(people.View)))
	s.editingRoutes(newsroom)
	s.auditRoutes(newsroom)
	s.peopleRoutes(newsroom)
	s.settingsRoutes(newsroom)

	// The newsroom's API. Its description is public: it is the program's, not the newsroom's.
	described := r.Group("/", strict...).Group("/", s.checkHost, s.apiHeaders)
	api := r.Group("/", strict...).Group("/", s.checkHost, s.apiHeaders, s.require(people.View))
	s.uploads(newsroom.Group("/", s.require(people.Edit)), api.Group("/", s.require(people.Edit)))
	operations := s.api(r, api)
	get(described, "/api/v1/openapi.json", s.handle(s.description(operations)))
	get(described, "/api/v1/docs", s.handle(s.docs(operations)))

	r.NoRoute(append(strict, s.checkHost, s.handle(s.noRoute))...)
	r.NoMethod(append(strict, s.checkHost, s.handle(s.noMethod))...)
}

// publicRoutes are the public contract: these addresses stand in articles and never change.
func (s *Server) publicRoutes(r *gin.Engine) {
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
	get(public, "/videos/embed/"+silentID, s.handle(s.silentPlayer)) // of the try page; it has nothing to hide
}

// doorRoutes are signing in and out, and the one-time links.
func (s *Server) doorRoutes(door *gin.RouterGroup) {
	get(door, "/login", s.handle(s.loginPage))
	door.POST("/login", s.handle(s.login))
	door.POST("/logout", s.handle(s.logout))
	if s.people == nil {
		return
	}
	get(door, "/setup", s.handle(s.setUpPage))
	door.POST("/setup", s.handle(s.setUp))
	get(door, "/join", s.handle(s.joinPage))
	door.POST("/join", s.handle(s.join))
}

// readingRoutes change nothing.
func (s *Server) readingRoutes(view *gin.RouterGroup) {
	export := view.Group("/", s.require(people.Export))
	get(view, "/metrics", s.metrics.handler())
	get(view, "/", s.handle(s.home))
	get(view, "/home", s.handle(s.needs))
	get(view, "/videos", s.handle(s.list))
	get(view, "/videos/:id", s.handle(s.show))
	get(view, "/videos/:id/evidence", s.handle(s.evidence))
	get(view, "/videos/:id/evidence/:file", s.handle(s.evidenceFile))
	get(view, "/videos/:id/takedown", s.handle(s.takedown))
	get(view, "/videos/:id/try", s.handle(s.try))
	get(view, "/videos/:id/form/:kind", s.handle(s.sample))
	get(view, "/videos/:id/as/:state", s.handle(s.as))
	if s.history != nil {
		get(view, "/videos/:id/activity", s.handle(s.activity))
	}
	if s.dossier != nil {
		get(export, "/videos/:id/dossier.zip", s.handle(s.dossierFile))
	}
	if s.stage != nil {
		get(view, "/story/article", s.handle(s.article))
	}
}

// editingRoutes change what the newsroom says of videos and which of them readers see.
func (s *Server) editingRoutes(newsroom *gin.RouterGroup) {
	edit := newsroom.Group("/", s.require(people.Edit))
	get(edit, "/new", s.handle(s.newVideo))
	edit.POST("/new", s.handle(s.lookUp)) // a paste may be too long for an address
	edit.POST("/videos", s.handle(s.register))
	edit.POST("/new/many", s.handle(s.registerTicked))
	edit.POST("/videos/:id", s.handle(s.describe))
	edit.POST("/videos/:id/title", s.handle(s.confirmTitle))
	edit.POST("/videos/:id/prefer", s.handle(s.prefer))
	edit.POST("/videos/:id/sources", s.handle(s.mirror))
	newsroom.Group("/", s.require(people.Edit, people.Audit)).POST("/videos/:id/check", s.handle(s.check))
	newsroom.Group("/", s.require(people.Edit, people.Audit, people.Withdraw)).POST("/videos/bulk", s.handle(s.many))
	newsroom.Group("/", s.require(people.Export)).POST("/videos/export", s.handle(s.export))
	edit.POST("/videos/:id/move", s.handle(s.move))
	edit.POST("/videos/:id/labels", s.handle(s.relabel))
	edit.POST("/videos/:id/remove", s.handle(s.removeFile))
	if s.undoer != nil {
		newsroom.Group("/", s.require(people.Edit, people.Withdraw)).POST("/videos/undo", s.handle(s.undo))
	}
	if s.merger != nil {
		edit.POST("/videos/:id/merge", s.handle(s.merge))
	}
	if s.stage != nil {
		edit.POST("/story/:id", s.handle(s.switchSource)) // a switch of the demo's make-believe platform
	}

	show := newsroom.Group("/", s.require(people.Withdraw))
	show.POST("/videos/:id/withdraw", s.handle(s.withdraw()))
	show.POST("/videos/:id/embargo", s.handle(s.embargo()))
	show.POST("/videos/:id/publish", s.handle(s.publish()))

	erase := newsroom.Group("/", s.require(people.Erase))
	erase.POST("/videos/:id/hold", s.handle(s.hold()))
	erase.POST("/videos/:id/lift-hold", s.handle(s.liftHold()))
	if s.eraser != nil {
		erase.POST("/videos/:id/erase", s.handle(s.erase()))
	}
}

// auditRoutes are what archivists look at and decide.
func (s *Server) auditRoutes(newsroom *gin.RouterGroup) {
	audit := newsroom.Group("/", s.require(people.Audit))
	audit.POST("/videos/:id/overrule", s.handle(s.overrule))
	audit.POST("/videos/:id/release", s.handle(s.release))
	if s.audits == nil {
		return
	}
	view, export := newsroom.Group("/", s.require(people.View)), newsroom.Group("/", s.require(people.Export))
	get(view, "/audit", s.handle(s.audit))
	audit.POST("/audit", s.handle(s.auditMany))
	get(view, "/audit/tasks/:task", s.handle(s.taskState))
	get(export, "/audit.csv", s.handle(s.auditForm("csv")))
	get(export, "/audit.json", s.handle(s.auditForm("json")))
	get(newsroom.Group("/", s.feedReader), "/audit.atom", s.handle(s.auditForm("atom")))
}

// peopleRoutes are everybody's own account, and the accounts of all for who manages them.
func (s *Server) peopleRoutes(newsroom *gin.RouterGroup) {
	if s.people == nil {
		return
	}
	own := newsroom.Group("/account", s.require(people.View), s.inPerson)
	get(own, "", s.handle(s.account))
	own.POST("/profile", s.handle(s.saveProfile()))
	own.POST("/password", s.handle(s.changePassword()))
	own.POST("/tokens", s.handle(s.createToken()))
	own.POST("/tokens/:token/revoke", s.handle(s.revokeToken()))
	own.POST("/sessions/:session/end", s.handle(s.endSession()))
	own.POST("/feed", s.handle(s.createFeed()))
	own.POST("/feed/revoke", s.handle(s.revokeFeed()))

	manage := newsroom.Group("/people", s.require(people.People), s.inPerson)
	get(manage, "", s.handle(s.everybody))
	manage.POST("", s.handle(s.addPerson()))
	manage.POST("/:login/roles", s.handle(s.setRoles()))
	manage.POST("/:login/invite", s.handle(s.invite()))
	manage.POST("/:login/disable", s.handle(s.disable()))
	manage.POST("/:login/enable", s.handle(s.enable()))
}

// settingsRoutes are what is chosen for the installation.
func (s *Server) settingsRoutes(newsroom *gin.RouterGroup) {
	if s.settings == nil {
		return
	}
	choose := newsroom.Group("/settings", s.require(people.Settings))
	get(choose, "", s.handle(s.settingsOf))
	choose.POST("/audit", s.handle(s.saveSetting(settings.Audit)))
	choose.POST("/retention", s.handle(s.saveSetting(settings.Retention)))
	choose.POST("/rulings", s.handle(s.ruleFromSettings))
}

// get routes HEAD as well, which net/http answers with the headers alone.
func get(r gin.IRoutes, path string, h gin.HandlerFunc) {
	r.GET(path, h)
	r.HEAD(path, h)
}

func (s *Server) noRoute(*gin.Context) error { return statusError(http.StatusNotFound) }

func (s *Server) noMethod(*gin.Context) error { return statusError(http.StatusMethodNotAllowed) }
