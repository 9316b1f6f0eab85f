package publish

import (
	"cmp"
	"context"
	"iter"

	"videoteca/archive"
)

// Served yields each video as its id is served. The id of one that was merged into another is served by the record of
// that other: it comes under the duplicate's id, with MergedInto naming the video whose record it is. Reading asks
// serving for the record that serves for an id; where that knows none but the duplicate's own, the duplicate is left
// out. An error is yielded last.
func Served(ctx context.Context, videos iter.Seq2[archive.Video, error], serving func(context.Context, archive.VideoID) (archive.Video, error)) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for v, err := range videos {
			if err == nil && v.MergedInto != "" {
				id := v.ID
				if v, err = serving(ctx, id); err == nil && v.ID == id {
					continue
				}
				v.ID, v.MergedInto = id, v.ID
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// keeper is the id of the video whose record v is, under which its files are kept.
func keeper(v archive.Video) archive.VideoID { return cmp.Or(v.MergedInto, v.ID) }
