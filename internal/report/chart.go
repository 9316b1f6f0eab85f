package report

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"time"

	"videoteca/archive"
)

// The chart's size in its own units; the page scales it.
const (
	chartWidth  = 720
	chartHeight = 160
)

// mostSteps is how many lines the scale has above nought at most.
const mostSteps = 4

// chart is what chart.html draws: stacked areas with a legend, a scale and the days below. It needs no script and
// takes its colours from the page's classes (area-live …). The same stands in its description and in a table.
type chart struct {
	Page
	Width, Height int
	Desc          string
	Areas         []chartArea
	Lines         []string // heights of the lines of the scale, without the edges
	Scale         []int    // from the top to nought
	Marks         []time.Time
}

// chartArea is one state's share. Last is how many sources have it on the last day.
type chartArea struct {
	State archive.State
	Name  string
	D     string // the outline, as SVG writes it
	Last  int
}

// Chart draws a history.
func (t *Texts) Chart(lang string, history []Day) (template.HTML, error) {
	p := Page{Texts: t, Lang: lang, History: history}
	step, top := scaleOf(p.History)
	c := chart{Page: p, Width: chartWidth, Height: chartHeight, Desc: t.described(lang, history), Areas: p.areas(top), Marks: marksOf(p.History)}
	for n := top; n >= 0; n -= step {
		if c.Scale = append(c.Scale, n); n > 0 && n < top {
			c.Lines = append(c.Lines, decimal(height(n, top)))
		}
	}
	var out bytes.Buffer
	if err := p.page.ExecuteTemplate(&out, "chart.html", c); err != nil {
		return "", fmt.Errorf("drawing the chart: %w", err)
	}
	return template.HTML(out.String()), nil //nolint:gosec // html/template wrote it
}

// areas are the states that the history has, from below.
func (p Page) areas(top int) []chartArea {
	var areas []chartArea
	below := make([]int, len(p.History))
	for _, state := range []archive.State{archive.Live, archive.Limited, archive.Unchecked, archive.Suspect, archive.Gone} {
		above := make([]int, len(p.History))
		drawn := false
		for i, d := range p.History {
			above[i] = below[i] + d.States[state]
			drawn = drawn || d.States[state] > 0
		}
		if drawn {
			last := p.History[len(p.History)-1].States[state]
			areas = append(areas, chartArea{state, p.State(state), outline(below, above, top), last})
		}
		below = above
	}
	return areas
}

// scaleOf is the step of a scale of round numbers, and its top, which no day surpasses.
func scaleOf(history []Day) (step, top int) {
	most := 1
	for _, d := range history {
		sum := 0
		for _, n := range d.States {
			sum += n
		}
		most = max(most, sum)
	}
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{unit, 2 * unit, 5 * unit} {
			if steps := (most + step - 1) / step; steps <= mostSteps {
				return step, steps * step
			}
		}
	}
}

// marksOf are the days that stand below the chart: the first, the middle and the last.
func marksOf(history []Day) []time.Time {
	switch n := len(history); {
	case n == 0:
		return nil
	case n < 3:
		return []time.Time{history[n-1].Date}
	default:
		return []time.Time{history[0].Date, history[n/2].Date, history[n-1].Date}
	}
}

// height is where a number of sources stands, from the top of the chart.
func height(n, top int) float64 { return chartHeight - float64(n)*chartHeight/float64(top) }

// outline goes along the upper edge and back along the lower one. Each day is as wide as the others
// and level, since a source has one state at its end.
func outline(below, above []int, top int) string {
	var b strings.Builder
	last := len(above) - 1
	x := func(day int) string { return decimal(float64(day) * chartWidth / float64(len(above))) }
	y := func(n int) string { return decimal(height(n, top)) }
	fmt.Fprintf(&b, "M0 %s", y(above[0]))
	for i := 1; i <= last; i++ {
		if above[i] != above[i-1] {
			fmt.Fprintf(&b, "H%sV%s", x(i), y(above[i]))
		}
	}
	fmt.Fprintf(&b, "H%sV%s", x(last+1), y(below[last]))
	for i := last; i > 0; i-- {
		if below[i] != below[i-1] {
			fmt.Fprintf(&b, "H%sV%s", x(i), y(below[i-1]))
		}
	}
	return b.String() + "H0Z"
}

// decimal is a length with one decimal at most.
func decimal(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") }

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
				words = append(words, fmt.Sprintf("%s: %d", t.state(lang, state), n))
			}
		}
		if len(words) == 0 {
			words = []string{"0"}
		}
		parts = append(parts, d.Date.Format(time.DateOnly)+" – "+strings.Join(words, ", "))
	}
	return strings.Join(parts, "; ")
}
