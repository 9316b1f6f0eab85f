package dossier

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"videoteca/archive"
)

// collected is what has gone into a dossier, for the pages and the manifest.
type collected struct {
	video           archive.Video
	options         Options
	events          []happened
	chain           Chain
	captures        []archive.Capture
	damagedCaptures []string
	files           inventory
	testimony       testimony
	searched        Searched
}

// Write writes the dossier of a video as a zip. It fails with archive.ErrNotFound
// before the first byte where there is no such video; what fails later leaves a zip
// without its directory, which no program takes for a whole one.
func Write(ctx context.Context, w io.Writer, from Archive, id archive.VideoID, o Options) error {
	pages, err := newPages()
	if err != nil {
		return err
	}
	record, err := from.Record(ctx, id)
	if err != nil {
		return fmt.Errorf("reading the record of %s: %w", id, err)
	}
	c := &collected{options: o}
	if err := json.Unmarshal(record.Data, &c.video); err != nil {
		return fmt.Errorf("reading the record of %s: %w", id, err)
	}
	p := newPack(w, Name(id, o.Now), o.Now)
	if err := c.fill(ctx, p, from, record, id); err != nil {
		return fmt.Errorf("writing the dossier of %s: %w", id, err)
	}
	if err := c.close(p, pages); err != nil {
		return fmt.Errorf("writing the dossier of %s: %w", id, err)
	}
	return nil
}

// fill copies what the archive has.
func (c *collected) fill(ctx context.Context, p *pack, from Archive, record Document, id archive.VideoID) error {
	if _, err := p.add("record.json", bytes.NewReader(record.Data)); err != nil {
		return err
	}
	var err error
	if c.events, c.chain, err = events(p, from.Events(ctx, id)); err != nil {
		return fmt.Errorf("reading the events: %w", err)
	}
	c.files.ofRecord(c.video)
	if c.captures, c.damagedCaptures, err = captures(p, from.Captures(ctx, id), &c.files); err != nil {
		return fmt.Errorf("reading the captures: %w", err)
	}
	for i := range c.files.files {
		if err := c.files.files[i].write(ctx, from, p, id, c.options.Copies); err != nil {
			return err
		}
	}
	return c.observations(ctx, p, from)
}

// observations copies the journal's lines about the video's sources, as they are found.
func (c *collected) observations(ctx context.Context, p *pack, from Archive) error {
	s := &search{from: from}
	for _, src := range c.video.Sources {
		s.keys = append(s.keys, src.SourceKey)
	}
	audits, err := s.audits(ctx, c.video, c.options)
	if err != nil {
		return err
	}
	c.testimony.named = s.done.Named
	_, err = p.stream("observations.jsonl", func(w io.Writer) error { return s.write(ctx, audits, w, &c.testimony) })
	c.searched = s.done
	return err
}

// write searches the audits and writes what is found, a line each.
func (s *search) write(ctx context.Context, audits []string, w io.Writer, t *testimony) error {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	s.found = func(j Journaled) error {
		t.hear(j)
		return lines.Encode(j)
	}
	for _, audit := range audits {
		if err := s.audit(ctx, audit); err != nil {
			return err
		}
	}
	return nil
}

// close adds the pages, the manifest and the digests.
func (c *collected) close(p *pack, pages *pages) error {
	for _, lang := range pages.texts.Languages() {
		body, err := pages.render(c, lang)
		if err != nil {
			return err
		}
		if _, err := p.add(pageName(lang), bytes.NewReader(body)); err != nil {
			return err
		}
	}
	if err := p.addJSON("manifest.json", c.manifest(p)); err != nil {
		return err
	}
	if err := p.sums(); err != nil {
		return err
	}
	if err := p.zip.Close(); err != nil {
		return fmt.Errorf("ending the zip: %w", err)
	}
	return nil
}

func (c *collected) manifest(p *pack) Manifest {
	return Manifest{
		Version: manifestVersion, Video: c.video.ID, Revision: c.video.Revision, Made: stamp(c.options.Now),
		Program: c.options.Program, Vantage: c.options.Vantage, Actor: c.options.Actor, BaseURL: c.options.BaseURL, Installation: c.options.Installation,
		Chain: c.chain, Captures: len(c.captures), DamagedCaptures: c.damagedCaptures,
		Observations: c.testimony.total, Skewed: c.testimony.skewed, Searched: c.searched,
		Files: c.files.files, Entries: p.entries,
	}
}
