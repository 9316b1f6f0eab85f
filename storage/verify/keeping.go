package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"

	"videoteca/archive"
	"videoteca/storage"
)

// keeping is the captures and files of one video.
type keeping struct {
	*work
	group
	whole    bool                    // there is a record, so what is named by nobody is an orphan
	named    map[string]archive.File // by the record and the captures, by name: these must be there
	by       map[string]string       // who names them, a key
	known    map[string]bool         // names that are mentioned anywhere, in events too
	captured map[string]bool         // captures that the record names, by ULID
	purged   map[string]bool         // digests and captures that the record says were purged
	seen     map[string]string       // ETags of those who name something, by key
}

func newKeeping(w *work, g group, whole bool) *keeping {
	return &keeping{
		work: w, group: g, whole: whole,
		named: map[string]archive.File{}, by: map[string]string{}, known: map[string]bool{}, captured: map[string]bool{},
		purged: map[string]bool{}, seen: map[string]string{},
	}
}

// fileName is what a kept file is called: its digest, and an extension.
var fileName = regexp.MustCompile(`^[0-9a-f]{64}\.[a-z0-9]{1,16}$`)

// mention keeps a document's files from being called orphans.
func (k *keeping) mention(data []byte) {
	for _, name := range filesIn(data) {
		k.known[name] = true
	}
}

// need takes files as named by the object with this key.
func (k *keeping) need(key string, files ...archive.File) {
	for _, f := range files {
		if _, there := k.named[f.Name()]; !there {
			k.named[f.Name()], k.by[f.Name()] = f, key
		}
		k.known[f.Name()] = true
	}
}

// takeRecord takes what a record names. Events name files too, but these may have been purged since.
func (k *keeping) takeRecord(r record, d document) {
	key := k.keys.Video(r.ID)
	k.seen[key] = d.object.ETag
	k.takePurged(d.data)
	for _, c := range r.Copies {
		k.need(key, c.File)
	}
	for _, c := range r.Captions {
		k.need(key, c.File)
	}
	if r.Picture != nil {
		k.need(key, *r.Picture)
	}
	for _, s := range r.Sources {
		if s.Described != nil {
			k.captured[s.Described.Capture] = true
			k.need(key, s.Described.Thumbnails...)
		}
		for _, f := range s.Standing.Answers() {
			k.need(key, f)
		}
	}
}

// takePurged takes what retention deleted. The record may go on naming an answer as the evidence that it was.
func (k *keeping) takePurged(data []byte) {
	var of struct {
		Sources []struct {
			Purged []struct{ Capture, Digest string } `json:"purged"`
		} `json:"sources"`
	}
	if json.Unmarshal(data, &of) != nil {
		return
	}
	for _, s := range of.Sources {
		for _, p := range s.Purged {
			k.purged[p.Capture], k.purged[p.Digest] = true, true
		}
	}
}

// stillNamed reports whether the object that names another is as it was when it was read. Retention may
// have changed or deleted both meanwhile, and the next pass sees what it left.
func (k *keeping) stillNamed(ctx context.Context, by string) (bool, error) {
	object, err := k.Bucket.Stat(ctx, by)
	if errors.Is(err, storage.ErrNotFound) {
		return k.seen[by] == "", nil
	}
	if err != nil {
		return false, unavailable(err)
	}
	return k.seen[by] == "" || object.ETag == k.seen[by], nil
}

// checkCaptures checks the captures that were listed, and that those which the record names are there.
func (k *keeping) checkCaptures(ctx context.Context) error {
	for _, o := range k.captures {
		id := stem(o.Key)
		delete(k.captured, id)
		if k.keys.Capture(k.id, id) != o.Key {
			k.counted(0)
			k.note(Stray, o.Key, "no capture has such a key")
			continue
		}
		c, d, found, err := read(ctx, k.work, o.Key, "capture", k.isCapture(id))
		if err != nil {
			return err
		}
		if found && d.good {
			k.takeCapture(o.Key, c, d)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(k.captured)) {
		if k.purged[id] {
			continue
		}
		if err := k.missingCapture(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (k *keeping) takeCapture(key string, c archive.Capture, d document) {
	k.seen[key] = d.object.ETag
	k.need(key, c.Thumbnails...)
	k.need(key, c.Raw...)
	k.mention(d.data)
}

func (k *keeping) isCapture(id string) func(archive.Capture) error {
	return func(c archive.Capture) error {
		if c.ID != id || c.Video != k.id {
			return fmt.Errorf("it is capture %s of video %s", c.ID, c.Video)
		}
		return nil
	}
}

func (k *keeping) missingCapture(ctx context.Context, id string) error {
	key := k.keys.Capture(k.id, id)
	c, d, found, err := read(ctx, k.work, key, "capture", k.isCapture(id)) // perhaps only not listed
	if err != nil {
		return err
	}
	if !found {
		if named, err := k.stillNamed(ctx, k.keys.Video(k.id)); err != nil || !named {
			return err
		}
		c, d, err = restore(ctx, k.work, key, "capture", "the record names it", k.isCapture(id))
		if err != nil {
			return err
		}
	}
	if d.good {
		k.takeCapture(key, c, d)
	}
	return nil
}

// checkFiles hashes the files that were listed, and checks that those which are named are there.
func (k *keeping) checkFiles(ctx context.Context) error {
	met := map[string]bool{}
	for _, o := range k.files {
		name := path.Base(o.Key)
		met[name] = true
		if err := k.file(ctx, o.Key, name, o); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(k.named)) {
		if met[name] || k.purged[k.named[name].Digest] {
			continue
		}
		if err := k.missingFile(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// file checks one file's content and its size.
func (k *keeping) file(ctx context.Context, key, name string, listed storage.Object) error {
	if !fileName.MatchString(name) {
		k.counted(0)
		k.note(Stray, key, "no file has such a key")
		return nil
	}
	digest, object, err := digestOf(ctx, k.Bucket, key)
	gone, failed := absent(err)
	switch {
	case gone:
		return nil // purged since; were it named, missing
	case failed != nil:
		return fmt.Errorf("reading %s: %w", key, failed)
	}
	k.counted(object.Size)
	if err != nil || digest != stem(key) {
		return k.badFile(ctx, key, digest, object, err)
	}
	switch f, named := k.named[name]; {
	case named && f.Bytes != object.Size:
		k.fault(Size, key, fmt.Sprintf("it has %d bytes, and %s says %d", object.Size, k.by[name], f.Bytes))
	case k.whole && !k.known[name] && k.old(listed):
		k.note(Orphan, key, "neither the record nor a capture nor an event names it")
	}
	return nil
}

// badFile reports a file that is not what its name says, or cannot be read.
func (k *keeping) badFile(ctx context.Context, key, digest string, object storage.Object, unreadable error) error {
	kind, detail := Content, "its content has the digest "+digest
	if f, named := k.named[path.Base(key)]; named && f.Bytes != object.Size {
		detail = fmt.Sprintf("it has %d bytes of %d", object.Size, f.Bytes)
	}
	if unreadable != nil {
		kind, detail = Unreadable, unreadable.Error()
	}
	r, err := k.putBackFile(ctx, key, stem(key), damaged(object))
	if err != nil {
		return err
	}
	k.faulty(kind, key, detail, r)
	return nil
}

func (k *keeping) missingFile(ctx context.Context, name string) error {
	if !fileName.MatchString(name) {
		k.fault(Misplaced, k.by[name], fmt.Sprintf("it names a file %q, and no file can be called so", name))
		return nil
	}
	key := k.keys.File(k.id, k.named[name])
	there, err := k.there(ctx, key)
	if err != nil {
		return err
	}
	if there { // written after the files were listed
		return k.file(ctx, key, name, storage.Object{Key: key, Modified: k.Now()})
	}
	if named, err := k.stillNamed(ctx, k.by[name]); err != nil || !named {
		return err
	}
	r, err := k.putBackFile(ctx, key, stem(key), storage.IfAbsent())
	if err != nil {
		return err
	}
	k.faulty(Missing, key, k.by[name]+" names it", r)
	return nil
}
