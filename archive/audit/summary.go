package audit

import (
	"time"

	"videoteca/archive"
)

// Summary is what an audit found.
type Summary struct {
	Audit        string                  `json:"audit"` // its name in the journal; empty where nothing was written
	Started      time.Time               `json:"started"`
	Ended        time.Time               `json:"ended,omitzero"`
	Videos       int                     `json:"videos"`
	Sources      int                     `json:"sources"`
	Observations int                     `json:"observations"`
	Parts        int                     `json:"parts"`
	Failed       int                     `json:"failed"`           // videos whose record could not be written
	Skewed       int                     `json:"skewed,omitempty"` // answers whose clock and ours were more than 60 s apart
	States       map[archive.State]int   `json:"states"`           // sources by state after the audit
	Verdicts     map[archive.Verdict]int `json:"verdicts"`
	Changes      []Change                `json:"changes"` // sources whose state moved
	Channels     []Change                `json:"channels,omitempty"`
	Guards       map[string]GuardState   `json:"guards,omitempty"` // by platform, where sources answered bad or are held
}

// Change is what an audit made of one source.
type Change struct {
	Video   archive.VideoID   `json:"video,omitempty"`
	Source  archive.SourceKey `json:"source"`
	From    archive.State     `json:"from"`
	To      archive.State     `json:"to"`
	Verdict archive.Verdict   `json:"verdict"`
	Reason  string            `json:"reason,omitempty"`
}

// GuardState is what the guard of a platform counted.
type GuardState struct {
	Sources int  `json:"sources"`
	Turning int  `json:"turning"`
	Up      bool `json:"up"`
	Raised  bool `json:"raised,omitempty"` // it rose in this audit
	Ended   bool `json:"ended,omitempty"`  // and so it ended
}

// count adds up what was judged.
func (s *Summary) count(list []*judged) {
	if s.States == nil {
		s.States, s.Verdicts = map[archive.State]int{}, map[archive.Verdict]int{}
	}
	for _, j := range list {
		if j.failed {
			continue
		}
		s.States[j.next.State]++
		s.Verdicts[j.verdict]++
		if from := j.source.Standing.State; from != j.next.State {
			s.Changes = append(s.Changes, Change{Video: j.video, Source: j.key(), From: from, To: j.next.State, Verdict: j.verdict, Reason: j.next.Reason})
		}
	}
}

// look counts the answers whose clocks are in doubt.
func (s *Summary) look(observations []archive.Observation) {
	for _, o := range observations {
		if o.Skewed() {
			s.Skewed++
		}
	}
}

// guard notes what a guard counted; the last part has the last word of it, and what
// happened in any stays.
func (s *Summary) guard(platform string, now GuardState) {
	if s.Guards == nil {
		s.Guards = map[string]GuardState{}
	}
	before := s.Guards[platform]
	now.Raised, now.Ended = now.Raised || before.Raised, now.Ended || before.Ended
	s.Guards[platform] = now
}
