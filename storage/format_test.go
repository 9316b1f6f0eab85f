package storage_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

func TestANewStoreIsMarkedOnceByWhoeverComesFirst(t *testing.T) {
	s := newStage(t)
	ids := make([]string, 16)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			made, err := storage.Ensure(t.Context(), s.bucket, morning())
			if err != nil {
				t.Error(err)
			}
			ids[i] = made.ID
		})
	}
	wg.Wait()
	if first := ids[0]; first == "" || slices.ContainsFunc(ids, func(id string) bool { return id != first }) {
		t.Errorf("sixteen processes were told of different stores: %v", ids)
	}
}

func TestAMarkerThatCannotBeUsedIsRefusedWithTheCure(t *testing.T) {
	for _, tt := range []struct {
		name, marker string
		want         error
		says         []string
	}{
		{"a newer format", `{"format":2,"id":"x"}`, storage.ErrNewerFormat, []string{"it is 2", "knows 1", "later version"}},
		{"no format", `{"id":"x"}`, storage.ErrDamaged, []string{"restore"}},
		{"no id", `{"format":1}`, storage.ErrDamaged, []string{"restore"}},
		{"no JSON", `{"format":`, storage.ErrDamaged, []string{"videoteca.json", "restore"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t)
			s.overwrite(t, storage.KeyInstallation, tt.marker)
			_, err := storage.Ensure(t.Context(), s.bucket, morning())
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
			for _, part := range tt.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if _, err := s.Create(t.Context(), meeting(archive.NewVideoID()), editor("register")); !errors.Is(err, tt.want) {
				t.Errorf("a write into it: %v", err)
			}
			if left := s.keys(t, ""); !slices.Equal(left, []string{storage.KeyInstallation}) {
				t.Errorf("the refused store was written to: %v", left)
			}
		})
	}
}

func TestAStoreThatCannotBeReachedIsNotTakenForAnEmptyOne(t *testing.T) {
	s := newStage(t)
	s.bucket.set(func(b *troubled) { b.down = true })
	if _, err := storage.Ensure(t.Context(), s.bucket, morning()); !errors.Is(err, archive.ErrUnavailable) || errors.Is(err, archive.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestTheFirstBaseURLIsKeptAndLaterOnesBecomeAliasesOfWhatReplacesThem(t *testing.T) {
	s := newStage(t)
	if _, err := storage.Ensure(t.Context(), s.bucket, morning()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		url     string
		change  bool
		want    string
		aliases []string
		err     error
	}{
		{"https://a.example", false, "https://a.example", nil, nil},
		{"https://a.example", false, "https://a.example", nil, nil},
		{"https://b.example", false, "https://a.example", nil, storage.ErrBaseURLKept},
		{"https://b.example", true, "https://b.example", []string{"https://a.example"}, nil},
		{"https://c.example", true, "https://c.example", []string{"https://a.example", "https://b.example"}, nil},
		{"https://a.example", true, "https://a.example", []string{"https://b.example", "https://c.example"}, nil},
	} {
		_, err := storage.SetBaseURL(t.Context(), s.bucket, tt.url, tt.change)
		if !errors.Is(err, tt.err) {
			t.Fatalf("setting %s: %v", tt.url, err)
		}
		kept, err := storage.Ensure(t.Context(), s.bucket, morning())
		if err != nil || kept.BaseURL != tt.want || !slices.Equal(kept.BaseURLAliases, tt.aliases) {
			t.Errorf("after %s the store keeps %+v, %v", tt.url, kept, err)
		}
	}
}

func TestABaseURLIsKeptThoughTheReplyIsLostAndWhatOthersAddedStays(t *testing.T) {
	s := newStage(t)
	s.overwrite(t, storage.KeyInstallation, `{"format":1,"id":"x","created":"2025-04-14T09:30:00Z","contact":"desk"}`)
	s.bucket.set(func(b *troubled) { b.after = once(storage.KeyInstallation, errCut) })
	kept, err := storage.SetBaseURL(t.Context(), s.bucket, "https://a.example", false)
	if err != nil || kept.BaseURL != "https://a.example" || len(kept.BaseURLAliases) != 0 {
		t.Fatalf("%+v, %v", kept, err)
	}
	if got := s.read(t, storage.KeyInstallation); !strings.Contains(got, `"contact": "desk"`) {
		t.Errorf("the unknown field is gone:\n%s", got)
	}
}
