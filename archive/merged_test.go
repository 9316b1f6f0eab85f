package archive_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

// merged is a video with a duplicate that was merged into it.
func (v *vault) merged(t *testing.T) (kept, duplicate archive.VideoID) {
	t.Helper()
	kept, duplicate = v.pair(t)
	if _, err := v.Merge(t.Context(), v.store, kept, duplicate, "ana"); err != nil {
		t.Fatal(err)
	}
	return kept, duplicate
}

// everyChange is a change of each kind, by name.
func (v *vault) everyChange(t *testing.T) map[string]func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	t.Helper()
	return map[string]func(ctx context.Context, id archive.VideoID) (archive.Video, error){
		"describing": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.Describe(ctx, id, archive.Words{Title: archive.Text{"fr": "Le titre"}}, "")
		},
		"labelling": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.Label(ctx, id, archive.Labels{AddTags: []string{"x"}}, "")
		},
		"withdrawing": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.Withdraw(ctx, id, archive.Text{"es": "x"}, "")
		},
		"placing under embargo": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.Embargo(ctx, id, v.now.Add(time.Hour), "")
		},
		"holding": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.Hold(ctx, id, "case 12-2025", "")
		},
		"preferring": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.Prefer(ctx, id, leavingKey, "")
		},
		"moving": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.Move(ctx, id, leavingKey, -1, "")
		},
		"ruling": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.Rule(ctx, id, leavingKey, archive.RulesDead, "seen by eye", "")
		},
		"adding a mirror": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			done, err := v.AddSource(ctx, id, v.watch(archivetest.OvalOfficeID), "")
			return done.Video, err
		},
		"adding a copy": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.AddCopy(ctx, id, upload(mp4File), allowed, "")
		},
		"captions": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.SetCaptions(ctx, id, "es", upload(vttFile), "")
		},
		"a poster": func(ctx context.Context, id archive.VideoID) (archive.Video, error) {
			return v.SetPoster(ctx, id, upload(picture(t, 8, 8)), "")
		},
	}
}

func TestAChangeAddressedToADuplicateIsMadeToTheVideoThatServesForIt(t *testing.T) {
	v := newVault(t)
	for name := range v.everyChange(t) {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			kept, duplicate := v.merged(t)
			before, old := v.video(t, kept), v.video(t, duplicate)
			change := v.everyChange(t)[name]
			if _, err := change(archive.Seeing(t.Context(), old.Revision+100), duplicate); !errors.Is(err, archive.ErrStale) {
				t.Errorf("at a revision that is nobody's: %v", err)
			}
			after, err := change(archive.Seeing(t.Context(), before.Revision), duplicate) // as whoever asks for the duplicate is told
			if err != nil || after.ID != kept || after.Revision <= before.Revision {
				t.Errorf("it changed %s, from revision %d to %d, %v", after.ID, before.Revision, after.Revision, err)
			}
			if now := v.video(t, duplicate); now.Revision != old.Revision {
				t.Errorf("the duplicate's own record was written: %+v", now)
			}
			if missing := v.dangling(t); len(missing) != 0 {
				t.Errorf("missing are %v", missing)
			}
			for _, c := range v.video(t, kept).Copies {
				if _, err := v.store.File(t.Context(), kept, c.File); err != nil {
					t.Errorf("the copy: %v", err)
				}
			}
		})
	}
}

func TestMergesInARowAreFollowedToTheirEnd(t *testing.T) {
	v := newVault(t)
	middle, first := v.merged(t)
	last := v.register(t, archivetest.OvalOfficeID).Video.ID
	if _, err := v.Merge(t.Context(), v.store, last, middle, ""); err != nil {
		t.Fatal(err)
	}
	for _, id := range []archive.VideoID{first, middle} {
		if now, err := v.Withdraw(t.Context(), id, archive.Text{"es": "x"}, ""); err != nil || now.ID != last {
			t.Errorf("withdrawing %s withdrew %s, %v", id, now.ID, err)
		}
		if _, err := v.Publish(t.Context(), id, ""); err != nil {
			t.Error(err)
		}
	}
	if _, err := v.store.Update(t.Context(), last, archive.Cause{Actor: "somebody", Verb: "merged"}, func(video *archive.Video) error {
		video.MergedInto = first // by hand: a circle
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	_, err := v.Withdraw(t.Context(), first, archive.Text{"es": "x"}, "")
	if field := new(archive.FieldError); !errors.As(err, &field) || !errors.Is(err, archive.ErrConflict) || !strings.Contains(field.Problem, "was merged into") {
		t.Errorf("in a circle: %v", err)
	}
}

func TestASourceWhoseClaimIsADuplicatesGoesToTheVideoThatServesForIt(t *testing.T) {
	for name, register := range map[string]func(v *vault, kept archive.VideoID) error{
		"registered": func(v *vault, _ archive.VideoID) error {
			_, err := v.Register(context.Background(), archive.Registration{URL: v.watch(archivetest.OvalOfficeID)})
			return err
		},
		"added": func(v *vault, kept archive.VideoID) error {
			_, err := v.AddSource(context.Background(), kept, v.watch(archivetest.OvalOfficeID), "")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			kept, duplicate := v.merged(t)
			key := archive.SourceKey{Platform: "maketube", ID: archivetest.OvalOfficeID}
			if _, err := v.store.Claim(t.Context(), key, duplicate); err != nil { // a mirror was being added when it was merged
				t.Fatal(err)
			}
			if err := register(v, kept); err != nil {
				t.Fatal(err)
			}
			now := v.video(t, kept)
			if s := now.Source(key); s == nil || s.Described == nil || len(v.video(t, duplicate).Sources) != 0 {
				t.Errorf("the source is %+v; the duplicate has %+v", s, v.video(t, duplicate).Sources)
			}
		})
	}
}

func TestAChangeThatWasTheDuplicatesOwnIsNotUndone(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.pair(t)
	was, err := v.Describe(t.Context(), duplicate, archive.Words{Title: archive.Text{"fr": "Le titre"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	merged, err := v.Merge(t.Context(), v.store, kept, duplicate, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.undo(t, was, "describe")
	if field := new(archive.FieldError); !errors.As(err, &field) || !strings.Contains(field.Problem, string(kept)) {
		t.Errorf("got %v", err)
	}
	if now := v.video(t, kept); now.Revision != merged.Revision || now.Title["fr"] != "Le titre" {
		t.Errorf("the video kept is %+v", now)
	}
}

func TestADuplicateIsMergedIntoTheVideoThatServesForTheOneNamed(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.merged(t)
	another := v.register(t, archivetest.OvalOfficeID).Video.ID
	now, err := v.Merge(t.Context(), v.store, duplicate, another, "")
	if err != nil || now.ID != kept || len(now.Sources) != 3 {
		t.Errorf("%s has %d sources, %v", now.ID, len(now.Sources), err)
	}
	field := new(archive.FieldError)
	if _, err := v.Merge(t.Context(), v.store, duplicate, kept, ""); !errors.As(err, &field) || field.Field != "duplicate" {
		t.Errorf("into its own duplicate: %v", err)
	}
}
