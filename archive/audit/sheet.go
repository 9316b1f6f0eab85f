package audit

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"videoteca/archive"
)

// captured is the plan of audits that hold what was observed beside others.
func captured() Plan { return Plan{Scope: "captured", Actor: "audit"} }

// sheets are the small audits of an intake. One is written at a time; who comes meanwhile shares
// the next, so that many registrations at once make few audits, and one alone never waits for others.
type sheets struct {
	a    *Auditor
	turn chan struct{} // of one place: whose is it to write

	mu   sync.Mutex
	open *sheet // may still be joined; nil: none
}

// sheet is an audit of one part.
type sheet struct {
	observations []archive.Observation
	written      chan struct{} // closed when the part is durable, or failed
	err          error         // to be read when written is closed; likewise summary.Audit

	summary Summary // under sheets.mu
	users   int     // who have not left; likewise
}

// write puts the observations into the journal, and returns when they are durable. Who got a sheet
// has to leave it.
func (s *sheets) write(ctx context.Context, observations []archive.Observation) (*sheet, error) {
	mine, first := s.join(observations)
	if first {
		s.turn <- struct{}{}
		s.close(mine)
		mine.err = s.keep(context.WithoutCancel(ctx), mine) // others rely on it
		<-s.turn
		close(mine.written)
	}
	<-mine.written // the store bounds how long that takes
	if mine.err != nil {
		return nil, mine.err
	}
	return mine, nil
}

// join adds observations to the open sheet, or opens one.
func (s *sheets) join(observations []archive.Observation) (mine *sheet, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil || len(s.open.observations)+len(observations) > MaxPart {
		s.open, first = &sheet{written: make(chan struct{})}, true
	}
	s.open.observations = append(s.open.observations, observations...)
	s.open.users++
	return s.open, first
}

// close lets nobody else join.
func (s *sheets) close(mine *sheet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == mine {
		s.open = nil
	}
}

// keep opens an audit and writes its only part.
func (s *sheets) keep(ctx context.Context, mine *sheet) error {
	r := newRun(s.a, Request{Plan: captured()})
	if err := r.begin(ctx); err != nil {
		return err
	}
	mine.summary.Audit, mine.summary.Started = r.summary.Audit, r.summary.Started
	return r.write(ctx, part{observations: mine.observations})
}

// leave adds what became of a round to the sheet's summary, which whoever is last writes.
func (s *sheets) leave(ctx context.Context, mine *sheet, became Summary) {
	s.mu.Lock()
	mine.summary.add(became)
	mine.users--
	last, summary := mine.users == 0, mine.summary
	s.mu.Unlock()
	if !last {
		return
	}
	summary.Parts, summary.Ended = 1, s.a.now()
	if err := s.a.o.Journal.Finish(context.WithoutCancel(ctx), summary.Audit, summary); err != nil {
		s.a.o.Log.WarnContext(ctx, "an audit has no summary; it is taken up later", slog.String("audit", summary.Audit), slog.Any("error", err))
	}
}

// add adds up two summaries of one audit.
func (s *Summary) add(other Summary) {
	s.Videos, s.Sources, s.Observations = s.Videos+other.Videos, s.Sources+other.Sources, s.Observations+other.Observations
	s.Failed, s.Skewed = s.Failed+other.Failed, s.Skewed+other.Skewed
	if s.States == nil {
		s.States, s.Verdicts = map[archive.State]int{}, map[archive.Verdict]int{}
	}
	for state, n := range other.States {
		s.States[state] += n
	}
	for verdict, n := range other.Verdicts {
		s.Verdicts[verdict] += n
	}
	s.Changes = slices.Concat(s.Changes, other.Changes)
	for platform, state := range other.Guards {
		s.guard(platform, state)
	}
}
