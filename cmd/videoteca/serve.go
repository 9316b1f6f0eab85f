package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"videoteca/archive"
	"videoteca/internal/spool"
	"videoteca/storage/catalog"
	"videoteca/web"
)

// shutdownGrace is how long requests under way may take to finish.
const shutdownGrace = 10 * time.Second

type serveCommand struct {
	Listen             string        `default:"127.0.0.1:8080" help:"Address to listen on; port 0 picks one."`
	BaseURL            string        `name:"base-url" placeholder:"URL" help:"Public address of the service. It is kept in the store, since snippets carry it; a loopback one is not kept."`
	ChangeBaseURL      bool          `name:"change-base-url" help:"Let --base-url replace the kept one, which stays as an alias."`
	AllowHost          []string      `placeholder:"HOST" help:"Further host under which requests are answered. May be given several times."`
	TrustedProxy       []string      `placeholder:"CIDR" help:"Reverse proxy whose X-Forwarded-For is believed. May be given several times."`
	OEmbedPlatformURLs bool          `name:"oembed-platform-urls" help:"Let /oembed answer for the sources' own addresses too. It tells outsiders what is registered, before an article is published."`
	FrameAncestors     []string      `placeholder:"ORIGIN" help:"Site whose pages may frame embeds, such as https://news.example.org; open to all without any. May be given several times. See docs/embeds.md for what it costs."`
	StaleIfError       time.Duration `default:"1h" help:"How long caches may go on answering while the service fails. A takedown may take as long to reach the last reader."`
	Media              string        `enum:"serve,redirect" default:"serve" help:"How readers get the newsroom's copies: serve sends them from here, redirect sends browsers to presigned addresses of the S3 store."`
	CacheSize          int64         `default:"256" help:"Room for posters on this machine, in MiB."`
	Token              string        `placeholder:"TOKEN" help:"Token of the operator, at least 43 characters: it opens the API and, once, the pages, and may do everything. Default: none; people have accounts."`
	TokenFile          string        `placeholder:"FILE" help:"File that holds the token."`

	Audit         bool `default:"true" negatable:"" help:"Ask the platforms by itself what has become of the sources: living ones daily, suspects every 6 hours, gone ones weekly. Of several replicas one does."`
	ArchivedPages bool `default:"true" negatable:"" help:"Look for archived pages of the sources at the Internet Archive, and ask for captures where --wayback-key is given."`
	waybackFlags
	noticeFlags
	AuditPause  time.Duration `default:"1h" help:"Time between two audits of what is due."`
	VerifyEvery string        `placeholder:"SPAN" help:"Check the whole store so often, as 30d: for ten minutes of every hour until a pass is through, on one replica. Default: never; videoteca verify does it from a timer."`

	Demo         bool   `help:"Start a make-believe platform beside the service, with an article that embeds two of its videos."`
	DemoPlatform string `default:"127.0.0.1:8090" help:"Where the make-believe platform listens."`
}

// Run serves until ctx ends.
func (sv serveCommand) Run(ctx context.Context, s *Settings, c console) error {
	token, err := sv.token()
	if err != nil {
		return err
	}
	if sv.CacheSize < 1 {
		return fmt.Errorf("%w: --cache-size %d: posters need at least 1 MiB; 256 hold those of some 700 videos", errUsage, sv.CacheSize)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", sv.Listen)
	if err != nil {
		return fmt.Errorf("%w: --listen: %w", errUsage, err)
	}
	defer listener.Close()
	var d *demo
	if sv.Demo {
		if d, err = prepareDemo(ctx, s, sv, listener.Addr().String()); err != nil {
			return err
		}
		defer d.listener.Close()
	}
	n, err := openFor(ctx, s, opening{serves: true, posters: sv.CacheSize << 20}, c)
	if err != nil {
		return err
	}
	defer n.close()
	if err := n.refused(ctx); err != nil {
		return err
	}
	if sv.ArchivedPages {
		client, err := sv.client(s, n.build)
		if err != nil {
			return err
		}
		n.pages = n.pageKeeper(client)
	}
	ctx, stop := context.WithCancel(ctx)
	var beside sync.WaitGroup // what requests have begun
	defer beside.Wait()
	defer stop()
	n.background = func(work func(context.Context)) { beside.Go(func() { work(ctx) }) }
	server, err := sv.server(ctx, n, d, token, listener.Addr().String())
	if err != nil {
		return err
	}
	return sv.serve(ctx, n, d, server, listener, c)
}

func (sv serveCommand) token() (string, error) {
	switch {
	case sv.TokenFile != "":
		return secretFile("--token-file", sv.TokenFile)
	}
	return sv.Token, nil
}

// known is what the pages read: single videos with a look-up behind, lists from the catalog.
type known struct {
	*catalog.Reader
	list *catalog.Catalog
}

// List implements web.Catalog.
func (k known) List(ctx context.Context, q archive.Query) (archive.Page, error) {
	return k.list.List(ctx, q)
}

// BySource implements web.Catalog.
func (k known) BySource(ctx context.Context, key archive.SourceKey) (archive.VideoID, error) {
	return k.list.BySource(ctx, key)
}

// Facets implements web.Catalog.
func (k known) Facets(ctx context.Context, kind string, n int) ([]archive.Facet, error) {
	return k.list.Facets(ctx, kind, n)
}

// ArticlesOf implements web.Catalog.
func (k known) ArticlesOf(ctx context.Context, v archive.Video) ([]archive.Article, error) {
	return k.list.ArticlesOf(ctx, v)
}

// Articles implements web.Catalog.
func (k known) Articles(ctx context.Context, q archive.ArticleQuery) (archive.ArticlePage, error) {
	return k.list.Articles(ctx, q)
}

// merger merges in the store of the newsroom.
type merger struct{ *newsroom }

// Merge implements web.Merger.
func (m merger) Merge(ctx context.Context, kept, duplicate archive.VideoID, actor string) (archive.Video, error) {
	return m.library.Merge(ctx, m.store, kept, duplicate, actor)
}

// undoer takes changes back by the events in the store of the newsroom.
type undoer struct{ *newsroom }

// Undo implements web.Undoer.
func (u undoer) Undo(ctx context.Context, id archive.VideoID, undoing archive.Undoing, actor string) (archive.Video, error) {
	return u.library.Undo(ctx, u.store, id, undoing, actor)
}

func (sv serveCommand) server(ctx context.Context, n *newsroom, d *demo, token, listen string) (*web.Server, error) {
	base, aliases, err := n.keepBaseURL(ctx, sv.BaseURL, sv.ChangeBaseURL, browsable(listen))
	if err != nil {
		return nil, err
	}
	sv.warnOfProxy(ctx, base, n.log)
	if n.notices, err = sv.notifier(n, base); err != nil {
		return nil, err
	}
	if n.verifier, err = newVerifier(n, sv.VerifyEvery); err != nil {
		return nil, err
	}
	for _, site := range sv.FrameAncestors {
		if err := archive.CheckSite("--frame-ancestors", site); err != nil {
			return nil, fmt.Errorf("%w: %w", errUsage, err)
		}
	}
	if n.incoming, err = spool.Open(filepath.Join(n.cacheDir, "incoming")); err != nil {
		return nil, err
	}
	held, err := sv.media(ctx, n)
	if err != nil {
		return nil, err
	}
	library := web.Library(n.library)
	if n.pages != nil {
		library = announcing{n.library, n.pages}
	}
	options := web.Options{
		BaseURL: base, Aliases: aliases, Listen: listen, AllowedHosts: sv.AllowHost, TrustedProxies: sv.TrustedProxy,
		Token: token, AutoSignIn: d != nil && d.owns(ctx, n), People: n.people(), Eraser: n.eraser(), Merger: merger{n}, Undoer: undoer{n}, History: n.store,
		Catalog: known{catalog.NewReader(n.catalog, n.store, catalog.ReaderOptions{Log: n.log}), n.catalog},
		Library: library, Checker: checker{n}, Posters: n.posters, Health: health{n}, FrameAncestors: sv.FrameAncestors, StaleIfError: sv.StaleIfError, Trouble: n.trouble, Articles: n.articles, Media: held, Spool: n.incoming, Dossier: dossiers{n}, Captures: n.store, Reports: &recentReports{n: n}, Retention: purges{n}, Background: n.background, Published: publishedPages{n}, Verification: verifications{n}, Settings: sv.settingsDesk(n, listen, base, aliases),
		Players: players(n.platforms), Version: n.build.Version, Metrics: n.metrics, Log: n.log,
	}
	if sv.OEmbedPlatformURLs {
		options.OfPlatform = n.ofPlatform
	}
	if d != nil {
		d.newsroom = n
		options.Stage = d
	}
	server, err := web.New(options)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUsage, err)
	}
	return server, nil
}

// warnOfProxy warns where readers come through a proxy, as they do to an https address since the service speaks plain
// http, and none is believed: wrong passwords of anybody then hold up everybody.
func (sv serveCommand) warnOfProxy(ctx context.Context, base string, log *slog.Logger) {
	if len(sv.TrustedProxy) > 0 || !strings.HasPrefix(base, "https://") {
		return
	}
	log.WarnContext(ctx, "all clients look like the proxy in front, so wrong passwords of one hold up all; name the proxy's address with --trusted-proxy and have it send X-Forwarded-For", slog.String("base", base))
}

// ofPlatform finds the video whose source an address names.
func (n *newsroom) ofPlatform(ctx context.Context, address string) (archive.VideoID, error) {
	_, ref, err := n.platforms.Recognise(address)
	if err != nil {
		return "", err
	}
	return n.catalog.BySource(ctx, ref.Key)
}

// browsable is a listener's address as a browser on this machine can use it.
func browsable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// serve runs the listener and the work in the background, and waits for all of it to end.
func (sv serveCommand) serve(ctx context.Context, n *newsroom, d *demo, server *web.Server, listener net.Listener, c console) error {
	ctx, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	if d != nil {
		work.Go(func() { d.run(ctx) })
		if err := d.fill(ctx); err != nil {
			return err
		}
	}
	work.Go(func() { n.posters.Run(ctx) })
	work.Go(func() { n.trouble.Run(ctx) })
	work.Go(func() { sweepAlways(ctx, n.incoming, sweepEvery, n.log) })
	filled := make(chan struct{})
	work.Go(func() { n.follow(ctx, filled) })
	work.Go(func() { n.checkCatalog(ctx, filled) })
	if sv.Audit {
		work.Go(func() { n.auditAlways(ctx, filled, sv.AuditPause) })
	}
	work.Go(func() { n.retainAlways(ctx, filled) })
	work.Go(func() { n.eraseAlways(ctx, filled) })
	work.Go(func() { n.noticeAlways(ctx, filled) })
	work.Go(func() { n.refreshAlways(ctx, filled) })
	if n.verifier != nil {
		work.Go(func() { n.verifier.always(ctx, filled) })
	}
	if n.pages != nil {
		work.Go(func() { n.pages.Run(ctx) })
	}
	address := "http://" + browsable(listener.Addr().String())
	// One write, so that whoever reads the first line has the second as well.
	where := fmt.Sprintf("Videoteca is at %s\n", address)
	link := server.SignInLink(address)
	if link != "" && !server.AutoSignIn() {
		where += fmt.Sprintf("Sign in once with %s\n", link)
	}
	if _, err := io.WriteString(c.out, where); err != nil {
		return fmt.Errorf("saying where the service is: %w", err)
	}
	if link == "" && !server.AutoSignIn() {
		work.Go(func() { announceSetUp(ctx, n.people(), address, c.out, n.log) })
	}
	return web.Serve(ctx, listener, server.Handler(), shutdownGrace, n.log)
}

// sleep waits and reports whether ctx is still going on.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// isLoopback reports whether a listener's address is of this machine alone.
func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}
