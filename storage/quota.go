package storage

import (
	"context"
	"fmt"
)

// storedQuota is what a platform was asked in one day, in the platform's units.
type storedQuota struct {
	Version  int      `json:"version"`
	Limit    int      `json:"limit"` // as the newest writer had it
	Spent    int      `json:"spent"`
	Gone     bool     `json:"gone,omitempty"` // the platform said that the day has none left
	Revision int64    `json:"revision"`
	Writes   []string `json:"writes"`
}

func (q *storedQuota) form() int        { return q.Version }
func (q *storedQuota) written() Written { return Written{q.Revision, q.Writes} }
func (q *storedQuota) wrote(w Written) {
	q.Version, q.Revision, q.Writes = recordVersion, w.Revision, w.Writes
}

// grant spends up to units, and returns how many.
func (q *storedQuota) grant(units, limit int) int {
	if units <= 0 || q.Gone || q.Spent >= limit {
		return 0
	}
	granted := min(units, limit-q.Spent)
	q.Spent, q.Limit = q.Spent+granted, limit
	return granted
}

// ReserveQuota spends up to units of what may be asked of a platform in a day, which all
// processes share, and returns how many it got: what is left under limit, 0 where nothing is, or
// where EndQuota was called.
// The day is the platform's own, "2025-04-14". More than limit is never granted, by
// whatever number of callers: on any error nothing is granted, and where the outcome of the write is unknown
// (ErrOutcomeUnknown) the units may count as spent.
func (s *Store) ReserveQuota(ctx context.Context, platform, day string, units, limit int) (granted int, err error) {
	err = s.amendQuota(ctx, platform, day, func(q *storedQuota) error {
		granted = q.grant(units, limit)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("reserving %d units of the quota of %s: %w", units, platform, err)
	}
	return granted, nil
}

// ReturnQuota gives back units that were reserved and not used.
func (s *Store) ReturnQuota(ctx context.Context, platform, day string, units int) error {
	err := s.amendQuota(ctx, platform, day, func(q *storedQuota) error {
		q.Spent -= max(0, min(units, q.Spent))
		return nil
	})
	if err != nil {
		return fmt.Errorf("returning %d units of the quota of %s: %w", units, platform, err)
	}
	return nil
}

// EndQuota notes that the platform itself said that the day has no units left. None is granted any more,
// whatever the limit. Noting it again writes nothing.
func (s *Store) EndQuota(ctx context.Context, platform, day string) error {
	err := s.amendQuota(ctx, platform, day, func(q *storedQuota) error {
		q.Gone = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("noting that the quota of %s is gone: %w", platform, err)
	}
	return nil
}

// QuotaSpent is how many units of a day are reserved or spent, and whether the platform said that
// none are left.
func (s *Store) QuotaSpent(ctx context.Context, platform, day string) (units int, gone bool, err error) {
	key, err := quotaKey(platform, day)
	if err != nil {
		return 0, false, err
	}
	found, err := readDocument[storedQuota](ctx, s.bucket, key)
	if err != nil {
		return 0, false, fmt.Errorf("reading the quota of %s: %w", platform, err)
	}
	return found.value.Spent, found.value.Gone, nil
}

func (s *Store) amendQuota(ctx context.Context, platform, day string, change func(*storedQuota) error) error {
	key, err := quotaKey(platform, day)
	if err != nil {
		return err
	}
	checked := func(q *storedQuota) error {
		if q.Spent < 0 { // edited by hand: it would grant more than the limit
			return fmt.Errorf("%w: %s says that %d units are spent", ErrDamaged, key, q.Spent)
		}
		return change(q)
	}
	_, err = amend[storedQuota](ctx, s, key, storedQuota{}, checked)
	return err
}

func quotaKey(platform, day string) (string, error) {
	if err := checkName("platform", platform); err != nil {
		return "", err
	}
	if _, err := parseDay(day); err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadKey, err)
	}
	return "quota/" + platform + "/" + day + ".json", nil
}
