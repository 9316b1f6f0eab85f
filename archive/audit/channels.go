package audit

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"time"

	"videoteca/archive"
)

// channelsApart is how often a channel is asked about, and suspectsApart where it
// seems closed or a video of it has just turned bad.
const (
	channelsApart = 24 * time.Hour
	suspectsApart = 5 * time.Hour
)

// Channels keeps what is known of channels. One that is there and always was has no record.
type Channels interface {
	Channels(ctx context.Context) iter.Seq2[archive.Channel, error]
	// UpdateChannel lets change alter the channel's record, which is made where there is none.
	UpdateChannel(ctx context.Context, key archive.SourceKey, change func(*archive.Channel) error) (archive.Channel, error)
}

// channels are those of an audit's sources.
type channels struct {
	known map[archive.SourceKey]archive.Channel // with a record
	met   map[archive.SourceKey]seenChannel
}

// seenChannel is what the sources of a channel say of it.
type seenChannel struct {
	name, url string
	lost      bool // a video of it turned bad in this audit
}

// closedFor reports whether the channel of the source is confirmed to be closed, as what is held would be: by two
// methods that agreed twice. What one method says, a broken key may say of all channels.
func (c *channels) closedFor(s archive.Source, t archive.Thresholds) bool {
	key, named := s.ChannelOf()
	return named && t.Confirmed(c.known[key].Standing)
}

// meet remembers the channels of the sources that were asked.
func (c *channels) meet(got answer) {
	bad := map[archive.SourceKey]bool{}
	for _, o := range got.observations {
		bad[o.Source] = bad[o.Source] || o.Outcome.Bad()
	}
	for _, t := range got.targets {
		key, named := t.source.ChannelOf()
		if !named {
			continue
		}
		if c.met == nil {
			c.met = map[archive.SourceKey]seenChannel{}
		}
		lost := c.met[key].lost || bad[t.key()] && t.source.Standing.State != archive.Gone
		c.met[key] = seenChannel{name: t.source.Described.Channel, url: t.source.Described.ChannelURL, lost: lost}
	}
}

// readChannels reads what is known of channels.
func (r *run) readChannels(ctx context.Context) error {
	if r.o.Channels == nil {
		return nil
	}
	r.channels.known = map[archive.SourceKey]archive.Channel{}
	for c, err := range r.o.Channels.Channels(ctx) {
		if err != nil {
			return fmt.Errorf("reading channels: %w", err)
		}
		r.channels.known[c.Key] = c
	}
	return nil
}

// askChannels asks about the channels of the sources that were asked, as far as they are due.
func (r *run) askChannels(ctx context.Context) error {
	if r.o.Channels == nil || len(r.channels.met) == 0 {
		return nil
	}
	due, err := r.dueChannels(ctx)
	if err != nil {
		return err
	}
	for platform, keys := range due {
		prober, can := r.o.Platforms.Named(platform).(archive.ChannelProber)
		if !can {
			continue
		}
		for batch := range slices.Chunk(keys, batchSize) {
			observations, err := prober.ProbeChannels(ctx, idsOf(batch))
			if err != nil {
				return fmt.Errorf("probing %d channels of %s: %w", len(batch), platform, err)
			}
			if err := r.take(ctx, answer{observations: observations}); err != nil {
				return err
			}
		}
	}
	return nil
}

func idsOf(keys []archive.SourceKey) []string {
	ids := make([]string, 0, len(keys))
	for _, key := range keys {
		id, _ := key.ChannelID()
		ids = append(ids, id)
	}
	return ids
}

// dueChannels is the channels to be asked about, by platform, in the order of their keys.
func (r *run) dueChannels(ctx context.Context) (map[string][]archive.SourceKey, error) {
	keys := make([]archive.SourceKey, 0, len(r.channels.met))
	for key := range r.channels.met {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, archive.SourceKey.Compare)
	heard, err := r.heard(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("reading when channels were heard: %w", err)
	}
	due := map[string][]archive.SourceKey{}
	for _, key := range keys {
		apart := channelsApart
		if r.channels.met[key].lost || r.channels.known[key].Standing.State == archive.Suspect {
			apart = suspectsApart
		}
		if r.now().Sub(heard[key].LastRound) >= apart {
			due[key.Platform] = append(due[key.Platform], key)
		}
	}
	return due, nil
}

// judgeChannels judges the channels among the observations, and writes those records that change.
func (r *run) judgeChannels(ctx context.Context, observations []archive.Observation) error {
	rounds := archive.Rounds(observations)
	misdated := r.misdated(rounds, observations)
	var heard []archive.Heard
	for key, round := range rounds {
		if _, isChannel := key.ChannelID(); !isChannel || misdated[key] {
			continue
		}
		next, verdict := r.thresholds.Judge(r.channels.known[key].Standing.AsOf(r.now()), round)
		heard = append(heard, archive.HeardIn(key, round))
		if verdict == archive.Stale || !r.worthKeeping(key, next) {
			continue
		}
		if err := r.recordChannel(ctx, key, round); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			r.summary.Failed++
			r.o.Log.ErrorContext(ctx, "channel not recorded", slog.String("channel", key.String()), slog.Any("error", err))
		}
	}
	if err := r.o.Ledger.Note(ctx, heard); err != nil {
		return fmt.Errorf("noting what was heard of channels: %w", err)
	}
	return nil
}

// worthKeeping reports whether a channel's record changes. One that is there and was
// never doubted needs none.
func (r *run) worthKeeping(key archive.SourceKey, next archive.Standing) bool {
	known, recorded := r.channels.known[key]
	if !recorded {
		return next.State == archive.Suspect || next.State == archive.Gone
	}
	return !next.Same(known.Standing)
}

func (r *run) recordChannel(ctx context.Context, key archive.SourceKey, round archive.Round) error {
	seen := r.channels.met[key]
	var from, to archive.State
	c, err := r.o.Channels.UpdateChannel(ctx, key, func(c *archive.Channel) error {
		if c.Added.IsZero() {
			c.Added = r.now()
		}
		if seen.name != "" {
			c.Name, c.URL = seen.name, seen.url
		}
		from = c.Standing.State
		next, _ := r.thresholds.Judge(c.Standing.AsOf(r.now()), round)
		c.Standing = next.Explained(round, r.summary.Audit)
		to = c.Standing.State
		return nil
	})
	if err != nil {
		return fmt.Errorf("judging channel %s: %w", key, err)
	}
	r.channels.known[key] = c
	if from != to {
		r.summary.Channels = append(r.summary.Channels, Change{Source: key, From: from, To: to, Verdict: archive.SaysBad, Reason: c.Standing.Reason})
	}
	return nil
}
