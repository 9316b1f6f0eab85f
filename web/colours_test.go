package web_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"testing"

	"videoteca/archive"
	"videoteca/internal/report"
)

// A state has one colour, light and dark, wherever it is shown: in lists, in the chart, and in printed reports.
func TestAStateHasOneColour(t *testing.T) {
	styles, err := os.ReadFile("assets/site.css")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := report.NewTexts()
	if err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	if err := (report.Page{Texts: texts, Lang: "en"}).WriteHTML(&printed); err != nil {
		t.Fatal(err)
	}
	seen := map[string]archive.State{}
	for _, state := range report.States() {
		token := regexp.MustCompile(fmt.Sprintf(`--%s: (#[0-9a-f]{6});`, state))
		here, there := token.FindAllStringSubmatch(string(styles), -1), token.FindAllStringSubmatch(printed.String(), -1)
		if len(here) != 2 || !slices.EqualFunc(here, there, slices.Equal) {
			t.Errorf("%s is %v on pages and %v in reports, light and dark", state, here, there)
		}
		for i, c := range here {
			if other, taken := seen[fmt.Sprint(i, c[1])]; taken {
				t.Errorf("%s and %s are both %s", state, other, c[1])
			}
			seen[fmt.Sprint(i, c[1])] = state
		}
		for _, rule := range []string{fmt.Sprintf(".state-%[1]s { background: var(--%[1]s-paper); color: var(--%[1]s);", state), fmt.Sprintf(".area-%[1]s { fill: var(--%[1]s); }", state)} {
			if !bytes.Contains(styles, []byte(rule)) {
				t.Errorf("there is no %s", rule)
			}
		}
		if rule := fmt.Sprintf(".area-%[1]s { fill: var(--%[1]s); }", state); !bytes.Contains(printed.Bytes(), []byte(rule)) {
			t.Errorf("reports have no %s", rule)
		}
	}
}
