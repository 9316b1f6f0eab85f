package verify

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"videoteca/archive"
	"videoteca/storage"
)

// group is what stands in the store of one video, as it was listed.
type group struct {
	id       archive.VideoID
	record   bool // there is one here
	other    bool // there is one in the second store
	events   []storage.Object
	captures []storage.Object
	files    []storage.Object
	strays   []string // keys beside it that belong to no video
}

func (g group) empty() bool {
	return !g.record && !g.other && len(g.events)+len(g.captures)+len(g.files) == 0
}

func (g *group) add(folder string, o storage.Object) {
	switch folder {
	case "videos/":
		g.record = true
	case "events/":
		g.events = append(g.events, o)
	case "captures/":
		g.captures = append(g.captures, o)
	case "files/":
		g.files = append(g.files, o)
	case other:
		g.other = true
	}
}

// other marks the second store's records among the listings.
const other = "other"

// videoUnits joins the listings of records, events, captures and files, which are in the same order, so that only
// one video's objects are in memory and a video that lost its record is met too.
func (c *checker) videoUnits(ctx context.Context, _, after string) iter.Seq2[unit, error] {
	return func(yield func(unit, error) bool) {
		for g, err := range c.groups(ctx, after) {
			if !yield(unit{string(g.id), func(ctx context.Context, w *work) error { return w.video(ctx, g) }}, err) || err != nil {
				return
			}
		}
	}
}

// groups yields the videos that come after the id.
func (c *checker) groups(ctx context.Context, after string) iter.Seq2[group, error] {
	return func(yield func(group, error) bool) {
		var heads []*head
		for _, folder := range []string{"videos/", "events/", "captures/", "files/"} {
			heads = append(heads, headOf(ctx, c.Bucket, folder, folder, after))
		}
		if c.From != nil {
			heads = append(heads, headOf(ctx, c.From, other, "videos/", after))
		}
		defer func() {
			for _, h := range heads {
				h.stop()
			}
		}()
		for {
			g, err := joined(heads)
			if err != nil || g.id == "" && len(g.strays) == 0 {
				if err != nil {
					yield(group{}, unavailable(err))
				}
				return
			}
			if !yield(g, nil) {
				return
			}
		}
	}
}

// joined takes from the listings what belongs to the first video among them.
func joined(heads []*head) (group, error) {
	var g group
	for _, h := range heads {
		for h.fill() && h.id == "" {
			if h.folder != other {
				g.strays = append(g.strays, h.object.Key)
			}
			h.full = false
		}
		if h.err != nil {
			return g, h.err
		}
		if h.full && (g.id == "" || h.id < g.id) {
			g.id = h.id
		}
	}
	for _, h := range heads {
		for h.full && h.id == g.id && g.id != "" {
			g.add(h.folder, h.object)
			h.full = false
			h.fill()
		}
	}
	return g, nil
}

// head is the next object of a listing.
type head struct {
	folder string
	next   func() (storage.Object, error, bool)
	stop   func()
	full   bool
	object storage.Object
	id     archive.VideoID // empty for a key that belongs to no video
	err    error
}

func headOf(ctx context.Context, b storage.Bucket, name, prefix, after string) *head {
	start := ""
	if after != "" {
		start = prefix + after[:2] + "/" + after + "0" // sorts behind the video's own keys, whose next character is a dot or a slash
	}
	next, stop := iter.Pull2(b.List(ctx, prefix, start))
	return &head{folder: name, next: next, stop: stop}
}

// fill reports whether there is an object.
func (h *head) fill() bool {
	if h.full || h.err != nil {
		return h.full
	}
	object, err, ok := h.next()
	if !ok {
		return false
	}
	if h.err = err; err != nil {
		return false
	}
	h.full, h.object, h.id = true, object, videoAt(object.Key)
	return true
}

// videoAt is the video that a key belongs to, empty for none.
func videoAt(key string) archive.VideoID {
	parts := strings.Split(key, "/")
	folder, name := parts[0], parts[min(2, len(parts)-1)]
	want := 4
	if folder == "videos" {
		want = 3
		stem, isJSON := strings.CutSuffix(name, ".json")
		if !isJSON {
			return ""
		}
		name = stem
	}
	id, err := archive.ParseVideoID(name)
	if err != nil || len(parts) != want || parts[1] != name[:2] || string(id) != name {
		return ""
	}
	return id
}

// groupOf lists one video.
func (c *checker) groupOf(ctx context.Context, id archive.VideoID) (group, error) {
	g := group{id: id}
	_, err := c.Bucket.Stat(ctx, c.keys.Video(id))
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return g, unavailable(err)
	}
	g.record = err == nil
	if c.From != nil {
		_, err := c.From.Stat(ctx, c.keys.Video(id))
		g.other = err == nil
	}
	for _, folder := range []string{"events/", "captures/", "files/"} {
		prefix := folder + string(id[:2]) + "/" + string(id) + "/"
		for object, err := range c.Bucket.List(ctx, prefix, "") {
			if err != nil {
				return g, unavailable(fmt.Errorf("listing %s: %w", prefix, err))
			}
			g.add(folder, object)
		}
	}
	return g, nil
}
