package dossier

import (
	"context"
	"errors"
	"fmt"
	"io"

	"videoteca/archive"
)

// Roles of a file in a dossier.
const (
	RoleThumbnail = "thumbnail"
	RoleRaw       = "raw"      // an answer as it came, in a capture
	RoleEvidence  = "evidence" // an answer that changed a state, or is held
	RoleCopy      = "copy"
	RoleCaptions  = "captions"
	RolePoster    = "poster"
)

// Conditions of a file.
const (
	FileIncluded = "included" // with the digest that it is named by
	FileDamaged  = "damaged"  // included, with other bytes than its digest says
	FileMissing  = "missing"  // the archive has it no longer: retention, erasure or loss
	FileLeftOut  = "left-out" // a media copy, which was not asked for
	FileBadName  = "bad-name" // its record gives it a name that no file of the archive has
)

// Kept is one file that the record or a capture points at.
type Kept struct {
	archive.File
	Role      string `json:"role"`
	Name      string `json:"name,omitempty"`   // in the dossier; empty unless it is in it
	Condition string `json:"condition"`        // one of the above
	Actual    string `json:"actual,omitempty"` // hexadecimal SHA-256 of a damaged file
}

// inventory is the files that the dossier is about, each once, in the order in which they are met.
type inventory struct {
	files []Kept
	known map[string]bool
}

func (i *inventory) add(role string, files ...archive.File) {
	if i.known == nil {
		i.known = map[string]bool{}
	}
	for _, f := range files {
		if name := f.Name(); !i.known[name] {
			i.known[name] = true
			i.files = append(i.files, Kept{File: f, Role: role})
		}
	}
}

// ofRecord adds the files that a record points at.
func (i *inventory) ofRecord(v archive.Video) {
	for _, src := range v.Sources {
		for _, f := range src.Standing.Answers() {
			i.add(RoleEvidence, f)
		}
		if src.Described != nil {
			i.add(RoleThumbnail, src.Described.Thumbnails...)
		}
	}
	if v.Picture != nil {
		i.add(RolePoster, *v.Picture)
	}
	for _, c := range v.Captions {
		i.add(RoleCaptions, c.File)
	}
	for _, c := range v.Copies {
		i.add(RoleCopy, c.File)
	}
}

func (i *inventory) ofCapture(c archive.Capture) {
	i.add(RoleThumbnail, c.Thumbnails...)
	i.add(RoleRaw, c.Raw...)
}

// names are where the files that are in the dossier stand, by digest.
func (i *inventory) names() map[string]string {
	names := map[string]string{}
	for _, f := range i.files {
		if f.Name != "" {
			names[f.Digest] = f.Name
		}
	}
	return names
}

// write puts one file into the dossier and says in what condition it is. Only an archive
// that does not answer is an error: what is missing or damaged is part of what a dossier tells.
func (f *Kept) write(ctx context.Context, from Archive, p *pack, id archive.VideoID, copies bool) error {
	if f.Role == RoleCopy && !copies {
		f.Condition = FileLeftOut
		return nil
	}
	if !fileName.MatchString(f.File.Name()) {
		f.Condition = FileBadName
		return nil
	}
	body, err := from.Open(ctx, id, f.File)
	if errors.Is(err, archive.ErrNotFound) {
		f.Condition = FileMissing
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening file %s: %w", f.File.Name(), err)
	}
	defer body.Close()
	return f.copyTo(p, body)
}

func (f *Kept) copyTo(p *pack, body io.Reader) error {
	written, err := p.add("files/"+f.File.Name(), body)
	if err != nil {
		return err
	}
	f.Name, f.Condition = written.Name, FileIncluded
	if written.SHA256 != f.Digest {
		f.Condition, f.Actual = FileDamaged, written.SHA256
	}
	return nil
}
