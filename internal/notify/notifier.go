package notify

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

// SettingName is the setting that holds what is to be sent.
const SettingName = "notices"

// Settings is where the state lies, shared by all replicas. A setting that somebody wrote in between
// gets archive.ErrConflict; a missing one archive.ErrNotFound.
type Settings interface {
	Setting(ctx context.Context, name string, into any) (etag string, err error)
	SaveSetting(ctx context.Context, name, etag string, value any) (string, error)
}

// Sender hands over a letter; *Mailer is the one there is.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// Change is a source whose state moved.
type Change struct {
	Video    archive.VideoID   `json:"video"`
	Title    string            `json:"title"`
	Source   archive.SourceKey `json:"source"`
	From     archive.State     `json:"from"`
	To       archive.State     `json:"to"`
	Reason   string            `json:"reason,omitempty"`
	LastGood time.Time         `json:"lastGood,omitzero"`
	FirstBad time.Time         `json:"firstBad,omitzero"`
	At       time.Time         `json:"at"`
	Articles []string          `json:"articles,omitempty"` // addresses
}

// Lost reports whether it is bad news.
func (c Change) Lost() bool { return c.To == archive.Gone || c.To == archive.Suspect }

// Outage is a platform whose sources turned bad all at once, so that the guard holds them.
type Outage struct {
	Held, Of int
}

// News is what one audit found.
type News struct {
	Changes []Change
	Outages map[string]Outage // by platform, those under way
}

// Options wire a Notifier. Settings, Sender and Base are required.
type Options struct {
	Settings Settings
	Sender   Sender
	Base     string         // public base URL, for links
	Language string         // "es" or "en"
	Hour     int            // of the day at which the digest goes out; negative: after each audit
	Zone     *time.Location // of the hour; nil: UTC
	Now      func() time.Time
	Log      *slog.Logger // nil: discarded
}

// Notifier writes letters of what audits found. Several on the same settings send each once.
type Notifier struct {
	o     Options
	texts *texts
}

// New wires a notifier.
func New(o Options) (*Notifier, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	t, err := newTexts(o.Language, o.Base, o.Zone)
	return &Notifier{o, t}, err
}

// state is what lies in the setting.
type state struct {
	Sent    time.Time            `json:"sent,omitzero"`     // the last digest
	Pending []Change             `json:"pending,omitempty"` // for the next one
	Outages map[string]time.Time `json:"outages,omitempty"` // since when, by platform
	Outbox  []Letter             `json:"outbox,omitempty"`  // written, and not yet handed over
}

// mostPending bounds a digest: beyond it a person looks at the audit page anyway.
const mostPending = 500

// Tell takes the news of an audit, and sends what is due. What cannot be sent stays for the next time.
func (n *Notifier) Tell(ctx context.Context, news News) error {
	if _, err := n.amend(ctx, func(s *state) error { return n.take(s, news) }); err != nil {
		return fmt.Errorf("keeping what is to be mailed: %w", err)
	}
	return n.deliver(ctx)
}

// take adds the news to the state, and writes the letters that are due.
func (n *Notifier) take(s *state, news News) error {
	now := n.o.Now().UTC()
	if s.Sent.IsZero() { // the first digest covers a whole day
		s.Sent = now
	}
	if len(s.Pending) == 0 && n.due(s.Sent, now) && n.o.Hour >= 0 {
		s.Sent = now // an hour went by with nothing to tell; what comes now waits for the next
	}
	for _, c := range news.Changes {
		if worth(c) && len(s.Pending) < mostPending {
			s.Pending = append(s.Pending, c)
		}
	}
	if err := n.outages(s, news.Outages, now); err != nil {
		return err
	}
	if len(s.Pending) == 0 || !n.due(s.Sent, now) {
		return nil
	}
	l, err := n.texts.digest(s.Pending)
	if err != nil {
		return err
	}
	s.Outbox = append(s.Outbox, sealed(l, now))
	s.Pending, s.Sent = nil, now
	n.bound(s)
	return nil
}

// mostWaiting bounds the outbox, in letters: a mail server that is away for weeks must not make the setting too
// large to be read.
const mostWaiting = 40

func (n *Notifier) bound(s *state) {
	if over := len(s.Outbox) - mostWaiting; over > 0 {
		n.o.Log.Warn("letters that could not be sent for long are dropped, the oldest first", slog.Int("letters", over))
		s.Outbox = slices.Delete(s.Outbox, 0, over)
	}
}

// worth reports whether a change is news: a loss, or a return from one.
func worth(c Change) bool {
	was := Change{To: c.From}
	return c.Lost() || was.Lost()
}

// outages writes one letter when a platform's sources all turn bad, and one when it is over.
func (n *Notifier) outages(s *state, now map[string]Outage, at time.Time) error {
	if s.Outages == nil {
		s.Outages = map[string]time.Time{}
	}
	for _, platform := range slices.Sorted(maps.Keys(now)) {
		if !s.Outages[platform].IsZero() {
			continue
		}
		s.Outages[platform] = at
		l, err := n.texts.opened(platform, now[platform])
		if err != nil {
			return err
		}
		s.Outbox = append(s.Outbox, sealed(l, at))
	}
	for _, platform := range slices.Sorted(maps.Keys(s.Outages)) {
		if _, on := now[platform]; on {
			continue
		}
		l, err := n.texts.closed(platform, s.Outages[platform])
		if err != nil {
			return err
		}
		delete(s.Outages, platform)
		s.Outbox = append(s.Outbox, sealed(l, at))
	}
	return nil
}

func sealed(l Letter, at time.Time) Letter {
	l.ID, l.At = strings.ToLower(rand.Text()), at
	return l
}

// due reports whether the hour of the day has come since the last digest.
func (n *Notifier) due(sent, now time.Time) bool {
	if n.o.Hour < 0 {
		return true
	}
	local := now.In(n.o.Zone)
	slot := time.Date(local.Year(), local.Month(), local.Day(), n.o.Hour, 0, 0, 0, n.o.Zone)
	if slot.After(now) {
		slot = time.Date(local.Year(), local.Month(), local.Day()-1, n.o.Hour, 0, 0, 0, n.o.Zone)
	}
	return sent.Before(slot)
}

// deliver hands over what lies in the outbox, the oldest first, and notes it.
func (n *Notifier) deliver(ctx context.Context) error {
	var s state
	if _, err := n.o.Settings.Setting(ctx, SettingName, &s); err != nil {
		return fmt.Errorf("reading what is to be mailed: %w", err)
	}
	for _, l := range s.Outbox {
		if err := n.o.Sender.Send(ctx, l); err != nil {
			return err
		}
		n.o.Log.InfoContext(ctx, "mail sent", slog.String("subject", l.Subject))
		_, err := n.amend(context.WithoutCancel(ctx), func(s *state) error {
			s.Outbox = slices.DeleteFunc(s.Outbox, func(other Letter) bool { return other.ID == l.ID })
			return nil
		})
		if err != nil {
			return fmt.Errorf("noting what was mailed: %w", err)
		}
	}
	return nil
}

// amendTries is how often a change starts over where another replica wrote in between.
const amendTries = 10

func (n *Notifier) amend(ctx context.Context, change func(*state) error) (state, error) {
	for range amendTries {
		var s state
		etag, err := n.o.Settings.Setting(ctx, SettingName, &s)
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			return s, err
		}
		if err := change(&s); err != nil {
			return s, err
		}
		_, err = n.o.Settings.SaveSetting(ctx, SettingName, etag, s)
		if !errors.Is(err, archive.ErrConflict) {
			return s, err
		}
	}
	return state{}, archive.ErrConflict
}
