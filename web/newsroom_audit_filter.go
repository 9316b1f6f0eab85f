package web

import (
	"videoteca/internal/report"
)

// filterLink leads to the page with one choice made, or taken back.
type filterLink struct {
	Field   string
	Label   string
	Address string
	Rows    int // that the value chooses
	Current bool
}

// facetGroup is the values of one field.
type facetGroup struct {
	Field string
	Links []filterLink
	More  int // values that are not offered
}

// mostFacets is how many values of a field are offered: more are searched for, or stand in the list of channels.
const mostFacets = 24

// offer fills in what the filter asks, to be taken back, and what it could ask.
func (p *auditPage) offer(rows []report.Row) {
	for _, c := range p.Filter.Choices() {
		p.Chips = append(p.Chips, filterLink{Field: c.Field, Label: p.valueLabel(c), Address: p.toggled(c), Current: true})
	}
	facets := p.Filter.Facets(rows)
	for _, field := range report.Fields() {
		group := facetGroup{Field: field}
		for i, f := range facets[field] {
			if i >= mostFacets && !f.On {
				group.More++
				continue
			}
			c := report.Choice{Field: field, Value: f.Value}
			group.Links = append(group.Links, filterLink{Field: field, Label: p.valueLabel(c), Address: p.toggled(c), Rows: f.Rows, Current: f.On})
		}
		if len(group.Links) > 0 {
			p.Groups = append(p.Groups, group)
		}
	}
	for _, span := range []report.Span{report.SpanWeek, report.SpanMonth, report.SpanQuarter, report.SpanYear} {
		other := *p
		if other.Period = span; span == p.Period {
			other.Period = ""
		}
		p.Periods = append(p.Periods, filterLink{Label: p.T("auditpage.period." + string(span)), Address: other.Here(p.Lang), Current: span == p.Period})
	}
}

func (p *auditPage) toggled(c report.Choice) string {
	return p.address("/audit", p.Filter.Toggled(c), p.Lang)
}

// valueLabel is a value for people: a text of the interface for the few, else as it was written.
func (p *auditPage) valueLabel(c report.Choice) string {
	switch c.Field {
	case "state":
		return p.State(c.Value)
	case "mark":
		return p.T("audit.mark." + c.Value)
	}
	return c.Value
}

// Kept are the choices that the form for searching carries along: it has no field for them.
func (p auditPage) Kept() []report.Choice {
	var list []report.Choice
	for _, c := range p.Filter.Choices() {
		if c.Field != "q" && c.Field != "since" && c.Field != "year" {
			list = append(list, c)
		}
	}
	if p.Period != "" {
		list = append(list, report.Choice{Field: "period", Value: string(p.Period)})
	}
	return list
}
