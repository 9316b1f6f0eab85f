package report_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode/utf8"

	"videoteca/internal/report"
)

// A platform's words come back from a CSV as they were, or behind the apostrophe that disarms them.
func FuzzCSVCells(f *testing.F) {
	for _, words := range []string{"=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\tx", "\r=1", `"quoted", twice`, "two\nlines", "Reunión", "'=1"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		if !utf8.ValidString(words) || strings.Contains(words, "\r\n") { // which a reader of CSV levels
			return
		}
		var out bytes.Buffer
		if err := report.WriteCSV(&out, []report.Row{{Title: words, Channel: words, Reason: words, Tags: []string{words}}}); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(lines) != 2 {
			t.Fatalf("%q: %d lines, %v", words, len(lines), err)
		}
		for i, name := range lines[0] {
			cell := lines[1][i]
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Fatalf("%s of %q is %q, which a spreadsheet runs", name, words, cell)
			}
			if name == "title" && strings.ReplaceAll(strings.TrimPrefix(cell, "'"), "\r", "") != strings.ReplaceAll(strings.TrimPrefix(words, "'"), "\r", "") {
				t.Fatalf("%q comes back as %q", words, cell)
			}
		}
	})
}
