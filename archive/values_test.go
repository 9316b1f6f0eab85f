package archive

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestVideoIDsAreRandomCrockford(t *testing.T) {
	seen := map[VideoID]bool{}
	for range 1000 {
		id := NewVideoID()
		if got, err := ParseVideoID(string(id)); err != nil || got != id || seen[id] {
			t.Fatalf("%q: %v, seen before: %v", id, err, seen[id])
		}
		seen[id] = true
	}
}

func TestParseVideoID(t *testing.T) {
	for s, want := range map[string]VideoID{
		"7k3mzq9x0abd": "7k3mzq9x0abd", "7K3MZQ9X0ABD": "7k3mzq9x0abd", "": "", "7k3mzq9x0ab": "", "7k3mzq9x0abdd": "",
		"7k3mzq9x0abi": "", "7k3mzq9x0ab/": "", "ñk3mzq9x0ab": "", "7k3mzq9x0ab\x00": "", "ſk3mzq9x0ab": "",
	} {
		got, err := ParseVideoID(s)
		if got != want || (want == "") != errors.Is(err, ErrBadID) {
			t.Errorf("%q: %q, %v", s, got, err)
		}
	}
}

func FuzzParseVideoID(f *testing.F) {
	f.Add("7k3mzq9x0abd")
	f.Add("K3MZQ9X0ABDK") // the first is the sign for kelvin, whose lower case is a plain k
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ParseVideoID(s)
		if err != nil {
			return
		}
		if again, err := ParseVideoID(string(id)); err != nil || again != id || len(id) != 12 {
			t.Errorf("%q became %q, which is %q, %v", s, id, again, err)
		}
	})
}

func TestSourceKeysHaveADigestOfPlatformAndID(t *testing.T) {
	a, b := SourceKey{"you", "tube1"}, SourceKey{"yout", "ube1"}
	if a.Digest() == b.Digest() || len(a.Digest()) != 64 || a.String() != "you:tube1" {
		t.Errorf("%s, %s", a.Digest(), b.Digest())
	}
}

func TestTextFallsBack(t *testing.T) {
	text := Text{"es": "hola", "en": "hello", "pt-BR": ""}
	for _, tt := range []struct{ lang, fallback, text, tag string }{
		{"es", "en", "hola", "es"}, {"es-SV", "en", "hola", "es"}, {"fr", "es", "hola", "es"},
		{"fr", "de", "hello", "en"}, {"pt-BR", "es", "hola", "es"}, {"", "", "hello", "en"},
	} {
		if got, tag := text.In(tt.lang, tt.fallback); got != tt.text || tag != tt.tag {
			t.Errorf("%s, %s: %q in %q", tt.lang, tt.fallback, got, tag)
		}
	}
	if got, tag := (Text)(nil).In("es", "en"); got != "" || tag != "" {
		t.Errorf("nothing: %q in %q", got, tag)
	}
}

func TestParseEDTF(t *testing.T) {
	for s, good := range map[string]bool{
		"": true, "2019": true, "2019-09": true, "2019-09-25": true, "2019~": true, "2019-09?": true, "2019-09-25%": true, "2024-02-29": true,
		"2019-13": false, "2019-02-29": false, "25-09-2019": false, "2019-9": false, "2019-09-25T10:00": false, "2019~~": false, " 2019": false,
	} {
		got, err := ParseEDTF(s)
		var field *FieldError
		if good != (err == nil) || good && string(got) != s || !good && (!errors.As(err, &field) || field.Field != "eventDate") {
			t.Errorf("%q: %q, %v", s, got, err)
		}
	}
}

func FuzzParseEDTF(f *testing.F) {
	f.Add("2019-09-25")
	f.Add("2019~")
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := ParseEDTF(s); err == nil && string(got) != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestValidLanguage(t *testing.T) {
	for tag, want := range map[string]bool{
		"es": true, "en": true, "pt-BR": true, "zh-Hant-TW": true, "es-419": true,
		"": false, "e": false, "e1": false, "es-": false, "es--SV": false, "es_SV": false, "ñandú": false, "<script>": false, "abcdefghi": false, "\u212a\u212a": false,
	} {
		if ValidLanguage(tag) != want {
			t.Errorf("%q: %v", tag, !want)
		}
	}
}

func TestWordsAreChecked(t *testing.T) {
	bad := "soon"
	for field, w := range map[string]Words{
		"":                {Title: Text{"es": "Título"}, DefaultLanguage: "es"},
		"defaultLanguage": {DefaultLanguage: "español!"},
		"title":           {Title: Text{"??": "x"}},
		"caption":         {Caption: Text{"es": strings.Repeat("x", longestText+1)}},
		"alt":             {Alt: Text{"es": "\xff"}},
		"eventDate":       {EventDate: &bad},
	} {
		err := w.Check()
		var got *FieldError
		if field == "" && err != nil || field != "" && (!errors.As(err, &got) || got.Field != field || got.Cure == "") {
			t.Errorf("%q: %v", field, err)
		}
	}
}

func TestWordsChangeWhatTheyName(t *testing.T) {
	v := Video{Title: Text{"es": "Viejo", "en": "Old", "fr": "Vieux"}, Caption: Text{"es": "queda"}, Notes: "n", EventDate: "2019"}
	none := ""
	Words{Title: Text{"es": "Nuevo", "en": " "}, EventDate: &none}.apply(&v)
	if v.Title["es"] != "Nuevo" || v.Title["fr"] != "Vieux" || len(v.Title) != 2 || v.Caption["es"] != "queda" || v.Notes != "n" || v.EventDate != "" {
		t.Errorf("%+v", v)
	}
}

func TestCanonicalAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://Example.org":                                 "https://example.org/",
		"http://example.org:80/a?b=2&a=1#frag":                "http://example.org/a?a=1&b=2",
		" https://example.org/a?utm_source=x&fbclid=y&gclid=": "https://example.org/a",
		"https://user:secret@example.org/a":                   "https://example.org/a",
		"example.org/a":                                       "",
		"ftp://example.org/a":                                 "",
		"":                                                    "",
	} {
		got, err := CanonicalAddress(in)
		if got != want || (want == "") != (err != nil) {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func FuzzCanonicalAddress(f *testing.F) {
	f.Add("https://example.org/a?b=1#c")
	f.Add("HTTP://EXAMPLE.org:80")
	f.Fuzz(func(t *testing.T, s string) {
		once, err := CanonicalAddress(s)
		if err != nil {
			return
		}
		if twice, err := CanonicalAddress(once); err != nil || twice != once {
			t.Errorf("%q became %q, then %q, %v", s, once, twice, err)
		}
	})
}

func TestTheTitleShownIsTheNewsroomsElseTheSources(t *testing.T) {
	v := Video{ID: "7k3mzq9x0abd"}
	show := func(want string) {
		t.Helper()
		if got, _ := v.DisplayTitle("es"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	show("7k3mzq9x0abd")
	v.Sources = []Source{{URL: "https://a.example/1"}, {URL: "https://a.example/2"}}
	show("https://a.example/1")
	v.Sources[1].Described = &Description{Fields: Fields{Title: "Theirs"}}
	show("Theirs")
	v.Title = Text{"en": "Ours"}
	show("Ours")
}

func TestAnEmbargoEnds(t *testing.T) {
	until := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	v := Visibility{Exposure: Embargoed, Until: until}
	if !v.Hidden(until.Add(-time.Second)) || v.Hidden(until) || (Visibility{}).Hidden(time.Time{}) {
		t.Error("hidden at the wrong times")
	}
}

func TestUnknownWordsAreHarmless(t *testing.T) {
	var o Outcome
	if err := o.UnmarshalText([]byte("vaporised")); err != nil || o != Unclear {
		t.Errorf("an unknown outcome is %q, %v", o, err)
	}
	var s State
	if err := s.UnmarshalText([]byte("zombie")); err != nil || s != Unchecked {
		t.Errorf("an unknown state is %q, %v", s, err)
	}
	for _, known := range []Outcome{Unclear, Playable, EmbeddingDisabled, Restricted, Private, Removed, Missing} {
		text, err := known.MarshalText()
		if err != nil || o.UnmarshalText(text) != nil || o != known {
			t.Errorf("%q came back as %q", known, o)
		}
	}
	for _, known := range []State{Unchecked, Live, Limited, Suspect, Gone} {
		text, err := known.MarshalText()
		if err != nil || s.UnmarshalText(text) != nil || s != known {
			t.Errorf("%q came back as %q", known, s)
		}
	}
}

func TestRoundsSortObservationsBySource(t *testing.T) {
	at := func(o Observation, minutes int) Observation {
		o.At = noon.Add(time.Duration(minutes) * time.Minute)
		return o
	}
	mine, control := answer(api, Missing), answer(oembed, Playable)
	control.Source, control.Control = other, true
	rounds := Rounds([]Observation{at(mine, 0), at(answer(oembed, Missing), 20), at(control, 20)})
	r := rounds[judged]
	if len(rounds) != 1 || len(r.Observations) != 1 || r.Observations[0].Method != oembed || len(r.Witnesses) != 1 {
		t.Errorf("%+v", rounds)
	}
}

func TestReasonsAreTheTroubles(t *testing.T) {
	f := Fetched{Observations: []Observation{
		{Source: judged, Method: "a", Outcome: Playable, Reason: "fine"},
		{Source: judged, Method: "b", Answers: true, Reason: "thumbnail-present"},
		{Source: judged, Method: "c", Outcome: Private, Reason: "private"},
		{Source: other, Method: "d", Outcome: Missing, Reason: "elsewhere"},
	}}
	if got := f.Reason(judged); got != "c: private" {
		t.Errorf("%q", got)
	}
}

func TestASiteIsAnOrigin(t *testing.T) {
	for site, ok := range map[string]bool{
		"https://news.example.org": true, "https://*.example.org": true, "http://localhost:8080": true,
		"news.example.org": false, "https://news.example.org/": false, "https://a.example; script-src *": false,
		"*": false, "https:": false, "https://a.example https://b.example": false, "javascript:alert(1)": false,
	} {
		if err := CheckSite("sites", site); (err == nil) != ok {
			t.Errorf("%q: %v", site, err)
		}
	}
}
