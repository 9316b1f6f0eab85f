package storage_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

// limits is a setting as these tests keep it.
type limits struct {
	GoneAfter int            `json:"goneAfter"`
	Guard     *float64       `json:"guard,omitempty"`
	Hosts     map[string]int `json:"hosts,omitempty"`
}

const settingKey = "settings/thresholds.json"

func saved(t *testing.T, s *stage, etag string, value any) string {
	t.Helper()
	fresh, err := s.SaveSetting(t.Context(), "thresholds", etag, value)
	if err != nil {
		t.Fatal(err)
	}
	return fresh
}

func TestASettingIsReadBackAndChanged(t *testing.T) {
	s := newStage(t)
	got := limits{GoneAfter: 9}
	if etag, err := s.Setting(t.Context(), "thresholds", &got); !errors.Is(err, archive.ErrNotFound) || etag != "" || got.GoneAfter != 9 {
		t.Errorf("one that was never saved: %q, %v, %+v", etag, err, got)
	}
	first := saved(t, s, "", limits{GoneAfter: 2, Hosts: map[string]int{"a.example": 3}})
	etag, err := s.Setting(t.Context(), "thresholds", &got)
	if err != nil || etag != first || got.GoneAfter != 2 || got.Hosts["a.example"] != 3 {
		t.Errorf("read %+v, %q, %v", got, etag, err)
	}
	second := saved(t, s, first, &limits{GoneAfter: 3})
	var again limits
	if etag, err := s.Setting(t.Context(), "thresholds", &again); err != nil || etag != second || again.GoneAfter != 3 || again.Hosts != nil {
		t.Errorf("read %+v, %q, %v", again, etag, err)
	}
}

func TestASettingThatSomebodyElseSavedIsNotOverwritten(t *testing.T) {
	s := newStage(t)
	first := saved(t, s, "", limits{GoneAfter: 2})
	second := saved(t, s, first, limits{GoneAfter: 3})
	for name, etag := range map[string]string{"an old one": first, "none": "", "another": "nobody's"} {
		if _, err := s.SaveSetting(t.Context(), "thresholds", etag, limits{GoneAfter: 4}); !errors.Is(err, archive.ErrConflict) {
			t.Errorf("with %s: %v", name, err)
		}
	}
	if _, err := s.SaveSetting(t.Context(), "other", second, limits{}); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("one that is not there: %v", err)
	}
}

func TestOfSettingsSavedAtOnceOneWins(t *testing.T) {
	s := newStage(t)
	etag := saved(t, s, "", limits{GoneAfter: 1})
	var wins atomic.Int64
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			_, err := s.SaveSetting(t.Context(), "thresholds", etag, limits{GoneAfter: 100 + i})
			switch {
			case err == nil:
				wins.Add(1)
			case !errors.Is(err, archive.ErrConflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d won", wins.Load())
	}
}

func TestASettingIsSavedOnceThoughTheReplyWasLost(t *testing.T) {
	for name, hook := range map[string]func(*troubled){
		"the reply":   func(b *troubled) { b.after = once("settings/", errCut) },
		"the request": func(b *troubled) { b.before = once("settings/", errCut) },
	} {
		s := newStage(t)
		s.bucket.set(hook)
		first := saved(t, s, "", limits{GoneAfter: 2})
		s.bucket.set(hook)
		second := saved(t, s, first, limits{GoneAfter: 3})
		var got limits
		if etag, err := s.Setting(t.Context(), "thresholds", &got); err != nil || etag != second || got.GoneAfter != 3 {
			t.Errorf("%s: read %+v, %q, %v", name, got, etag, err)
		}
	}
}

func TestASettingKeepsWhatOthersAdded(t *testing.T) {
	s := newStage(t)
	guard := 0.2
	saved(t, s, "", limits{GoneAfter: 2, Guard: &guard, Hosts: map[string]int{"a.example": 3}})
	s.edit(t, settingKey, `"goneAfter"`, `"why": "the outage of May", "later": {"big": 9007199254740993}, "goneAfter"`)
	var got limits
	etag, err := s.Setting(t.Context(), "thresholds", &got)
	if err != nil {
		t.Fatal(err)
	}
	got.Guard = nil
	delete(got.Hosts, "a.example")
	saved(t, s, etag, got)
	document := s.read(t, settingKey)
	for _, part := range []string{`"the outage of May"`, `9007199254740993`, `"version": 1`} {
		if !strings.Contains(document, part) {
			t.Errorf("there is no %s in\n%s", part, document)
		}
	}
	for _, part := range []string{"guard", "a.example"} {
		if strings.Contains(document, part) {
			t.Errorf("%s was removed and stands in\n%s", part, document)
		}
	}
}

func TestASettingOfALaterVersionOrDamagedIsLeftAlone(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		err      error
	}{{`"version": 1`, `"version": 2`, storage.ErrNewerFormat}, {`"goneAfter": 2`, `"goneAfter": "two"`, storage.ErrDamaged}, {"{", "[", storage.ErrDamaged}} {
		s := newStage(t)
		saved(t, s, "", limits{GoneAfter: 2})
		s.edit(t, settingKey, tt.from, tt.to)
		object, err := s.bucket.Stat(t.Context(), settingKey)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveSetting(t.Context(), "thresholds", object.ETag, limits{GoneAfter: 3}); !errors.Is(err, tt.err) {
			t.Errorf("%s: %v", tt.to, err)
		}
	}
}

func TestWhatIsNoSettingIsRefused(t *testing.T) {
	s := newStage(t)
	for name, value := range map[string]any{"a list": []int{1}, "a number": 4, "nothing": nil, "its own version": map[string]int{"version": 4}, "a nil map": map[string]int(nil), "a channel": make(chan int)} {
		if _, err := s.SaveSetting(t.Context(), "thresholds", "", value); err == nil {
			t.Errorf("%s was saved", name)
		}
	}
	for _, name := range []string{"", "Thresholds", "../videoteca", "a/b", "ä"} {
		_, readErr := s.Setting(t.Context(), name, &limits{})
		_, saveErr := s.SaveSetting(t.Context(), name, "", limits{})
		if !errors.Is(readErr, storage.ErrBadKey) || !errors.Is(saveErr, storage.ErrBadKey) {
			t.Errorf("%q: %v, %v", name, readErr, saveErr)
		}
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	if _, err := s.SaveSetting(t.Context(), "thresholds", "", limits{}); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("without a store: %v", err)
	}
}

// FuzzSetting holds saving to two promises, whatever stands in the bucket: what was saved is read back, and
// a field that this program does not know is not lost.
func FuzzSetting(f *testing.F) {
	f.Add([]byte(`{"version":1,"goneAfter":2,"why":"x"}`), 3)
	f.Add([]byte(`{"GONEAFTER":2,"hosts":{"a":1},"Version":1}`), 0)
	f.Add([]byte(`null`), 1)
	directory, err := storage.OpenDirectory(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	s := storage.NewStore(directory, storage.StoreOptions{})
	f.Fuzz(func(t *testing.T, content []byte, goneAfter int) {
		if len(content) == 0 {
			return
		}
		object, err := directory.Put(t.Context(), settingKey, strings.NewReader(string(content)), int64(len(content)), storage.Condition{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveSetting(t.Context(), "thresholds", object.ETag, limits{GoneAfter: goneAfter}); err != nil {
			if !errors.Is(err, storage.ErrDamaged) && !errors.Is(err, storage.ErrNewerFormat) {
				t.Errorf("over %q: %v", content, err)
			}
			return
		}
		var got struct {
			limits
			Why any `json:"why"`
		}
		var before struct {
			Why any `json:"why"`
		}
		if err := json.Unmarshal(content, &before); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Setting(t.Context(), "thresholds", &got); err != nil || got.GoneAfter != goneAfter || !reflect.DeepEqual(got.Why, before.Why) {
			t.Errorf("over %q: read back %+v, %v", content, got, err)
		}
	})
}
