package archive_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/storage"
)

// interrupted is a store in which somebody else does something in the middle of a merge: when everything is copied, or
// when the video kept has absorbed the duplicate and its claims are moved.
type interrupted struct {
	*storage.Store
	copied, moved       int // how often
	copying, movingOver func(times int)
}

func (i *interrupted) CopyBelongings(ctx context.Context, from, to archive.VideoID) error {
	err := i.Store.CopyBelongings(ctx, from, to)
	if i.copied++; i.copying != nil {
		i.copying(i.copied)
	}
	return err
}

func (i *interrupted) MoveClaim(ctx context.Context, key archive.SourceKey, from, to archive.VideoID) error {
	if i.moved++; i.movingOver != nil {
		i.movingOver(i.moved)
	}
	return i.Store.MoveClaim(ctx, key, from, to)
}

// moments are the two moments, by name, at the first of which something is done.
func (v *vault) moments(t *testing.T) map[string]func(do func() error) *interrupted {
	t.Helper()
	first := func(do func() error) func(int) {
		return func(times int) {
			if times > 1 {
				return
			}
			if err := do(); err != nil {
				t.Error(err)
			}
		}
	}
	return map[string]func(do func() error) *interrupted{
		"copying":     func(do func() error) *interrupted { return &interrupted{Store: v.store, copying: first(do)} },
		"moving over": func(do func() error) *interrupted { return &interrupted{Store: v.store, movingOver: first(do)} },
	}
}

func TestWhatIsWrittenToTheDuplicateMeanwhileGoesOverToo(t *testing.T) {
	for name, tt := range map[string]struct {
		meanwhile func(ctx context.Context, v *vault, duplicate archive.VideoID) error
		arrived   func(v *vault, now archive.Video) bool
	}{
		"other words": {
			func(ctx context.Context, v *vault, id archive.VideoID) error {
				_, err := v.Describe(ctx, id, archive.Words{Title: archive.Text{"es": "Mejor dicho", "fr": "Le titre"}}, "eva")
				return err
			},
			func(_ *vault, now archive.Video) bool {
				return now.Title["es"] == "Mejor dicho" && now.Title["fr"] == "Le titre" && now.Title["en"] == "Ours"
			},
		},
		"a copy": {
			func(ctx context.Context, v *vault, id archive.VideoID) error {
				_, err := v.AddCopy(ctx, id, upload(mp4File), allowed, "eva")
				return err
			},
			func(v *vault, now archive.Video) bool {
				if len(now.Copies) != 1 {
					return false
				}
				data, err := v.store.File(context.Background(), now.ID, now.Copies[0].File)
				return err == nil && string(data) == mp4File
			},
		},
		"captions, and an own poster": {
			func(ctx context.Context, v *vault, id archive.VideoID) error {
				_, err := v.SetCaptions(ctx, id, "es", upload(vttFile), "eva")
				if err == nil {
					_, err = v.SetPoster(ctx, id, upload("\x89PNG\r\n\x1a\n"), "eva")
				}
				return err
			},
			func(_ *vault, now archive.Video) bool { return len(now.Captions) == 1 && now.Picture != nil },
		},
		"a mirror": {
			func(ctx context.Context, v *vault, id archive.VideoID) error {
				_, err := v.AddSource(ctx, id, v.watch(archivetest.OvalOfficeID), "eva")
				return err
			},
			func(v *vault, now archive.Video) bool {
				s := now.Source(archive.SourceKey{Platform: "maketube", ID: archivetest.OvalOfficeID})
				if s == nil || s.Described == nil {
					return false
				}
				owner, err := v.store.Claim(context.Background(), s.SourceKey, now.ID)
				return err == nil && owner == now.ID
			},
		},
		"a ruling": {
			func(ctx context.Context, v *vault, id archive.VideoID) error {
				_, err := v.Rule(ctx, id, leavingKey, archive.RulesDead, "seen by eye", "eva")
				return err
			},
			func(_ *vault, now archive.Video) bool { return now.Source(leavingKey).State() == archive.Gone },
		},
		"a hold": {
			func(ctx context.Context, v *vault, id archive.VideoID) error {
				_, err := v.Hold(ctx, id, "case 12-2025", "eva")
				return err
			},
			func(_ *vault, now archive.Video) bool { return now.LegalHold != nil },
		},
		"labels and notes": {
			func(ctx context.Context, v *vault, id archive.VideoID) error {
				notes, tags := "Otra nota", []string{"Nueva York"}
				_, err := v.Describe(ctx, id, archive.Words{Notes: &notes, Tags: &tags}, "eva")
				return err
			},
			func(_ *vault, now archive.Video) bool {
				return now.Notes == "Otra nota" && slices.Contains(now.Tags, "Nueva York")
			},
		},
	} {
		for _, moment := range []string{"copying", "moving over"} {
			t.Run(name+" while "+moment, func(t *testing.T) {
				v := newVault(t)
				kept, duplicate := v.pair(t)
				store := v.moments(t)[moment](func() error { return tt.meanwhile(t.Context(), v, duplicate) })
				merged, err := v.Merge(archive.Seeing(t.Context(), v.video(t, kept).Revision), store, kept, duplicate, "ana")
				if err != nil {
					t.Fatal(err)
				}
				if now := v.video(t, kept); !tt.arrived(v, now) || now.Revision != merged.Revision || store.copied != 2 {
					t.Errorf("copied %d times, and it is %+v", store.copied, now)
				}
				if old := v.video(t, duplicate); old.MergedInto != kept || len(old.Sources)+len(old.Copies)+len(old.Captions) != 0 {
					t.Errorf("the duplicate is %+v", old)
				}
				if missing := v.dangling(t); len(missing) != 0 {
					t.Errorf("missing are %v", missing)
				}
			})
		}
	}
}

// What the video kept was made meanwhile is nobody else's to take back.
func TestWhatTheKeptVideoBecomesMeanwhileStays(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.pair(t)
	store := &interrupted{Store: v.store}
	store.movingOver = func(times int) {
		var err error
		switch times {
		case 1:
			_, err = v.Describe(t.Context(), duplicate, archive.Words{Caption: archive.Text{"es": "Uno"}}, "eva")
		case 2:
			_, err = v.Describe(t.Context(), kept, archive.Words{Title: archive.Text{"es": "Nuestro"}}, "eva")
			if err == nil {
				_, err = v.Describe(t.Context(), duplicate, archive.Words{Title: archive.Text{"es": "De otro"}}, "eva")
			}
		}
		if err != nil {
			t.Error(err)
		}
	}
	merged, err := v.Merge(t.Context(), store, kept, duplicate, "ana")
	if err != nil || store.copied != 3 {
		t.Fatalf("copied %d times, %v", store.copied, err)
	}
	if merged.Title["es"] != "Nuestro" || merged.Caption["es"] != "Uno" || merged.Title["en"] != "Ours" {
		t.Errorf("its words are %v, %v", merged.Title, merged.Caption)
	}
}

func TestADuplicateThatIsChangedAllTheTimeIsNotMergedAndLosesNothing(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.pair(t)
	before := v.video(t, kept)
	store := &interrupted{Store: v.store, movingOver: func(times int) {
		if _, err := v.Describe(t.Context(), duplicate, archive.Words{Title: archive.Text{"es": fmt.Sprint(times)}}, "eva"); err != nil {
			t.Error(err)
		}
	}}
	_, err := v.Merge(t.Context(), store, kept, duplicate, "ana")
	if field := new(archive.FieldError); !errors.As(err, &field) || !errors.Is(err, archive.ErrConflict) || field.Field != "duplicate" || store.copied > 20 {
		t.Errorf("copied %d times: %v", store.copied, err)
	}
	store.movingOver = nil
	v.wantApart(t, before, duplicate)
	merged, err := v.Merge(t.Context(), v.store, kept, duplicate, "ana")
	if err != nil || len(merged.Sources) != 2 {
		t.Errorf("when they have done: %+v, %v", merged.Sources, err)
	}
}

// wantApart holds two videos to be what they were before a merge that was refused.
func (v *vault) wantApart(t *testing.T, before archive.Video, duplicate archive.VideoID) {
	t.Helper()
	now, d := v.video(t, before.ID), v.video(t, duplicate)
	if len(now.Sources) != 1 || len(now.Aliases) != 0 || len(now.Title) != len(before.Title) || now.Notes != before.Notes {
		t.Errorf("the one kept is %+v", now)
	}
	if d.MergedInto != "" || len(d.Sources) != 1 {
		t.Errorf("the duplicate is %+v", d)
	}
	for _, video := range []archive.Video{now, d} {
		if owner, err := v.store.Claim(t.Context(), video.Sources[0].SourceKey, video.ID); err != nil || owner != video.ID {
			t.Errorf("the source of %s is claimed for %s, %v", video.ID, owner, err)
		}
	}
}

// Its id must not go on showing, as another video's, what was just taken down.
func TestADuplicateThatIsTakenDownMeanwhileIsNotMerged(t *testing.T) {
	for _, moment := range []string{"copying", "moving over"} {
		t.Run(moment, func(t *testing.T) {
			v := newVault(t)
			kept, duplicate := v.pair(t)
			before := v.video(t, kept)
			store := v.moments(t)[moment](func() error {
				_, err := v.Withdraw(t.Context(), duplicate, archive.Text{"es": "x"}, "eva")
				return err
			})
			if _, err := v.Merge(t.Context(), store, kept, duplicate, ""); !errors.Is(err, archive.ErrConflict) || v.video(t, duplicate).Visibility.Exposure != archive.Withdrawn {
				t.Errorf("got %v", err)
			}
			v.wantApart(t, before, duplicate)
		})
	}
}

// Two people merge the same two videos, each into the other.
func TestTwoVideosThatAreMergedIntoEachOtherDoNotBothGo(t *testing.T) {
	for range 4 { // which of the ids is the greater decides who gives way
		v := newVault(t)
		a, b := v.pair(t)
		var theirs error
		store := v.moments(t)["moving over"](func() error {
			_, theirs = v.Merge(t.Context(), v.store, b, a, "eva")
			return nil
		})
		_, ours := v.Merge(t.Context(), store, a, b, "ana")
		first, second := v.video(t, a), v.video(t, b)
		if (ours == nil) == (theirs == nil) || !errors.Is(errors.Join(ours, theirs), archive.ErrConflict) {
			t.Errorf("one ends with %v, the other with %v", ours, theirs)
		}
		if (first.MergedInto == "") == (second.MergedInto == "") || len(first.Sources)+len(second.Sources) != 2 {
			t.Errorf("one leads to %q and has %d sources, the other to %q and has %d", first.MergedInto, len(first.Sources), second.MergedInto, len(second.Sources))
		}
		for _, s := range slices.Concat(first.Sources, second.Sources) {
			if owner, err := v.store.Claim(t.Context(), s.SourceKey, a); err != nil || owner != cmp.Or(first.MergedInto, a) {
				t.Errorf("%s is claimed for %s, %v", s.SourceKey, owner, err)
			}
		}
	}
}

func TestASourceThatStandsInBothWhereAMergeWasBrokenOffIsAsItWasLastSeen(t *testing.T) {
	v := newVault(t)
	kept, duplicate := v.pair(t)
	broken := v.moments(t)["moving over"](func() error { v.bucket.after = 0; return nil })
	if _, err := v.Merge(t.Context(), broken, kept, duplicate, ""); err == nil {
		t.Fatal("it was not broken off")
	}
	next := vaultIn(t, v.folder, v.platform, v.now.Add(days))
	if len(next.video(t, kept).Sources) != 2 || next.video(t, duplicate).MergedInto != "" {
		t.Fatal("it was broken off elsewhere")
	}
	if err := next.platform.SetState(leavingID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	if err := next.CaptureAgain(t.Context(), duplicate, leavingKey, ""); err != nil {
		t.Fatal(err)
	}
	merged, err := next.Merge(t.Context(), next.store, kept, duplicate, "")
	if err != nil || merged.Source(leavingKey).Standing.State != archive.Suspect {
		t.Errorf("%+v, %v", merged.Source(leavingKey), err)
	}
}
