package audit

import (
	"time"

	"videoteca/archive"
)

// Summary is what an audit found.
type Summary struct {
	Audit        string                  `json:"audit"` // its name in the journal
	Started      time.Time               `json:"started"`
	Ended        time.Time               `json:"ended,omitzero"`
	Videos       int                     `json:"videos"`
	Sources      int                     `json:"sources"`
	Observations int                     `json:"observations"`
	Parts        int                     `json:"parts"`
	Failed       int                     `json:"failed"` // videos whose record could not be written
	States       map[archive.State]int   `json:"states"` // sources by state after the audit
	Verdicts     map[archive.Verdict]int `json:"verdicts"`
	Changes      []Change                `json:"changes"` // sources whose state moved
}

// Change is what an audit made of one source.
type Change struct {
	Video   archive.VideoID   `json:"video"`
	Source  archive.SourceKey `json:"source"`
	From    archive.State     `json:"from"`
	To      archive.State     `json:"to"`
	Verdict archive.Verdict   `json:"verdict"`
	Reason  string            `json:"reason,omitempty"`
}

func (s *Summary) count(judged []Change) {
	if s.States == nil {
		s.States, s.Verdicts = map[archive.State]int{}, map[archive.Verdict]int{}
	}
	for _, c := range judged {
		s.States[c.To]++
		s.Verdicts[c.Verdict]++
		if c.From != c.To {
			s.Changes = append(s.Changes, c)
		}
	}
}
