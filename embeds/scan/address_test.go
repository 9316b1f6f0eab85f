package scan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"videoteca/embeds/scan"
)

func TestAPasteIsSplitIntoItsAddresses(t *testing.T) {
	for name, tt := range map[string]struct {
		pasted string
		want   []string
	}{
		"one":                     {" https://youtu.be/a \n", []string{"https://youtu.be/a"}},
		"a line each":             {"https://youtu.be/a\r\nhttps://youtu.be/b\n\nhttps://youtu.be/a", []string{"https://youtu.be/a", "https://youtu.be/b"}},
		"commas":                  {"https://youtu.be/a, https://youtu.be/b", []string{"https://youtu.be/a", "https://youtu.be/b"}},
		"in a sentence":           {"Ver «https://youtu.be/a» (https://youtu.be/b).", []string{"https://youtu.be/a", "https://youtu.be/b"}},
		"a list from a text":      {"1. New York: https://youtu.be/a\n2. Oval Office: <https://youtu.be/b>;", []string{"https://youtu.be/a", "https://youtu.be/b"}},
		"without a scheme":        {"youtu.be/a\nyoutu.be/b", []string{"youtu.be/a", "youtu.be/b"}},
		"a scheme among lines":    {"youtu.be/a\nhttps://youtu.be/b", []string{"https://youtu.be/b"}},
		"nothing":                 {" \n\t ", nil},
		"words":                   {"no address", []string{"no address"}},
		"http in a word":          {"httpd is a server", []string{"httpd is a server"}},
		"no-break space, as mail": {"https://youtu.be/a\u00a0https://youtu.be/b", []string{"https://youtu.be/a", "https://youtu.be/b"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := scan.Addresses(tt.pasted); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAPasteHasAnEnd(t *testing.T) {
	var pasted strings.Builder
	for n := range 700 {
		fmt.Fprintf(&pasted, "https://youtu.be/%d\n", n)
	}
	if got := scan.Addresses(pasted.String()); len(got) != 500 {
		t.Errorf("%d addresses", len(got))
	}
}

func TestMarkupIsToldFromAddresses(t *testing.T) {
	for pasted, want := range map[string]bool{
		`<iframe src="x">`: true, `  <!-- wp:embed -->`: true, "<P>x": true, "https://youtu.be/a": false, "<https://youtu.be/a>": false, "a < b": false, "<": false, "": false,
	} {
		if got := scan.Markup(pasted); got != want {
			t.Errorf("%q: %t", pasted, got)
		}
	}
}

func FuzzAddresses(f *testing.F) {
	f.Add("https://youtu.be/a, https://youtu.be/b")
	f.Add("youtu.be/a\n\xff\n«http»")
	f.Fuzz(func(t *testing.T, pasted string) {
		got := scan.Addresses(pasted)
		if len(got) > 500 {
			t.Fatalf("%d addresses", len(got))
		}
		for i, one := range got {
			if one == "" || strings.TrimSpace(one) != one || slices.Contains(got[:i], one) {
				t.Fatalf("%q among %q", one, got)
			}
			if utf8.ValidString(pasted) && !strings.Contains(pasted, one) {
				t.Fatalf("%q was never pasted", one)
			}
		}
	})
}
