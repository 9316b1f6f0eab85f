package audit

import (
	"time"

	"videoteca/archive"
)

// MaxPart is how many observations a part of the journal holds at most.
const MaxPart = 5000

const (
	// longestWait is how long answers that change nothing wait for their part to fill.
	longestWait = time.Hour
	// shortestWait is how long those wait that change something, for others to share the part.
	shortestWait = 30 * time.Second
)

// part is a part of the journal in the making, with the sources it is about.
type part struct {
	targets      []target
	observations []archive.Observation
	since        time.Time // when its first answer came
	news         time.Time // when the first one came that changes something; zero: none did
}

func (p *part) wouldOverflow(more int) bool {
	return len(p.observations) > 0 && len(p.observations)+more > MaxPart
}

func (p *part) waited(now time.Time) bool {
	return !p.since.IsZero() && now.Sub(p.since) >= longestWait || !p.news.IsZero() && now.Sub(p.news) >= shortestWait
}

func (p *part) add(now time.Time, got answer) {
	if p.since.IsZero() {
		p.since = now
	}
	if p.news.IsZero() && got.tellsNews() {
		p.news = now
	}
	p.targets = append(p.targets, got.targets...)
	p.observations = append(p.observations, got.observations...)
}

// tellsNews reports whether a clear answer says something else of a source than the one before.
func (a answer) tellsNews() bool {
	known := make(map[archive.SourceKey]archive.Outcome, len(a.targets))
	for _, t := range a.targets {
		known[t.key()] = t.source.Standing.Outcome
	}
	for _, o := range a.observations {
		before, asked := known[o.Source]
		if asked && o.Outcome.Clear() && o.Outcome != before {
			return true
		}
	}
	return false
}
