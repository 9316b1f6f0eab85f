package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/i18n"
	"videoteca/internal/reasons"
	"videoteca/internal/report"
	"videoteca/internal/spool"
)

// Server answers HTTP requests. It is safe for concurrent use.
type Server struct {
	base    *url.URL
	version string
	engine  *gin.Engine

	catalog     Catalog
	library     Library
	checker     Checker
	stage       Stage
	dossier     Dossier
	captures    Captures
	audits      Reports
	retention   Retention
	settings    Settings
	published   Published
	verified    Verification
	tasks       *tasks
	people      People
	eraser      Eraser
	merger      Merger
	undoer      Undoer
	history     History
	articles    Articles
	own         []string // public origins, of earlier days too
	reportTexts *report.Texts
	reasons     *reasons.Texts
	posters     Posters
	reports     Trouble
	media       Media
	ofPlatform  func(context.Context, string) (archive.VideoID, error)
	framers     []string // origins that may frame embeds
	spool       *spool.Spool
	turns       *turns // of requests on uploads that come in pieces
	players     map[string]archive.Player

	embeds       *embeds.Renderer
	embedScript  *answer // /embed.js
	rendered     *rendered
	languages    languages
	placeholders *placeholders
	pages        *pages
	assets       *assets
	texts        *i18n.Catalog

	hosts   hosts           // under which the server may be asked
	ours    map[string]bool // hosts of public addresses
	access  *access
	origins *http.CrossOriginProtection
	headers headers
	ready   *readiness
	metrics *metrics

	log *slog.Logger
	now func() time.Time
}

// New wires a server. It fails if options are missing or contradict each other.
func New(o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("wiring the server: %w", err)
	}
	o = o.withDefaults()
	s := &Server{
		version: o.Version,
		catalog: o.Catalog, library: o.Library, checker: o.Checker, stage: o.Stage, dossier: o.Dossier, captures: o.Captures, audits: o.Reports, retention: o.Retention, settings: o.Settings, published: o.Published, verified: o.Verification, people: o.People, eraser: o.Eraser, merger: o.Merger, undoer: o.Undoer, history: o.History, articles: o.Articles, own: publicOrigins(o), posters: o.Posters, reports: o.Trouble, media: o.Media, ofPlatform: o.OfPlatform, framers: o.FrameAncestors, spool: o.Spool, players: o.Players,
		turns: newTurns(), rendered: newRendered(renderedLimit), placeholders: newPlaceholders(),
		hosts: hostsOf(o), ours: ownHosts(o), access: newAccess(o), headers: headersOf(o),
		ready: &readiness{health: o.Health, now: o.Now}, tasks: newTasks(o.Background, o.Now),
		log: o.Log, now: o.Now,
	}
	if err := s.load(o); err != nil {
		return nil, fmt.Errorf("wiring the server: %w", err)
	}
	if err := s.route(o); err != nil {
		return nil, fmt.Errorf("wiring the server: %w", err)
	}
	return s, nil
}

// load prepares what comes from the program's own files and from addresses.
func (s *Server) load(o Options) (err error) {
	if s.base, err = parseBase(o.BaseURL); err != nil {
		return err
	}
	if s.embeds, err = embeds.New(); err != nil {
		return err
	}
	if err := s.loadScript(o); err != nil {
		return err
	}
	if s.texts, err = loadTexts(); err != nil {
		return err
	}
	if s.reportTexts, err = report.NewTexts(); err != nil {
		return err
	}
	if s.reasons, err = reasons.NewTexts(); err != nil {
		return err
	}
	if s.assets, err = loadAssets(); err != nil {
		return err
	}
	if s.pages, err = loadPages(); err != nil {
		return err
	}
	if s.metrics, err = newMetrics(o.Metrics); err != nil {
		return err
	}
	s.origins, err = protection(s.base)
	return err
}

func (s *Server) loadScript(o Options) error {
	d, err := s.embeds.Script(publicOrigins(o)...)
	if err == nil {
		s.embedScript, err = newAnswer(d, s.headers.answered(false))
	}
	return err
}

func (s *Server) route(o Options) error {
	gin.SetMode(gin.ReleaseMode)
	s.engine = gin.New()
	if err := s.engine.SetTrustedProxies(o.TrustedProxies); err != nil {
		return fmt.Errorf("trusted proxies: %w", err)
	}
	s.engine.RedirectTrailingSlash = false // it believes X-Forwarded-Prefix
	s.engine.HandleMethodNotAllowed = true
	s.routes(s.engine)
	return nil
}

// Handler answers every request of the server.
func (s *Server) Handler() http.Handler { return s.engine }

// SignInLink is what serve prints: the page that exchanges the operator's token for a
// session; empty where there is none. The address is scheme and host as the reader of the terminal
// reaches them.
func (s *Server) SignInLink(address string) string {
	if s.access.token == "" {
		return ""
	}
	return strings.TrimSuffix(address, "/") + "/login?token=" + url.QueryEscape(s.access.token)
}

// AutoSignIn reports whether people on this machine need no link.
func (s *Server) AutoSignIn() bool { return s.access.auto }

// baseURL is the public address without a slash at its end.
func (s *Server) baseURL() string { return s.base.Scheme + "://" + s.base.Host }
