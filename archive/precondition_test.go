package archive_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

// changes are ways to alter a video, by name. Those of several writes are among them.
func (v *vault) changes(t *testing.T) map[string]func(context.Context, archive.VideoID) error {
	t.Helper()
	other := v.register(t, archivetest.OvalOfficeID).Video.ID
	drop := func(_ any, err error) error { return err }
	return map[string]func(context.Context, archive.VideoID) error{
		"describing": func(ctx context.Context, id archive.VideoID) error {
			return drop(v.Describe(ctx, id, archive.Words{Title: archive.Text{"es": "Otro"}}, "ana"))
		},
		"labelling": func(ctx context.Context, id archive.VideoID) error {
			return drop(v.Label(ctx, id, archive.Labels{AddTags: []string{"x"}}, "ana"))
		},
		"withdrawing": func(ctx context.Context, id archive.VideoID) error {
			return drop(v.Withdraw(ctx, id, archive.Text{"es": "x"}, "ana"))
		},
		"adding a mirror": func(ctx context.Context, id archive.VideoID) error {
			return drop(v.AddSource(ctx, id, v.watch(leavingID), "ana"))
		},
		"captions": func(ctx context.Context, id archive.VideoID) error {
			body := strings.NewReader("WEBVTT\n\n00:00.000 --> 00:01.000\nHola\n")
			return drop(v.SetCaptions(ctx, id, "es", archive.Upload{Body: body, Size: body.Size()}, "ana"))
		},
		"merging": func(ctx context.Context, id archive.VideoID) error {
			return drop(v.Merge(ctx, v.store, id, other, "ana"))
		},
		"erasing": func(ctx context.Context, id archive.VideoID) error {
			return drop(v.eraser().Erase(ctx, id, "GDPR", "", "ana"))
		},
	}
}

func TestAChangeOfARecordThatHasMovedOnAltersNothing(t *testing.T) {
	v := newVault(t)
	id := v.register(t, archivetest.NewYorkID).Video.ID
	for name, change := range v.changes(t) {
		before := v.video(t, id)
		if err := change(archive.Seeing(t.Context(), before.Revision-1, before.Revision+1), id); !errors.Is(err, archive.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
		if now := v.video(t, id); now.Revision != before.Revision {
			t.Errorf("%s: it went from revision %d to %d", name, before.Revision, now.Revision)
		}
	}
}

func TestAChangeOfARecordAsItWasSeenGoesAhead(t *testing.T) {
	for name := range newVault(t).changes(t) {
		v := newVault(t)
		change := v.changes(t)[name]
		id := v.register(t, archivetest.NewYorkID).Video.ID
		before := v.video(t, id)
		if err := change(archive.Seeing(t.Context(), 1_000, before.Revision), id); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if now := v.video(t, id); now.Revision == before.Revision {
			t.Errorf("%s: nothing was written", name)
		}
	}
}

func TestWithoutARevisionAnyWillDo(t *testing.T) {
	v := newVault(t)
	id := v.register(t, archivetest.NewYorkID).Video.ID
	if _, err := v.Label(archive.Seeing(t.Context()), id, archive.Labels{AddTags: []string{"x"}}, ""); err != nil {
		t.Error(err)
	}
}
