package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Recaller finds what a change altered.
type Recaller interface {
	// EventAt is the event of the change that brought a video to a revision. A change that never
	// came to pass, or that lies too far back to be told, gets ErrNotFound.
	EventAt(ctx context.Context, id VideoID, revision int64) (Event, error)
}

// Undoing names a change that is to be taken back.
type Undoing struct {
	Revision int64  // that the change reached
	Verb     string // of its event: whoever asks knows what they take back
}

// undoable are the verbs of the changes that Undo takes back: those of the newsroom's own, of which nothing was deleted.
const undoable = "describe label withdraw embargo publish prefer order copy captions poster remove-copy remove-captions remove-poster"

// restorable are the fields that Undo gives their values from before, and how each is taken from another record. Of
// sources it restores the order alone, since what platforms answered meanwhile stands in them too.
func restorable(v *Video, from Video) map[string]func() {
	return map[string]func(){
		"defaultLanguage": func() { v.DefaultLanguage = from.DefaultLanguage },
		"title":           func() { v.Title = from.Title },
		"caption":         func() { v.Caption = from.Caption },
		"alt":             func() { v.Alt = from.Alt },
		"explanation":     func() { v.Explanation = from.Explanation },
		"eventDate":       func() { v.EventDate = from.EventDate },
		"contentWarning":  func() { v.ContentWarning = from.ContentWarning },
		"visibility":      func() { v.Visibility = from.Visibility },
		"notes":           func() { v.Notes = from.Notes },
		"sites":           func() { v.Sites = from.Sites },
		"tags":            func() { v.Tags = from.Tags },
		"collections":     func() { v.Collections = from.Collections },
		"copies":          func() { v.Copies = from.Copies },
		"captions":        func() { v.Captions = from.Captions },
		"picture":         func() { v.Picture = from.Picture },
	}
}

// Undo takes a change back: the fields that it altered get the values that they had before. What somebody has
// changed since is never lost: where one of these fields is no longer as the change left it, nothing
// is changed and the error is a *ConflictError. Changes of other fields stay. A change that was made to a video
// before it was merged into another is that record's own, and refused with a *FieldError that names the other.
func (l *Library) Undo(ctx context.Context, past Recaller, id VideoID, u Undoing, actor string) (Video, error) {
	if !slices.Contains(strings.Fields(undoable), u.Verb) {
		return Video{}, &FieldError{Field: "verb", Problem: fmt.Sprintf("%q cannot be undone", u.Verb), Cure: "undo one of " + undoable}
	}
	event, err := past.EventAt(ctx, id, u.Revision)
	if err != nil {
		return Video{}, fmt.Errorf("undoing revision %d of video %s: %w", u.Revision, id, err)
	}
	if event.Verb != u.Verb {
		return Video{}, &FieldError{Field: "verb", Problem: fmt.Sprintf("revision %d is %q and not %q", u.Revision, event.Verb, u.Verb), Cure: "name the change that you want to undo", Cause: ErrConflict}
	}
	before, err := partOf(event.Before)
	if err != nil {
		return Video{}, err
	}
	after, err := partOf(event.After)
	if err != nil {
		return Video{}, err
	}
	v, err := l.updateItself(ctx, id, Cause{Actor: actorOr(actor), Verb: "undo", Reason: u.Verb}, func(v *Video) error {
		return restore(v, before, after)
	})
	if err == nil && (after.has("picture", before) || after.has("contentWarning", before)) {
		l.makePoster(ctx, v)
	}
	return v, err
}

// part is some top-level fields of a record, as JSON.
type part map[string]json.RawMessage

// partOf reads what an event, or a record, says of fields. Both go through the same encoder, so equal values have equal bytes.
func partOf(value any) (part, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("reading a change: %w", err)
	}
	var tree any // in which the keys of objects are in order
	if err := json.Unmarshal(data, &tree); err != nil {
		return nil, fmt.Errorf("reading a change: %w", err)
	}
	if data, err = json.Marshal(tree); err != nil {
		return nil, fmt.Errorf("reading a change: %w", err)
	}
	p := part{}
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("reading a change: %w", err)
	}
	return p, nil
}

// has reports whether a change altered a field; before is the other side of the change.
func (p part) has(field string, before part) bool {
	return p[field] != nil || before[field] != nil
}

// restore gives v the fields from before, if all of them still are as the change left them.
func restore(v *Video, before, after part) error {
	now, err := partOf(v)
	if err != nil {
		return err
	}
	from, err := before.video()
	if err != nil {
		return err
	}
	for field, take := range restorable(v, from) {
		switch {
		case !after.has(field, before):
		case !bytes.Equal(now[field], after[field]):
			return &ConflictError{Now: *v, Field: field}
		default:
			take()
		}
	}
	if !after.has("sources", before) {
		return nil
	}
	return reorder(v, before["sources"], after["sources"])
}

// video is a record that has these fields alone.
func (p part) video() (v Video, err error) {
	data, err := json.Marshal(p)
	if err == nil {
		err = json.Unmarshal(data, &v)
	}
	if err != nil {
		return Video{}, fmt.Errorf("reading a change: %w", err)
	}
	return v, nil
}

// reorder puts the sources of v into the order from before, if they are those of the change and in its order.
func reorder(v *Video, before, after json.RawMessage) error {
	was, err := keysOf(before)
	if err != nil {
		return err
	}
	is, err := keysOf(after)
	if err != nil {
		return err
	}
	now := make([]SourceKey, 0, len(v.Sources))
	for _, s := range v.Sources {
		now = append(now, s.SourceKey)
	}
	if !slices.Equal(now, is) || len(was) != len(is) {
		return &ConflictError{Now: *v, Field: "sources"}
	}
	next := make([]Source, 0, len(was))
	for _, key := range was {
		s := v.Source(key)
		if s == nil {
			return &ConflictError{Now: *v, Field: "sources"}
		}
		next = append(next, *s)
	}
	v.Sources = next
	return nil
}

func keysOf(sources json.RawMessage) ([]SourceKey, error) {
	var list []SourceKey
	if len(sources) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(sources, &list); err != nil {
		return nil, fmt.Errorf("reading the sources of a change: %w", err)
	}
	return list, nil
}
