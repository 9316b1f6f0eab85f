package report

import (
	"cmp"
	"net/url"
	"slices"
)

// Fields are the fields of a filter whose values are offered to choose from, in this order.
func Fields() []string {
	return []string{"state", "mark", "platform", "host", "channel", "collection"}
}

// several reports whether a field may hold more than one value, which widen it.
func several(field string) bool { return field == "state" || field == "mark" || field == "platform" }

// Facet is a value of a field, and how many rows it chooses beside what the other fields ask.
type Facet struct {
	Value string
	Rows  int
	On    bool // the filter has it
}

// Facets are the values of each of Fields that rows have, or that the filter asks for: states and marks in
// the order in which they are told, the others with most rows first.
func (f Filter) Facets(rows []Row) map[string][]Facet {
	counts := map[string]map[string]int{}
	for _, field := range Fields() {
		counts[field] = map[string]int{}
	}
	checks := f.checks()
	for i := range rows {
		refused := refusals(checks, &rows[i])
		for _, field := range Fields() {
			if len(refused) == 0 || len(refused) == 1 && refused[0] == field {
				for _, value := range rows[i].valuesOf(field) {
					counts[field][value]++
				}
			}
		}
	}
	chosen, facets := f.Values(), map[string][]Facet{}
	for _, field := range Fields() {
		for _, value := range chosen[field] {
			counts[field][value] += 0 // also where no row has it
		}
		for value, n := range counts[field] {
			facets[field] = append(facets[field], Facet{value, n, slices.Contains(chosen[field], value)})
		}
		slices.SortFunc(facets[field], byPlace(field))
	}
	return facets
}

// refusals are the fields that keep the row out; of more than one it does not matter which.
func refusals(checks []check, r *Row) []string {
	var fields []string
	for _, c := range checks {
		if !c.holds(r) {
			if fields = append(fields, c.field); len(fields) > 1 {
				return fields
			}
		}
	}
	return fields
}

// byPlace is the order of a field's values.
func byPlace(field string) func(a, b Facet) int {
	var told []string
	switch field {
	case "state":
		for _, s := range States() {
			told = append(told, s.String())
		}
	case "mark":
		for _, m := range Marks() {
			told = append(told, string(m))
		}
	}
	return func(a, b Facet) int {
		return cmp.Or(cmp.Compare(slices.Index(told, a.Value), slices.Index(told, b.Value)), cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Value, b.Value))
	}
}

// valuesOf is what the row has in a field.
func (r *Row) valuesOf(field string) []string {
	switch field {
	case "state":
		return []string{r.State.String()}
	case "platform":
		return []string{r.Source.Platform}
	case "host":
		return nonEmpty([]string{r.Host})
	case "channel":
		return nonEmpty([]string{cmp.Or(r.Channel, r.channelID())})
	case "collection":
		return r.Collections
	}
	var marks []string
	for _, m := range Marks() {
		if m.holds(*r) {
			marks = append(marks, string(m))
		}
	}
	return marks
}

// Choice is one value of one field of a filter.
type Choice struct{ Field, Value string }

// Choices are everything that the filter asks.
func (f Filter) Choices() []Choice {
	q := f.Values()
	var list []Choice
	for _, field := range append(Fields(), "year", "since", "q") {
		for _, value := range q[field] {
			list = append(list, Choice{field, value})
		}
	}
	return list
}

// Toggled is the filter as a query with one choice taken back, or made where it was not.
func (f Filter) Toggled(c Choice) url.Values {
	q := f.Values()
	switch i := slices.Index(q[c.Field], c.Value); {
	case i >= 0:
		q[c.Field] = slices.Delete(q[c.Field], i, i+1)
	case several(c.Field):
		q.Add(c.Field, c.Value)
	default:
		q.Set(c.Field, c.Value)
	}
	return q
}
