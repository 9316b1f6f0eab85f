package dossier

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"

	"videoteca/archive"
)

// Chain says whether the events hang together: each names the digest of the one before.
type Chain struct {
	Events  int      `json:"events"`
	Broken  []string `json:"broken"`  // events that follow one that is not there or was altered
	Damaged []string `json:"damaged"` // documents that are no event
}

// Whole reports whether nothing is missing that an event names.
func (c Chain) Whole() bool { return len(c.Broken)+len(c.Damaged) == 0 }

// happened is one event as the page shows it. Before and After are in the document.
type happened struct {
	archive.Event
	Document string
	Digest   string
}

// events puts the events' documents into the dossier.
func events(p *pack, documents iter.Seq2[Document, error]) ([]happened, Chain, error) {
	chain := Chain{Broken: []string{}, Damaged: []string{}}
	digests := map[string]bool{}
	var all []happened
	err := each(p, "events/", documents, func(d Document) {
		sum := sha256.Sum256(d.Data)
		h := happened{Document: d.Name, Digest: hex.EncodeToString(sum[:])}
		digests[h.Digest] = true
		chain.Events++
		if json.Unmarshal(d.Data, &h.Event) != nil {
			chain.Damaged = append(chain.Damaged, d.Name)
			return
		}
		h.Before, h.After = nil, nil
		all = append(all, h)
	})
	for _, h := range all {
		if h.Previous != "" && !digests[h.Previous] {
			chain.Broken = append(chain.Broken, h.Document)
		}
	}
	return all, chain, err
}

// captures puts the captures' documents into the dossier, and their files on the list.
func captures(p *pack, documents iter.Seq2[Document, error], files *inventory) (all []archive.Capture, damaged []string, err error) {
	damaged = []string{}
	err = each(p, "captures/", documents, func(d Document) {
		var c archive.Capture
		if json.Unmarshal(d.Data, &c) != nil {
			damaged = append(damaged, d.Name)
			return
		}
		files.ofCapture(c)
		all = append(all, c)
	})
	return all, damaged, err
}

// each puts documents into a folder and hands them over. One of a name that the archive
// never gives, or of a name that another had, stays out.
func each(p *pack, folder string, documents iter.Seq2[Document, error], do func(Document)) error {
	for d, err := range documents {
		if err != nil {
			return err
		}
		if !documentName.MatchString(d.Name) || p.has(folder+d.Name) {
			continue
		}
		if _, err := p.add(folder+d.Name, bytes.NewReader(d.Data)); err != nil {
			return err
		}
		do(d)
	}
	return nil
}
