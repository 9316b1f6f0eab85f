package archive

import (
	"strings"
	"testing"
)

func TestEveryVerbHasAPremisEventType(t *testing.T) {
	for verb, want := range map[string]struct{ term, code string }{
		"register":    {"accession", "acc"},
		"capture":     {"capture", "cap"},
		"copy":        {"ingestion", "ing"},
		"captions":    {"ingestion", "ing"},
		"poster":      {"ingestion", "ing"},
		"verify":      {"fixity check", "fix"},
		"purge":       {"deletion", "del"},
		"erase":       {"deletion", "del"},
		"withdraw":    {"deaccession", "dea"},
		"repair":      {"replication", "rep"},
		"describe":    {"metadata modification", "mem"},
		"add-source":  {"metadata modification", "mem"},
		"prefer":      {"metadata modification", "mem"},
		"check":       {"metadata modification", "mem"},
		"":            {"metadata modification", "mem"},
		"of tomorrow": {"metadata modification", "mem"},
	} {
		if got := PremisType(verb); got != want.term {
			t.Errorf("%q is %q, want %q", verb, got, want.term)
		}
		if got := PremisURI(verb); got != PremisEventTypes+want.code {
			t.Errorf("%q is at %s, want the code %s", verb, got, want.code)
		}
	}
}

func TestOneTermHasOneCode(t *testing.T) {
	codes := map[string]string{}
	for _, verb := range []string{"register", "capture", "copy", "verify", "purge", "withdraw", "repair", "check"} {
		code := strings.TrimPrefix(PremisURI(verb), PremisEventTypes)
		if term, taken := codes[code]; taken && term != PremisType(verb) || len(code) != 3 {
			t.Errorf("%q has the code %q, as has %q", PremisType(verb), code, term)
		}
		codes[code] = PremisType(verb)
	}
}
