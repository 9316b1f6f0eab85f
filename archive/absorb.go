package archive

import (
	"reflect"
	"slices"
	"strings"
)

// absorb gives v what d has beyond it, and returns that. What v got of d as it was before goes back at the
// beginning, unless somebody has changed it since: d may have become another.
func absorb(v *Video, d, before Video) Video {
	giveBack(v, before)
	more := beyond(*v, d)
	v.Sources = append(v.Sources, more.Sources...)
	v.Copies = append(v.Copies, more.Copies...)
	v.Captions = append(v.Captions, more.Captions...)
	v.Title, v.Caption = v.Title.with(more.Title), v.Caption.with(more.Caption)
	v.Alt, v.ContentWarning = v.Alt.with(more.Alt), v.ContentWarning.with(more.ContentWarning)
	if v.Picture == nil {
		v.Picture = more.Picture
	}
	if v.EventDate == "" {
		v.EventDate = more.EventDate
	}
	if more.Notes != "" {
		v.Notes = strings.TrimSpace(v.Notes + "\n\n" + more.Notes)
	}
	for _, s := range d.Sources {
		v.Source(s.SourceKey).catchUp(s)
	}
	v.LegalHold = bothHold(v.LegalHold, d.LegalHold)
	v.Tags, v.Collections = relabelled(v.Tags, d.Tags, nil), relabelled(v.Collections, d.Collections, nil)
	v.Aliases = append(v.Aliases, more.Aliases...)
	return more
}

// beyond is what d has and v has not, of all that can be told to be d's again.
func beyond(v, d Video) Video {
	more := Video{
		Title: untold(v.Title, d.Title), Caption: untold(v.Caption, d.Caption),
		Alt: untold(v.Alt, d.Alt), ContentWarning: untold(v.ContentWarning, d.ContentWarning),
	}
	for _, s := range d.Sources {
		if v.Source(s.SourceKey) == nil {
			more.Sources = append(more.Sources, s)
		}
	}
	for _, c := range d.Copies {
		if !slices.ContainsFunc(v.Copies, func(other Copy) bool { return other.File.Digest == c.File.Digest }) {
			more.Copies = append(more.Copies, c)
		}
	}
	for _, c := range d.Captions {
		if !slices.ContainsFunc(v.Captions, func(other Caption) bool { return other.Language == c.Language }) {
			more.Captions = append(more.Captions, c)
		}
	}
	if v.Picture == nil {
		more.Picture = d.Picture
	}
	if v.EventDate == "" {
		more.EventDate = d.EventDate
	}
	if !strings.Contains(v.Notes, d.Notes) {
		more.Notes = d.Notes
	}
	for _, id := range append([]VideoID{d.ID}, d.Aliases...) {
		if id != v.ID && !slices.Contains(v.Aliases, id) {
			more.Aliases = append(more.Aliases, id)
		}
	}
	return more
}

// untold is what other says in languages in which t says nothing.
func untold(t, other Text) Text {
	more := Text{}
	for tag, s := range other {
		if t[tag] == "" {
			more[tag] = s
		}
	}
	return more
}

// giveBack takes from v what it got, where it still is as it was then.
func giveBack(v *Video, got Video) {
	v.Sources = slices.DeleteFunc(v.Sources, func(s Source) bool {
		return slices.ContainsFunc(got.Sources, func(other Source) bool { return reflect.DeepEqual(s, other) })
	})
	v.Copies = slices.DeleteFunc(v.Copies, func(c Copy) bool { return slices.Contains(got.Copies, c) })
	v.Captions = slices.DeleteFunc(v.Captions, func(c Caption) bool { return slices.Contains(got.Captions, c) })
	v.Aliases = slices.DeleteFunc(v.Aliases, func(id VideoID) bool { return slices.Contains(got.Aliases, id) })
	for _, t := range []struct{ of, got Text }{{v.Title, got.Title}, {v.Caption, got.Caption}, {v.Alt, got.Alt}, {v.ContentWarning, got.ContentWarning}} {
		for tag, s := range t.got {
			if t.of[tag] == s {
				delete(t.of, tag)
			}
		}
	}
	if v.Picture != nil && got.Picture != nil && *v.Picture == *got.Picture {
		v.Picture = nil
	}
	if v.EventDate == got.EventDate {
		v.EventDate = ""
	}
	if before, after, ok := strings.Cut(v.Notes, got.Notes); ok && got.Notes != "" {
		v.Notes = strings.TrimSpace(before + after)
	}
}

// catchUp takes over what a source went through with a duplicate: it may stand in both records while a merge is
// broken off, and be asked by either.
func (s *Source) catchUp(d Source) {
	if d.Standing.LastRound.After(s.Standing.LastRound) {
		s.Standing = d.Standing
	}
	if is := d.Described; is != nil && !s.HasPurged(is.Capture) && (s.Described == nil || is.At.After(s.Described.At)) {
		s.Described = is
	}
	if is := d.Overrule; is != nil && (s.Overrule == nil || is.At.After(s.Overrule.At)) {
		s.Overrule = is
	}
	if s.Archived == nil {
		s.Archived = d.Archived
	}
	for _, p := range d.Purged {
		if !slices.Contains(s.Purged, p) {
			s.Purged = append(s.Purged, p)
		}
	}
}

// bothHold is the hold on what two videos become: it gives the reasons of both.
func bothHold(mine, other *LegalHold) *LegalHold {
	switch {
	case other == nil:
		return mine
	case mine == nil:
		return other
	case strings.Contains(mine.Reason, other.Reason):
		return mine
	}
	return &LegalHold{Reason: mine.Reason + "; " + other.Reason, By: mine.By, At: mine.At}
}
