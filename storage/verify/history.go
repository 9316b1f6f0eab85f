package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"videoteca/archive"
	"videoteca/storage"
)

// event is an event as it stands in the store.
type event struct {
	archive.Event
	key    string
	digest string
	data   []byte
}

// history is the events of a video.
type history struct {
	*work
	video  archive.VideoID
	events map[string]event  // by ULID; those that can be read
	broken map[string]broken // the others
	listed map[string]bool   // keys that were met
	theirs map[string]event  // the second store's, by digest; nil before they were asked for
	faults int
}

// broken is an event that cannot stand as what it is.
type broken struct {
	problem
	key    string
	object storage.Object
}

// history reads the events of a video. What is wrong with one is reported by check, or at
// once where there is no record to check them by.
func (w *work) history(ctx context.Context, g group) (*history, error) {
	h := &history{work: w, video: g.id, events: map[string]event{}, broken: map[string]broken{}, listed: map[string]bool{}}
	for _, o := range g.events {
		if err := h.read(ctx, o); err != nil {
			return nil, err
		}
	}
	return h, nil
}

func (h *history) read(ctx context.Context, o storage.Object) error {
	if h.listed[o.Key] {
		return nil
	}
	h.listed[o.Key] = true
	id := stem(o.Key)
	if h.keys.Event(h.video, id) != o.Key {
		h.counted(0)
		h.note(Stray, o.Key, "no event has such a key")
		return nil
	}
	data, object, err := readDocument(ctx, h.Bucket, o.Key)
	if gone, failed := absent(err); gone || failed != nil {
		return failed
	}
	h.counted(object.Size)
	if err != nil {
		h.broken[id] = broken{problem{Unreadable, err.Error()}, o.Key, object}
		return nil
	}
	e, p := h.parse(o.Key, data)
	if p != nil && p.kind != NewerVersion {
		h.broken[id] = broken{*p, o.Key, object}
		return nil
	}
	if p != nil {
		h.note(p.kind, o.Key, p.detail)
	}
	h.events[id] = e
	return nil
}

// parse reads an event and holds it to its key.
func (h *history) parse(key string, data []byte) (event, *problem) {
	e, p := parse(h.schemas, "event", data, func(e archive.Event) error {
		if h.keys.Event(e.Video, e.ID) != key {
			return fmt.Errorf("it is event %s of video %s", e.ID, e.Video)
		}
		return nil
	})
	return event{e, key, hexDigest(data), data}, p
}

// again reads the events that came since they were listed: a listing that was read
// slowly may lack one that others already follow.
func (h *history) again(ctx context.Context) error {
	prefix := h.keys.Events(h.video)
	for object, err := range h.Bucket.List(ctx, prefix, "") {
		if err != nil {
			return unavailable(fmt.Errorf("listing %s: %w", prefix, err))
		}
		if err := h.read(ctx, object); err != nil {
			return err
		}
	}
	return nil
}

// latest is the highest revision of which an event tells; 0 for none.
func (h *history) latest() int64 {
	var latest int64
	for _, e := range h.events {
		latest = max(latest, e.Revision)
	}
	return latest
}

// ids is the events that can be read, the oldest first.
func (h *history) ids() []string { return slices.Sorted(maps.Keys(h.events)) }

func (h *history) digests() map[string]bool {
	digests := map[string]bool{}
	for _, e := range h.events {
		digests[e.digest] = true
	}
	return digests
}

// adopt works on with an event that the second store has.
func (h *history) adopt(e event) {
	h.events[e.ID] = e
	delete(h.broken, e.ID)
}

// fromOther reads the second store's events of the video, once. Its trouble is as if it had none.
func (h *history) fromOther(ctx context.Context) (map[string]event, error) {
	if h.theirs != nil || h.From == nil {
		return h.theirs, nil
	}
	h.theirs = map[string]event{}
	for object, err := range h.From.List(ctx, h.keys.Events(h.video), "") {
		if err != nil {
			return h.theirs, ctx.Err()
		}
		data, _, err := readDocument(ctx, h.From, object.Key)
		if err != nil {
			continue
		}
		if e, p := h.parse(object.Key, data); p == nil {
			h.theirs[e.digest] = e
		}
	}
	return h.theirs, ctx.Err()
}
