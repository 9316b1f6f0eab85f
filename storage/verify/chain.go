package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"videoteca/storage"
)

// keptWrites is how many of its newest writes a record names.
const keptWrites = 16

// absent tells an object that is gone, and a store that cannot be asked, from one that
// cannot be read, which is a finding.
func absent(err error) (gone bool, failed error) {
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return true, nil
	case errors.Is(err, errUnreadable), errors.Is(err, errTooLarge):
		return false, nil
	}
	return false, err
}

// check holds the events to each other and to the record.
func (h *history) check(ctx context.Context, r record) error {
	if len(h.loose())+len(h.lacking(r)) > 0 {
		if err := h.again(ctx); err != nil {
			return err
		}
	}
	for _, mend := range []func(context.Context, record) error{h.mendBroken, h.mendLacking, h.mendChain} {
		if err := mend(ctx, r); err != nil {
			return err
		}
	}
	if err := h.ahead(ctx, r); err != nil {
		return err
	}
	h.unapplied(r)
	return h.unexplained(ctx, r)
}

// checkAlone holds the events to each other, where there is no record that could be read.
func (h *history) checkAlone(ctx context.Context) error {
	if err := h.mendBroken(ctx, record{}); err != nil {
		return err
	}
	return h.mendChain(ctx, record{})
}

// loose is the events that follow one which is not there, the oldest first.
func (h *history) loose() []event {
	digests := h.digests()
	var loose []event
	for _, id := range h.ids() {
		if e := h.events[id]; e.Previous != "" && !digests[e.Previous] {
			loose = append(loose, e)
		}
	}
	return loose
}

// lacking is the writes of the record whose events are not there, the oldest first.
func (h *history) lacking(r record) []string {
	return slices.DeleteFunc(slices.Clone(r.Writes), func(id string) bool {
		_, here := h.events[id]
		_, isBroken := h.broken[id]
		return here || isBroken
	})
}

// mendBroken reports the events that cannot be read.
func (h *history) mendBroken(ctx context.Context, _ record) error {
	for _, id := range slices.Sorted(maps.Keys(h.broken)) {
		b := h.broken[id]
		if err := h.mend(ctx, b.kind, b.key, b.detail, damaged(b.object)); err != nil {
			return err
		}
	}
	return nil
}

// mendLacking reports the events that are not there although the record says that they came to pass.
func (h *history) mendLacking(ctx context.Context, r record) error {
	for _, id := range h.lacking(r) {
		key := h.keys.Event(h.video, id)
		if err := h.mend(ctx, Missing, key, "the record says that it came to pass", storage.IfAbsent()); err != nil {
			return err
		}
		if _, here := h.events[id]; !here {
			h.broken[id] = broken{problem: problem{kind: Missing}, key: key}
		}
	}
	return nil
}

// mend reports an event, and puts it back where the second store's hangs together with the others here.
func (h *history) mend(ctx context.Context, kind Kind, key, detail string, cond storage.Condition) error {
	theirs, err := h.fromOther(ctx)
	if err != nil {
		return err
	}
	r, err := h.putBack(ctx, key, cond, func(data []byte) error {
		e, p := h.parse(key, data)
		if p != nil {
			return errors.New(p.detail)
		}
		if _, known := theirs[e.Previous]; e.Previous == "" || h.digests()[e.Previous] || h.wanted(e.digest) || known {
			return nil
		}
		return errors.New("it follows an event that is in neither store")
	})
	if err != nil {
		return err
	}
	h.faults++
	h.faulty(kind, key, detail, r)
	if r.possible {
		e, _ := h.parse(key, r.data)
		h.adopt(e)
	}
	return nil
}

// wanted reports whether an event here names the digest.
func (h *history) wanted(digest string) bool {
	for _, e := range h.events {
		if e.Previous == digest {
			return true
		}
	}
	return false
}

// mendChain reports the events that follow one which is not there or was altered. With a second store it finds
// out which one, and puts it back; that one may follow a lost one in its turn.
func (h *history) mendChain(ctx context.Context, _ record) error {
	reported := map[string]bool{} // by digest: a fork is one loss
	for range len(h.listed) + keptWrites {
		loose := slices.DeleteFunc(h.loose(), func(e event) bool { return reported[e.Previous] || h.known(e) })
		if len(loose) == 0 {
			return nil
		}
		reported[loose[0].Previous] = true
		if err := h.mendLoose(ctx, loose[0]); err != nil {
			return err
		}
	}
	return nil
}

// known reports whether the event next before e was reported already, which is then the one that e follows.
func (h *history) known(e event) bool {
	before := ""
	for id := range maps.Keys(h.broken) {
		if id < e.ID && id > before {
			before = id
		}
	}
	for id := range maps.Keys(h.events) {
		if id < e.ID && id > before {
			return false
		}
	}
	return before != ""
}

func (h *history) mendLoose(ctx context.Context, e event) error {
	theirs, err := h.fromOther(ctx)
	if err != nil {
		return err
	}
	h.faults++
	lost, known := theirs[e.Previous]
	if !known {
		h.fault(BrokenChain, e.key, fmt.Sprintf("it follows the event with digest %s, which is not there or was altered", e.Previous))
		return nil
	}
	cond, detail, kind := storage.IfAbsent(), "event "+e.ID+" follows it", Missing
	if _, here := h.events[lost.ID]; here {
		object, err := h.Bucket.Stat(ctx, lost.key)
		if err != nil {
			return unavailable(err)
		}
		cond, detail, kind = damaged(object), "it is not the one that event "+e.ID+" follows: it was altered", BrokenChain
	}
	r, err := h.write(ctx, lost.key, bytes.NewReader(lost.data), int64(len(lost.data)), cond, lost.data)
	if err != nil {
		return err
	}
	h.faulty(kind, lost.key, detail, r)
	h.adopt(lost)
	return nil
}
