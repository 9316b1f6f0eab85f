package archive

import (
	"slices"
	"time"
)

// StoredCapture is a capture with the digest of the object that it is kept in.
type StoredCapture struct {
	Capture
	Digest string // hexadecimal SHA-256
}

// rule decides what goes. It has no clock, no network and no store.
type rule struct {
	keyed  map[string]bool // methods
	period Retention
	now    time.Time
}

func (r rule) over(method string, at time.Time) bool {
	return r.keyed[method] && r.period.over(at, r.now)
}

func (r rule) ending(method string, at time.Time) bool {
	return r.keyed[method] && r.period.ending(at, r.now)
}

// concerns reports whether a pass has to look at the captures of v: no capture is older than its video, but those that
// came with a duplicate. What lies with a duplicate itself is looked at with the video that serves for it.
func (r rule) concerns(v Video) bool {
	if v.Visibility.Exposure == Erased || v.MergedInto != "" {
		return false
	}
	if len(v.Aliases) > 0 && !r.period.Keeps() {
		return true
	}
	return r.period.ending(v.Created, r.now) || slices.ContainsFunc(v.Sources, func(s Source) bool {
		return len(s.Purged) > 0 || s.Described != nil && r.ending(s.Described.Method, s.Described.At)
	})
}

// refreshes reports whether the source is to be captured anew: it is there, and the time of what
// is known of it runs out.
func (r rule) refreshes(s Source) bool {
	state := s.State()
	return (state == Live || state == Limited) && !s.Ignored() &&
		s.Described != nil && r.ending(s.Described.Method, s.Described.At)
}

// leaving is what goes from one video, and what stays.
type leaving struct {
	captures []StoredCapture
	answers  []keptAnswer // that the record names
	past     []keptAnswer // that it names no more
	kept     []StoredCapture
	why      func(SourceKey) string
}

// keptAnswer is evidence: an answer that made a source's state move, or is held.
type keptAnswer struct {
	source SourceKey
	at     time.Time
	file   File
}

// leaves decides what goes of v's captures and evidence: what is over its time, and of the sources
// that were captured anew, what that replaced.
func (r rule) leaves(v Video, captures []StoredCapture, renewed map[SourceKey]bool) leaving {
	l := leaving{why: func(key SourceKey) string { return r.why(v.Source(key), renewed[key]) }}
	for _, c := range captures {
		s := v.Source(c.Source)
		switch {
		case s == nil: // there is no place to leave its digest, date and reason at
			l.kept = append(l.kept, c)
		case s.HasPurged(c.ID): // noted by a pass that was broken off
		case r.over(c.Method, c.At), renewed[c.Source] && r.ending(c.Method, c.At):
			l.captures = append(l.captures, c)
		default:
			l.kept = append(l.kept, c)
		}
	}
	l.captures = append(l.captures, r.missing(v, captures)...)
	l.answers = r.answers(v, used(r, v, l.kept))
	return l
}

// missing is the captures that describe a source, are over their time and are not in the store:
// what they said stands in the record all the same.
func (r rule) missing(v Video, captures []StoredCapture) []StoredCapture {
	var list []StoredCapture
	for _, s := range v.Sources {
		d := s.Described
		if d == nil || !r.over(d.Method, d.At) || slices.ContainsFunc(captures, func(c StoredCapture) bool { return c.ID == d.Capture }) {
			continue
		}
		list = append(list, StoredCapture{Capture: Capture{ID: d.Capture, Video: v.ID, Source: s.SourceKey, At: d.At, Method: d.Method}})
	}
	return list
}

// answers is the evidence over its time of which nothing else has need.
func (r rule) answers(v Video, needed map[string]bool) []keptAnswer {
	found := newestAnswers{}
	for _, s := range v.Sources {
		for at, f := range s.Standing.Answers() {
			if r.over(f.Label, at) && !s.HasPurgedAnswer(f.Digest, at) && !needed[f.Name()] {
				found.add(keptAnswer{s.SourceKey, at, f})
			}
		}
	}
	return found.list()
}

// why is the reason that stays, for people.
func (r rule) why(s *Source, renewed bool) string {
	reason := "retention " + r.period.String()
	switch {
	case renewed:
		return reason + "; captured anew"
	case s.Described != nil && !r.over(s.Described.Method, s.Described.At):
		return reason + "; a newer capture stays"
	}
	return reason + "; not captured anew, the source is " + s.State().String()
}

func (l leaving) empty() bool {
	return len(l.captures) == 0 && len(l.answers) == 0 && len(l.past) == 0
}

// note writes into the record what goes, and lets each source be described by what stays.
func (l leaving) note(v *Video, at time.Time) {
	for _, c := range l.captures {
		s := v.Source(c.Source)
		if s == nil || s.HasPurged(c.ID) {
			continue
		}
		s.Purged = append(s.Purged, Purge{Capture: c.ID, Digest: c.Digest, Captured: c.At, At: at, Reason: l.why(c.Source)})
		if s.Described != nil && s.Described.Capture == c.ID {
			s.Described = describedBy(l.kept, c.Source)
		}
	}
	for _, a := range slices.Concat(l.answers, l.past) {
		if s := v.Source(a.source); s != nil && !s.HasPurgedAnswer(a.file.Digest, a.at) {
			s.Purged = append(s.Purged, Purge{Digest: a.file.Digest, Captured: a.at, At: at, Reason: l.why(a.source)})
		}
	}
}

// describedBy is what the newest of the captures says of a source, one that tells something before
// one that only shows; nil without any.
func describedBy(captures []StoredCapture, key SourceKey) *Description {
	var newest *StoredCapture
	for i, c := range captures {
		tells := !c.Fields.IsZero()
		switch {
		case c.Source != key:
		case newest == nil, tells && newest.Fields.IsZero(), tells == !newest.Fields.IsZero() && c.At.After(newest.At):
			newest = &captures[i]
		}
	}
	if newest == nil {
		return nil
	}
	return &Description{Capture: newest.ID, At: newest.At, Method: newest.Method, Fields: newest.Fields, Thumbnails: newest.Thumbnails}
}

// used is the names of the files that must stay: those of the captures that do, of the newsroom,
// and of evidence whose time is not over.
func used(r rule, v Video, kept []StoredCapture) map[string]bool {
	names := map[string]bool{}
	add := func(files ...File) {
		for _, f := range files {
			names[f.Name()] = true
		}
	}
	for _, c := range kept {
		add(slices.Concat(c.Thumbnails, c.Raw)...)
	}
	if v.Picture != nil {
		add(*v.Picture)
	}
	for _, c := range v.Copies {
		add(c.File)
	}
	for _, c := range v.Captions {
		add(c.File)
	}
	for _, s := range v.Sources {
		for at, f := range s.Standing.Answers() {
			if !r.over(f.Label, at) && !s.HasPurgedAnswer(f.Digest, at) {
				add(f)
			}
		}
	}
	return names
}
