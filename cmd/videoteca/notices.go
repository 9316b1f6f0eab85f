package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/internal/notify"
)

// noticeFlags say to whom audits write.
type noticeFlags struct {
	MailServer       string   `placeholder:"URL" help:"Mail server for notices: smtp://user@mail.example.org:587 with STARTTLS, or smtps://. Without one none are sent."`
	MailPassword     string   `placeholder:"PASSWORD" help:"Password of the mail server's user."`
	MailPasswordFile string   `placeholder:"FILE" help:"File that holds the password."`
	MailFrom         string   `placeholder:"ADDRESS" help:"Who the notices are from."`
	MailTo           []string `placeholder:"ADDRESS" sep:"none" help:"Who gets the notices. May be given several times."`
	MailHour         int      `default:"7" help:"Hour of the day at which the digest goes out, 0 to 23; -1: as soon as something is found."`
	MailZone         string   `default:"UTC" placeholder:"ZONE" help:"Time zone of the hour, such as America/El_Salvador."`
	MailLanguage     string   `default:"es" enum:"es,en" help:"Language of the notices: es or en."`
}

// notifier is nil where no mail server is named.
func (f noticeFlags) notifier(n *newsroom, base string) (*notify.Notifier, error) {
	if f.MailServer == "" {
		return nil, nil
	}
	password := f.MailPassword
	if password == "" && f.MailPasswordFile != "" {
		var err error
		if password, err = secretFile("--mail-password-file", f.MailPasswordFile); err != nil {
			return nil, err
		}
	}
	server, err := notify.ParseServer(f.MailServer, password)
	if err != nil {
		return nil, fmt.Errorf("%w: --mail-server: %w", errUsage, err)
	}
	from, err := notify.ParseAddresses([]string{f.MailFrom})
	if err != nil {
		return nil, fmt.Errorf("%w: --mail-from: %w", errUsage, err)
	}
	to, err := notify.ParseAddresses(f.MailTo)
	if err != nil {
		return nil, fmt.Errorf("%w: --mail-to: %w", errUsage, err)
	}
	if len(to) == 0 {
		return nil, fmt.Errorf("%w: --mail-to: name who gets the notices, as news@example.org", errUsage)
	}
	zone, err := time.LoadLocation(f.MailZone)
	if err != nil || f.MailHour < -1 || f.MailHour > 23 {
		return nil, fmt.Errorf("%w: --mail-hour and --mail-zone: give 0 to 23 or -1, and a zone such as America/El_Salvador", errUsage)
	}
	return notify.New(notify.Options{
		Settings: n.store, Sender: &notify.Mailer{Server: server, From: from[0], To: to, Language: f.MailLanguage},
		Base: base, Language: f.MailLanguage, Hour: f.MailHour, Zone: zone, Log: n.log,
		Alone: func(ctx context.Context) (context.Context, func(), error) {
			return leases{n.store, n.leaseTerm, n.log}.Hold(ctx, noticesLease)
		},
	})
}

// noticesEvery is how often it is looked whether there is something to write of. Whoever found it,
// it stands in the records.
const noticesEvery = 5 * time.Minute

// noticesLease is the lease under which letters are handed over.
const noticesLease = "notices"

// noticeAlways writes to people until ctx ends: at the start, every few minutes, and after each audit of the schedule.
// Where another process hands over letters, it looks again as soon as one that was killed would have lost its lease.
func (n *newsroom) noticeAlways(ctx context.Context, filled <-chan struct{}) {
	if n.notices == nil {
		return
	}
	select {
	case <-filled:
	case <-ctx.Done():
		return
	}
	for ctx.Err() == nil {
		again := time.NewTimer(noticesEvery)
		if elsewhere := n.tell(ctx); elsewhere {
			again.Reset(min(n.leaseTerm+n.leaseTerm/4, noticesEvery))
		}
		select {
		case <-again.C:
		case <-n.audited:
		case <-ctx.Done():
		}
		again.Stop()
	}
}

// tell has what became of sources written to people, and reports whether that is another process's turn.
// Failing, it is tried again soon.
func (n *newsroom) tell(ctx context.Context) (elsewhere bool) {
	news, err := n.news(ctx)
	if err == nil {
		err = n.notices.Tell(ctx, news)
	}
	elsewhere = errors.Is(err, audit.ErrBusy)
	if err != nil && !elsewhere && ctx.Err() == nil {
		n.log.ErrorContext(ctx, "notices were not sent; it is tried again", slog.Any("error", err))
	}
	return elsewhere
}

// news is what the records tell that nobody was written, with what the catalog knows of the videos.
func (n *newsroom) news(ctx context.Context) (notify.News, error) {
	news := notify.News{Outages: map[string]notify.Outage{}}
	thresholds := n.thresholds(ctx)
	for _, p := range n.platforms { // as it stands, since the last audit may not have asked one that is out
		guard, err := n.catalog.Ledger().Guard(ctx, p.Name(), thresholds, time.Now())
		if err != nil {
			return news, err
		}
		if guard.Up(thresholds) {
			news.Outages[p.Name()] = notify.Outage{Held: guard.Turning, Of: guard.Sources}
		}
	}
	look, err := n.notices.Look(ctx)
	if err != nil {
		return news, err
	}
	news.At = look.At
	for v, err := range n.catalog.All(ctx) {
		if err != nil {
			return news, err
		}
		news.Changes = append(news.Changes, n.moves(ctx, v, look.Fresh)...)
	}
	slices.SortStableFunc(news.Changes, func(a, b notify.Change) int { return b.At.Compare(a.At) })
	return news, nil
}

// moves are those of a video's sources that are fresh. What a person has ignored is no news.
func (n *newsroom) moves(ctx context.Context, v archive.Video, fresh func(notify.Change) bool) []notify.Change {
	if v.Visibility.Exposure == archive.Erased {
		return nil
	}
	var list []notify.Change
	for _, s := range v.Sources {
		if s.Ignored() {
			continue
		}
		for _, t := range s.Standing.Transitions {
			c := notify.Change{Video: v.ID, Source: s.SourceKey, From: t.From, To: t.To, Reason: t.Reason, At: t.At}
			if fresh(c) {
				n.describe(ctx, v, &c)
				list = append(list, c)
			}
		}
	}
	return list
}

func (n *newsroom) describe(ctx context.Context, v archive.Video, c *notify.Change) {
	c.Title, _ = v.DisplayTitle(v.DefaultLanguage)
	if s := v.Source(c.Source); s != nil {
		c.LastGood, c.FirstBad = s.Standing.LastGood, s.Standing.FirstBad
	}
	articles, err := n.catalog.ArticlesOf(ctx, v)
	if err != nil {
		n.log.WarnContext(ctx, "a notice names no articles", slog.String("video", string(v.ID)), slog.Any("error", err))
	}
	for _, a := range articles {
		c.Articles = append(c.Articles, a.URL)
	}
}
