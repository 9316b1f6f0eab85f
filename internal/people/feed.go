package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

// feedPrefix sets the secret of a feed's address apart from a token's: neither opens what the other does.
const feedPrefix = "vtf_"

// FeedAddress is what is known of the address under which somebody's feed reader reads, without its secret.
// Readers can sign in nowhere and send no header, so the secret stands in the address.
type FeedAddress struct {
	Created time.Time
	Used    time.Time // the day of its last use, UTC; zero: never
}

// storedFeed is a feed's address as it is stored. It has no end, since a feed that falls silent is
// not noticed; it ends with its owner's right to see anything, or when it is revoked.
type storedFeed struct {
	Hash    string    `json:"hash"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"`
}

// CreateFeed makes the secret of an account's feed address, which nothing can show again. An earlier one ends.
func (r *Registry) CreateFeed(ctx context.Context, login string) (secret string, err error) {
	secret = feedPrefix + newSecret()
	_, err = r.change(ctx, login, login, "feed", func(p *person) (string, string, error) {
		p.Feed = &storedFeed{Hash: hashOf(secret), Created: r.now()}
		return "", "", nil
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// RevokeFeed ends the feed address of an account. Where there is none: archive.ErrNotFound.
func (r *Registry) RevokeFeed(ctx context.Context, login, by string) error {
	_, err := r.change(ctx, login, by, "revoke-feed", func(p *person) (string, string, error) {
		if p.Feed == nil {
			return "", "", fmt.Errorf("the feed address of %s: %w", login, archive.ErrNotFound)
		}
		p.Feed = nil
		return "", "", nil
	})
	return err
}

// Feed finds for whom the secret of a feed's address acts, who may Feed and nothing else, or ErrNobody.
func (r *Registry) Feed(ctx context.Context, secret string) (Identity, error) {
	rest, isFeed := strings.CutPrefix(secret, feedPrefix)
	if !isFeed || !plausible(rest) {
		return Identity{}, ErrNobody
	}
	b, err := r.people(ctx)
	if err != nil {
		return Identity{}, err
	}
	hash := hashOf(secret)
	for i := range b.People {
		p := &b.People[i]
		if p.Feed == nil || p.Feed.Hash != hash || p.Disabled || !slices.Contains(grantedTo(p.Roles), View) {
			continue
		}
		r.feedUsed(ctx, p.Login, *p.Feed)
		who := p.identity(ByToken)
		who.Permissions = []Permission{Feed}
		return who, nil
	}
	return Identity{}, ErrNobody
}

// feedUsed notes the day on which the address was used.
func (r *Registry) feedUsed(ctx context.Context, login string, f storedFeed) {
	r.noteUse(ctx, f.Hash, f.Used, func(b *book, day time.Time) error {
		p := b.person(login)
		if p == nil || p.Feed == nil || p.Feed.Hash != f.Hash || !p.Feed.Used.Before(day) {
			return errNoted
		}
		p.Feed.Used = day
		return nil
	})
}
