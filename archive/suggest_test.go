package archive_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"videoteca/archive"
)

func TestDatesOfEventsAreReadFromTitles(t *testing.T) {
	for title, want := range map[string]archive.EDTF{
		"Reunión en Nueva York, 25 de septiembre de 2019":           "2019-09-25",
		"Encuentro del 14 de Abril del 2025 en la Oficina Oval":     "2025-04-14",
		"Meeting at the White House, April 14, 2025":                "2025-04-14",
		"Press conference Sept. 25th, 2019":                         "2019-09-25",
		"Address on 3rd of May 2020":                                "2020-05-03",
		"Discurso 1º de junio de 2019":                              "2019-06-01",
		"2019-09-25 UNGA":                                           "2019-09-25",
		"Independencia, 15 de setiembre de 2021":                    "2021-09-15",
		"04/05/2020":                                                "",
		"31 de febrero de 2020":                                     "",
		"25 presidents, 2019":                                       "",
		"Top 10 videos 2019":                                        "",
		"Room 12 of 1066":                                           "",
		"30 February 2020, and then 1 March 2020":                   "2020-03-01",
		"Versión 20190925-1":                                        "",
		"In May 2019":                                               "",
		"\xff 25 de septiembre de 2019":                             "2019-09-25",
		"Entrevista: martes 25 de septiembre de 2019 (completa) 4K": "2019-09-25",
	} {
		if got := archive.Suggest(archive.Fields{Title: title}).EventDate; got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestTheDayOfTheUploadIsSecondBest(t *testing.T) {
	f := archive.Fields{Title: "Reunión", Published: time.Date(2019, 9, 26, 1, 0, 0, 0, time.UTC)}
	if s := archive.Suggest(f); s.EventDate != "2019-09-26" || !s.Published {
		t.Errorf("got %+v", s)
	}
	f.Description = "Celebrada el 25 de septiembre de 2019."
	if s := archive.Suggest(f); s.EventDate != "2019-09-25" || s.Published {
		t.Errorf("got %+v", s)
	}
}

func TestTheFirstParagraphThatSaysSomethingIsTheCaption(t *testing.T) {
	for description, want := range map[string]string{
		"": "",
		"#live #news\nhttps://example.org/subscribe\n\nEl presidente  se reunió con su homólogo.\nMás texto.": "El presidente se reunió con su homólogo.",
		"Subscribe: https://example.org":                     "",
		"— — —\n***":                                         "",
		"Two words":                                          "",
		strings.Repeat("Una frase entera. ", 30):             strings.TrimSpace(strings.Repeat("Una frase entera. ", 12)),
		"Sin puntos " + strings.Repeat("palabra, otra ", 30): "Sin puntos " + strings.TrimSpace(strings.Repeat("palabra, otra ", 14)) + " palabra…",
	} {
		if got := archive.Suggest(archive.Fields{Description: description}).Caption; got != want {
			t.Errorf("%.40q: %q, want %q", description, got, want)
		}
	}
}

func TestLanguagesThatAreNoneAreNotSuggested(t *testing.T) {
	for language, want := range map[string]string{"es-419": "es-419", "x1": "", "": "", "<b>": ""} {
		if got := archive.Suggest(archive.Fields{Language: language}).Language; got != want {
			t.Errorf("%q: %q", language, got)
		}
	}
}

func FuzzSuggest(f *testing.F) {
	f.Add("Reunión, 25 de septiembre de 2019", "El presidente se reunió.\nhttps://example.org")
	f.Add("Sept. 25th, 2019", strings.Repeat("palabra ", 90))
	f.Add("99 de mayo de 9999", "\xff\xfe a b c")
	f.Fuzz(func(t *testing.T, title, description string) {
		s := archive.Suggest(archive.Fields{Title: title, Description: description})
		if _, err := archive.ParseEDTF(string(s.EventDate)); err != nil {
			t.Fatalf("%q gives a date that is none: %v", title, err)
		}
		if utf8.RuneCountInString(s.Caption) > 221 || strings.ContainsAny(s.Caption, "\r\n") {
			t.Fatalf("the caption is %q", s.Caption)
		}
	})
}
