package storage

import (
	"context"
	"fmt"
	"iter"
	"time"

	"videoteca/archive"
)

// storedChannel is the stored form of a channel.
type storedChannel struct {
	Version int `json:"version"`
	archive.Channel
	Writes []string `json:"writes"`
}

func (c *storedChannel) form() int        { return c.Version }
func (c *storedChannel) written() Written { return Written{c.Revision, c.Writes} }
func (c *storedChannel) wrote(w Written) {
	c.Version, c.Revision, c.Writes = recordVersion, w.Revision, w.Writes
}

func channelKey(key archive.SourceKey) string {
	digest := key.Digest()
	return fmt.Sprintf("%s%s/%s.json", prefixChannels, shard(digest), digest)
}

// Channel reads what is known of a channel, by its archive.ChannelKey. A missing one gets archive.ErrNotFound.
func (s *Store) Channel(ctx context.Context, key archive.SourceKey) (archive.Channel, error) {
	found, err := readDocument[storedChannel](ctx, s.bucket, channelKey(key))
	if err != nil {
		return archive.Channel{}, fmt.Errorf("reading channel %s: %w", key, err)
	}
	if found.etag == "" {
		return archive.Channel{}, fmt.Errorf("reading channel %s: %w", key, archive.ErrNotFound)
	}
	if err := found.value.is(key); err != nil {
		return archive.Channel{}, err
	}
	return found.value.Channel, nil
}

// is checks that the record is of the channel whose place it stands in.
func (c *storedChannel) is(key archive.SourceKey) error {
	if c.Key != key {
		return fmt.Errorf("%w: %s is the record of %s, not of %s", ErrDamaged, channelKey(key), c.Key, key)
	}
	return nil
}

// UpdateChannel lets change alter a channel's record, which is made where there is none. It is as
// Update: change may run several times, an error of it ends the update and is returned, and where it
// alters nothing, nothing is written. A channel keeps its key and its revision.
func (s *Store) UpdateChannel(ctx context.Context, key archive.SourceKey, change func(*archive.Channel) error) (archive.Channel, error) {
	fresh := storedChannel{Channel: archive.Channel{Key: key, Added: s.now().UTC().Truncate(time.Millisecond)}}
	updated, err := amend[storedChannel](ctx, s, channelKey(key), fresh, func(c *storedChannel) error {
		if err := c.is(key); err != nil {
			return err
		}
		revision := c.Revision
		err := change(&c.Channel)
		c.Key, c.Revision = key, revision
		return err
	})
	if err != nil {
		return archive.Channel{}, err
	}
	return updated.Channel, nil
}

// Channels yields every channel of which there is a record.
func (s *Store) Channels(ctx context.Context) iter.Seq2[archive.Channel, error] {
	return documents[archive.Channel](ctx, s.bucket, prefixChannels)
}
