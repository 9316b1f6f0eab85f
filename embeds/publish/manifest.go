package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

const manifestName = "manifest.json"

// manifest says what stands in the target, so that a run need not look.
type manifest struct {
	Version int                       `json:"version"` // of this form: 1
	Videos  map[archive.VideoID]entry `json:"videos"`
}

// entry is what was published of a video. While that is under way it names what may
// stand, and no program: a run that ends in between leaves nothing that nobody knows of.
type entry struct {
	Of       archive.VideoID `json:"of,omitempty"` // whose record it is, where the video was merged into another
	Revision int64           `json:"revision"`     // of the record
	Program  string          `json:"program"`      // that wrote it
	Settings string          `json:"settings"`     // digest of what it depends on beside the video
	At       time.Time       `json:"at"`
	Down     bool            `json:"down,omitempty"` // it was taken down, and the explanation is shown
	Files    []string        `json:"files"`
}

// has reports whether a file stands for certain.
func (e entry) has(name string) bool { return e.Program != "" && slices.Contains(e.Files, name) }

// same reports whether what was published is what would be published again.
func (e entry) same(now entry) bool {
	return e.Of == now.Of && e.Revision == now.Revision && e.Program == now.Program && e.Settings == now.Settings
}

// blocking are the files that stand where a name needs a folder, or the other way
// round, as they do when the tree has moved from a bucket into a folder.
func (e entry) blocking(names []string) []string {
	var old []string
	for _, stands := range e.without(names) {
		if slices.ContainsFunc(names, func(name string) bool {
			return strings.HasPrefix(name, stands+"/") || strings.HasPrefix(stands, name+"/")
		}) {
			old = append(old, stands)
		}
	}
	return old
}

// without are the files that are not among the names.
func (e entry) without(names []string) []string {
	var old []string
	for _, name := range e.Files {
		if !slices.Contains(names, name) {
			old = append(old, name)
		}
	}
	return old
}

// readManifest reads what an earlier run left. One that cannot be read is as good as
// none: everything is published again.
func (p *Publisher) readManifest(ctx context.Context) (manifest, error) {
	empty := manifest{Version: 1, Videos: map[archive.VideoID]entry{}}
	data, err := p.Target.Get(ctx, manifestName)
	if errors.Is(err, archive.ErrNotFound) {
		return empty, nil
	}
	if err != nil {
		return manifest{}, fmt.Errorf("reading what is published: %w", err)
	}
	var m manifest
	if json.Unmarshal(data, &m) != nil || m.Version != 1 || m.Videos == nil {
		p.Log.WarnContext(ctx, "the manifest of what is published cannot be read; everything is published again")
		return empty, nil
	}
	return m, nil
}

func (r *run) save(ctx context.Context) error {
	data, err := json.Marshal(r.manifest)
	if err != nil {
		return fmt.Errorf("writing the manifest: %w", err)
	}
	if err := r.Target.Put(ctx, manifestName, data); err != nil {
		return fmt.Errorf("writing the manifest: %w", err)
	}
	return nil
}
