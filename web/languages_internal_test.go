package web

import (
	"strings"
	"testing"
)

func TestALanguageHeaderIsBoundedBetweenItsLanguages(t *testing.T) {
	long := "es-SV,es;q=0.9," + strings.Repeat("de;q=0.1,", 7000)
	for name, tt := range map[string]struct{ header, begins string }{
		"what browsers send": {"es-SV,es;q=0.9,en;q=0.8", "es-SV,es;q=0.9,en;q=0.8"},
		"a long one":         {long, "es-SV,es;q=0.9,de;q=0.1"},
		"one without end":    {strings.Repeat("x", 70_000), ""},
	} {
		got := bounded(tt.header)
		if len(got) > longestWish || !strings.HasPrefix(got, tt.begins) || strings.HasSuffix(got, ",") || !strings.HasPrefix(tt.header, got) {
			t.Errorf("%s: %d bytes, %q", name, len(got), got)
		}
	}
	exact := strings.Repeat("e", longestWish-1)
	if got := bounded(exact + "n,de"); got != exact+"n" {
		t.Errorf("one that just has room: %d bytes", len(got))
	}
	if bounded("") != "" {
		t.Error("nothing is something")
	}
}
