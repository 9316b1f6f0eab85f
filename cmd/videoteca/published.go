package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/storage"
	"videoteca/web"
)

const (
	// publishedSetting holds where embeds were published.
	publishedSetting = "published"
	// refreshEvery is how often what is published is compared with what may be shown; it is done at once when
	// something is taken down or purged.
	refreshEvery = time.Hour
	// othersTurn is how long a folder that is not on this machine is left to the machine that has it.
	othersTurn = 3 * refreshEvery
)

// publishedTargets is the setting.
type publishedTargets struct {
	Targets []publishedAt `json:"targets"`
}

// publishedAt is a place where embeds were published.
type publishedAt struct {
	Address string    `json:"address"` // as for --publish-to; empty: in the store
	Added   time.Time `json:"added"`
	Checked time.Time `json:"checked,omitzero"` // when it was last known to show nothing that may not be shown
	Failing time.Time `json:"failing,omitzero"` // since when it cannot be reached
	Reason  string    `json:"reason,omitempty"`
}

// name is the address for people.
func (p publishedAt) name() string {
	if p.Address == "" {
		return publishedPrefix + " in the store"
	}
	return p.Address
}

// folder is the path of a target that is one.
func (p publishedAt) folder() string {
	if address, err := storage.ParseAddress(p.Address); err == nil {
		return address.Directory
	}
	return ""
}

// targets are the places where embeds were published.
func (n *newsroom) targets(ctx context.Context) ([]publishedAt, error) {
	var kept publishedTargets
	_, err := n.store.Setting(ctx, publishedSetting, &kept)
	if errors.Is(err, archive.ErrNotFound) {
		return nil, nil
	}
	return kept.Targets, err
}

// amendTries is how often a change of a setting starts over where another process wrote in between.
const amendTries = 10

func (n *newsroom) amendTargets(ctx context.Context, change func([]publishedAt) []publishedAt) error {
	for range amendTries {
		var kept publishedTargets
		etag, err := n.store.Setting(ctx, publishedSetting, &kept)
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			return err
		}
		next := change(slices.Clone(kept.Targets))
		if slices.Equal(next, kept.Targets) {
			return nil
		}
		_, err = n.store.SaveSetting(ctx, publishedSetting, etag, publishedTargets{next})
		if !errors.Is(err, archive.ErrConflict) {
			return err
		}
	}
	return archive.ErrConflict
}

// rememberTarget notes a target before anything is published there, so that none is forgotten.
func (n *newsroom) rememberTarget(ctx context.Context, address string) error {
	err := n.amendTargets(ctx, func(list []publishedAt) []publishedAt {
		if slices.ContainsFunc(list, func(p publishedAt) bool { return p.Address == address }) {
			return list
		}
		return append(list, publishedAt{Address: address, Added: time.Now().UTC()})
	})
	if err != nil {
		return fmt.Errorf("noting where embeds are published: %w", err)
	}
	return nil
}

func (n *newsroom) forgetTarget(ctx context.Context, address string) error {
	known := false
	err := n.amendTargets(ctx, func(list []publishedAt) []publishedAt {
		kept := slices.DeleteFunc(slices.Clone(list), func(p publishedAt) bool { return p.Address == address })
		known = len(kept) < len(list)
		return kept
	})
	if err == nil && !known {
		return fmt.Errorf("%w: --forget: nothing is known to be published at %s", errUsage, publishedAt{Address: address}.name())
	}
	return err
}

// refreshTargets takes out of what is published all that may not be shown any more, wherever it can be reached. It
// returns the targets as they are then. While somebody else publishes it fails with audit.ErrBusy.
func (n *newsroom) refreshTargets(ctx context.Context) ([]publishedAt, error) {
	list, err := n.targets(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	held, giveBack, err := leases{n.store, n.leaseTerm, n.log}.Hold(ctx, publishLease)
	if err != nil {
		return list, err
	}
	defer giveBack()
	for i := range list {
		list[i] = n.refreshed(held, list[i])
		if held.Err() != nil {
			return list, context.Cause(held)
		}
	}
	return list, n.amendTargets(ctx, func(kept []publishedAt) []publishedAt {
		for i := range kept { // one may have been added or forgotten meanwhile
			if j := slices.IndexFunc(list, func(p publishedAt) bool { return p.Address == kept[i].Address }); j >= 0 {
				kept[i] = list[j]
			}
		}
		return kept
	})
}

// refreshed is the target after it was brought up to date, or could not be.
func (n *newsroom) refreshed(ctx context.Context, p publishedAt) publishedAt {
	now := time.Now().UTC()
	err := n.refreshAt(ctx, p)
	switch {
	case err == nil:
		return publishedAt{Address: p.Address, Added: p.Added, Checked: now}
	case ctx.Err() != nil, errors.Is(err, errElsewhere) && now.Sub(p.Checked) < othersTurn:
		return p
	case p.Failing.IsZero():
		p.Failing = now
	}
	p.Reason = err.Error()
	n.log.ErrorContext(ctx, "published pages may show what may not be shown any more; it is tried again", slog.String("target", p.name()), slog.Any("error", err))
	return p
}

// errElsewhere says that a folder is not on this machine; it may be on another one.
var errElsewhere = errors.New("the folder is not on this machine")

func (n *newsroom) refreshAt(ctx context.Context, p publishedAt) error {
	if dir := p.folder(); dir != "" {
		// Opening would make it, and an empty folder says nothing of the one that was meant.
		if _, err := os.Stat(filepath.Join(dir, "manifest.json")); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: %w", errElsewhere, err)
		}
	}
	target, err := n.publishTarget(ctx, p.Address)
	if err != nil {
		return err
	}
	publisher, err := n.publisher(target)
	if err != nil {
		return err
	}
	summary, err := publisher.Refresh(ctx, n.served(ctx))
	if err == nil && summary.Failed > 0 {
		err = fmt.Errorf("%s could not be written; the log says why", plural(int64(summary.Failed), "video", "videos"))
	}
	if err == nil && summary.Published+summary.Removed > 0 {
		n.log.InfoContext(ctx, "published pages brought up to date", slog.String("target", p.name()), slog.Int("rewritten", summary.Published), slog.Int("removed", summary.Removed))
	}
	return err
}

// refreshPublished is refreshTargets for commands: it says where what is published is up to date, and where not.
func (n *newsroom) refreshPublished(ctx context.Context, w io.Writer) error {
	list, err := n.refreshTargets(ctx)
	if errors.Is(err, audit.ErrBusy) {
		_, err = fmt.Fprintln(w, "somebody is publishing; a running service brings what is published up to date within the hour")
		return err
	}
	if err != nil {
		return err
	}
	if len(list) == 0 {
		fmt.Fprintln(w, "no published pages are known here; if there are any, run `videoteca publish`, which notes where")
	}
	for _, t := range list {
		if t.Failing.IsZero() {
			fmt.Fprintf(w, "published pages at %s are up to date\n", t.name())
			continue
		}
		fmt.Fprintf(w, "published pages at %s cannot be reached and may show what was purged; a running service tries again every hour: %s\n", t.name(), t.Reason)
	}
	return nil
}

// refreshAlways keeps what is published to what may be shown until ctx ends: at the start, every hour, and
// as soon as something is taken down or purged.
func (n *newsroom) refreshAlways(ctx context.Context, filled <-chan struct{}) {
	select {
	case <-filled:
	case <-ctx.Done():
		return
	}
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		_, err := n.refreshTargets(ctx)
		if errors.Is(err, audit.ErrBusy) {
			n.outdated.give() // whoever publishes may have passed the video already
			if !sleep(ctx, n.leaseTerm) {
				return
			}
		} else if err != nil && ctx.Err() == nil {
			n.log.ErrorContext(ctx, "what is published was not brought up to date; it is tried again", slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-n.outdated:
		case <-ctx.Done():
			return
		}
	}
}

// nudge is given by many and felt by one.
type nudge chan struct{}

func newNudge() nudge { return make(nudge, 1) }

// give gives it; given already, it is felt once.
func (f nudge) give() {
	select {
	case f <- struct{}{}:
	default:
	}
}

// publishedPages implements web.Published.
type publishedPages struct{ *newsroom }

// Behind is the targets that cannot be brought up to date.
func (p publishedPages) Behind(ctx context.Context) ([]web.PublishedTarget, error) {
	list, err := p.targets(ctx)
	if err != nil {
		return nil, err
	}
	var behind []web.PublishedTarget
	for _, t := range list {
		if !t.Failing.IsZero() {
			behind = append(behind, web.PublishedTarget{Address: t.name(), Since: t.Failing, Checked: t.Checked, Reason: t.Reason})
		}
	}
	return behind, nil
}
