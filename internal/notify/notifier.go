package notify

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
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

// key names the move, whichever record tells of it: a source may move from one video to another.
func (c Change) key() string {
	sum := sha256.Sum256([]byte(c.Source.String() + "\n" + c.At.UTC().Format(time.RFC3339Nano) + "\n" + c.To.String()))
	return base64.RawURLEncoding.EncodeToString(sum[:keyBytes])
}

// keyBytes is as many bytes of a digest as keep the moves of weeks apart.
const keyBytes = 9

// Outage is a platform whose sources turned bad all at once, so that the guard holds them.
type Outage struct {
	Held, Of int
}

// News is what has become of a library, as its records tell it.
type News struct {
	At      time.Time         // of the Look that chose the changes; zero: now
	Changes []Change          // moves of sources; those told before may be among them
	Outages map[string]Outage // by platform, those under way
}

// Alone lets one replica hand over letters at a time: the context it returns ends when the right is lost, the
// function gives it back. An error says that it is another's turn.
type Alone func(ctx context.Context) (context.Context, func(), error)

// Options wire a Notifier. Settings, Sender and Base are required.
type Options struct {
	Settings Settings
	Sender   Sender
	Base     string         // public base URL, for links
	Language string         // "es" or "en"
	Hour     int            // of the day at which the digest goes out; negative: as soon as something is found
	Zone     *time.Location // of the hour; nil: UTC
	Alone    Alone          // nil: there is one process
	Now      func() time.Time
	Log      *slog.Logger // nil: discarded
}

// Notifier writes letters of what became of sources. Several on the same settings tell each move once.
type Notifier struct {
	o     Options
	begun time.Time
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
	return &Notifier{o, o.Now().UTC(), t}, err
}

// state is what lies in the setting.
type state struct {
	Sent    time.Time            `json:"sent,omitzero"`     // the last digest
	From    time.Time            `json:"from,omitzero"`     // moves since then are told
	Told    map[string][]string  `json:"told,omitempty"`    // of these, those that were, by the day of the move
	Outages map[string]time.Time `json:"outages,omitempty"` // since when, by platform
	Turned  map[string]time.Time `json:"turned,omitempty"`  // when a letter was last written of a platform's outage
	Outbox  []Letter             `json:"outbox,omitempty"`  // written, and not yet handed over
}

const (
	// mostListed bounds a digest: beyond it a person looks at the audit page anyway.
	mostListed = 500
	// lateness is how long after a move its record may be written: an audit that was broken off is judged by
	// whoever takes it up, and another replica's clock may differ.
	lateness = 7 * 24 * time.Hour
)

// fresh reports whether a move is news that nobody was told.
func (s *state) fresh(c Change) bool {
	return worth(c) && !c.At.Before(s.From) && !slices.Contains(s.Told[dayOf(c)], c.key())
}

func dayOf(c Change) string { return c.At.UTC().Format(time.DateOnly) }

// tell notes that the moves are told, and forgets those that are too old to come again.
func (s *state) tell(moves []Change, now time.Time) {
	if s.Told == nil {
		s.Told = map[string][]string{}
	}
	for _, c := range moves {
		s.Told[dayOf(c)] = append(s.Told[dayOf(c)], c.key())
	}
	if from := now.Add(-lateness); from.After(s.From) {
		s.From = from
	}
	maps.DeleteFunc(s.Told, func(day string, _ []string) bool { return day < s.From.UTC().Format(time.DateOnly) })
}

// begin is for the first time of all: what happened before anybody was to be told is not told.
func (s *state) begin(at, now time.Time) {
	if s.From.IsZero() {
		s.From = at
	}
	if s.Sent.IsZero() { // the first digest covers a whole day
		s.Sent = now
	}
}

// Look is what a digest would tell, so that only this need be described.
type Look struct {
	At    time.Time
	Fresh func(Change) bool // whether the move would be told; none is before the digest's hour
}

// Look looks what there is to tell.
func (n *Notifier) Look(ctx context.Context) (Look, error) {
	var s state
	if _, err := n.o.Settings.Setting(ctx, SettingName, &s); err != nil && !errors.Is(err, archive.ErrNotFound) {
		return Look{}, fmt.Errorf("reading what was mailed: %w", err)
	}
	now := n.o.Now().UTC()
	s.begin(n.begun, now)
	if !n.due(s.Sent, now) {
		return Look{now, func(Change) bool { return false }}, nil
	}
	return Look{now, s.fresh}, nil
}

// Tell takes the news, and sends what is due. What cannot be sent stays for the next time.
func (n *Notifier) Tell(ctx context.Context, news News) error {
	s, err := n.amend(ctx, func(s *state) error { return n.take(s, news) })
	if err != nil {
		return fmt.Errorf("keeping what is to be mailed: %w", err)
	}
	if len(s.Outbox) == 0 {
		return nil
	}
	return n.deliver(ctx)
}

// take writes the letters that are due.
func (n *Notifier) take(s *state, news News) error {
	now := news.At
	if now.IsZero() {
		now = n.o.Now().UTC()
	}
	s.begin(n.begun, now)
	if err := n.outages(s, news.Outages, now); err != nil {
		return err
	}
	n.bound(s)
	if !n.due(s.Sent, now) || slices.ContainsFunc(s.Outbox, func(l Letter) bool { return l.Digest }) {
		return nil // while one waits, what comes is for the next
	}
	var moves []Change
	met := map[string]bool{}
	for _, c := range news.Changes {
		if key := c.key(); s.fresh(c) && !met[key] {
			met[key] = true
			moves = append(moves, c)
		}
	}
	if len(moves) == 0 {
		if n.o.Hour >= 0 {
			s.Sent = now // an hour went by with nothing to tell; what comes now waits for the next
		}
		return nil
	}
	l, err := n.texts.digest(moves)
	if err != nil {
		return err
	}
	l.Digest = true
	s.Outbox = append(s.Outbox, sealed(l, now))
	s.tell(moves, now)
	s.Sent = now
	return nil
}

// mostWaiting bounds the outbox, in letters: a mail server that is away for weeks must not make the setting too
// large to be read. A digest is never dropped.
const mostWaiting = 40

func (n *Notifier) bound(s *state) {
	for len(s.Outbox) > mostWaiting {
		i := slices.IndexFunc(s.Outbox, func(l Letter) bool { return !l.Digest })
		n.o.Log.Warn("a letter that could not be sent for long is dropped", slog.String("subject", s.Outbox[i].Subject))
		s.Outbox = slices.Delete(s.Outbox, i, i+1)
	}
}

// worth reports whether a change is news: a loss, or a return from one.
func worth(c Change) bool {
	was := Change{To: c.From}
	return c.Lost() || was.Lost()
}

// settles is how long after a letter on a platform the next one may follow: a replica may hear of it a while later.
const settles = 15 * time.Minute

// outages writes one letter when a platform's sources all turn bad, and one when it is over.
func (n *Notifier) outages(s *state, now map[string]Outage, at time.Time) error {
	if s.Outages == nil {
		s.Outages = map[string]time.Time{}
	}
	if s.Turned == nil {
		s.Turned = map[string]time.Time{}
	}
	for _, platform := range slices.Sorted(maps.Keys(now)) {
		if !s.Outages[platform].IsZero() || at.Sub(s.Turned[platform]) < settles {
			continue
		}
		l, err := n.texts.opened(platform, now[platform])
		if err != nil {
			return err
		}
		s.Outages[platform] = at
		s.turn(platform, l, at)
	}
	for _, platform := range slices.Sorted(maps.Keys(s.Outages)) {
		if _, on := now[platform]; on || at.Sub(s.Turned[platform]) < settles {
			continue
		}
		l, err := n.texts.closed(platform, s.Outages[platform])
		if err != nil {
			return err
		}
		delete(s.Outages, platform)
		s.turn(platform, l, at)
	}
	return nil
}

func (s *state) turn(platform string, l Letter, at time.Time) {
	s.Turned[platform] = at
	s.Outbox = append(s.Outbox, sealed(l, at))
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
	if n.o.Alone != nil {
		held, giveBack, err := n.o.Alone(ctx)
		if err != nil {
			return fmt.Errorf("handing over mail: %w", err)
		}
		defer giveBack()
		ctx = held
	}
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
		before, err := json.Marshal(s)
		if err == nil {
			err = change(&s)
		}
		if err != nil {
			return s, err
		}
		if after, err := json.Marshal(s); err == nil && etag != "" && bytes.Equal(before, after) {
			return s, nil // looked at every few minutes, it is written when something happens
		}
		_, err = n.o.Settings.SaveSetting(ctx, SettingName, etag, s)
		if !errors.Is(err, archive.ErrConflict) {
			return s, err
		}
	}
	return state{}, archive.ErrConflict
}
