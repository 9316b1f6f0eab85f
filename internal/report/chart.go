package report

import (
	"fmt"
	"html/template"
	"strings"

	"videoteca/archive"
)

// The chart's size in its own units; the page scales it.
const (
	chartWidth  = 720
	chartHeight = 160
)

// Chart draws the history as stacked areas, in SVG that needs no script and takes its colours
// from the page's classes (area-live …). What it shows stands in its description too.
func (t *Texts) Chart(lang string, history []Day) template.HTML {
	most := 1
	for _, d := range history {
		sum := 0
		for _, n := range d.States {
			sum += n
		}
		most = max(most, sum)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-labelledby="chart-title chart-desc" preserveAspectRatio="none">`, chartWidth, chartHeight)
	fmt.Fprintf(&b, `<title id="chart-title">%s</title><desc id="chart-desc">%s</desc>`, template.HTMLEscapeString(t.text(lang, "page.history")), template.HTMLEscapeString(t.described(lang, history)))
	below := make([]int, len(history))
	for _, state := range []archive.State{archive.Live, archive.Limited, archive.Unchecked, archive.Suspect, archive.Gone} {
		above := make([]int, len(history))
		drawn := false
		for i, d := range history {
			above[i] = below[i] + d.States[state]
			drawn = drawn || d.States[state] > 0
		}
		if drawn {
			fmt.Fprintf(&b, `<path class="area-%s" d="%s"/>`, state, area(below, above, most))
		}
		below = above
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // numbers, and texts that are escaped
}

// area is the outline between two lines.
func area(below, above []int, most int) string {
	if len(above) == 0 {
		return ""
	}
	point := func(i, n int) string {
		x := float64(i) * chartWidth / float64(max(1, len(above)-1))
		return fmt.Sprintf("%.1f %.1f", x, chartHeight-float64(n)*chartHeight/float64(most))
	}
	var points []string
	for i, n := range above {
		points = append(points, point(i, n))
	}
	for i := len(below) - 1; i >= 0; i-- {
		points = append(points, point(i, below[i]))
	}
	return "M" + strings.Join(points, "L") + "Z"
}

// described is the first and the last day in words.
func (t *Texts) described(lang string, history []Day) string {
	if len(history) == 0 {
		return t.text(lang, "page.none")
	}
	var parts []string
	for _, d := range []Day{history[0], history[len(history)-1]} {
		var words []string
		for _, state := range States() {
			if n := d.States[state]; n > 0 {
				words = append(words, fmt.Sprintf("%d %s", n, t.state(lang, state)))
			}
		}
		parts = append(parts, d.Date.Format("2006-01-02")+": "+strings.Join(words, ", "))
	}
	return strings.Join(parts, ". ")
}
