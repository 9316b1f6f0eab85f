package audit

import (
	"context"
	"log/slog"
	"sync"

	"videoteca/archive"
)

// SettleAll implements archive.Judging. The list is one audit.
func (i *Intake) SettleAll(ctx context.Context, list []archive.Hearing) []archive.Settled {
	m := &together{intake: i, list: list, settled: make([]archive.Settled, len(list))}
	if m.run = newRun(i.a, Request{Plan: captured()}); len(list) > 0 {
		m.failed = m.run.begin(ctx)
	}
	for _, p := range m.parts(ctx) {
		m.settle(ctx, p)
	}
	m.finish(ctx)
	return m.settled
}

// together is what was heard of many sources, on its way into one audit.
type together struct {
	intake  *Intake
	run     *run
	list    []archive.Hearing
	settled []archive.Settled // like the list
	failed  error             // of the journal: nothing more is judged
}

// shared is a part of the journal, and which of the list it holds, in the order of its targets.
type shared struct {
	part
	of []int
}

// parts parts the list. What was observed of one source stays together.
func (m *together) parts(ctx context.Context) []*shared {
	var parts []*shared
	for n, h := range m.list {
		t, err := about(h)
		if err != nil {
			m.unjudged(ctx, n, err)
			continue
		}
		if len(parts) == 0 || parts[len(parts)-1].wouldOverflow(len(h.Observations)) {
			parts = append(parts, &shared{})
		}
		p := parts[len(parts)-1]
		p.of, p.targets, p.observations = append(p.of, n), append(p.targets, t), append(p.observations, h.Observations...)
	}
	return parts
}

func (m *together) unjudged(ctx context.Context, n int, why error) {
	m.settled[n].Video, m.settled[n].Err = m.intake.unjudged(ctx, m.list[n], why)
}

// settle makes a part durable, and lets it change the records.
func (m *together) settle(ctx context.Context, p *shared) {
	var list []*judged
	if m.failed == nil {
		list, m.failed = m.write(ctx, p)
	}
	if m.failed != nil {
		for _, n := range p.of {
			m.unjudged(ctx, n, m.failed)
		}
		return
	}
	var work sync.WaitGroup
	places := make(chan struct{}, writesAtOnce)
	for at, n := range p.of {
		places <- struct{}{}
		work.Go(func() {
			defer func() { <-places }()
			m.record(ctx, n, list[at])
		})
	}
	work.Wait()
	m.count(ctx, p, list)
}

func (m *together) write(ctx context.Context, p *shared) ([]*judged, error) {
	list, err := m.run.judgeAll(ctx, p.part)
	if err != nil {
		return nil, err
	}
	m.run.keepAnswers(ctx, p.part, list)
	return list, m.run.write(ctx, p.part)
}

// record writes the record of one of the list.
func (m *together) record(ctx context.Context, n int, j *judged) {
	if j.failed {
		m.unjudged(ctx, n, errNoEvidence)
		return
	}
	h, s := m.list[n], &m.settled[n]
	h.Cause.Reason = m.run.summary.Audit
	s.Video, s.Err = m.run.record(ctx, &ofVideo{id: j.video, sources: []*judged{j}}, h.Cause, h.Change)
	j.failed = s.Err != nil
}

// count adds a part to the audit's summary, and notes when its sources were heard.
func (m *together) count(ctx context.Context, p *shared, list []*judged) {
	s := &m.run.summary
	s.Videos, s.Sources, s.Observations = s.Videos+len(list), s.Sources+len(list), s.Observations+len(p.observations)
	s.look(p.observations)
	for _, j := range list {
		if j.failed {
			s.Failed++
		}
	}
	s.count(list)
	m.run.note(ctx, list)
}

// finish writes the summary, unless nothing stands in the journal.
func (m *together) finish(ctx context.Context) {
	s := m.run.summary
	if s.Parts == 0 || m.failed != nil {
		return
	}
	s.Ended = m.intake.a.now()
	if err := m.intake.a.o.Journal.Finish(ctx, s.Audit, s); err != nil {
		m.run.o.Log.WarnContext(ctx, "an audit has no summary; it is taken up later", slog.String("audit", s.Audit), slog.Any("error", err))
	}
}
