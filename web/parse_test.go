package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/posters"
)

func TestHostNames(t *testing.T) {
	for host, want := range map[string]string{
		"Example.org": "example.org", "example.org:80": "example.org", "example.org.": "example.org",
		"127.0.0.1:8080": "127.0.0.1", "[::1]": "::1", "[::1]:80": "::1", "::1": "::1", "": "",
	} {
		if got := hostName(host); got != want {
			t.Errorf("hostName(%q) = %q, want %q", host, got, want)
		}
	}
}

func TestLoopbackHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:80": true, "demo.localhost:9": true, "127.0.0.1:80": true, "127.9.9.9": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true,
		"localhost.example.org": false, "notlocalhost": false, "0.0.0.0:80": false, ":80": false, "": false, "10.0.0.1": false, "[::]:80": false, "127.0.0.1.nip.io": false,
	} {
		if got := loopbackHost(host); got != want {
			t.Errorf("loopbackHost(%q) = %v", host, got)
		}
	}
}

func TestAddressesThatPeopleTypeGetTheirScheme(t *testing.T) {
	for typed, want := range map[string]string{
		"youtu.be/aaaaaaaaaaa": "https://youtu.be/aaaaaaaaaaa", "//youtu.be/a": "https://youtu.be/a", "http://example.org/a.mp4": "http://example.org/a.mp4",
	} {
		if got := inFull(typed); got != want {
			t.Errorf("%q becomes %q", typed, got)
		}
	}
}

func FuzzHostName(f *testing.F) {
	for _, seed := range []string{"example.org:80", "[::1]:80", "[[::1]]:", "a:b:c", "..", "]["} {
		f.Add(seed)
	}
	known := hostsOf(Options{BaseURL: "https://videos.example.org", Listen: "127.0.0.1:80"})
	f.Fuzz(func(t *testing.T, host string) {
		name := hostName(host)
		if name != strings.ToLower(name) {
			t.Errorf("hostName(%q) = %q has capitals", host, name)
		}
		if known[name] && !strings.Contains(strings.ToLower(host), name) {
			t.Errorf("%q counts as %q", host, name)
		}
	})
}

func FuzzPosterWidth(f *testing.F) {
	for _, seed := range []string{"640.jpg", "0640.jpg", "640", ".jpg", "99999999999999999999.jpg"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		width, ok := posterWidth(file)
		if ok && file != strconv.Itoa(width)+".jpg" {
			t.Errorf("%q is a second address of %d", file, width)
		}
	})
}

func FuzzSourceKey(f *testing.F) {
	for _, seed := range []string{"youtube:aaaaaaaaaaa", "webfile:https://example.org/a.mp4", ":", "a:", ":b", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, err := sourceKey(s)
		if err == nil && (key.String() != s || key.Platform == "" || key.ID == "") {
			t.Errorf("%q was read as %+v", s, key)
		}
	})
}

func FuzzRevisionsOf(f *testing.F) {
	for _, seed := range []string{"", "*", `"1"`, `W/"1"`, `"01"`, `"-1"`, `"1", "2"`, `""1""`, `"1",,x`, `"1.5e884898da28"`, `"1."`, `"1.X"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		revisions, err := revisionsOf(header)
		trimmed := strings.TrimSpace(header)
		if err == nil && len(revisions) == 0 && trimmed != "" && trimmed != "*" {
			t.Errorf("%q was read as any revision", header)
		}
		for _, revision := range revisions {
			begins := `"` + strconv.FormatInt(revision, 10)
			if revision < 1 || err != nil || !strings.Contains(header, begins+`"`) && !strings.Contains(header, begins+".") {
				t.Errorf("%q was read as revision %d, %v", header, revision, err)
			}
		}
	})
}

func TestMediaTypesAreOurOwn(t *testing.T) {
	for name, want := range map[string]string{
		"newsroom/list.js": "text/javascript; charset=utf-8", "site.css": "text/css; charset=utf-8",
		"logo.svg": "image/svg+xml", "text.woff2": "font/woff2", "picture.png": "image/png",
	} {
		if got := mediaType(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestFormOfErrorsFollowsFromThePath(t *testing.T) {
	for path, want := range map[string]form{
		"/": formPage, "/videos": formPage, "/login": formPage, "/e": formPage, "/apiary": formPage,
		"/e/x": formEmbed, "/v/x": formEmbed, "/v/x.json": formEmbed,
		"/e/x.json": formData, "/oembed": formData, "/api/v1/x": formData, "/p/x/1.jpg": formData, "/metrics": formData,
	} {
		if got := formOf(path); got != want {
			t.Errorf("formOf(%q) = %d, want %d", path, got, want)
		}
	}
}

func TestEveryStatusHasItsTexts(t *testing.T) {
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for status := 400; status < 600; status++ {
		for _, lang := range texts.Languages() {
			for _, id := range []string{messageOf(fault{status: status}), messageOf(fault{status: status}) + "Text"} {
				if got := texts.Text(lang, id); got == id {
					t.Errorf("%s has no text in %s", id, lang)
				}
			}
		}
	}
}

func TestPlayersThatAreNoFramesAreNotInThePolicy(t *testing.T) {
	got := headersOf(Options{Players: map[string]archive.Player{
		"b": {Kind: archive.PlayerYouTube, Origin: "https://b.example"}, "a": {Kind: archive.PlayerYouTube, Origin: "https://a.example/path"},
		"file": {Kind: archive.PlayerMedia, Origin: "https://file.example"}, "odd": {Kind: archive.PlayerYouTube, Origin: "https://x.example; script-src *"},
		"none": {Kind: archive.PlayerYouTube}, "link": {Origin: "https://link.example"},
	}}).newsroomPolicy
	if !strings.HasSuffix(got, "frame-src 'self' https://a.example https://b.example") {
		t.Errorf("the policy is %q", got)
	}
}

func TestTheBestSourceGivesTheState(t *testing.T) {
	of := func(states ...archive.State) archive.Video {
		var v archive.Video
		for _, s := range states {
			v.Sources = append(v.Sources, archive.Source{Standing: archive.Standing{State: s}})
		}
		return v
	}
	for name, tt := range map[string]struct {
		v    archive.Video
		want archive.State
	}{
		"one that lives":     {of(archive.Gone, archive.Live, archive.Suspect), archive.Live},
		"one that is there":  {of(archive.Gone, archive.Limited), archive.Limited},
		"one not asked yet":  {of(archive.Suspect, archive.Unchecked), archive.Unchecked},
		"one in doubt":       {of(archive.Gone, archive.Suspect), archive.Suspect},
		"none":               {of(archive.Gone, archive.Gone), archive.Gone},
		"no source whatever": {of(), archive.Unchecked},
	} {
		if got := bestState(tt.v); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestPlaceholdersHaveThePostersWidths(t *testing.T) {
	p := newPlaceholders()
	for _, width := range posters.Widths() {
		if picture, err := p.picture(width); err != nil || picture.Width != width || len(picture.Data) > 64<<10 {
			t.Errorf("%d: %v, %d bytes", width, err, len(picture.Data))
		}
	}
	if _, err := p.picture(333); err == nil {
		t.Error("a width that posters do not have")
	}
}

func TestBaseURLs(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://videos.example.org": true, "http://127.0.0.1:8080/": true,
		"": false, "videos.example.org": false, "https://": false, "https://u:p@example.org": false,
		"https://example.org/?x": false, "https://example.org/#x": false, "mailto:a@example.org": false,
	} {
		if _, err := parseBase(address); (err == nil) != ok {
			t.Errorf("parseBase(%q): %v", address, err)
		}
	}
	if u := (&url.URL{Scheme: "http", Host: "Example.org:443"}); canonicalHost(u) != "example.org:443" {
		t.Errorf("another scheme's port was taken away: %s", canonicalHost(u))
	}
}
