package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/web"
)

// withMerger is a site where duplicates can be merged, with an editor.
func withMerger(t *testing.T, change ...func(*web.Options)) (*staffed, with) {
	t.Helper()
	s := newStaffed(t, append([]func(*web.Options){func(o *web.Options) { o.Merger = o.Catalog.(*shelf) }}, change...)...)
	return s, s.as(t, "editor")
}

const mergeInto = "/videos/" + string(pictured)

// lookAt names a duplicate, as the page's first form does.
func (s *staffed) lookAt(t *testing.T, lang, named string, who with) *http.Response {
	t.Helper()
	return s.get(t, mergeInto+"?lang="+lang+"&merge="+url.QueryEscape(named), who)
}

func TestADuplicateIsShownBeforeItIsMerged(t *testing.T) {
	s, editor := withMerger(t)
	r := s.lookAt(t, "es", string(bare), editor)
	page := text(t, r)
	if r.StatusCode != http.StatusOK || s.now(pictured).Revision != 1 || s.now(bare).Revision != 1 {
		t.Fatalf("looking is %d and changes something", r.StatusCode)
	}
	for _, want := range []string{
		"Este es el otro video", `href="/videos/` + string(bare) + `?lang=es"`, "https://toy.example/bare", "Los dos identificadores siguen funcionando",
		"los artículos con " + string(bare) + " mostrarán " + string(pictured), "La fusión no se puede deshacer", "Dejar los dos como están",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	sent := typed(t, page, mergeInto+"/merge")
	after := s.after(t, mergeInto+"/merge?lang=es", sent.Encode(), editor)
	if v := s.now(pictured); len(v.Aliases) != 1 || v.Aliases[0] != bare || len(v.Sources) != 3 || s.now(bare).MergedInto != pictured || !strings.Contains(after, "Fusionados.") {
		t.Errorf("merged: %+v", v)
	}
}

func TestADuplicateIsShownWithItsPictureInTheLanguageOfThePage(t *testing.T) {
	s, editor := withMerger(t)
	page := text(t, s.get(t, "/videos/"+string(bare)+"?lang=en&merge="+string(pictured), editor))
	for _, want := range []string{`src="/p/` + string(pictured) + `/320.jpg"`, "Meeting", "https://toy.example/one", "https://toy.example/two", "Merging cannot be undone.", `lang=es&amp;merge=` + string(pictured)} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script>alert") {
		t.Error("the title is not escaped")
	}
}

func TestNothingIsMergedUnseen(t *testing.T) {
	s, editor := withMerger(t)
	for name, body := range map[string]string{
		"named alone": form("duplicate", string(bare)), "another was seen": form("duplicate", string(bare), "seen", string(withdrawn)), "none": "",
		"rubbish": form("duplicate", "rubbish & more", "seen", "rubbish & more"),
	} {
		r := s.ask(t, "POST", mergeInto+"/merge?lang=es", body, editor)
		to := r.Header.Get("Location")
		if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, mergeInto+"?merge=") || !strings.HasSuffix(to, "&lang=es#merge") {
			t.Errorf("%s: %d to %q", name, r.StatusCode, to)
		}
		if s.now(pictured).Revision != 1 || s.now(bare).Revision != 1 {
			t.Errorf("%s: it was merged", name)
		}
	}
}

func TestADuplicateIsNamedByTheAddressOfAnyOfItsPages(t *testing.T) {
	s, editor := withMerger(t, func(o *web.Options) { o.Aliases = []string{"http://old.example.org:8080"} })
	for _, named := range []string{
		string(bare), " " + strings.ToUpper(string(bare)) + " ", baseURL + "/videos/" + string(bare), baseURL + "/videos/" + string(bare) + "?lang=es", baseURL + "/videos/" + string(bare) + "/",
		baseURL + "/videos/" + string(bare) + "/evidence?lang=es#source-toy:bare", baseURL + "/videos/" + string(bare) + "?lang=es#sources", baseURL + "/v/" + string(bare), baseURL + "/e/" + string(bare) + ".json",
		baseURL + "/p/" + string(bare) + "/640.jpg", baseURL + "/api/v1/videos/" + string(bare), host + "/v/" + string(bare), "http://" + strings.ToUpper(host) + "/v/" + string(bare), "old.example.org:8080/v/" + string(bare),
	} {
		r := s.lookAt(t, "en", named, editor)
		if page := text(t, r); r.StatusCode != http.StatusOK || !strings.Contains(page, "This is the other video") {
			t.Errorf("%q: %d", named, r.StatusCode)
		}
	}
}

func TestWhatCannotBeMergedIsSaidBesideTheField(t *testing.T) {
	s, editor := withMerger(t)
	const erased, merged = archive.VideoID("000000erased"), archive.VideoID("000000merged")
	s.shelf.mu.Lock()
	s.shelf.videos[erased] = archive.Video{ID: erased, Visibility: archive.Visibility{Exposure: archive.Erased}}
	s.shelf.videos[merged] = archive.Video{ID: merged, MergedInto: withdrawn}
	s.shelf.mu.Unlock()
	for named, want := range map[string]string{
		string(absent): "There is no such video", "rubbish": "There is no such video", baseURL + "/": "There is no such video", "https://elsewhere.example/v/" + string(bare): "There is no such video",
		"ftp://" + host + "/v/" + string(bare): "There is no such video", "https://[": "There is no such video",
		string(pictured): "This is the video itself", string(withdrawn): "withdrawn or under embargo", string(embargoed): "withdrawn or under embargo",
		string(erased): "It was erased", string(merged): "merged into " + string(withdrawn) + " already",
	} {
		r := s.lookAt(t, "en", named, editor)
		page := text(t, r)
		if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(besides(t, page, "merge"), want) {
			t.Errorf("%q: %d, %q", named, r.StatusCode, besides(t, page, "merge"))
		}
		if strings.Contains(page, `name="seen"`) {
			t.Errorf("%q: it offers to merge it", named)
		}
	}
}

func TestAVideoThatWasMergedItselfTakesOverNoOther(t *testing.T) {
	s, editor := withMerger(t)
	s.after(t, mergeInto+"/merge", form("duplicate", string(bare), "seen", string(bare)), editor)
	page := text(t, s.get(t, "/videos/"+string(bare)+"?lang=en&merge="+string(pictured), editor))
	if !strings.Contains(besides(t, page, "merge"), "was itself merged into "+string(pictured)) {
		t.Errorf("it says %q", besides(t, page, "merge"))
	}
}

func TestADuplicateThatWasWithdrawnSinceItWasSeenIsNotMerged(t *testing.T) {
	s, editor := withMerger(t)
	sent := typed(t, text(t, s.lookAt(t, "en", string(bare), editor)), mergeInto+"/merge")
	s.ask(t, "POST", "/videos/"+string(bare)+"/withdraw", form("explanation.es", "A petición."), s.as(t, "admin"))
	r := s.ask(t, "POST", mergeInto+"/merge?lang=en", sent.Encode(), editor)
	page := text(t, r)
	if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(besides(t, page, "merge"), "has changed since you looked") || s.now(pictured).Revision != 1 {
		t.Errorf("%d: %q", r.StatusCode, besides(t, page, "merge"))
	}
}

func TestOnlyWhoMayEditIsShownHowToMerge(t *testing.T) {
	s, _ := withMerger(t)
	viewer := s.as(t, "viewer")
	r := s.lookAt(t, "en", string(bare), viewer)
	if page := text(t, r); r.StatusCode != http.StatusOK || strings.Contains(page, `name="seen"`) || strings.Contains(page, "Merge a duplicate") {
		t.Errorf("a viewer gets %d: %s", r.StatusCode, page)
	}
	s.shelf.fail(archive.ErrUnavailable)
	if r := s.lookAt(t, "en", string(bare), s.as(t, "editor")); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("without the store: %d", r.StatusCode)
	}
}
