package archive

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Withdraw takes a video from the public, reversibly: embeds and watch pages show the explanation
// and no media, and oEmbed knows nothing of it. Readers have a right to know why, so an explanation
// is required, in any language; it replaces the one before.
func (l *Library) Withdraw(ctx context.Context, id VideoID, explanation Text, actor string) (Video, error) {
	if err := checkText("explanation", explanation); err != nil {
		return Video{}, err
	}
	said := Text(nil).with(explanation)
	if said == nil {
		return Video{}, &FieldError{Field: "explanation", Problem: "there is none", Cure: "tell readers in a sentence why the video is not shown"}
	}
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "withdraw"}, func(v *Video) error {
		v.Visibility, v.Explanation = Visibility{Exposure: Withdrawn}, said
		return nil
	})
}

// Embargo keeps a video unknown to the public until a time that is still to come.
func (l *Library) Embargo(ctx context.Context, id VideoID, until time.Time, actor string) (Video, error) {
	if !until.After(l.now()) {
		return Video{}, &FieldError{Field: "until", Problem: "an embargo ends in the future", Cure: "give a date and time that is still to come, as 2026-05-01T06:00:00Z"}
	}
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "embargo"}, func(v *Video) error {
		v.Visibility = Visibility{Exposure: Embargoed, Until: until.UTC().Truncate(time.Second)}
		return nil
	})
}

// Publish ends a withdrawal or an embargo. The explanation stays, for the next time and for the record.
func (l *Library) Publish(ctx context.Context, id VideoID, actor string) (Video, error) {
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "publish"}, func(v *Video) error {
		v.Visibility = Visibility{}
		return nil
	})
}

// LegalHold is an order to keep: as long as it stands, nothing of the video may be erased.
type LegalHold struct {
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Hold puts a video under a legal hold, which blocks erasure. A reason is required.
func (l *Library) Hold(ctx context.Context, id VideoID, reason, actor string) (Video, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Video{}, &FieldError{Field: "reason", Problem: "a hold has a reason", Cure: "name the case or the request that demands it"}
	}
	h := &LegalHold{Reason: reason, By: actorOr(actor), At: l.now().UTC().Truncate(time.Second)}
	return l.update(ctx, id, Cause{Actor: h.By, Verb: "hold", Reason: reason}, func(v *Video) error {
		v.LegalHold = h
		return nil
	})
}

// LiftHold ends a legal hold, with those that duplicates brought along when they were merged into the
// video. A reason is required, as for the hold itself.
func (l *Library) LiftHold(ctx context.Context, id VideoID, reason, actor string) (Video, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Video{}, &FieldError{Field: "reason", Problem: "lifting a hold has a reason", Cure: "say who decided that it may end"}
	}
	cause := Cause{Actor: actorOr(actor), Verb: "lift-hold", Reason: reason}
	lift := func(v *Video) error {
		v.LegalHold = nil
		return nil
	}
	v, err := l.update(ctx, id, cause, lift)
	if err != nil {
		return v, err
	}
	for _, duplicate := range v.Aliases {
		if _, err := l.store.Update(ctx, duplicate, cause, lift); err != nil && !errors.Is(err, ErrNotFound) {
			return Video{}, fmt.Errorf("lifting the hold of %s, which was merged into %s: %w", duplicate, v.ID, err)
		}
	}
	return v, nil
}

// update changes the video that serves for an id, unless it has been erased: of one that has, nothing is
// left to change.
func (l *Library) update(ctx context.Context, id VideoID, cause Cause, change func(*Video) error) (Video, error) {
	return follow(id, func(id VideoID) (Video, error) { return l.updateItself(ctx, id, cause, change) })
}

// updateItself is update of the very record of an id. One that was merged into another is refused as
// mergedAway does.
func (l *Library) updateItself(ctx context.Context, id VideoID, cause Cause, change func(*Video) error) (Video, error) {
	return l.store.Update(ctx, id, cause, unlessErased(ctx, change))
}

// unlessErased lets a change be made to a video that is neither merged into another nor erased.
func unlessErased(ctx context.Context, change func(*Video) error) func(*Video) error {
	return func(v *Video) error {
		if err := mergedAway(*v); err != nil {
			return err
		}
		if v.Visibility.Exposure == Erased {
			return fmt.Errorf("video %s: %w", v.ID, ErrErased)
		}
		if err := asSeen(ctx, *v); err != nil {
			return err
		}
		return change(v)
	}
}
