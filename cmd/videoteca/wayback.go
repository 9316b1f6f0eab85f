package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/archive/wayback"
	"videoteca/internal/safehttp"
	"videoteca/storage/catalog"
)

// waybackFlags say which web archive is asked, and as whom.
type waybackFlags struct {
	WaybackKey     string `placeholder:"ACCESS:SECRET" help:"Keys of an account at the Internet Archive, from https://archive.org/account/s3.php. With them pages that it does not have are captured; without, archived pages are looked up only."`
	WaybackKeyFile string `placeholder:"FILE" help:"File that holds the keys."`
	WaybackBase    string `placeholder:"URL" help:"A web archive that speaks like the Internet Archive, all of it under one base address."`
}

// Limits of what is read from the archive. They lie above the client's own, which know what is read.
const (
	waybackBody    = 16 << 20        // bytes
	waybackPatient = 2 * time.Minute // a capture is accepted slowly
)

// client is the web archive's. It goes through the guard like every request to the outside.
func (w waybackFlags) client(s *Settings, b build) (*wayback.Client, error) {
	o, err := w.options()
	if err != nil {
		return nil, err
	}
	allow := s.allowed()
	if u, err := url.Parse(w.WaybackBase); err == nil && u.Host != "" {
		allow = append(slices.Clone(allow), u.Host) // who names an archive means it to be asked
	}
	o.UserAgent = userAgent(b.program())
	o.Transport = safehttp.NewTransport(safehttp.Options{
		Allow: allow, AllowedBy: "--allow-address", MaxBody: waybackBody, Timeout: waybackPatient,
	})
	return wayback.New(o), nil
}

func (w waybackFlags) options() (wayback.Options, error) {
	var o wayback.Options
	if w.WaybackBase != "" {
		u, err := url.Parse(w.WaybackBase)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return o, fmt.Errorf("%w: --wayback-base %q: write scheme and host, as http://127.0.0.1:8091", errUsage, w.WaybackBase)
		}
		o = wayback.At(strings.TrimSuffix(w.WaybackBase, "/"))
	}
	keys, err := w.keys()
	if err != nil || keys == "" {
		return o, err
	}
	access, secret, ok := strings.Cut(keys, ":")
	if !ok || access == "" || secret == "" {
		return o, fmt.Errorf("%w: --wayback-key: write ACCESS:SECRET, both from https://archive.org/account/s3.php", errUsage)
	}
	o.AccessKey, o.SecretKey = wayback.Secret(access), wayback.Secret(secret)
	return o, nil
}

func (w waybackFlags) keys() (string, error) {
	if w.WaybackKey != "" || w.WaybackKeyFile == "" {
		return w.WaybackKey, nil
	}
	return secretFile("--wayback-key-file", w.WaybackKeyFile)
}

// pageKeeper keeps the archived pages of the library.
func (n *newsroom) pageKeeper(client *wayback.Client) *wayback.Keeper {
	return wayback.NewKeeper(wayback.KeeperOptions{
		Client: client, Records: catalog.NewStore(n.store, n.catalog), Videos: n.catalog.All,
		Leases: leases{n.store, n.leaseTerm, n.log}, Log: n.log,
	})
}

// announcing is a library whose new sources have their pages looked for at once.
type announcing struct {
	*archive.Library
	keeper *wayback.Keeper
}

// Register is that of archive.Library.
func (a announcing) Register(ctx context.Context, r archive.Registration) (archive.Registered, error) {
	return a.announce(a.Library.Register(ctx, r))
}

// RegisterMany is that of archive.Library.
func (a announcing) RegisterMany(ctx context.Context, list []archive.Registration, how archive.Many) {
	end := how.End
	how.End = func(i int, done archive.Registered, err error) {
		done, err = a.announce(done, err)
		if end != nil {
			end(i, done, err)
		}
	}
	a.Library.RegisterMany(ctx, list, how)
}

// AddSource is that of archive.Library.
func (a announcing) AddSource(ctx context.Context, id archive.VideoID, address, actor string) (archive.Registered, error) {
	return a.announce(a.Library.AddSource(ctx, id, address, actor))
}

func (a announcing) announce(done archive.Registered, err error) (archive.Registered, error) {
	if err == nil {
		a.keeper.Registered(done.Video)
	}
	return done, err
}

// archivePagesCommand looks for archived pages once.
type archivePagesCommand struct {
	waybackFlags
}

// Run makes one round over the library.
func (ap archivePagesCommand) Run(ctx context.Context, s *Settings, c console) error {
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	client, err := ap.client(s, n.build)
	if err != nil {
		return err
	}
	if err := n.refresh(ctx); err != nil {
		return err
	}
	counts, err := n.pageKeeper(client).Once(ctx)
	if s.JSON {
		return errors.Join(err, writeJSON(c.out, counts))
	}
	fmt.Fprintf(c.out, "%s: %d looked up, %s found\n", plural(int64(counts.Sources), "source", "sources"), counts.LookedUp, plural(int64(counts.Found), "archived page", "archived pages"))
	if client.Keyed() {
		fmt.Fprintf(c.out, "captures: %d asked for, %d made, %d under way, %d refused\n", counts.Ordered, counts.Captured, counts.Pending, counts.Refused)
	}
	if counts.Unclear > 0 {
		fmt.Fprintf(c.out, "%s told nothing and will be asked for again\n", plural(int64(counts.Unclear), "answer", "answers"))
	}
	return err
}
