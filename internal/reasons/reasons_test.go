package reasons_test

import (
	"strings"
	"testing"

	"videoteca/internal/reasons"
)

func texts(t *testing.T) *reasons.Texts {
	t.Helper()
	texts, err := reasons.NewTexts()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestAReasonIsSaidInTheReadersLanguage(t *testing.T) {
	for reason, want := range map[string][2]string{
		"not found":             {"not found", "no se encontró"},
		"no thumbnail":          {"no thumbnail", "sin miniatura"},
		"privacyStatus=private": {"set to private (privacyStatus=private)", "puesto en privado (privacyStatus=private)"},
		"uploadStatus=rejected, rejectionReason=legal":                {"rejected by the platform: legal reasons", "rechazado por la plataforma: razones legales"},
		"uploadStatus=rejected, rejectionReason=new":                  {"rejected by the platform: new", "rechazado por la plataforma: new"},
		"embeddable=false; regionRestriction":                         {"may not be embedded (embeddable=false); limited by region (regionRestriction)", "no se permite incrustarlo (embeddable=false); limitado por región (regionRestriction)"},
		"no witness: not among the items":                             {"no witness: the platform's API does not list it", "sin testigo: la API de la plataforma no lo incluye"},
		"redirect to consent.example":                                 {"redirect to consent.example", "redirige a consent.example"},
		"redirect to h.example, of which: not found (404)":            {"redirect to h.example, of which: not found (404)", "redirige a h.example, y allí: no se encontró (404)"},
		"HTTP 403 quotaExceeded":                                      {"HTTP 403: the day's quota is used up (quotaExceeded)", "HTTP 403: se agotó la cuota del día (quotaExceeded)"},
		"HTTP 403: private, limited to some sites, or we are refused": {"HTTP 403: private, limited to some sites, or we are refused", "HTTP 403: privado, limitado a algunos sitios, o nos rechazan"},
		"host rests until 2026-01-01T00:00:00Z: 5 failures in a row, the last: HTTP 503; it is being tried": {
			"the host is left alone until 2026-01-01T00:00:00Z: 5 failures in a row, the last: HTTP 503; it is being tried",
			"se deja descansar al servidor hasta 2026-01-01T00:00:00Z: 5 fallos seguidos, el último: HTTP 503; se está probando",
		},
		"maketube.oembed: not found; maketube.thumbnail: no thumbnail":       {"maketube.oembed: not found; maketube.thumbnail: no thumbnail", "maketube.oembed: no se encontró; maketube.thumbnail: sin miniatura"},
		"no answer: dial tcp: lookup h.example on 10.0.0.1:53: no such host": {"no answer: no such host: h.example", "sin respuesta: no existe el servidor h.example"},
		"dial tcp 192.0.2.1:443: connect: connection refused":                {"192.0.2.1:443 refused the connection", "192.0.2.1:443 rechazó la conexión"},
		"read tcp 10.0.0.2:4->192.0.2.1:443: read: connection reset by peer": {"the connection broke off", "la conexión se interrumpió"},
		"": {"", ""},
	} {
		for i, lang := range []string{"en", "es"} {
			if got := texts(t).Of(lang, reason); got.Words != want[i] || got.Lang != "" {
				t.Errorf("%q in %s: %+v, not %q", reason, lang, got, want[i])
			}
		}
	}
}

func TestAReasonThatIsNotKnownStaysAsItWasRecorded(t *testing.T) {
	for _, reason := range []string{"tls: bad certificate", "a new word", "x=y", "; ", "taken down by hand; as agreed"} {
		if got := texts(t).Of("es", reason); got != (reasons.Said{Words: reason, Lang: "en"}) {
			t.Errorf("%q in Spanish: %+v", reason, got)
		}
		if got := texts(t).Of("en", reason); got != (reasons.Said{Words: reason}) {
			t.Errorf("%q in English: %+v", reason, got)
		}
	}
	if got := texts(t).Of("es-SV", "no answer: tls: bad certificate"); got != (reasons.Said{Words: "sin respuesta: tls: bad certificate"}) {
		t.Errorf("what is known in part: %+v", got)
	}
}

// Whatever a host sent, a reason is read in an instant and says something.
func FuzzReasons(f *testing.F) {
	texts, err := reasons.NewTexts()
	if err != nil {
		f.Fatal(err)
	}
	for _, reason := range []string{"not found", "no witness: no witness: x", "HTTP 403 {{.Why}}", strings.Repeat("no answer: ", 1000), "state=\x00"} {
		f.Add(reason)
	}
	f.Fuzz(func(t *testing.T, reason string) {
		if got := texts.Words("es", reason); (got == "") != (reason == "") {
			t.Errorf("%q becomes %q", reason, got)
		}
	})
}
