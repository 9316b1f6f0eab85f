package verify

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"strings"

	"videoteca/archive"
	"videoteca/storage"
)

// anywhere holds a document to no key.
func anywhere(map[string]any) error { return nil }

// installationUnits is the store's marker, which is one unit also where it is missing.
func (c *checker) installationUnits(_ context.Context, key, after string) iter.Seq2[unit, error] {
	return func(yield func(unit, error) bool) {
		if after != key {
			yield(unit{key, func(ctx context.Context, w *work) error { return w.installation(ctx) }}, nil)
		}
	}
}

// installation checks the store's marker. Only an empty store may do without.
func (w *work) installation(ctx context.Context) error {
	_, _, found, err := read(ctx, w, storage.KeyInstallation, "installation", anywhere)
	if err != nil || found {
		return err
	}
	for o, err := range w.Bucket.List(ctx, "videos/", "") {
		if err != nil {
			return unavailable(fmt.Errorf("listing videos: %w", err))
		}
		_, _, err := restore(ctx, w, storage.KeyInstallation, "installation", "the store has records, "+o.Key+" among them", anywhere)
		return err
	}
	return nil
}

// setting checks what people set, and who changed it.
func (w *work) setting(ctx context.Context, o storage.Object) error {
	if strings.HasPrefix(o.Key, "settings/events/") {
		_, _, _, err := read(ctx, w, o.Key, "setting-change", func(e archive.SettingChange) error {
			if e.ID+".json" != path.Base(o.Key) {
				return fmt.Errorf("it is change %s", e.ID)
			}
			return nil
		})
		return err
	}
	_, _, _, err := read(ctx, w, o.Key, "setting", anywhere)
	return err
}

// passing checks leases, quota and change markers. They serve for a day or two and prove nothing afterwards, so
// they are not put back.
func (w *work) passing(ctx context.Context, o storage.Object) error {
	kinds := map[string]string{"leases": "lease", "quota": "quota", "changes": "change"}
	folder := path.Dir(o.Key)
	for path.Dir(folder) != "." {
		folder = path.Dir(folder)
	}
	return w.fleeting(ctx, o, kinds[folder])
}

// fleeting checks a document that is never put back.
func (w *work) fleeting(ctx context.Context, o storage.Object, schema string) error {
	data, object, err := readDocument(ctx, w.Bucket, o.Key)
	if gone, failed := absent(err); gone || failed != nil {
		return failed
	}
	w.counted(object.Size)
	if err != nil {
		w.fault(Unreadable, o.Key, err.Error())
		return nil
	}
	switch _, p := parse(w.schemas, schema, data, anywhere); {
	case p == nil:
	case p.kind == NewerVersion:
		w.note(p.kind, o.Key, p.detail)
	default:
		w.fault(p.kind, o.Key, p.detail)
	}
	return nil
}

// article checks a page, and that its videos are there.
func (w *work) article(ctx context.Context, o storage.Object) error {
	a, d, found, err := read(ctx, w, o.Key, "article", func(a archive.Article) error {
		if w.keys.Article(a.ID) != o.Key {
			return fmt.Errorf("it is article %s", a.ID)
		}
		return nil
	})
	if err != nil || !found || !d.good {
		return err
	}
	for _, p := range a.Placements {
		_, err := archive.ParseVideoID(string(p.Video))
		there := false
		if err == nil {
			there, err = w.there(ctx, w.keys.Video(p.Video))
		}
		if err != nil && !errors.Is(err, archive.ErrBadID) {
			return err
		}
		if !there {
			w.fault(Dangling, o.Key, fmt.Sprintf("it places video %s, which has no record", p.Video))
		}
	}
	return nil
}

// channel checks what is known of a channel.
func (w *work) channel(ctx context.Context, o storage.Object) error {
	_, _, _, err := read(ctx, w, o.Key, "channel", func(c archive.Channel) error {
		if want := w.keys.Channel(c.Key); want != o.Key {
			return fmt.Errorf("it is of %s, which belongs under %s", c.Key, want)
		}
		return nil
	})
	return err
}
