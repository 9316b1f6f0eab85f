package wayback

import (
	"time"

	"videoteca/archive"
)

// How often a page is looked up and ordered.
const (
	// youngEvery is for sources of less than young, whose pages others are likely to archive;
	// oldEvery for all later ones, whose state in the archive seldom changes.
	youngEvery = 7 * 24 * time.Hour
	oldEvery   = 30 * 24 * time.Hour
	young      = 30 * 24 * time.Hour

	// freshLookup is how old a "none" may be when a capture is ordered.
	freshLookup = 24 * time.Hour

	afterLater    = 6 * time.Hour
	afterTomorrow = 24 * time.Hour
	afterNever    = 30 * 24 * time.Hour

	// beforeFollow is how long a capture has before it is asked after.
	beforeFollow = time.Minute
	// jobLife is how long the archive remembers a job.
	jobLife = time.Hour
)

// step is what is to be done about a source's page.
type step int

const (
	nothing step = iota
	lookup       // look for a memento
	order        // ask for a capture
	follow       // ask what has become of one
)

// permits are what may be done beside looking up.
type permits struct{ order, follow bool }

// next is the step that is due. It depends on nothing but its arguments.
func next(v archive.Video, s archive.Source, now time.Time, may permits) step {
	if s.Archived != nil || !mayBeSent(v, s, now) {
		return nothing
	}
	a := archivingOf(s)
	switch {
	case a.LookedUp.IsZero():
		return lookup
	case may.follow && a.Job != "":
		return either(now.Sub(a.Asked) >= beforeFollow, follow)
	case may.order && a.Job == "" && orderDue(s, a, now):
		if now.Sub(a.LookedUp) < freshLookup {
			return order
		}
		return lookup
	}
	return either(now.Sub(a.LookedUp) >= lookupEvery(s, now), lookup)
}

func either(due bool, s step) step {
	if due {
		return s
	}
	return nothing
}

// mayBeSent reports whether the archive may learn of the source's page: neither while the
// public may not know of the video, nor once it was withdrawn, nor where others can't reach it.
func mayBeSent(v archive.Video, s archive.Source, now time.Time) bool {
	if v.Visibility.Exposure != archive.Public && v.Visibility.Exposure != archive.Embargoed || v.Visibility.Hidden(now) {
		return false
	}
	_, err := publicPage(s.URL)
	return err == nil
}

// orderDue reports whether a capture may be asked for. A page whose video is gone or
// doubtful is not worth one: it would show that, with status 200. A media file is no page:
// who may keep a copy of it is the newsroom's to say.
func orderDue(s archive.Source, a archive.Archiving, now time.Time) bool {
	if s.Described != nil && s.Described.MediaType != "" {
		return false
	}
	switch s.State() {
	case archive.Suspect, archive.Gone:
		return false
	}
	return a.Asked.IsZero() || now.Sub(a.Asked) >= pauseAfter(a.Trouble)
}

// pauseAfter is how long a page is left after an order with that trouble.
func pauseAfter(trouble string) time.Duration {
	switch RefusalOf(trouble).Again {
	case Never:
		return afterNever
	case Tomorrow:
		return afterTomorrow
	}
	return afterLater
}

func lookupEvery(s archive.Source, now time.Time) time.Duration {
	if now.Sub(s.Added) < young {
		return youngEvery
	}
	return oldEvery
}

// nearOf is the time of the memento that is wanted: the newest while the video is there,
// else when it was last seen good, since later ones would show that it is gone.
func nearOf(s archive.Source) time.Time {
	if state := s.State(); state == archive.Gone || state == archive.Suspect {
		return s.Standing.LastGood
	}
	return time.Time{}
}

func archivingOf(s archive.Source) archive.Archiving {
	if s.Archiving == nil {
		return archive.Archiving{}
	}
	return *s.Archiving
}
