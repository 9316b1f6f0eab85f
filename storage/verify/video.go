package verify

import (
	"context"
	"fmt"
	"strings"

	"videoteca/archive"
	"videoteca/storage"
)

// record is a video's record with the ids of its newest writes.
type record struct {
	Version int `json:"version"`
	archive.Video
	Writes []string `json:"writes"`
}

// fresh is the revision of a record's first write: an event of a later one proves that a record stood there.
const fresh = 1

// video checks a record and everything that hangs on it. The record is read first, so that what it
// names was there before.
func (w *work) video(ctx context.Context, g group) error {
	for _, key := range g.strays {
		w.counted(0)
		w.note(Stray, key, "no video has such a key")
	}
	if g.id == "" {
		return nil
	}
	r, d, found, err := read(ctx, w, w.keys.Video(g.id), "video", ofVideo(g.id))
	if err != nil {
		return err
	}
	history, err := w.history(ctx, g)
	if err != nil {
		return err
	}
	if !found {
		if r, d, found, err = w.lost(ctx, g, history); err != nil || !found {
			return err
		}
	}
	if d.good && r.Visibility.Exposure == archive.Erased {
		return nil // what erasure left is all there is to be
	}
	k := newKeeping(w, g, d.good)
	if d.good {
		if err := w.recordOf(ctx, g, r, history); err != nil {
			return err
		}
		k.takeRecord(r, d)
	} else if err := history.checkAlone(ctx); err != nil {
		return err
	}
	k.mention(d.data)
	for _, e := range history.events {
		k.mention(e.data)
	}
	if err := k.checkCaptures(ctx); err != nil {
		return err
	}
	return k.checkFiles(ctx)
}

// ofVideo holds a record to its key.
func ofVideo(id archive.VideoID) func(record) error {
	return func(r record) error {
		if r.ID != id {
			return fmt.Errorf("it is the record of %s", r.ID)
		}
		return nil
	}
}

// recordOf checks what a good record says of its history and of its sources.
func (w *work) recordOf(ctx context.Context, g group, r record, history *history) error {
	if g.other {
		if err := w.compare(ctx, r); err != nil {
			return err
		}
	}
	if err := history.check(ctx, r); err != nil {
		return err
	}
	return w.claims(ctx, r)
}

// compare notes where the second store knows more. That it knows less is what copies are like.
func (w *work) compare(ctx context.Context, r record) error {
	key := w.keys.Video(r.ID)
	data, _, err := readDocument(ctx, w.From, key)
	if err != nil {
		return ctx.Err() // the second store's trouble; the repairs that need it say so
	}
	there, p := parse(w.schemas, "video", data, ofVideo(r.ID))
	if p == nil && there.Revision > r.Revision {
		w.note(OtherIsNewer, key, fmt.Sprintf("it has revision %d, and in the second store %d", r.Revision, there.Revision))
	}
	return nil
}

// lost is a video without a record. Where events tell of changes of one, or the second store has it,
// it is lost; otherwise its registration was broken off.
func (w *work) lost(ctx context.Context, g group, h *history) (record, document, bool, error) {
	key := w.keys.Video(g.id)
	if there, err := w.there(ctx, key); err != nil || there {
		r, d, found, err := read(ctx, w, key, "video", ofVideo(g.id)) // written since
		return r, d, found, err
	}
	if g.other || h.latest() > fresh {
		detail := "records are never deleted"
		if n := h.latest(); n > 0 {
			detail = fmt.Sprintf("its events tell of revision %d", n)
		}
		r, d, err := restore(ctx, w, key, "video", detail, ofVideo(g.id))
		return r, d, true, err
	}
	for _, left := range []struct {
		what    string
		objects []storage.Object
	}{{"events", g.events}, {"captures", g.captures}, {"files", g.files}} {
		if n := len(left.objects); n > 0 && w.old(left.objects[n-1]) {
			w.note(Orphan, left.objects[0].Key, fmt.Sprintf("%s: %d of a video that has no record", left.what, n))
		}
	}
	return record{}, document{}, len(g.files)+len(g.captures) > 0, nil
}

// stem is an object's name without extension.
func stem(key string) string {
	name := key[strings.LastIndexByte(key, '/')+1:]
	name, _, _ = strings.Cut(name, ".")
	return name
}
