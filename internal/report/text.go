package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
)

// columnGap is the space between two columns of a terminal's table.
const columnGap = 2

// longestAddress is what a terminal gets whole of an address, in characters: cut, it would lead nowhere.
const longestAddress = 2000

// WriteText writes the page for a terminal.
func (p Page) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", p.T("title"), p.T("made", "At", p.ISO(p.At)))
	fmt.Fprintf(&b, "%s\n", p.Watched())
	for _, s := range States() {
		if n := p.Counts.Sources[s]; n > 0 {
			fmt.Fprintf(&b, "  %s: %d\n", p.State(s), n)
		}
	}
	p.comparison(&b)
	p.lists(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// comparison writes a span beside the one before.
func (p Page) comparison(b *strings.Builder) {
	if len(p.Period) < 2 {
		return
	}
	fmt.Fprintf(b, "\n%s\n  %s | %s\n", p.T("period"), p.Span(p.Period[0]), p.Span(p.Period[1]))
	for _, c := range append([]Comparison{{p.T("totals"), p.Totals()}}, p.Compared()...) {
		p.section(b, c.Heading, len(c.Rows), func(t *tabwriter.Writer) {
			for _, d := range p.FirstDifferences(c.Rows) {
				fmt.Fprintf(t, "  %s\t%d\t%d\t%s\n", plain(d.Name, 50), d.Now, d.Before, d.By())
			}
		})
	}
}

func (p Page) lists(b *strings.Builder) {
	p.section(b, p.T("lost"), len(p.Lost), func(t *tabwriter.Writer) {
		for _, r := range p.First(p.Lost) {
			good := p.ISO(r.LastGood)
			if good == "" {
				good = p.T("never")
			}
			fmt.Fprintf(t, "  %s\t%s\t%s\t%s – %s\t%s\t%s\t%s\n", p.State(r.State), r.Video, plain(r.Source.String(), 60), good, p.ISO(r.FirstBad), plain(r.Title, 40), plain(p.Why(r.Reason).Words, 40), plain(r.Archived, longestAddress))
		}
	})
	for _, list := range p.Attention() {
		p.section(b, list.Name, len(list.Rows), func(t *tabwriter.Writer) {
			for _, r := range p.First(list.Rows) {
				fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", r.Video, plain(r.Source.String(), 60), plain(r.Title, 60), plain(r.Archived, longestAddress))
			}
		})
	}
	p.section(b, p.T("articles"), len(p.Articles), func(t *tabwriter.Writer) {
		for _, a := range p.FirstArticles(p.Articles) {
			fmt.Fprintf(t, "  %s\t%d\n", plain(a.Article, 100), len(a.Videos))
		}
	})
	p.section(b, p.T("channels"), len(p.Channels), func(t *tabwriter.Writer) {
		for _, g := range p.FirstGroups(p.Channels) {
			closed := ""
			if !g.Closed.IsZero() {
				closed = p.T("closed", "At", p.ISO(g.Closed))
			}
			fmt.Fprintf(t, "  %s\t%d / %d\t%s\n", plain(g.Name, 50), g.Lost, g.All, closed)
		}
	})
	p.section(b, p.T("changes"), len(p.Changes), func(t *tabwriter.Writer) {
		for _, c := range p.FirstChanges(p.Changes) {
			fmt.Fprintf(t, "  %s\t%s\t%s → %s\t%s\n", p.ISO(c.At), plain(c.Source, 60), p.State(c.From), p.State(c.To), plain(p.Why(c.Reason).Words, 40))
		}
	})
}

// section writes a heading and a table; nothing where there is nothing to tell.
func (p Page) section(b *strings.Builder, heading string, n int, rows func(*tabwriter.Writer)) {
	if n == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s (%d)\n", heading, n)
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 0, columnGap, ' ', 0)
	rows(t)
	_ = t.Flush() // into memory, which does not fail
	for line := range strings.Lines(table.String()) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	if more := p.More(n); more != "" {
		fmt.Fprintf(b, "  %s\n", more)
	}
}

// plain is a platform's text for a terminal: without control characters, and cut.
func plain(text string, longest int) string {
	text = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return ' '
		}
		return c
	}, text)
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return text
}
