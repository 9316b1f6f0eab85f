package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/archive/wayback"
	"videoteca/internal/notify"
	"videoteca/internal/posters"
	"videoteca/internal/spool"
	"videoteca/internal/webpage"
	"videoteca/storage"
	"videoteca/storage/catalog"
	"videoteca/web"
)

// newsroom is everything that a command works with, wired.
type newsroom struct {
	build      build
	vantage    string // where this machine looks from, as its people say
	keyed      bool   // whether there is a key of the Data API
	address    storage.Address
	cacheDir   string
	store      *storage.Store
	catalog    *catalog.Catalog
	posters    *posters.Cache
	quota      *dailyQuota
	pages      *wayback.Keeper  // nil: no web archive is asked
	notices    *notify.Notifier // nil: nobody is written to
	leaseTerm  time.Duration
	articles   webpage.Reader
	marker     storage.Installation // as the store has it, else as this machine remembers it; zero: not known
	away       error                // why the store could not be asked for its marker
	base       string               // the public base URL that the service answers under; empty in commands
	unkept     *unkeptBase          // one that the store is to be told
	platforms  archive.Platforms
	library    *archive.Library
	auditor    *audit.Auditor
	trouble    *audit.Trouble
	incoming   *spool.Spool // of the service alone: uploads on their way in
	metrics    *prometheus.Registry
	log        *slog.Logger
	audited    nudge          // an audit of the schedule has ended
	outdated   nudge          // what is published shows what may not be shown any more
	background web.Background // of a service; nil: there is none
	verifier   *verifier      // nil: the store is not checked by itself
}

// opening says how the store is opened. The zero value is for commands that work on an
// installation which is there, beside the service.
type opening struct {
	founds   bool  // an installation is made where there is none
	examines bool  // the store is looked at although its marker is damaged or gone
	serves   bool  // the store is met later: one that cannot be reached or read stops no embed
	posters  int64 // room for them in bytes; 0: nothing is let go, since that is for the service to do
}

// open opens the installation that a command works on.
func open(ctx context.Context, s *Settings, c console) (*newsroom, error) {
	return openFor(ctx, s, opening{}, c)
}

// openFor wires the newsroom. Unless it is to serve, it asks the store once whether it may be used.
func openFor(ctx context.Context, s *Settings, o opening, c console) (*newsroom, error) {
	n, err := wired(s, o, c)
	if err != nil {
		return nil, err
	}
	if err := n.introduced(ctx, o); err != nil {
		return nil, err
	}
	if err := n.openCache(ctx, cmp.Or(o.posters, posters.NoLimit)); err != nil {
		return nil, err
	}
	n.remember(ctx)
	n.wire(s)
	return n, nil
}

// wired is the newsroom as far as it needs no file on this machine.
func wired(s *Settings, o opening, c console) (*newsroom, error) {
	log := s.logger(c.err)
	where, err := s.store()
	if err != nil {
		return nil, err
	}
	address, err := storage.ParseAddress(where)
	if err != nil {
		return nil, fmt.Errorf("%w: --store: %w", errUsage, err)
	}
	n := &newsroom{build: thisBuild(), vantage: s.Vantage, keyed: s.YoutubeKey != "" || s.YoutubeKeyFile != "", address: address, metrics: prometheus.NewRegistry(), audited: newNudge(), outdated: newNudge(), log: log}
	if n.cacheDir, err = s.cacheFor(address.String()); err != nil {
		return nil, err
	}
	n.leaseTerm = s.LeaseTerm
	n.quota = newDailyQuota(s.YoutubeQuota)
	n.quota.log = log
	if n.platforms, err = s.platforms(n.build, n.quota, log); err != nil {
		return nil, err
	}
	if n.articles, err = s.articles(n.build, log); err != nil {
		return nil, err
	}
	if err := n.openStore(o.founds || o.serves); err != nil {
		return nil, err
	}
	n.quota.shared = n.store
	return n, nil
}

func (n *newsroom) openStore(makes bool) error {
	find := storage.Find
	if makes {
		find = storage.Open
	}
	opened, err := find(n.address, os.Getenv)
	if errors.Is(err, storage.ErrNoStore) {
		return n.nothingThere(err)
	}
	if err != nil {
		return fmt.Errorf("%w: --store: %w", errUsage, err)
	}
	measured, err := storage.WithMetrics(storage.WithDeadlines(opened.Bucket, storage.Deadlines{}), n.metrics)
	if err != nil {
		return err
	}
	n.store = storage.NewStore(storage.WithRetries(measured, storage.Retries{}), storage.StoreOptions{Prepare: opened.Prepare, Presigner: opened.Presigner, Log: n.log})
	return nil
}

func (n *newsroom) openCache(ctx context.Context, size int64) error {
	var err error
	n.catalog, err = catalog.Open(ctx, filepath.Join(n.cacheDir, "catalog.sqlite"), catalog.Options{Store: n.address.String(), Log: n.log})
	if err != nil {
		return err
	}
	n.posters, err = posters.Open(filepath.Join(n.cacheDir, "posters"), size, n.store, n.log)
	if err != nil {
		return errors.Join(fmt.Errorf("opening the posters: %w", err), n.catalog.Close())
	}
	return nil
}

func (n *newsroom) wire(s *Settings) {
	written := catalog.NewStore(n.store, n.catalog)
	alarms := audit.NewAlarms(n.store)
	n.library = archive.NewLibrary(archive.LibraryOptions{
		Store: written, Platforms: n.platforms, Posters: n.posters, Thresholds: n.thresholds,
		Judging: audit.NewIntake(audit.IntakeOptions{
			Journal: n.store.Journal(), Records: written, Ledger: n.catalog.Ledger(), Thresholds: n.thresholds, Alarms: alarms, Log: n.log,
		}),
		Stamp: archive.Stamp{Program: n.build.program(), Vantage: s.Vantage}, Log: n.log,
	})
	n.auditor = audit.New(audit.Options{
		Journal: n.store.Journal(), Records: written, Ledger: n.catalog.Ledger(), Finder: finder{n.catalog}, Platforms: n.platforms,
		Capturer: n.library, Channels: n.store, Alarms: alarms, Thresholds: n.thresholds, Log: n.log,
	})
	n.trouble = audit.NewTrouble(audit.TroubleOptions{
		Auditor: n.auditor, Quota: s.YoutubeQuota, Allowance: troubleAllowance{n.quota, n.store},
		Leases: leases{n.store, n.leaseTerm, n.log}, Checkpoints: n.store,
	})
}

// finder finds the video of a source among those known here.
type finder struct{ *catalog.Catalog }

// BySource implements audit.Finder.
func (f finder) BySource(ctx context.Context, key archive.SourceKey) (archive.Video, error) {
	id, err := f.Catalog.BySource(ctx, key)
	if err != nil {
		return archive.Video{}, err
	}
	return f.Video(ctx, id)
}

// closing is how long giving back what was reserved may take.
const closing = 3 * time.Second

// close gives back what was reserved, and releases the local files.
func (n *newsroom) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	n.quota.giveBack(ctx)
	if err := n.catalog.Close(); err != nil {
		n.log.Warn("closing the catalog", slog.Any("error", err))
	}
}

// origin lets the catalog read the store.
type origin struct{ *storage.Store }

// Videos implements catalog.Origin.
func (o origin) Videos(ctx context.Context) iter.Seq2[catalog.Listed, error] {
	return func(yield func(catalog.Listed, error) bool) {
		for l, err := range o.List(ctx) {
			if !yield(catalog.Listed{ID: l.ID, ETag: l.ETag}, err) {
				return
			}
		}
	}
}

// refresh brings the catalog up to date with the store, for commands. A store
// that cannot be reached is a warning: what was known last is still worth showing.
func (n *newsroom) refresh(ctx context.Context) error {
	_, err := n.refilled(ctx)
	return err
}

// refilled is refresh, and tells of how many videos the record could not be read.
func (n *newsroom) refilled(ctx context.Context) (unread int, err error) {
	var filled catalog.Filled
	if err = n.away; err == nil {
		filled, err = n.catalog.Fill(ctx, origin{n.store}, nil)
	}
	if errors.Is(err, archive.ErrUnavailable) && !n.catalog.Fresh() {
		n.log.WarnContext(ctx, "the store cannot be reached; showing what was known last", slog.Any("error", err))
		return filled.Failed, nil
	}
	return filled.Failed, err
}
