package archive_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

func TestARefreshThatTellsLessIsMadeOnlyForWantOfAnother(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	first := v.captures(t, id)[0]
	for name, tt := range map[string]struct {
		fault    func(w http.ResponseWriter, r *http.Request) bool
		evenLess bool
		want     bool
	}{
		"as much":                        {func(http.ResponseWriter, *http.Request) bool { return false }, false, true},
		"without pictures":               {fails("/vi/"), false, false},
		"without the keyed method":       {fails("/youtube/v3/videos"), false, false},
		"less than before, for want":     {fails("/youtube/v3/videos"), true, true},
		"nothing, for want of something": {fails("/"), true, false},
	} {
		other := vaultIn(t, v.folder, &archivetest.Server{Platform: v.platform.Platform, URL: behind(t, v.platform, tt.fault)}, v.now)
		before := len(v.captures(t, id))
		done, err := other.Refresh(t.Context(), id, leavingKey, tt.evenLess, "")
		if err != nil || done != tt.want || len(v.captures(t, id))-before != map[bool]int{true: 1}[done] {
			t.Errorf("%s: %v, %v, %d captures more", name, done, err, len(v.captures(t, id))-before)
		}
		if _, err := v.store.Update(t.Context(), id, archive.Cause{Actor: "local", Verb: "capture"}, describedBy(first)); err != nil {
			t.Fatal(err)
		}
	}
}

// describedBy is the change that undoes what a refresh wrote.
func describedBy(c archive.Capture) func(*archive.Video) error {
	return func(video *archive.Video) error {
		video.Sources[0].Described = &archive.Description{Capture: c.ID, At: c.At, Method: c.Method, Fields: c.Fields, Thumbnails: c.Thumbnails}
		return nil
	}
}

// fails answers 500 for paths that begin so.
func fails(path string) func(w http.ResponseWriter, r *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, path) {
			return false
		}
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "no")
		return true
	}
}

func TestWhatCannotBeRefreshedIsLeftAlone(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	for name, key := range map[string]archive.SourceKey{
		"a source that the video has not":  newYork,
		"a platform that nobody knows now": {Platform: "closed", ID: "x"},
	} {
		if done, err := v.Refresh(t.Context(), id, key, true, ""); done || err != nil {
			t.Errorf("%s: %v, %v", name, done, err)
		}
	}
	if _, err := v.Refresh(t.Context(), archive.NewVideoID(), leavingKey, true, ""); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a video that is not there: %v", err)
	}
}
