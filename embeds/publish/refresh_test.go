package publish

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
)

func (p *Publisher) fresh(t *testing.T, videos ...archive.Video) Summary {
	t.Helper()
	s, err := p.Refresh(t.Context(), listed(videos...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func changed(v archive.Video, change func(*archive.Video)) archive.Video {
	v.Revision++
	change(&v)
	return v
}

func TestRefreshTakesOutWhatMayNotBeShownAndNothingElse(t *testing.T) {
	purge := func(at time.Time) func(*archive.Video) {
		return func(v *archive.Video) {
			v.Title, v.Sources[0].Described = nil, nil
			v.Sources[0].Purged = []archive.Purge{{Capture: "x", At: at}}
		}
	}
	for name, c := range map[string]struct {
		change func(*archive.Video)
		page   string // what the page then lacks; empty: it is left as it was
		poster bool   // whether the poster is still there
	}{
		"withdrawn": {func(v *archive.Video) { v.Visibility.Exposure = archive.Withdrawn }, "Meeting", false},
		"erased": {func(v *archive.Video) {
			*v = archive.Video{ID: v.ID, Revision: v.Revision, Visibility: archive.Visibility{Exposure: archive.Erased}}
		}, "Meeting", false},
		"purged":             {purge(now().Add(time.Minute)), "Meeting", false},
		"purged long before": {purge(now().Add(-48 * time.Hour)), "", true},
		"described":          {func(v *archive.Video) { v.Title = archive.Text{"en": "Another"} }, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFolder()
			p := publisher(t, f)
			p.must(t, video(one), video(other))
			f.writes = nil
			altered := video(one)
			altered.Sources = slices.Clone(altered.Sources)
			altered = changed(altered, c.change)
			s := p.fresh(t, altered, video(other))
			page := f.files["e/"+string(one)+".en.html"]
			if c.page == "" {
				if s.Published != 0 || len(f.writes) != 0 || !strings.Contains(page, "Meeting") {
					t.Errorf("%+v, written %q", s, f.writes)
				}
				return
			}
			if s.Published != 1 || strings.Contains(page, c.page) || page == "" {
				t.Errorf("%+v: %s", s, page)
			}
			if _, there := f.files["p/"+string(one)+"/640.jpg"]; there != c.poster {
				t.Errorf("a poster is there: %v", there)
			}
			for _, written := range f.writes {
				if strings.Contains(written, string(other)) || strings.HasSuffix(written, ".js") {
					t.Errorf("%s was written", written)
				}
			}
			if again := p.fresh(t, altered, video(other)); again.Published != 0 {
				t.Errorf("and again: %+v", again)
			}
		})
	}
}

func TestRefreshHidesAnEmbargoAndShowsWhatWasTakenBack(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.must(t, video(one), video(other))
	hidden := changed(video(one), func(v *archive.Video) {
		v.Visibility = archive.Visibility{Exposure: archive.Embargoed, Until: now().Add(time.Hour)}
	})
	withdrawn := changed(video(other), func(v *archive.Video) { v.Visibility.Exposure = archive.Withdrawn })
	if s := p.fresh(t, hidden, withdrawn); s.Removed != 1 || s.Published != 1 || strings.Contains(f.files["manifest.json"], string(one)) {
		t.Errorf("%+v: %s", s, f.files["manifest.json"])
	}
	back := changed(withdrawn, func(v *archive.Video) { v.Visibility = archive.Visibility{} })
	if s := p.fresh(t, hidden, back); s.Published != 1 || !strings.Contains(f.files["e/"+string(other)+".en.html"], "Meeting") {
		t.Errorf("%+v", s)
	}
	if _, there := f.files["p/"+string(other)+"/640.jpg"]; !there {
		t.Error("its poster is not back")
	}
}

func TestRefreshPublishesNothingNew(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	if _, err := p.Refresh(t.Context(), listed(video(one))); !errors.Is(err, ErrNothing) || len(f.files) != 0 {
		t.Errorf("%v, files %q", err, slices.Collect(maps.Keys(f.files)))
	}
	p.must(t, video(one))
	f.writes = nil
	if s := p.fresh(t, video(one), video(other)); s.Published != 0 || len(f.writes) != 0 {
		t.Errorf("%+v, written %q", s, f.writes)
	}
	f.gone = true
	if _, err := p.Refresh(t.Context(), listed(video(one))); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

// What could not be written is tried again, and does not keep the others from it.
func TestRefreshGoesOnBehindAFailure(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.must(t, video(one), video(other))
	withdraw := func(v *archive.Video) { v.Visibility.Exposure = archive.Withdrawn }
	f.full = "e/" + string(one) + ".html"
	if s := p.fresh(t, changed(video(one), withdraw), changed(video(other), withdraw)); s.Failed != 1 || s.Published != 1 {
		t.Errorf("%+v", s)
	}
	f.full = ""
	if s := p.fresh(t, changed(video(one), withdraw), changed(video(other), withdraw)); s.Failed != 0 || s.Published != 1 {
		t.Errorf("the next time %+v", s)
	}
	var m manifest
	if err := json.Unmarshal([]byte(f.files["manifest.json"]), &m); err != nil || !m.Videos[one].Down || !m.Videos[other].Down {
		t.Errorf("%v: %+v", err, m)
	}
}

func TestRefreshTakesACopyAwayWhoseRightsEnd(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	v := video(one)
	v.Copies = []archive.Copy{{File: archive.File{Digest: strings.Repeat("a", 64), Extension: "mp4"}, Rights: archive.Rights{Text: "x", Expires: now().Add(time.Hour)}}}
	p.must(t, v)
	p.Options.Now = now().Add(2 * time.Hour)
	if s := p.fresh(t, v); s.Published != 1 || strings.Contains(f.files["e/7k3mzq9x0abd.html"], "../m/7k3mzq9x0abd/") {
		t.Errorf("%+v", s)
	}
	if _, there := f.files["m/7k3mzq9x0abd/"+strings.Repeat("a", 64)+".mp4"]; there {
		t.Error("whoever knows its address still gets it")
	}
}
