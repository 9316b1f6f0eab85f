package web

import (
	"context"
	"errors"
	"slices"
	"time"

	"videoteca/archive"
)

// A request for many things says of each what became of it, so it has to end before the server's own limits end it: it
// begins nothing more after beginTime, and breaks off after manyTime what is still under way. What was left out gets errLate,
// and is to be sent again.

// doEach does one thing to every video, and returns what went wrong with each, in the order of the ids.
func (s *Server) doEach(ctx context.Context, b bulk, ids []archive.VideoID) []error {
	if b.Action == "check" {
		return s.checkEach(ctx, ids)
	}
	failed, begun := make([]error, len(ids)), s.now()
	for i, id := range ids {
		if failed[i] = s.late(begun); failed[i] == nil {
			_, failed[i] = s.do(ctx, b, id)
		}
	}
	return failed
}

// checkEach asks all sources of the videos.
func (s *Server) checkEach(ctx context.Context, ids []archive.VideoID) []error {
	known := func(ctx context.Context, id archive.VideoID) (archive.VideoID, error) {
		v, err := s.catalog.Video(ctx, id)
		return v.ID, err
	}
	return inParts(ctx, s, ids, known, func(ctx context.Context, part []archive.VideoID) error {
		return s.checker.Check(ctx, part, actorOf(ctx))
	})
}

// doEachOf does one thing to every chosen source, and returns what went wrong with each, in their order.
func (s *Server) doEachOf(ctx context.Context, m many) []error {
	if m.action == "check" {
		return s.askEach(ctx, m)
	}
	failed, begun, noted := make([]error, len(m.chosen)), s.now(), map[archive.VideoID]error{}
	for i, one := range m.chosen {
		err, done := noted[one.video]
		if !done || m.action != "note" { // of which a video gets one, however many of its sources are chosen
			if err = s.late(begun); err == nil {
				err = s.doOne(ctx, one, m)
			}
		}
		failed[i], noted[one.video] = err, err
	}
	return failed
}

// askEach asks the chosen sources and no others of their videos.
func (s *Server) askEach(ctx context.Context, m many) []error {
	known := func(ctx context.Context, one chosenSource) (SourceOf, error) {
		v, err := s.catalog.Video(ctx, one.video)
		if err == nil && v.Source(one.key) == nil {
			err = notItsSource(v, one.key)
		}
		return SourceOf{v.ID, one.key}, err
	}
	return inParts(ctx, s, m.chosen, known, func(ctx context.Context, part []SourceOf) error {
		return s.checker.CheckSources(ctx, part, m.actor)
	})
}

// inParts asks about many things a part at a time, each of which is one audit, and returns what went wrong with each thing. One
// that is not known fails alone; an audit that fails is the failure of all that it was about.
func inParts[T any, A comparable](ctx context.Context, s *Server, list []T, known func(context.Context, T) (A, error), ask func(context.Context, []A) error) []error {
	begun := s.now()
	ctx, cancel := context.WithTimeout(ctx, manyTime)
	defer cancel()
	failed := make([]error, 0, len(list))
	for part := range slices.Chunk(list, askedAtOnce) {
		failed = append(failed, askPart(ctx, s, begun, part, known, ask)...)
	}
	return failed
}

func askPart[T any, A comparable](ctx context.Context, s *Server, begun time.Time, part []T, known func(context.Context, T) (A, error), ask func(context.Context, []A) error) []error {
	failed := make([]error, len(part))
	late := s.late(begun)
	var about []A
	for i, one := range part {
		if failed[i] = late; late != nil {
			continue
		}
		var found A
		if found, failed[i] = known(ctx, one); failed[i] == nil && !slices.Contains(about, found) {
			about = append(about, found)
		}
	}
	if len(about) == 0 {
		return failed
	}
	err := ask(ctx, about)
	if errors.Is(err, context.DeadlineExceeded) {
		err = errLate
	}
	for i := range failed {
		if failed[i] == nil {
			failed[i] = err
		}
	}
	return failed
}
