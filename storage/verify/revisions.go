package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"videoteca/storage"
)

// ahead reports a record that has fallen behind its events: an older one was put in its place. A write that came
// to nothing leaves one event of the next revision, never of one beyond it.
func (h *history) ahead(ctx context.Context, r record) error {
	if h.latest() <= r.Revision+1 {
		return nil
	}
	key := h.keys.Video(r.ID)
	data, _, err := readDocument(ctx, h.Bucket, key)
	if err != nil {
		_, err := absent(err)
		return err
	}
	var newer record
	if json.Unmarshal(data, &newer) == nil && newer.Revision > r.Revision {
		return nil // written since it was read
	}
	h.faults++
	h.fault(StaleRecord, key, fmt.Sprintf("it has revision %d, and its events tell of %d", r.Revision, h.latest()))
	return nil
}

// unapplied notes the events whose change never came: those of the newest writes are named by the record. Of
// earlier ones that cannot be told any more.
func (h *history) unapplied(r record) {
	oldest := r.Revision - int64(len(r.Writes)) // the revision before the first that is named
	for _, id := range h.ids() {
		e := h.events[id]
		if e.Revision > oldest && e.Revision <= r.Revision+1 && !slices.Contains(r.Writes, id) && h.drawnBefore(id) {
			h.note(Unapplied, e.key, fmt.Sprintf("its change to revision %d lost a race, or the program ended before it", e.Revision))
		}
	}
}

// unexplained notes revisions of which no event tells. Where the second store has such an event, it
// was lost here. Where events are lost anyway, it is said of those.
func (h *history) unexplained(ctx context.Context, r record) error {
	if int64(len(h.told())) >= r.Revision {
		return nil // which is so of nearly every video
	}
	theirs, err := h.fromOther(ctx)
	if err != nil {
		return err
	}
	for _, digest := range slices.Sorted(maps.Keys(theirs)) {
		e := theirs[digest]
		if _, here := h.events[e.ID]; here || e.Revision > r.Revision || h.told()[e.Revision] {
			continue
		}
		if err := h.mend(ctx, Missing, e.key, fmt.Sprintf("no other event tells of revision %d", e.Revision), storage.IfAbsent()); err != nil {
			return err
		}
	}
	h.untold(r)
	return nil
}

// told is the revisions of which events tell.
func (h *history) told() map[int64]bool {
	told := map[int64]bool{}
	for _, e := range h.events {
		told[e.Revision] = true
	}
	return told
}

func (h *history) untold(r record) {
	if h.faults > 0 {
		return
	}
	told := h.told()
	var first, count int64
	for revision := int64(fresh); revision <= r.Revision; revision++ {
		if told[revision] {
			continue
		}
		if count++; first == 0 {
			first = revision
		}
	}
	if count > 0 {
		h.note(Unexplained, h.keys.Video(r.ID), fmt.Sprintf("of %d of its revisions no event tells, first of %d: it was edited by hand, or they are lost", count, first))
	}
}
