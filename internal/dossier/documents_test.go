package dossier_test

import (
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/dossier"
)

func TestCopiesAreListedAndIncludedOnlyWhenAskedFor(t *testing.T) {
	for _, asked := range []bool{false, true} {
		o := options()
		o.Copies = asked
		u := write(t, lost(t), o)
		at := slices.IndexFunc(u.manifest.Files, func(f dossier.Kept) bool { return f.Role == dossier.RoleCopy })
		if at < 0 {
			t.Fatal("the copy is not listed")
		}
		film := u.manifest.Files[at]
		if film.Digest != digest([]byte("a film")) || film.Bytes != 6 {
			t.Errorf("listed as %+v", film)
		}
		content, there := u.files["files/"+film.File.Name()]
		if there != asked || asked && (string(content) != "a film" || film.Condition != dossier.FileIncluded) || !asked && (film.Condition != dossier.FileLeftOut || film.Name != "") {
			t.Errorf("asked for: %v, included: %v, %+v", asked, there, film)
		}
	}
}

func TestWhatIsMissingOrDamagedIsSaidAndNotHidden(t *testing.T) {
	s := lost(t)
	thumbnail, evidence := digest([]byte("a thumbnail")), digest([]byte("Forbidden"))
	s.files[thumbnail+".jpg"] = []byte("another picture")
	delete(s.files, evidence+".bin")
	u := write(t, s, options())
	conditions := map[string]dossier.Kept{}
	for _, f := range u.manifest.Files {
		conditions[f.Digest] = f
	}
	if f := conditions[thumbnail]; f.Condition != dossier.FileDamaged || f.Actual != digest([]byte("another picture")) || string(u.files[f.Name]) != "another picture" {
		t.Errorf("an altered thumbnail: %+v", f)
	}
	if f := conditions[evidence]; f.Condition != dossier.FileMissing || f.Name != "" {
		t.Errorf("evidence that was purged: %+v", f)
	}
}

func TestNoNameLeavesTheFolder(t *testing.T) {
	s := lost(t)
	s.change(t, func(v *archive.Video) {
		v.Picture = &archive.File{Digest: "../../etc/passwd", Extension: "jpg"}
		v.Captions = []archive.Caption{{Language: "es", File: archive.File{Digest: strings.Repeat("a", 64), Extension: "vtt/../../x"}}}
	})
	s.files["../../etc/passwd.jpg"] = []byte("root")
	s.files[strings.Repeat("a", 64)+".vtt/../../x"] = []byte("x")
	for _, name := range []string{"../01d.json", "/etc/01d.json", "01d.json/..", "01d.txt", "", "C:01d.json", `..\01d.json`} {
		s.events = append(s.events, dossier.Document{Name: name, Data: []byte("{}")})
	}
	u := write(t, s, options())
	for _, name := range u.names {
		if strings.Contains(name, "..") || strings.HasPrefix(name, "/") || strings.ContainsAny(name, `\:`) {
			t.Errorf("the zip has %q", name)
		}
	}
	var bad int
	for _, f := range u.manifest.Files {
		if f.Condition == dossier.FileBadName {
			bad++
		}
	}
	if bad != 2 || u.manifest.Chain.Events != 2 {
		t.Errorf("%d bad names are listed, %d events kept", bad, u.manifest.Chain.Events)
	}
}

func TestADocumentIsTakenOnce(t *testing.T) {
	s := lost(t)
	s.events = append(s.events, s.events[0])
	if u := write(t, s, options()); u.manifest.Chain.Events != 2 {
		t.Errorf("%d events, one twice", u.manifest.Chain.Events)
	}
}

func TestTheChainOfEventsIsFollowed(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil           func(*shelf)
		broken, damaged []string
	}{
		"whole":              {func(*shelf) {}, []string{}, []string{}},
		"an event is gone":   {func(s *shelf) { s.events = s.events[1:] }, []string{"01b.json"}, []string{}},
		"an altered event":   {func(s *shelf) { s.events[0].Data = append(s.events[0].Data, ' ') }, []string{"01b.json"}, []string{}},
		"what is no event":   {func(s *shelf) { s.events[1].Data = []byte("[") }, []string{}, []string{"01b.json"}},
		"an order unordered": {func(s *shelf) { slices.Reverse(s.events) }, []string{}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := lost(t)
			tt.spoil(s)
			u := write(t, s, options())
			if c := u.manifest.Chain; !slices.Equal(c.Broken, tt.broken) || !slices.Equal(c.Damaged, tt.damaged) {
				t.Errorf("%+v", c)
			}
			says := strings.Contains(string(u.files["index.en.html"]), "Events are missing or were altered")
			if says == (len(tt.broken)+len(tt.damaged) == 0) {
				t.Errorf("the page says so: %v", says)
			}
		})
	}
}

func TestACaptureThatCannotBeReadIsIncludedAndNamed(t *testing.T) {
	s := lost(t)
	s.captures = append(s.captures, dossier.Document{Name: "01e.json", Data: []byte("half a")})
	u := write(t, s, options())
	if !slices.Equal(u.manifest.DamagedCaptures, []string{"01e.json"}) || string(u.files["captures/01e.json"]) != "half a" || u.manifest.Captures != 1 {
		t.Errorf("%+v", u.manifest.DamagedCaptures)
	}
	if !strings.Contains(string(u.files["index.es.html"]), "01e.json") {
		t.Error("the page does not name it")
	}
}
