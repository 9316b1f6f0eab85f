package audit

import "videoteca/archive"

// MaxPart is how many observations a part of the journal holds at most.
const MaxPart = 5000

// part is a part of the journal in the making, with the sources it is about.
type part struct {
	targets      []target
	observations []archive.Observation
}

func (p *part) wouldOverflow(more int) bool {
	return len(p.observations) > 0 && len(p.observations)+more > MaxPart
}

func (p *part) add(targets []target, observations []archive.Observation) {
	p.targets = append(p.targets, targets...)
	p.observations = append(p.observations, observations...)
}

// judged is what a part says of one video.
type judged struct {
	id     archive.VideoID
	keys   []archive.SourceKey
	rounds map[archive.SourceKey]archive.Round
}

// byVideo sorts the part's rounds by video, in the order of the targets.
func (p *part) byVideo() []judged {
	rounds := archive.Rounds(p.observations)
	var list []judged
	at := map[archive.VideoID]int{}
	for _, t := range p.targets {
		i, seen := at[t.video]
		if !seen {
			i = len(list)
			at[t.video] = i
			list = append(list, judged{id: t.video, rounds: rounds})
		}
		list[i].keys = append(list[i].keys, t.key)
	}
	return list
}
