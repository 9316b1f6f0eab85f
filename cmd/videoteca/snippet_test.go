package main

import (
	"encoding/json"
	"strings"
	"testing"

	"videoteca/embeds"
	"videoteca/web"
)

// registered is a video on a site whose public address is kept.
func (s *site) registered(t *testing.T) web.APIVideo {
	t.Helper()
	v := s.add(t, s.playing(t, "playing0000"))
	if _, _, err := s.newsroomAt(t).keepBaseURL(t.Context(), "https://videos.example.org", false, ""); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAllFormsOfASnippetComeOneAfterTheOther(t *testing.T) {
	s := newSite(t)
	v := s.registered(t)
	all := try(t, "", s.args("snippet", v.ID, "--form", "all")...)
	if all.code != exitOK || all.errs != "" {
		t.Fatalf("%+v", all)
	}
	rest := all.out
	for _, form := range embeds.SnippetKinds() {
		one := command(t, s.args("snippet", v.ID, "--form", form)...)
		if !strings.HasPrefix(rest, one) {
			t.Errorf("%s does not come next in\n%s", form, rest)
		}
		rest = strings.TrimPrefix(rest, one)
		if strings.Contains(one, defaultBaseURL) || !strings.Contains(one, "https://videos.example.org/") {
			t.Errorf("%s is not made with the kept address: %s", form, one)
		}
	}
	if rest != "" {
		t.Errorf("after all forms come\n%s", rest)
	}
	if bare := command(t, s.args("snippet", v.ID)...); bare != command(t, s.args("snippet", v.ID, "--form", "article")...) {
		t.Errorf("unless told otherwise it is for articles, and not %s", bare)
	}
}

func TestAWrongOptionOfASnippetIsNamedWithItsCure(t *testing.T) {
	s := newSite(t)
	v := s.registered(t)
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"--start", "1m"}, `start: "1m" is no number of seconds`},
		{[]string{"--start=-1"}, `start: "-1" is no number of seconds`},
		{[]string{"--end", "soon"}, `end: "soon" is no number of seconds`},
		{[]string{"--start", "9", "--end", "9"}, "end: 9 is not after the start"},
		{[]string{"--captions", "español!"}, `captions: "español!" is not a language tag; use BCP 47`},
		{[]string{"--language", "e"}, `"e" is not a language tag; use BCP 47`},
		{[]string{"--theme", "pink"}, `theme: "pink" is not known; use one of light, dark`},
		{[]string{"--ratio", "2:1"}, `ratio: "2:1" is not known; use one of 16:9`},
		{[]string{"--prefer", "neither"}, `prefer: "neither" is not known; use one of source, copy`},
		{[]string{"--theme", "pink", "--ratio", "16:9", "--start", "x"}, `start: "x"`}, // the first in the order of the options
	} {
		got := try(t, "", s.args(append([]string{"snippet", v.ID}, tt.args...)...)...)
		if got.code != exitUsage || !strings.Contains(got.errs, tt.says) || got.out != "" {
			t.Errorf("%v: %+v", tt.args, got)
		}
	}
}

func TestAnOptionOfASnippetIsInItsAddress(t *testing.T) {
	s := newSite(t)
	v := s.registered(t)
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{nil, []string{`/e/` + v.ID + `?lang=en"`, `width="640" height="360"`}}, // an article's language is never left open
		{[]string{"--start", "65"}, []string{"start=65"}},
		{[]string{"--start", "65", "--end", "70"}, []string{"end=70", "start=65"}},
		{[]string{"--captions", "es-SV"}, []string{"captions=es-SV", "lang=en"}},
		{[]string{"--ratio", "9:16"}, []string{"ratio=9:16", `width="360" height="640"`}},
		{[]string{"--language", "es"}, []string{`?lang=es"`, ` lang="es"`}},
		{[]string{"--theme", "dark"}, []string{"theme=dark"}},
		{[]string{"--prefer", "copy"}, []string{"prefer=copy"}},
	} {
		out := command(t, s.args(append([]string{"snippet", v.ID, "--form", "frame"}, tt.args...)...)...)
		for _, want := range append(tt.want, `src="https://videos.example.org/e/`+v.ID) {
			if !strings.Contains(out, want) {
				t.Errorf("%v: no %s in %s", tt.args, want, out)
			}
		}
		for _, option := range []string{"start", "end", "captions", "theme", "ratio", "prefer"} {
			if asked := strings.Contains(strings.Join(tt.args, " "), "--"+option); strings.Contains(out, option+"=") != asked {
				t.Errorf("%v: %s is in the address, or is not: %s", tt.args, option, out)
			}
		}
	}
}

func TestTheDocumentOfASnippetIsOneListWhateverTheForm(t *testing.T) {
	s := newSite(t)
	v := s.registered(t)
	for form, want := range map[string]int{"frame": 1, "all": len(embeds.SnippetKinds())} {
		var list web.APISnippetList
		out := command(t, s.args("snippet", v.ID, "--form", form, "--json")...)
		if err := json.Unmarshal([]byte(out), &list); err != nil || len(list.Items) != want {
			t.Fatalf("%s: %v, %d of %d: %s", form, err, len(list.Items), want, out)
		}
		for _, snippet := range list.Items {
			if snippet.Kind == "" || snippet.HTML == "" || snippet.Warning != "" || form != "all" && snippet.Kind != form {
				t.Errorf("%s: %+v", form, snippet)
			}
		}
	}
	var document map[string]json.RawMessage
	if err := json.Unmarshal([]byte(command(t, s.args("snippet", v.ID, "--json")...)), &document); err != nil || len(document) != 1 || document["items"] == nil {
		t.Errorf("the document has %v (%v)", document, err)
	}
}

func TestASnippetOfThisMachineAloneWarnsAndIsPrinted(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	got := try(t, "", s.args("snippet", v.ID, "--form", "frame")...)
	if got.code != exitOK || !strings.HasPrefix(got.errs, "warning: ") || !strings.Contains(got.out, defaultBaseURL+"/e/"+v.ID) {
		t.Errorf("%+v", got)
	}
	if json := try(t, "", s.args("snippet", v.ID, "--form", "frame", "--json")...); json.errs != "" || !strings.Contains(json.out, `"warning": "`) {
		t.Errorf("in a document the warning is a field: %+v", json)
	}
}
