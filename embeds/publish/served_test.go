package publish

import (
	"context"
	"errors"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
)

// desk has videos of which one may have been merged into another, as the catalog has them.
type desk map[archive.VideoID]archive.Video

// serving is the video that has the id as an alias, else its own.
func (d desk) serving(_ context.Context, id archive.VideoID) (archive.Video, error) {
	for _, v := range d {
		if slices.Contains(v.Aliases, id) {
			return v, nil
		}
	}
	return d[id], nil
}

func (d desk) served(t *testing.T) iter.Seq2[archive.Video, error] {
	t.Helper()
	var list []archive.Video
	for _, id := range slices.Sorted(maps.Keys(d)) {
		list = append(list, d[id])
	}
	return Served(t.Context(), listed(list...), d.serving)
}

// merged is a desk on which the first video was merged into the other, at whose record the revision is.
func merged(revision int64) desk {
	kept := video(other)
	kept.Revision, kept.Aliases, kept.Title = revision, []archive.VideoID{one}, archive.Text{"es": "La que queda", "en": "The one kept"}
	kept.Copies = []archive.Copy{{File: archive.File{Digest: strings.Repeat("a", 64), Extension: "mp4"}}}
	kept.Captions = []archive.Caption{{Language: "es", File: archive.File{Digest: strings.Repeat("b", 64), Extension: "vtt"}}}
	return desk{other: kept, one: archive.Video{ID: one, Revision: 7, Title: archive.Text{"en": "Meeting"}, MergedInto: other, Sources: []archive.Source{}}}
}

func (p *Publisher) publish(t *testing.T, d desk) Summary {
	t.Helper()
	s, err := p.Run(t.Context(), d.served(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (p *Publisher) refreshed(t *testing.T, d desk) Summary {
	t.Helper()
	s, err := p.Refresh(t.Context(), d.served(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// of is the files published under an id.
func (f *folder) of(id archive.VideoID) []string {
	var names []string
	for name := range f.files {
		if strings.Contains(name, string(id)) {
			names = append(names, strings.ReplaceAll(name, string(id), "ID"))
		}
	}
	slices.Sort(names)
	return names
}

// local are the addresses in a page that lead to other files of the tree.
var local = regexp.MustCompile(`\.\./([evpm]/[0-9a-z./]+)`)

func TestADuplicateIsPublishedAsTheVideoThatServesForIt(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	if s := p.publish(t, merged(3)); s.Published != 2 || s.Failed != 0 {
		t.Errorf("summary %+v", s)
	}
	if got, want := f.of(one), f.of(other); !slices.Equal(got, want) {
		t.Errorf("of the duplicate there is %q, of the other one %q", got, want)
	}
	for name, body := range f.files {
		if !strings.HasPrefix(name, "e/"+string(one)) && !strings.HasPrefix(name, "v/"+string(one)) {
			continue
		}
		if strings.Contains(body, "Meeting") || !strings.Contains(body, "youtube") {
			t.Errorf("%s is not what serves for it", name)
		}
		for _, link := range local.FindAllStringSubmatch(body, -1) {
			if _, there := f.files[link[1]]; !there {
				t.Errorf("%s leads to %s, which is not there", name, link[1])
			}
		}
	}
	if !strings.Contains(f.files["v/"+string(one)+".en.html"], `<link rel="canonical" href="https://videos.example.org/v/`+string(other)+`">`) {
		t.Error("its watch page does not name the address of the one kept")
	}
	copied := "m/" + string(one) + "/" + strings.Repeat("a", 64) + ".mp4"
	if got := f.files[copied]; !strings.HasPrefix(got, string(other)) {
		t.Errorf("the copy was read as %.20s", got)
	}
	if s := p.publish(t, merged(3)); s.Published != 0 {
		t.Errorf("nothing changed, and %d were published", s.Published)
	}
}

// The record that serves may be at the very revision at which the duplicate's own was published.
func TestADuplicateThatWasPublishedBeforeIsPublishedAnew(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.must(t, video(one), video(other))
	if s := p.publish(t, merged(1)); s.Published != 1 || !strings.Contains(f.files["e/"+string(one)+".en.html"], "The one kept") {
		t.Errorf("summary %+v", s)
	}
}

func TestWhatIsTakenDownLeavesThePagesOfItsDuplicatesToo(t *testing.T) {
	for name, takeDown := range map[string]func(*archive.Video){
		"withdrawn": func(v *archive.Video) { v.Visibility.Exposure = archive.Withdrawn },
		"erased": func(v *archive.Video) {
			*v = archive.Video{ID: v.ID, Revision: v.Revision, Aliases: v.Aliases, Visibility: archive.Visibility{Exposure: archive.Erased}}
		},
		"under embargo": func(v *archive.Video) {
			v.Visibility = archive.Visibility{Exposure: archive.Embargoed, Until: now().Add(time.Hour)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFolder()
			p := publisher(t, f)
			p.must(t, video(one), video(other)) // before the two were merged, and not since
			d := merged(1)
			kept := d[other]
			takeDown(&kept)
			d[other] = kept
			if s := p.refreshed(t, d); s.Published+s.Removed == 0 || s.Failed != 0 {
				t.Errorf("%+v", s)
			}
			for _, file := range f.of(one) {
				if strings.HasPrefix(file, "p/") || strings.HasPrefix(file, "m/") {
					t.Errorf("%s is left", file)
				}
			}
			for file, body := range f.files {
				if strings.Contains(file, string(one)) && (strings.Contains(body, "Meeting") || strings.Contains(body, "youtube-nocookie")) {
					t.Errorf("%s shows it", file)
				}
			}
			if again := p.refreshed(t, d); again.Published+again.Removed != 0 {
				t.Errorf("and again: %+v", again)
			}
		})
	}
}

func TestADuplicateWhoseOtherIsNotKnownIsLeftAsItIs(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.Records = records{}
	p.publish(t, merged(3))
	before := maps.Clone(f.files)
	d := merged(3)
	delete(d, other)
	if s := p.publish(t, d); s.Published+s.Removed != 0 || s.Unread != 2 {
		t.Errorf("summary %+v", s)
	}
	delete(before, "manifest.json")
	for name, body := range before {
		if f.files[name] != body {
			t.Errorf("%s has changed", name)
		}
	}
}

// records is an archive that has every record but those named, and fails as it is told.
type records map[archive.VideoID]error

func (r records) Video(_ context.Context, id archive.VideoID) (archive.Video, error) {
	return video(id), r[id]
}

func TestPagesOfAVideoThatCouldNotBeReadStay(t *testing.T) {
	for name, tt := range map[string]struct {
		answer          error
		removed, unread int
	}{
		"it can be read by now":  {nil, 0, 1},
		"it is damaged":          {errors.New("no JSON"), 0, 1},
		"the archive is away":    {archive.ErrUnavailable, 0, 1},
		"the archive has it not": {archive.ErrNotFound, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFolder()
			p := publisher(t, f)
			p.Records = records{one: tt.answer}
			p.must(t, video(one), video(other))
			before := len(f.of(one))
			s := p.must(t, video(other))
			if s.Removed != tt.removed || s.Unread != tt.unread || s.Failed != 0 {
				t.Errorf("summary %+v", s)
			}
			if left := len(f.of(one)); left != before*tt.unread {
				t.Errorf("of %d files %d are left", before, left)
			}
			if tt.unread == 0 {
				return
			}
			if s := p.must(t, video(one), video(other)); s.Published != 0 || s.Unread != 0 {
				t.Errorf("when it could be read: %+v", s)
			}
		})
	}
}

func TestServedEndsWithAnError(t *testing.T) {
	lost := errors.New("the catalog is gone")
	d := merged(1)
	seen := 0
	for _, err := range Served(t.Context(), listed(d[one], d[other]), func(context.Context, archive.VideoID) (archive.Video, error) {
		return archive.Video{}, lost
	}) {
		seen++
		if !errors.Is(err, lost) {
			t.Errorf("got %v", err)
		}
	}
	if seen != 1 {
		t.Errorf("yielded %d", seen)
	}
}
