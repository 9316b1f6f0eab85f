package archive

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// described is a source with thumbnails of these sizes.
func described(sizes ...[2]int) Source {
	s := Source{Described: &Description{}}
	for _, wh := range sizes {
		s.Described.Thumbnails = append(s.Described.Thumbnails, File{Width: wh[0], Height: wh[1]})
	}
	return s
}

func TestThePosterIsTheBestPictureOfTheFirstSourceThatHasOne(t *testing.T) {
	tests := []struct {
		name    string
		sources []Source
		own     *File
		want    int // width; 0: none
	}{
		{"without sources", nil, nil, 0},
		{"never described", []Source{{}}, nil, 0},
		{"described without pictures", []Source{described()}, nil, 0},
		{"pictures whose size nobody knows", []Source{described([2]int{0, 0})}, nil, 0},
		{"the one with the most pixels", []Source{described([2]int{480, 360}, [2]int{1280, 720}, [2]int{640, 480})}, nil, 1280},
		{"the preferred source's before a larger one", []Source{described([2]int{320, 180}), described([2]int{1280, 720})}, nil, 320},
		{"the next source's where the first has none", []Source{{}, described(), described([2]int{640, 480})}, nil, 640},
		{"the newsroom's own before all", []Source{described([2]int{1280, 720})}, &File{Width: 40, Height: 30}, 40},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Video{Sources: tt.sources, Picture: tt.own}
			if got, ok := v.Poster(); got.Width != tt.want || ok != (tt.want > 0) {
				t.Errorf("%+v, %v, want one %d wide", got, ok, tt.want)
			}
		})
	}
}

func TestATitleComesWithItsLanguage(t *testing.T) {
	v := Video{ID: "7k3mzq9x0abd", DefaultLanguage: "es", Sources: []Source{{URL: "https://a.example/1", Described: &Description{Fields: Fields{Title: "Theirs", Language: "en-US"}}}}}
	show := func(lang, want, language string) {
		t.Helper()
		if got, tag := v.DisplayTitle(lang); got != want || tag != language {
			t.Errorf("%s: %q in %q, want %q in %q", lang, got, tag, want, language)
		}
	}
	show("es", "Theirs", "en-US")
	v.Title = Text{"es": "Reunión", "fr": "Réunion"}
	show("fr-CA", "Réunion", "fr")
	show("de", "Reunión", "es")
	v.Title, v.Sources[0].Described = nil, nil
	show("es", "https://a.example/1", "")
}

func TestASourceIsChangedInPlace(t *testing.T) {
	v := Video{Sources: []Source{{SourceKey: judged}, {SourceKey: other}}}
	v.Source(other).Start = 12
	if v.Sources[1].Start != 12 || v.Sources[0].Start != 0 {
		t.Errorf("%+v", v.Sources)
	}
	if s := v.Source(SourceKey{Platform: "vimeo", ID: judged.ID}); s != nil {
		t.Errorf("another platform's is %+v", s)
	}
}

// Every field that can tell one video from another makes a description worth keeping;
// those that any answer has do not.
func TestFieldsAreEmptyUntilOneTellsVideosApart(t *testing.T) {
	telling := []string{"Title", "Description", "Channel", "Published", "Seconds", "MediaType", "Bytes"}
	fields := reflect.TypeFor[Fields]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		var f Fields
		fill(reflect.ValueOf(&f).Elem().Field(i))
		if got := !f.IsZero(); got != slices.Contains(telling, name) {
			t.Errorf("%s alone tells: %v", name, got)
		}
	}
	if !(Fields{}).IsZero() || !(Fetched{}).Empty() || (Fetched{Pictures: []Picture{{}}}).Empty() {
		t.Error("nothing is something, or a picture is nothing")
	}
}

// fill gives a field any value but its zero.
func fill(v reflect.Value) {
	switch field := v.Addr().Interface().(type) {
	case *string:
		*field = "x"
	case *float64:
		*field = 1
	case *int:
		*field = 1
	case *int64:
		*field = 1
	case *[]string:
		*field = []string{"x"}
	default:
		v.Set(reflect.ValueOf(noon))
	}
}

func TestAFileIsNamedByItsDigest(t *testing.T) {
	if got := (File{Digest: "ab12", Extension: "jpg"}).Name(); got != "ab12.jpg" {
		t.Errorf("%q", got)
	}
}

func TestSitesAreReplacedAsAWhole(t *testing.T) {
	v := Video{Sites: []string{"https://old.example"}}
	Words{}.apply(&v)
	if len(v.Sites) != 1 {
		t.Error("words that name no sites changed them")
	}
	sites := []string{"https://news.example.org", "https://*.example.org"}
	Words{Sites: &sites}.apply(&v)
	sites[0] = "https://evil.example"
	if !slices.Equal(v.Sites, []string{"https://news.example.org", "https://*.example.org"}) {
		t.Errorf("the sites are %v", v.Sites)
	}
	Words{Sites: &[]string{}}.apply(&v)
	if len(v.Sites) != 0 {
		t.Errorf("after none were given they are %v", v.Sites)
	}
}

func TestWordsNameTheLanguageTheyFallBackTo(t *testing.T) {
	v := Video{DefaultLanguage: "es"}
	Words{}.apply(&v)
	if v.DefaultLanguage != "es" {
		t.Errorf("unnamed, it became %q", v.DefaultLanguage)
	}
	notes := "Para la redacción."
	Words{DefaultLanguage: "en", Notes: &notes, Alt: Text{"en": "\tA hall\n"}}.apply(&v)
	if v.DefaultLanguage != "en" || v.Notes != notes || v.Alt["en"] != "A hall" {
		t.Errorf("%+v", v)
	}
	Words{Alt: Text{"en": ""}}.apply(&v)
	if v.Alt != nil {
		t.Errorf("a text without any language is %+v", v.Alt)
	}
}

func TestATextMayBeExactlyAsLongAsIsKept(t *testing.T) {
	if err := (Words{Caption: Text{"es": strings.Repeat("x", longestText)}}).Check(); err != nil {
		t.Error(err)
	}
}

func FuzzValidLanguage(f *testing.F) {
	for _, seed := range []string{"es", "pt-BR", "zh-Hant-TW", "x-y", "es-", "\u212a\u212a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, tag string) {
		if !ValidLanguage(tag) {
			return
		}
		// It stands in lang attributes and in headers.
		if strings.Trim(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" || strings.Contains(tag, "--") {
			t.Errorf("%q is a language", tag)
		}
		if err := (Words{Title: Text{tag: "x"}}).Check(); err != nil {
			t.Errorf("%q: %v", tag, err)
		}
	})
}

func FuzzCheckSite(f *testing.F) {
	for _, seed := range []string{"https://news.example.org", "https://*.example.org:8443", "https://a.example; script-src *", "https://a.example\nX: y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, site string) {
		if CheckSite("sites", site) != nil {
			return
		}
		// It stands in a Content-Security-Policy, where any of these would begin something else.
		if strings.ContainsAny(site, " \t\r\n;,'\"") || strings.Count(site, "*") > 1 || strings.Count(site, "/") != 2 {
			t.Errorf("%q is a site", site)
		}
	})
}
